// Fetches new emails and texts every two seconds while the page is visible, and puts them on top.
const phones = document.getElementById("phones");
const news = document.getElementById("news");

function fit(frame) {
  const resize = () => {
    const page = frame.contentDocument?.documentElement;
    if (page) frame.height = page.scrollHeight;
  };
  frame.addEventListener("load", resize);
  resize();
}

// Times are shown in the reader's time zone, as on their phone.
function localise(time) {
  time.textContent = new Date(time.dateTime).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

function prepare(part) {
  part.querySelectorAll("iframe").forEach(fit);
  part.querySelectorAll("time").forEach(localise);
}

async function fetchNew() {
  const address = new URL(location.href);
  address.searchParams.set("after", phones.querySelector(".phone")?.id.slice(1) ?? "");
  const response = await fetch(address);
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = [...page.querySelectorAll(".phone")].filter((phone) => !document.getElementById(phone.id));
  for (const phone of fresh.reverse()) {
    phone.classList.add("is-unseen");
    phones.prepend(phone);
    prepare(phone);
    news.textContent = `${news.dataset.one}: ${phone.querySelector("h2, .text-message").textContent}`;
  }
}

prepare(phones);
setInterval(() => document.hidden || fetchNew().catch(() => {}), 2000);
