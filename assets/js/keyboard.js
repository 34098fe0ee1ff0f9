// Which single keys do something in the console? They can be switched off: who speaks to their computer types without meaning to.
import { open } from "./palette.js";

const help = document.getElementById("shortcuts");
const single = document.getElementById("single-keys");
const OFF = "single-keys-off";
// So long after a G the next key says where to go.
const PATIENCE = 1500;
let wentAt = -PATIENCE;

// A field whose dialog has just closed may still have the focus for a moment.
const typing = (target) => target.checkVisibility() && target.closest("input, textarea, select, [contenteditable]");
const go = (number) => document.querySelectorAll("#menu a")[number - 1]?.click();

const deeds = { "/": () => document.getElementById("search-button").click(), "?": () => help.showModal(), g: () => (wentAt = performance.now()) };

addEventListener("keydown", (event) => {
  if (!single.checked || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const isSecond = performance.now() - wentAt < PATIENCE && event.key >= "1" && event.key <= "9";
  const deed = isSecond ? () => go(Number(event.key)) : deeds[event.key];
  if (!deed) return;
  event.preventDefault();
  deed();
});

single.checked = localStorage.getItem(OFF) === null;
single.addEventListener("change", () => (single.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
help.addEventListener("click", (event) => event.target === help && help.close());

for (const button of document.querySelectorAll("[data-shortcuts]")) {
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
}
