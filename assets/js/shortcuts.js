// Single-key shortcuts of the console. They can be switched off, since speech input may type letters by accident.
const help = document.getElementById("shortcuts");
const single = document.getElementById("single-keys");
const OFF = "single-keys-off";
// Milliseconds after a G in which the next digit opens a section.
const SEQUENCE_TIMEOUT = 1500;
let prefixAt = -SEQUENCE_TIMEOUT;

// A field whose dialog has just closed may still have the focus for a moment.
const typing = (target) => target.checkVisibility() && target.closest("input, textarea, select, [contenteditable]");
const go = (number) => document.querySelectorAll("#menu a")[number - 1]?.click();

const actions = { "/": () => document.getElementById("search-button").click(), "?": () => help.showModal(), g: () => (prefixAt = performance.now()) };

addEventListener("keydown", (event) => {
  if (!single.checked || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const isSecond = performance.now() - prefixAt < SEQUENCE_TIMEOUT && event.key >= "1" && event.key <= "9";
  const action = isSecond ? () => go(Number(event.key)) : actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

single.checked = localStorage.getItem(OFF) === null;
single.addEventListener("change", () => (single.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
help.addEventListener("click", (event) => event.target === help && help.close());

for (const button of document.querySelectorAll("[data-shortcuts]")) {
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
}
