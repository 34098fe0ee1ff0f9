// Submits the form that the page is there for. Without this module, its button does the same.
document.querySelector("[data-submit-on-load]").requestSubmit();
