// Shows the branding in a preview while it is edited: texts at once, colours when the server has derived their shades.
const preview = document.getElementById("preview");
const form = document.getElementById("branding");
const shades = { brand: "--brand", brandStrong: "--brand-strong", onBrand: "--on-brand", brandInk: "--brand-ink" };

function applyColours() {
  const colours = document.querySelector("#contrast [data-brand]");
  if (!colours) return;
  for (const [name, variable] of Object.entries(shades)) preview.style.setProperty(variable, colours.dataset[name]);
}

form.addEventListener("input", (event) => {
  const shown = preview.querySelector(`[data-shows="${event.target.name}"]`);
  if (shown) shown.textContent = event.target.value;
});
document.addEventListener("htmx:afterSettle", applyColours);
applyColours();
