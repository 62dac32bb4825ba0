// After the exam: what this device still holds that the server had not taken when the time was over. It is shown, sent to be kept, and
// deleted by nobody.
(() => {
  "use strict";
  const box = document.getElementById("late");
  if (!box) return;
  const { unacknowledged, writeRecord, keyOf, lateKeyOf } = pitlaneExam;
  const storage = (() => { try { return window.localStorage; } catch (forbidden) { return null; } })();
  const counts = JSON.parse(document.getElementById("counts").textContent), attempt = box.dataset.attempt;
  const held = unacknowledged(storage, attempt), late = {};
  Object.keys(held).forEach((item) => { if (counts[item] && held[item].sequence > counts[item][1]) late[item] = held[item]; });
  const items = Object.keys(late);
  // Where it can't be written down anew, the page that was left keeps it in its own place.
  if (!items.length || writeRecord(storage, lateKeyOf(attempt), late)) { try { storage.removeItem(keyOf(attempt)); } catch (forbidden) { /* there is none */ } }
  if (!items.length) return;
  const ours = items.map((item) => counts[item][0]);
  const show = (theirs) => {
    const numbers = [...new Set([...ours, ...theirs])].sort((one, two) => one - two);
    box.querySelector("b").textContent = box.dataset.sentence.replace("{numbers}", numbers.join(", "));
    box.hidden = false;
    const calm = document.getElementById("calm");
    if (calm) calm.remove();
  };
  show([]);
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const body = JSON.stringify(items.map((item) => ({ item: Number(item), sequence: late[item].sequence, response: late[item].response })));
  let pause = 2000;
  const send = async () => {
    try {
      const response = await fetch(box.dataset.url, { method: "POST", credentials: "same-origin", redirect: "manual", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
      if (response.ok) show((await response.json()).numbers);
      else if (response.status >= 500) throw response;
    } catch (unreachable) {
      setTimeout(send, pause * (0.5 + Math.random()));
      pause = Math.min(pause * 2, 60000);
    }
  };
  send();
})();
