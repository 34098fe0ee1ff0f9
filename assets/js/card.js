// Which tab are we on? A row of tabs wider than the phone begins with it in sight.
const here = document.querySelector(".tabs-row [aria-current=page]");
const row = here?.closest(".tabs-row");
if (row) row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
