// Shows a message when htmx can't reach the server or gets an error.
const messages = document.getElementById("messages");

function showError(text) {
  const notice = document.createElement("p");
  notice.className = "notice tone-error";
  notice.textContent = text;
  messages.replaceChildren(notice);
}

document.addEventListener("htmx:sendError", () => showError(messages.dataset.away));
document.addEventListener("htmx:responseError", () => showError(messages.dataset.failed));
