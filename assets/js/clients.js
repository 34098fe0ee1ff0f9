// How many rows are chosen, and how are all of a page chosen at once? The list works without; this says and spares clicks.
const list = document.getElementById("list");
const rows = () => [...list.querySelectorAll("input[name=client]")];

function tell() {
  const all = list?.querySelector("#all");
  const count = list?.querySelector(".chosen-count");
  if (!all || !count) return;
  const chosen = rows().filter((row) => row.checked).length;
  all.hidden = false;
  all.checked = chosen > 0 && chosen === rows().length;
  all.indeterminate = chosen > 0 && chosen < rows().length;
  count.textContent = chosen === 1 ? count.dataset.one : count.dataset.many.replace("{number}", chosen);
}

list?.addEventListener("change", (event) => {
  if (event.target.id === "all") for (const row of rows()) row.checked = event.target.checked;
  tell();
});
document.addEventListener("htmx:afterSettle", tell);
// A browser that comes back may have kept the ticks.
addEventListener("pageshow", tell);
tell();
