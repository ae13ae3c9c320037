// The screen: takes fragments from the agent's stream, puts them in place, says what was painted.
// Plain EventSource and DOM: one stream and a handful of buttons need no library.

const secret = document.querySelector('meta[name="screen"]').content;
const screenBox = document.getElementById("screen");
const told = document.getElementById("told");
const away = document.getElementById("agent-away");
let number = 0;

function post(path) {
  return fetch(path, { method: "POST", headers: { "X-Screen": secret } }).catch(() => undefined);
}

function painted() {
  const shown = number;
  requestAnimationFrame(() => requestAnimationFrame(() => post(`/painted/${shown}`)));
}

function put(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const fresh = parsed.body.firstElementChild;
  const current = screenBox.firstElementChild;
  const sameCard = current && fresh.dataset.subject && fresh.dataset.subject === current.dataset.subject;
  const scrolled = sameCard ? screenBox.querySelector(".content")?.scrollTop ?? 0 : 0;
  const focused = document.activeElement?.id;
  screenBox.replaceChildren(fresh);
  document.documentElement.lang = fresh.lang;
  const content = screenBox.querySelector(".content");
  if (content) content.scrollTop = scrolled;
  if (focused) (document.getElementById(focused) ?? fresh.querySelector("[data-focus]"))?.focus();
  if (fresh.dataset.told && fresh.dataset.told !== told.textContent) told.textContent = fresh.dataset.told;
  if (!fresh.dataset.told) told.textContent = "";
  if (fresh.dataset.subject === "") setTextSize("100");
  setTextSize(document.documentElement.dataset.text ?? "100");
  painted();
}

function setTextSize(size) {
  document.documentElement.dataset.text = size;
  for (const button of document.querySelectorAll("[data-text-size]")) {
    button.setAttribute("aria-pressed", String(button.dataset.textSize === size));
  }
}

function listen() {
  const stream = new EventSource(`/stream?after=${number}`);
  stream.onmessage = (event) => {
    away.hidden = true;
    number = Number(event.lastEventId);
    put(event.data);
  };
  stream.onopen = () => { away.hidden = true; };
  stream.onerror = () => {
    away.hidden = false;
    stream.close();
    setTimeout(listen, 1000);
  };
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-post]");
  if (button) post(button.dataset.post);
  const size = event.target.closest("[data-text-size]");
  if (size) {
    setTextSize(size.dataset.textSize);
    post("/still-here");
  }
});
document.addEventListener("contextmenu", (event) => event.preventDefault());

function countDown() {
  for (const timer of document.querySelectorAll("[data-seconds]")) {
    const left = Math.max(0, Number(timer.dataset.seconds) - 1);
    timer.dataset.seconds = String(left);
    timer.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  }
}

setInterval(countDown, 1000);
setInterval(painted, 10000);
listen();
