// What if the server can't be reached, or something fails, while a part of the page is being fetched? Say so.
const messages = document.getElementById("messages");

function say(words) {
  const notice = document.createElement("p");
  notice.className = "notice tone-error";
  notice.textContent = words;
  messages.replaceChildren(notice);
}

document.addEventListener("htmx:sendError", () => say(messages.dataset.away));
document.addEventListener("htmx:responseError", () => say(messages.dataset.failed));
