// Counts the selected rows of the client list and selects all of a page at once. The list works without it.
const list = document.getElementById("list");
const rows = () => [...list.querySelectorAll("input[name=client]")];

function updateCount() {
  const all = list?.querySelector("#all");
  const count = list?.querySelector(".bulk-count");
  if (!all || !count) return;
  const selected = rows().filter((row) => row.checked).length;
  all.hidden = false;
  all.checked = selected > 0 && selected === rows().length;
  all.indeterminate = selected > 0 && selected < rows().length;
  count.textContent = selected === 1 ? count.dataset.one : count.dataset.many.replace("{number}", selected);
}

list?.addEventListener("change", (event) => {
  if (event.target.id === "all") for (const row of rows()) row.checked = event.target.checked;
  updateCount();
});
document.addEventListener("htmx:afterSettle", updateCount);
// The Back button may restore the ticks of the page as it was left.
addEventListener("pageshow", updateCount);
updateCount();
