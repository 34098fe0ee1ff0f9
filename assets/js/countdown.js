// When does a waiting button open? Counts down beside it; without this module the page names the time instead.
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

function start(button) {
  const label = document.getElementById(button.dataset.label);
  const opens = performance.now() + Number(button.dataset.seconds) * 1000;
  const hold = (event) => event.preventDefault();

  function tick() {
    const left = Math.ceil((opens - performance.now()) / 1000);
    if (left > 0) {
      label.textContent = label.dataset.wait.replace("{time}", clock(left));
      return setTimeout(tick, 250);
    }
    label.setAttribute("role", "status");
    label.textContent = label.dataset.open;
    button.removeAttribute("aria-disabled");
    button.removeEventListener("click", hold);
    if (button.dataset.go) button.form.requestSubmit(button);
  }

  button.setAttribute("aria-disabled", "true");
  button.addEventListener("click", hold);
  tick();
}

document.querySelectorAll("[data-seconds]:not([data-seconds='0'])").forEach(start);
