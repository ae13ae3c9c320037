// Adds events to the live page as they come; paused, they wait and are counted.
const body = document.getElementById("live");
const pause = document.getElementById("pause");
const connection = document.getElementById("connection");
const MOST = 200;
const waiting = [];
let last = body.dataset.after;
let connected = false;

const paused = () => pause.getAttribute("aria-pressed") === "true";

function add(told) {
  const row = document.createElement("tr");
  for (const name of ["at", "where", "channel", "what"]) row.insertCell().textContent = told[name];
  body.prepend(row);
  while (body.rows.length > MOST) body.lastElementChild.remove();
}

function say() {
  const state = connected ? body.dataset.on : body.dataset.off;
  connection.textContent = waiting.length ? `${state} · ${body.dataset.waiting.replace("{n}", waiting.length)}` : state;
}

function listen() {
  const query = new URLSearchParams(body.dataset.query);
  query.set("after", last);
  const stream = new EventSource(`/live/stream?${query}`);
  stream.onopen = () => { connected = true; say(); };
  stream.onmessage = (message) => {
    last = message.lastEventId || last;
    if (!message.data) return;
    const told = JSON.parse(message.data);
    if (paused()) { waiting.push(told); if (waiting.length > MOST) waiting.shift(); say(); } else add(told);
  };
  stream.onerror = () => {
    connected = false;
    say();
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 3000); // refused: the browser tries no more
  };
}

pause.hidden = false;
pause.addEventListener("click", () => {
  pause.setAttribute("aria-pressed", String(!paused()));
  if (!paused()) while (waiting.length) add(waiting.shift());
  say();
});
listen();
