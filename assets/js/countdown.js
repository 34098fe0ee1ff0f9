// Counts down: beside a button that opens when the time is over, or in an element that shows the seconds left.
// Without this module the page names the time instead.
const pad = (number) => String(number).padStart(2, "0");

function formatUnit(number, unit) {
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "long" }).format(number);
}

// Above an hour in words, since 1:05:09 reads like a time of day.
function format(seconds) {
  if (seconds <= 3600) return `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
  const minutes = Math.ceil(seconds / 60);
  const hours = formatUnit(Math.floor(minutes / 60), "hour");
  return minutes % 60 ? `${hours} ${formatUnit(minutes % 60, "minute")}` : hours;
}

function countDown(seconds, { onTick, onEnd }) {
  const end = performance.now() + seconds * 1000;

  (function tick() {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left <= 0) return onEnd();
    if (onTick(format(left)) !== false) setTimeout(tick, 250);
  })();
}

function blockButton(button) {
  const label = document.getElementById(button.dataset.label);
  const block = (event) => event.preventDefault();
  button.setAttribute("aria-disabled", "true");
  button.addEventListener("click", block);
  countDown(Number(button.dataset.seconds), {
    onTick(time) {
      label.textContent = label.dataset.wait.replace("{time}", time);
    },
    onEnd() {
      label.setAttribute("role", "status");
      label.textContent = label.dataset.open;
      button.removeAttribute("aria-disabled");
      button.removeEventListener("click", block);
      if (button.dataset.go) button.form.requestSubmit(button);
    },
  });
}

function showRemaining(element) {
  const seconds = Number(element.dataset.remaining);
  element.removeAttribute("data-remaining");
  countDown(seconds, {
    onTick(time) {
      if (!element.isConnected) return false;
      element.textContent = time;
    },
    onEnd() {
      element.textContent = element.dataset.over;
    },
  });
}

const showAllRemaining = () => document.querySelectorAll("[data-remaining]").forEach(showRemaining);

document.querySelectorAll("[data-seconds]:not([data-seconds='0'])").forEach(blockButton);
showAllRemaining();
// htmx replaces parts of the page while it keeps them up to date.
document.addEventListener("htmx:load", showAllRemaining);
