// The page on the machine: a tap, or a minute without a touch, brings the shop back.

const SECONDS = 60;
const number = document.querySelector('meta[name="number"]').content;
const leave = () => location.replace("/");
let waiting = setTimeout(leave, SECONDS * 1000);

new EventSource(`/stream?after=${number}`).onmessage = (event) => {
  const shown = new DOMParser().parseFromString(event.data, "text/html").body.firstElementChild;
  if (shown.dataset.subject) leave();
};
document.addEventListener("pointerdown", () => {
  clearTimeout(waiting);
  waiting = setTimeout(leave, SECONDS * 1000);
});
