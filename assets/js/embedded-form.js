// Tells the website around this form how high the form is, if it is one of those that the business lists.
const allowed = document.body.dataset.origins.split(" ");
const main = document.getElementById("main");
let site = "";

function tell(message) {
  if (site) parent.postMessage(message, site);
}

function tellHeight() {
  tell({ portal: "height", height: main.offsetHeight });
}

addEventListener("message", (event) => {
  if (event.source !== parent || !allowed.includes(event.origin) || event.data?.portal !== "hello") return;
  site = event.origin;
  tellHeight();
});
new ResizeObserver(tellHeight).observe(main);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") tell({ portal: "close" });
});
// Nobody is told anything here but that the form is there.
if (parent !== window) parent.postMessage({ portal: "ready" }, "*");
