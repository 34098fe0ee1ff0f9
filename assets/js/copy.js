// How is a text copied with one press? By the clipboard, else by selecting it for the person to copy.
// The button tells those who look at it, and the status after it those who listen: what is in a button is not announced.
function say(button, words) {
  for (const place of [button, button.nextElementSibling]) place.textContent = words;
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    say(button, button.dataset.done);
  } catch {
    getSelection().selectAllChildren(source);
    say(button, button.dataset.selected);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
