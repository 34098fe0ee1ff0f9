// Where is the keyboard after a part of the page was replaced? Where it was, else at the beginning of the new part.
let place = null;

document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  place = target.contains(document.activeElement) ? target.id : null;
});

document.addEventListener("htmx:afterSettle", () => {
  const part = place && document.getElementById(place);
  place = null;
  if (!part || document.activeElement !== document.body) return;
  const start = part.querySelector("[data-focus], [aria-invalid=true], h1, h2") ?? part;
  if (start.tabIndex < 0) start.tabIndex = -1;
  start.focus({ preventScroll: true });
});
