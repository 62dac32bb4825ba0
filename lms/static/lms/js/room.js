// The code on the wall: counts down to the next one, and says so when the network is gone.
(() => {
  "use strict";
  const room = document.querySelector("[data-room]");
  const lost = document.getElementById("room-lost");
  if (!room) return;
  const told = (problem) => {
    lost.hidden = !problem;
    const code = room.querySelector(".room-code > [role=img]");
    if (code) code.hidden = problem;
  };
  room.addEventListener("htmx:sendError", () => told(true));
  room.addEventListener("htmx:responseError", () => told(true));
  room.addEventListener("htmx:afterOnLoad", () => told(false));
  setInterval(() => {
    const clock = room.querySelector("[data-seconds]");
    if (!clock) return;
    const left = Math.max(0, Number(clock.dataset.seconds) - 1);
    clock.dataset.seconds = left;
    clock.textContent = clock.textContent.replace(/\d+/, left);
  }, 1000);
})();
