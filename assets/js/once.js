// Was this form sent already? A second press while the first is under way does nothing.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || event.defaultPrevented) return;
  // What comes back to another place, a preview or a file, leaves this page as it is.
  if (button.formTarget || event.target.hasAttribute("data-download")) return;
  if (button.getAttribute("aria-busy") === "true") return event.preventDefault();
  button.setAttribute("aria-busy", "true");
});

// A page that comes back by the Back button starts afresh.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
});
