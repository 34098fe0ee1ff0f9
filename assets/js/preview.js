// How will the portal look with what is being typed? Words go over at once, colours when the server has shaded them.
const preview = document.getElementById("preview");
const form = document.getElementById("branding");
const shades = { brand: "--brand", brandStrong: "--brand-strong", onBrand: "--on-brand", brandInk: "--brand-ink" };

function dye() {
  const chosen = document.querySelector("#contrast [data-brand]");
  if (!chosen) return;
  for (const [name, variable] of Object.entries(shades)) preview.style.setProperty(variable, chosen.dataset[name]);
}

form.addEventListener("input", (event) => {
  const shown = preview.querySelector(`[data-shows="${event.target.name}"]`);
  if (shown) shown.textContent = event.target.value;
});
document.addEventListener("htmx:afterSettle", dye);
dye();
