// Scrolls a row of tabs that is wider than the screen to the current tab.
const current = document.querySelector(".tabs-row [aria-current=page]");
const row = current?.closest(".tabs-row");
if (row) row.scrollLeft = current.offsetLeft - (row.clientWidth - current.offsetWidth) / 2;
