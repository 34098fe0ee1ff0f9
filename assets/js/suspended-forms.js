// Disables the forms that would change something while the business is suspended; the page's banner says why.
const ALLOWED = "[data-download], [data-changes-nothing]";

function disableForms() {
  for (const form of document.querySelectorAll(`main form[method="post"]:not(${ALLOWED})`)) {
    const isPartlyAllowed = form.querySelector(ALLOWED) !== null;
    for (const control of form.elements) {
      if (control.type === "submit" ? !control.matches(ALLOWED) : !isPartlyAllowed) control.disabled = true;
    }
  }
}

disableForms();
// htmx replaces parts of the page.
document.addEventListener("htmx:load", disableForms);
