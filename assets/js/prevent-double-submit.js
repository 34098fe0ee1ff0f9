// Ignores a second press of a submit button while the first is under way.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || event.defaultPrevented) return;
  // A response that opens elsewhere or is downloaded leaves this page as it is.
  if (button.formTarget || event.target.hasAttribute("data-download")) return;
  if (button.getAttribute("aria-busy") === "true") return event.preventDefault();
  button.setAttribute("aria-busy", "true");
});

// The Back button may restore a page whose buttons are still marked as busy.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
});
