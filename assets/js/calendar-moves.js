// Drags blocks of the calendar, and their ends, with the mouse; shows the form that moves them in a dialog.
// Whether a time is free, the server says: a block that was let go opens the form with its new time filled in.
const grid = document.getElementById("calendar-grid");
const dialog = document.getElementById("move-dialog");
const status = document.getElementById("calendar-status");
const ROW_MINUTES = 15;
const DAY_MINUTES = 1440;
const MIN_PIXELS = 4;
// What is dragged; `isDropped` once it was let go, until the form is closed.
let drag = null;
let wasDragged = false;
let isAsking = false;

const snap = (minutes, step) => Math.round(minutes / step) * step;
const read = (clock) => clock.split(":").reduce((hours, minutes) => hours * 60 + Number(minutes), 0);
const write = (minutes) => [Math.floor(minutes / 60) % 24, minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
const countDays = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 864e5);

function addDays(day, count) {
  const at = new Date(`${day}T00:00Z`);
  at.setUTCDate(at.getUTCDate() + count);
  return at.toISOString().slice(0, 10);
}

function begin(event) {
  wasDragged = false;
  const block = event.target.closest("[data-move]");
  // A finger scrolls; whoever touches has the button of the block.
  if (!block || drag || event.button !== 0 || event.pointerType === "touch" || event.target.closest(".calendar-move")) return;
  const column = block.closest("[data-day]");
  const style = getComputedStyle(column);
  if (style.display !== "grid") return;
  const { start, minutes, step, beginsOn, of } = block.dataset;
  const from = { column, start: read(start), minutes: Number(minutes) };
  drag = { block, from, to: { ...from }, step: Number(step), beginsOn, of, pixels: parseFloat(style.gridAutoRows) / ROW_MINUTES };
  Object.assign(drag, { x: event.clientX, y: event.clientY + scrollY, isEnd: event.target.matches(".calendar-resize") });
}

function findColumn(x) {
  if (drag.isEnd || grid.hasAttribute("data-fixed")) return drag.from.column;
  const isUnder = (column) => column.getBoundingClientRect().left <= x && x < column.getBoundingClientRect().right;
  return [...grid.querySelectorAll("[data-day]")].find(isUnder) ?? drag.to.column;
}

function follow(event) {
  if (!drag || drag.isDropped) return;
  const distance = event.clientY + scrollY - drag.y;
  if (!drag.isMoving && Math.hypot(event.clientX - drag.x, distance) < MIN_PIXELS) return;
  if (!drag.isMoving) {
    drag.isMoving = wasDragged = true;
    drag.block.setPointerCapture(event.pointerId);
    drag.label = drag.block.querySelector(".calendar-time");
    drag.text = drag.label.textContent;
  }
  const { from, step, pixels } = drag;
  const moved = distance / pixels;
  if (drag.isEnd) drag.to.minutes = Math.max(step, snap(from.minutes + moved, step));
  else drag.to.start = Math.min(Math.max(snap(from.start + moved, step), 0), DAY_MINUTES - step);
  drag.to.column = findColumn(event.clientX);
  show();
}

function show() {
  const { block, from, to, pixels, label } = drag;
  const sideways = to.column.getBoundingClientRect().left - from.column.getBoundingClientRect().left;
  block.classList.add("is-dragged");
  block.style.translate = `${sideways}px ${(to.start - from.start) * pixels}px`;
  block.style.marginBottom = `${(from.minutes - to.minutes) * pixels + 1}px`;
  label.textContent = `${write(to.start)}–${write(to.start + to.minutes)}`;
}

function putBack() {
  if (!drag) return;
  const { block, label, text } = drag;
  block.classList.remove("is-dragged");
  block.removeAttribute("style");
  if (label) label.textContent = text;
  drag = null;
}

function cancel() {
  if (drag?.isMoving) status.textContent = status.dataset.cancelled;
  putBack();
}

function drop() {
  if (!drag || drag.isDropped) return;
  const { block, from, to, beginsOn, of, isMoving } = drag;
  if (!isMoving || (from.start === to.start && from.minutes === to.minutes && from.column === to.column)) return putBack();
  drag.isDropped = true;
  const days = countDays(from.column.dataset.day, to.column.dataset.day);
  const isElsewhere = from.column.dataset.calendar !== to.column.dataset.calendar;
  const values = { check: 1, day: addDays(beginsOn, days), time: write(to.start), minutes: `${to.minutes} min` };
  values.calendar = isElsewhere ? to.column.dataset.calendar : of;
  open(`${block.dataset.move}&${new URLSearchParams(values)}`);
}

// What a drag ends with is no click on the link below it.
function stopClick(event) {
  if (!wasDragged) return;
  event.preventDefault();
  event.stopPropagation();
}

function fail(kind) {
  dialog.close();
  putBack();
  document.dispatchEvent(new CustomEvent(kind));
}

function focusFirst() {
  const urgent = dialog.querySelector("[aria-invalid=true], [name=accepted], [autofocus]");
  (urgent ?? dialog.querySelector("input:not([type=hidden]), a, button")).focus();
}

async function ask(url, options) {
  if (isAsking) return;
  isAsking = true;
  try {
    const response = await fetch(url, { ...options, headers: { "HX-Request": "true" } });
    const next = response.headers.get("HX-Redirect");
    if (next) {
      // The calendar is the same page with a new fragment, which alone loads nothing.
      history.replaceState(null, "", next);
      return location.reload();
    }
    if (![200, 409, 422].includes(response.status)) return fail("htmx:responseError");
    dialog.innerHTML = await response.text();
    if (!dialog.open) dialog.showModal();
    focusFirst();
  } catch {
    fail("htmx:sendError");
  } finally {
    isAsking = false;
  }
}

const open = (url) => ask(url, {});

grid.addEventListener("pointerdown", begin);
document.addEventListener("pointermove", follow);
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", cancel);
document.addEventListener("keydown", (event) => event.key === "Escape" && !dialog.open && cancel());
grid.addEventListener("click", stopClick, { capture: true });

grid.addEventListener("click", (event) => {
  const link = event.target.closest(".calendar-move");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link.href);
});

dialog.addEventListener("close", cancel);
dialog.addEventListener("click", (event) => {
  if (!event.target.closest("[data-close]")) return;
  event.preventDefault();
  dialog.close();
});
dialog.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(event.target.action, { method: "POST", body: new FormData(event.target, event.submitter) });
});

// Whoever has moved something goes on from there.
const moved = location.hash.startsWith("#entry-") && grid.querySelector(`[data-entry="${CSS.escape(location.hash.slice(7))}"] a`);
if (moved) moved.focus();
