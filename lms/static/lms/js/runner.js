// The exam runner: one question at a time, every answer kept on the device first and then sent, the server's clock.
// Without this file the page is one long form with a Save button.
(() => {
  "use strict";
  const runner = document.getElementById("runner"), word = runner.dataset, $ = (id) => document.getElementById(id);
  const token = runner.querySelector("[name=csrfmiddlewaretoken]").value;
  const sections = [...runner.querySelectorAll("section[data-item]")];
  const marks = [...runner.querySelectorAll(".runner-side .palette a:not([data-review])")];
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name]);
  const announce = (text) => { $("announce").textContent = ""; setTimeout(() => { $("announce").textContent = text; }, 50); };

  // -- what this device keeps: answers not yet acknowledged, the last that were (a page that is being loaded meanwhile may not
  // know them yet), flags, the place
  const key = `pitlane-exam-${word.attempt}`;
  const kept = { queue: {}, sent: {}, flags: [], here: 0, events: [] };
  let known = false; // this device has been here before
  try { known = localStorage.getItem(key) !== null; Object.assign(kept, JSON.parse(localStorage.getItem(key) || "{}")); } catch (broken) { /* begin with nothing */ }
  const keep = () => { try { localStorage.setItem(key, JSON.stringify(kept)); } catch (full) { /* memory has it */ } };
  const waiting = () => Object.keys(kept.queue).length;

  // -- the server's clock, set again by each answer that it acknowledges
  let offset = Number(word.now) - Date.now(), ends = Number(word.ends), over = false, last = 0;
  const now = () => Date.now() + offset;
  const clock = (moment) => new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: word.zone }).format(moment);

  // -- answers on the page
  // whatever the kind of question, a response is what its fields hold: a list of texts, or null where nothing is given
  const inputs = (section) => [...section.querySelectorAll("input, select, textarea")];
  const isTicked = (input) => input.type === "radio" || input.type === "checkbox";
  const read = (section) => {
    const texts = inputs(section).filter((input) => !isTicked(input) || input.checked).map((input) => input.value.trim());
    return texts.some((text) => text) ? texts : null;
  };
  const write = (section, response) => {
    const texts = response === null ? [] : [response].flat().map(String); // before version 0.2 a single one stood without a list
    inputs(section).filter(isTicked).forEach((input) => { input.checked = texts.includes(input.value); });
    inputs(section).filter((input) => !isTicked(input)).forEach((input, place) => { input.value = texts[place] || ""; });
  };
  const amiss = (item, text) => { // what can still be mended, such as “abc” for a number
    const place = sections.find((section) => section.dataset.item === String(item)).querySelector("[data-note]");
    if (place.textContent === text) return;
    place.textContent = text;
    place.hidden = !text;
  };
  const isAnswered = (section) => read(section) !== null;

  // -- save state, in words
  const icons = { check: "m4.5 12.5 5 5L19.5 7", wait: "M12 7v5l3 2", warn: "M12 4 2.5 20h19zM12 10v4.5M12 17.3v.2" };
  const tell = (state, text) => {
    $("saved").className = `saved ${state}`;
    $("saved").querySelector("path").setAttribute("d", icons[state === "" ? "check" : state === "saving" ? "wait" : "warn"]);
    $("saved").querySelector("span").textContent = text;
  };
  const count = (name) => fill(waiting() === 1 ? word[`${name}One`] : word[name], { count: waiting() });

  // -- sending: one message at a time, all that waits in it, again and again until it is acknowledged
  let sending = false, pause = 1000, timer = 0, wasOffline = false, stopped = false;
  const post = (url, body) => fetch(url, {
    method: "POST", credentials: "same-origin", redirect: "manual", keepalive: true, body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    signal: AbortSignal.timeout ? AbortSignal.timeout(15000) : undefined,
  });
  const later = () => { clearTimeout(timer); timer = setTimeout(send, pause + Math.random() * 500); pause = Math.min(pause * 2, 30000); };
  // What still waits stays on the device: the page that follows (late.js) says which answers count, and has the others kept.
  const leave = () => { stopped = true; keep(); window.location.replace(window.location.pathname); };

  async function send() {
    clearTimeout(timer);
    if (sending || stopped || !waiting()) return;
    sending = true;
    const batch = Object.entries(kept.queue).map(([item, answer]) => ({ item: Number(item), ...answer }));
    if (!wasOffline) tell("saving", word.saving);
    let again = false;
    try {
      const response = await post(word.save, batch);
      if (response.ok) again = acknowledged(await response.json(), batch);
      else if (response.status === 409) { leave(); return; }
      else if (response.type === "opaqueredirect" || response.status === 403 || response.status === 404) { tell("failed", word.signedOut); announce(word.signedOut); }
      else if (response.status === 400) refused((await response.json()).error, batch);
      else offline();
    } catch (unreachable) { offline(); } finally { sending = false; }
    if (again) send();
  }
  const acknowledged = (answer, batch) => {
    batch.forEach(({ item, sequence }) => {
      if (kept.queue[item] && kept.queue[item].sequence === sequence) amiss(item, answer.notes[item] || "");
      if (!(answer.sequences[item] >= sequence) || !kept.queue[item] || kept.queue[item].sequence > sequence) return;
      kept.sent[item] = kept.queue[item];
      delete kept.queue[item];
    });
    keep();
    offset = answer.now - Date.now();
    ends = Date.parse(answer.ends_at);
    pause = 1000;
    tell("", fill(word.saved, { time: clock(Date.parse(answer.saved_at)) }));
    if (wasOffline) { wasOffline = false; announce(word.back); note("reconnected"); }
    tellEvents();
    return waiting() > 0;
  };
  const refused = (reason, batch) => { batch.forEach(({ item }) => delete kept.queue[item]); keep(); tell("failed", reason); announce(reason); };
  const offline = () => {
    tell("offline", count("offline"));
    if (!wasOffline) announce(count("offline"));
    wasOffline = true;
    later();
  };
  window.addEventListener("online", () => { pause = 1000; send(); });

  // -- the log: the page was left, the network came back
  const note = (kind) => { if (kept.events.length < 50) kept.events.push(kind); keep(); tellEvents(); };
  // The answer says how the time stands; `ask` wants to know it even when there is nothing to tell.
  const tellEvents = async (ask = false) => {
    const kinds = kept.events.splice(0);
    if (stopped || !(kinds.length || ask)) return false;
    try {
      const response = await post(word.events, { kinds });
      if (!response.ok) throw response;
      const answer = await response.json();
      if (answer.over && !waiting()) { leave(); return false; }
      offset = answer.now - Date.now();
      ends = Date.parse(answer.ends_at);
      return true;
    } catch (unreachable) {
      kept.events.unshift(...kinds);
      return false;
    } finally { keep(); }
  };
  document.addEventListener("visibilitychange", () => { if (document.hidden) { note("focus_lost"); send(); } });

  // -- an answer is given
  const given = (section) => {
    last = Math.max(last + 1, Math.round(now()));
    kept.queue[section.dataset.item] = { sequence: last, response: read(section) };
    keep();
    paint();
    clearTimeout(timer);
    if (wasOffline) tell("offline", count("offline"));
    timer = setTimeout(send, inputs(section).every(isTicked) ? 0 : 600);
  };
  runner.addEventListener("input", (event) => { const section = event.target.closest("section[data-item]"); if (section && !over) given(section); });
  runner.addEventListener("click", (event) => {
    const button = event.target.closest("[data-clear]");
    if (!button || over) return;
    write(button.closest("section"), null);
    given(button.closest("section"));
  });

  // -- one question a screen; after the last comes the check
  const total = sections.length;
  let here = 0;
  const go = (place, focus = true) => {
    here = Math.max(0, Math.min(place, total));
    kept.here = here;
    keep();
    paint();
    window.scrollTo(0, 0);
    if (focus) (here === total ? $("review").querySelector("h2") : $(`s${here + 1}`)).focus({ preventScroll: true });
    const mark = here === total ? runner.querySelector("[data-review]") : marks[here];
    const strip = mark.parentElement;
    strip.scrollLeft = mark.offsetLeft - strip.offsetLeft - strip.clientWidth / 2 + 22;
  };
  const paint = () => {
    sections.forEach((section, number) => {
      const answered = isAnswered(section), flagged = kept.flags.includes(number), mark = marks[number];
      section.hidden = number !== here || over;
      const clear = section.querySelector("[data-clear]");
      if (clear) clear.hidden = !answered;
      mark.className = `${answered ? "done" : ""} ${flagged ? "flag" : ""}`;
      mark.setAttribute("aria-label", [fill(word.question, { number: number + 1 }), answered && word.answered, flagged && word.flagged].filter(Boolean).join(", "));
      if (number === here) mark.setAttribute("aria-current", "true"); else mark.removeAttribute("aria-current");
    });
    const review = runner.querySelector("[data-review]");
    if (here === total) review.setAttribute("aria-current", "true"); else review.removeAttribute("aria-current");
    $("review").hidden = here !== total || over;
    if (here === total) paintReview();
    $("place").textContent = here === total ? `${sections.filter(isAnswered).length} / ${total}` : `${here + 1} / ${total}`;
    $("previous").disabled = here === 0 || over;
    $("flag").hidden = $("next").hidden = here === total;
    $("flag").disabled = $("next").disabled = over;
    $("flag").setAttribute("aria-pressed", kept.flags.includes(here));
    $("next").textContent = here === total - 1 ? $("next").dataset.last : $("next").dataset.next;
  };
  const links = (box, numbers) => box.replaceChildren(...numbers.map((number) => {
    const link = document.createElement("a");
    link.href = `#q${number + 1}`;
    link.textContent = number + 1;
    link.setAttribute("aria-label", fill(word.question, { number: number + 1 }));
    return link;
  }));
  const paintReview = () => {
    const open = sections.map((section, number) => number).filter((number) => !isAnswered(sections[number]));
    const flagged = [...kept.flags].sort((one, two) => one - two);
    $("review-open").textContent = open.length ? word.unanswered : word.allAnswered;
    links($("review-open-list"), open);
    $("review-flagged").hidden = !flagged.length;
    $("review-flagged").textContent = word.flaggedList;
    links($("review-flagged-list"), flagged);
  };
  runner.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link || over) return;
    event.preventDefault();
    go(link.hash === "#review" ? total : Number(link.hash.slice(2)) - 1);
  });
  $("previous").addEventListener("click", () => go(here - 1));
  $("next").addEventListener("click", () => go(here + 1));
  const flag = () => {
    if (here === total) return;
    kept.flags = kept.flags.includes(here) ? kept.flags.filter((number) => number !== here) : [...kept.flags, here];
    keep();
    paint();
  };
  $("flag").addEventListener("click", flag);
  document.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || event.altKey || event.metaKey || over || event.target.matches("input[type=text]")) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) { event.preventDefault(); go(here + step); }
  });
  runner.addEventListener("submit", (event) => event.preventDefault());

  // -- handing in: first everything that waits, then the paper
  const handIn = async () => {
    if (stopped) return;
    $("hand-in").disabled = true;
    for (let tries = 0; waiting() && tries < 3; tries += 1) {
      await send();
      if (waiting()) await new Promise((done) => { setTimeout(done, 400); });
    }
    if (stopped) return;
    if (waiting() || !navigator.onLine) {
      $("hand-in").disabled = false;
      if (over) { waitForNetwork(); return; }
      say("", word.cannotHandIn);
      return;
    }
    stopped = true;
    keep();
    $("hand-in-form").submit();
  };
  $("hand-in").addEventListener("click", handIn);
  const say = (title, text) => {
    $("over").hidden = false;
    $("over").querySelector("b").textContent = title;
    $("over").querySelector("p").textContent = text;
  };
  const waitForNetwork = () => { say(word.timeOver, waiting() ? count("waiting") : word.handingIn); setTimeout(handIn, 3000); };

  // -- the time
  const announced = new Set();
  const tick = () => {
    const left = Math.max(0, ends - now()), seconds = Math.ceil(left / 1000), two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    $("clock").textContent = (hours ? `${hours}:` : "") + `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    $("clock").className = `clock ${seconds <= 60 ? "last" : seconds <= 300 ? "soon" : ""}`;
    [10, 5, 1].filter((minutes) => seconds <= minutes * 60 && seconds > minutes * 60 - 30 && !announced.has(minutes)).forEach((minutes) => {
      announced.add(minutes);
      announce(minutes === 1 ? word.minuteLeft : fill(word.minutesLeft, { count: minutes }));
    });
    if (left === 0 && !over) end();
  };
  const rest = (most) => new Promise((done) => { setTimeout(done, Math.random() * most); });
  const freeze = (isOver) => {
    over = isOver;
    inputs(runner).filter((input) => input.type !== "hidden").forEach((input) => { input.disabled = isOver; });
    $("over").hidden = !isOver;
    paint();
  };
  // Everyone comes to the end in the same second: answers go at once, all else spread over the seconds of grace.
  const end = async () => {
    freeze(true);
    say(word.timeOver, word.handingIn);
    announce(word.timeOver);
    await send();
    await rest(3000);
    if (await tellEvents(true) && ends > now()) { freeze(false); announced.clear(); return; } // extra time was allowed meanwhile
    await rest(4000);
    handIn();
  };

  // -- begin, or go on: what this device kept and the server has not seen comes first
  sections.forEach((section) => {
    const { item } = section.dataset, mine = kept.queue[item] || kept.sent[item], theirs = Number(section.dataset.sequence);
    last = Math.max(last, theirs, mine ? mine.sequence : 0);
    if (mine && mine.sequence > theirs) write(section, mine.response);
    else delete kept.queue[item];
  });
  runner.querySelector("[data-plain]").remove();
  runner.querySelector("[data-live]").hidden = false;
  $("key").hidden = false;
  const asked = /^#q(\d+)$/.exec(window.location.hash);
  const open = sections.findIndex((section) => !isAnswered(section));
  go(asked ? asked[1] - 1 : known ? kept.here : Math.max(open, 0), false);
  setInterval(tick, 250);
  setInterval(() => tellEvents(true), 60000 + Math.random() * 10000); // extra time, or handed in elsewhere
  tick();
  send();
  tellEvents();
})();
