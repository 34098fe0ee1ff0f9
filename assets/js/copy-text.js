// Copies a text to the clipboard, or selects it where the clipboard is not available.
// The button and the status after it both show the result: screen readers don't announce a button's text.
function showResult(button, text) {
  for (const element of [button, button.nextElementSibling]) element.textContent = text;
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    showResult(button, button.dataset.done);
  } catch {
    getSelection().selectAllChildren(source);
    showResult(button, button.dataset.selected);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
