// Keeps the keyboard focus in a part of the page that htmx replaces: on the same element, else at the start of the new part.
let replacedId = null;

document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  replacedId = target.contains(document.activeElement) ? target.id : null;
});

document.addEventListener("htmx:afterSettle", () => {
  const part = replacedId && document.getElementById(replacedId);
  replacedId = null;
  if (!part || document.activeElement !== document.body) return;
  const start = part.querySelector("[data-focus], [aria-invalid=true], h1, h2") ?? part;
  if (start.tabIndex < 0) start.tabIndex = -1;
  start.focus({ preventScroll: true });
});
