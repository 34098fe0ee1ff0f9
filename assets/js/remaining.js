// How long is it still? Counts down in words wherever a part of the page says how many seconds are left.
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

function start(place) {
  const ends = performance.now() + Number(place.dataset.remaining) * 1000;
  place.removeAttribute("data-remaining");

  (function tick() {
    if (!place.isConnected) return;
    const left = Math.ceil((ends - performance.now()) / 1000);
    place.textContent = left > 0 ? clock(left) : place.dataset.over;
    if (left > 0) setTimeout(tick, 250);
  })();
}

const begin = () => document.querySelectorAll("[data-remaining]").forEach(start);
begin();
// Parts of the page come anew while it keeps itself up to date.
document.addEventListener("htmx:load", begin);
