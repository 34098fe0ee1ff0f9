// Did anything new arrive? Asks every two seconds while the page is looked at, and puts it on top.
const phones = document.getElementById("phones");
const news = document.getElementById("news");

function fit(frame) {
  const grow = () => {
    const page = frame.contentDocument?.documentElement;
    if (page) frame.height = page.scrollHeight;
  };
  frame.addEventListener("load", grow);
  grow();
}

// Times are the reader's own, as on the phone in their hand.
function localise(time) {
  time.textContent = new Date(time.dateTime).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

function furnish(part) {
  part.querySelectorAll("iframe").forEach(fit);
  part.querySelectorAll("time").forEach(localise);
}

async function look() {
  const address = new URL(location.href);
  address.searchParams.set("after", phones.querySelector(".phone")?.id.slice(1) ?? "");
  const answer = await fetch(address);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = [...page.querySelectorAll(".phone")].filter((phone) => !document.getElementById(phone.id));
  for (const phone of fresh.reverse()) {
    phone.classList.add("is-new");
    phones.prepend(phone);
    furnish(phone);
    news.textContent = `${news.dataset.one}: ${phone.querySelector("h2, .bubble").textContent}`;
  }
}

furnish(phones);
setInterval(() => document.hidden || look().catch(() => {}), 2000);
