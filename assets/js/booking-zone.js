// Offers the times of a booking page in the zone of the visitor's device, if it is another than the page's.
const suggestion = document.querySelector("[data-zone-suggestion]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (suggestion && zone && zone !== suggestion.dataset.zone) {
  suggestion.querySelector("a").href += encodeURIComponent(zone);
  suggestion.querySelector("[data-zone-name]").textContent = zone.replaceAll("_", " ");
  suggestion.hidden = false;
}
