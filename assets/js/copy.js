// How is a text copied with one press? By the clipboard, else by selecting it for the person to copy.
async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const said = button.querySelector("[role=status]") ?? button;
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    said.textContent = button.dataset.done;
  } catch {
    getSelection().selectAllChildren(source);
    said.textContent = button.dataset.selected;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
