// The search palette: ⌘K or Ctrl K opens it, arrows select a result, Enter opens the result.
const palette = document.getElementById("palette");
const [field, results, status] = ["field", "results", "status"].map((part) => document.getElementById(`palette-${part}`));
const button = document.getElementById("search-button");
let selected = 0;

const options = () => [...results.querySelectorAll("[role=option]")];

function open() {
  if (palette.open) return;
  palette.showModal();
  field.select();
  field.dispatchEvent(new Event("ask"));
}

function select(number) {
  const all = options();
  selected = all.length ? (number + all.length) % all.length : 0;
  for (const [index, option] of all.entries()) option.setAttribute("aria-selected", index === selected);
  if (all.length) field.setAttribute("aria-activedescendant", all[selected].id);
  else field.removeAttribute("aria-activedescendant");
  all[selected]?.scrollIntoView({ block: "nearest" });
}

const moves = { ArrowDown: () => selected + 1, ArrowUp: () => selected - 1 };

field.addEventListener("keydown", (event) => {
  const option = options()[selected];
  if (moves[event.key]) select(moves[event.key]());
  else if (event.key === "Enter" && option) option.click();
  else return;
  event.preventDefault();
});

results.addEventListener("htmx:afterSwap", () => {
  select(0);
  status.textContent = document.getElementById("palette-options").dataset.status;
});

button.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open();
});

// A click outside the palette closes it, as Escape does.
palette.addEventListener("click", (event) => event.target === palette && palette.close());

addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  open();
});

if (/Mac|iPhone|iPad/.test(navigator.platform)) button.querySelector("kbd").textContent = "⌘ K";
