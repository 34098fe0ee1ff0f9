// How does somebody at the keyboard find a client, or a page? ⌘K or Ctrl K opens the palette, arrows choose, Enter goes there.
const palette = document.getElementById("palette");
const [field, results, said] = ["field", "results", "said"].map((part) => document.getElementById(`palette-${part}`));
const button = document.getElementById("search-button");
let chosen = 0;

const options = () => [...results.querySelectorAll("[role=option]")];

export function open() {
  if (palette.open) return;
  palette.showModal();
  field.select();
  field.dispatchEvent(new Event("ask"));
}

function choose(number) {
  const all = options();
  chosen = all.length ? (number + all.length) % all.length : 0;
  for (const [at, option] of all.entries()) option.setAttribute("aria-selected", at === chosen);
  if (all.length) field.setAttribute("aria-activedescendant", all[chosen].id);
  else field.removeAttribute("aria-activedescendant");
  all[chosen]?.scrollIntoView({ block: "nearest" });
}

const moves = { ArrowDown: () => chosen + 1, ArrowUp: () => chosen - 1 };

field.addEventListener("keydown", (event) => {
  const option = options()[chosen];
  if (moves[event.key]) choose(moves[event.key]());
  else if (event.key === "Enter" && option) option.click();
  else return;
  event.preventDefault();
});

results.addEventListener("htmx:afterSwap", () => {
  choose(0);
  said.textContent = document.getElementById("palette-options").dataset.said;
});

button.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open();
});

// A press beside the palette closes it, as Escape does.
palette.addEventListener("click", (event) => event.target === palette && palette.close());

addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  open();
});

if (/Mac|iPhone|iPad/.test(navigator.platform)) button.querySelector("kbd").textContent = "⌘ K";
