// Polls for new messages while the page is visible and in use, shows them and announces them politely.
const INTERVAL = 5_000;
const MAX_INTERVAL = 60_000;
// A page that is left open must not keep a session alive.
const IDLE_AFTER = 15 * 60_000;
const MAX_ANNOUNCED_LENGTH = 300;

const messages = document.querySelector("[data-live]");
const announcement = document.getElementById("thread-announcement");
let interval = INTERVAL;
let usedAt = Date.now();
let timer;

const received = () => new Map([...messages.querySelectorAll(".thread-message:not(.thread-message-own)")].map((message) => [message.id, message]));
const textOf = (message) => `${message.querySelector(".thread-message-head span").textContent}: ${message.querySelector(".thread-message-text").textContent}`;

function show(html) {
  const known = received();
  messages.innerHTML = html;
  const fresh = [...received()].filter(([id]) => !known.has(id)).map(([, message]) => textOf(message).slice(0, MAX_ANNOUNCED_LENGTH));
  if (fresh.length) announcement.textContent = fresh.join(" ");
}

async function fetchNew() {
  const { etag } = messages.firstElementChild.dataset;
  const response = await fetch(`${messages.dataset.live}?seen=${encodeURIComponent(etag)}`);
  // The session has ended or access was revoked: a reload shows that.
  if (response.redirected || response.status === 403 || response.status === 404) location.reload();
  else if (response.status === 200) show(await response.text());
  else if (!response.ok) throw new Error(response.statusText);
}

async function poll() {
  clearTimeout(timer);
  if (document.hidden || Date.now() - usedAt > IDLE_AFTER) return;
  try {
    await fetchNew();
    interval = INTERVAL;
  } catch {
    interval = Math.min(interval * 2, MAX_INTERVAL);
  }
  clearTimeout(timer);
  timer = setTimeout(poll, interval);
}

function recordUse() {
  const wasIdle = Date.now() - usedAt > IDLE_AFTER;
  usedAt = Date.now();
  if (wasIdle) poll();
}

if (messages) {
  for (const type of ["pointerdown", "keydown", "scroll"]) document.addEventListener(type, recordUse, { passive: true });
  document.addEventListener("visibilitychange", () => {
    recordUse();
    poll();
  });
  timer = setTimeout(poll, interval);
}
