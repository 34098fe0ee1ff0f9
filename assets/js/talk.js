// Has somebody written meanwhile? Asks while the page is seen and used, shows what is new and says it aloud, politely.
const EVERY = 5_000;
const SLOWEST = 60_000;
// A page that is left open must not keep a session alive.
const UNUSED = 15 * 60_000;
const LONGEST = 300;

const place = document.querySelector("[data-live]");
const news = document.getElementById("talk-news");
let wait = EVERY;
let used = Date.now();
let timer;

const theirs = () => new Map([...place.querySelectorAll(".spoken:not(.spoken-mine)")].map((line) => [line.id, line]));
const words = (line) => `${line.querySelector(".spoken-head span").textContent}: ${line.querySelector(".said").textContent}`;

function show(html) {
  const known = theirs();
  place.innerHTML = html;
  const fresh = [...theirs()].filter(([id]) => !known.has(id)).map(([, line]) => words(line).slice(0, LONGEST));
  if (fresh.length) news.textContent = fresh.join(" ");
}

async function ask() {
  const seen = place.firstElementChild.dataset.mark;
  const answer = await fetch(`${place.dataset.live}?seen=${encodeURIComponent(seen)}`);
  // Signed out meanwhile, or shut out: the whole page says so.
  if (answer.redirected || answer.status === 403 || answer.status === 404) location.reload();
  else if (answer.status === 200) show(await answer.text());
  else if (!answer.ok) throw new Error(answer.statusText);
}

async function turn() {
  clearTimeout(timer);
  if (document.hidden || Date.now() - used > UNUSED) return;
  try {
    await ask();
    wait = EVERY;
  } catch {
    wait = Math.min(wait * 2, SLOWEST);
  }
  clearTimeout(timer);
  timer = setTimeout(turn, wait);
}

function use() {
  const slept = Date.now() - used > UNUSED;
  used = Date.now();
  if (slept) turn();
}

if (place) {
  for (const deed of ["pointerdown", "keydown", "scroll"]) document.addEventListener(deed, use, { passive: true });
  document.addEventListener("visibilitychange", () => {
    use();
    turn();
  });
  timer = setTimeout(turn, wait);
}
