// After the exam: what this device still holds that the server had not taken when the time was over. It is shown, sent to be kept, and
// deleted by nobody.
(() => {
  "use strict";
  const box = document.getElementById("late");
  if (!box) return;
  const counts = JSON.parse(document.getElementById("counts").textContent);
  const running = `pitlane-exam-${box.dataset.attempt}`, aside = `pitlane-late-${box.dataset.attempt}`;
  const held = (key, part) => { try { const found = JSON.parse(localStorage.getItem(key) || "{}"); return (part ? found[part] : found) || {}; } catch (broken) { return {}; } };
  const newest = { ...held(aside) };
  Object.entries(held(running, "queue")).forEach(([item, answer]) => { if (!newest[item] || answer.sequence > newest[item].sequence) newest[item] = answer; });
  const late = Object.entries(newest).filter(([item, answer]) => counts[item] && answer.sequence > counts[item][1]);
  try {
    if (late.length) localStorage.setItem(aside, JSON.stringify(Object.fromEntries(late)));
    localStorage.removeItem(running);
  } catch (full) { /* the page that was left keeps it in its own place */ }
  if (!late.length) return;
  const show = (numbers) => {
    box.querySelector("b").textContent = box.dataset.sentence.replace("{numbers}", numbers.join(", "));
    box.hidden = false;
    const calm = document.getElementById("calm");
    if (calm) calm.remove();
  };
  show(late.map(([item]) => counts[item][0]).sort((one, two) => one - two));
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  let pause = 2000;
  const send = async () => {
    try {
      const body = JSON.stringify(late.map(([item, answer]) => ({ item: Number(item), ...answer })));
      const response = await fetch(box.dataset.url, { method: "POST", credentials: "same-origin", redirect: "manual", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
      if (response.ok) show((await response.json()).numbers);
      else if (response.status >= 500) throw response;
    } catch (unreachable) {
      setTimeout(send, pause + Math.random() * 1000);
      pause = Math.min(pause * 2, 60000);
    }
  };
  send();
})();
