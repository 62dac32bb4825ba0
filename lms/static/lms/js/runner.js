// The page of a running exam: one question at a time, the palette, the words for how it stands. What is kept and sent is queue.js.
// Without these files the page is one long form with a Save button. Telephones' browsers are old: nothing younger than Chrome 66.
(() => {
  "use strict";
  const runner = document.getElementById("runner"), word = runner.dataset, $ = (id) => document.getElementById(id);
  const token = runner.querySelector("[name=csrfmiddlewaretoken]").value;
  const sections = [...runner.querySelectorAll("section[data-item]")];
  const marks = [...runner.querySelectorAll(".runner-side .palette a:not([data-review])")];
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name]);
  const announce = (text) => { $("announce").textContent = ""; setTimeout(() => { $("announce").textContent = text; }, 50); };

  // -- what the queue needs of a browser
  const wall = () => Date.now(), steady = () => performance.now();
  const storage = (() => { try { return window.localStorage; } catch (forbidden) { return null; } })();
  const post = async (kind, body) => {
    const stop = window.AbortController ? new AbortController() : null, text = JSON.stringify(body);
    const timer = setTimeout(() => { if (stop) stop.abort(); }, 15000);
    const response = await fetch(word[kind], {
      method: "POST", credentials: "same-origin", redirect: "manual", keepalive: text.length < 60000, body: text,
      headers: { "Content-Type": "application/json", "X-CSRFToken": token }, signal: stop ? stop.signal : undefined,
    });
    const answer = await response.json().catch(() => null);
    clearTimeout(timer);
    return { status: response.type === "opaqueredirect" ? 302 : response.status, answer };
  };
  const clock = pitlaneExam.makeClock({ wall, steady, now: Number(word.now), ends: Number(word.ends) });
  const queue = pitlaneExam.makeQueue({
    attempt: word.attempt, visit: Number(word.visit), grace: 1000 * Number(word.grace), page: `${Date.now()}-${Math.random()}`,
    storage, clock, wall, post, after: (milliseconds, act) => setTimeout(act, milliseconds), cancel: (timer) => clearTimeout(timer),
    random: Math.random, tell: (what, more) => told[what](more),
  });
  const kept = queue.kept;
  let frozen = false;

  // -- controls: whatever the kind of question, a response is what its fields hold, a list of texts, or null where nothing is given
  const inputs = (section) => [...section.querySelectorAll("input, select, textarea")];
  const isTicked = (input) => input.type === "radio" || input.type === "checkbox";
  const sectionOf = (item) => sections.find((section) => section.dataset.item === String(item));
  const read = (section) => {
    const texts = inputs(section).filter((input) => !isTicked(input) || input.checked).map((input) => input.value.trim());
    return texts.some((text) => text) ? texts : null;
  };
  const write = (section, response) => {
    const texts = response === null ? [] : [].concat(response).map(String); // before version 0.2 a single one stood without a list
    inputs(section).filter(isTicked).forEach((input) => { input.checked = texts.includes(input.value); });
    inputs(section).filter((input) => !isTicked(input)).forEach((input, place) => { input.value = texts[place] || ""; });
  };
  const amiss = (item, text) => { // what can still be mended, such as “abc” for a number, or was refused
    const place = sectionOf(item) && sectionOf(item).querySelector("[data-note]");
    if (!place || place.textContent === text) return;
    place.textContent = text;
    place.hidden = !text;
  };
  const isAnswered = (section) => read(section) !== null;

  // -- save state, in words
  const icons = { check: "m4.5 12.5 5 5L19.5 7", wait: "M12 7v5l3 2", warn: "M12 4 2.5 20h19zM12 10v4.5M12 17.3v.2" };
  const show = (state, text) => {
    $("saved").className = `saved ${state}`;
    $("saved").querySelector("path").setAttribute("d", icons[state === "" ? "check" : state === "saving" ? "wait" : "warn"]);
    $("saved").querySelector("span").textContent = text;
  };
  const time = (moment) => new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: word.zone }).format(moment);
  const count = (name) => fill(queue.waiting() === 1 ? word[`${name}One`] : word[name], { count: queue.waiting() });
  const offline = () => (queue.isSafe() ? count("offline") : word.unsafe); // a browser that stores nothing has only this page
  const say = (title, text) => {
    $("over").hidden = false;
    $("over").querySelector("b").textContent = title;
    $("over").querySelector("p").textContent = text;
  };
  const freeze = (isFrozen) => {
    frozen = isFrozen;
    inputs(runner).filter((input) => input.type !== "hidden").forEach((input) => { input.disabled = isFrozen; });
    $("hand-in").disabled = isFrozen;
    $("over").hidden = !isFrozen;
    paint();
  };
  const sayOver = () => { if (queue.hasEnded()) say(word.timeOver, queue.waiting() ? count("waiting") : word.handingIn); };
  const told = {
    saving: () => show("saving", word.saving),
    saved: ({ at }) => { show("", fill(word.saved, { time: time(at) })); sayOver(); },
    offline: ({ isNew }) => { show("offline", offline()); if (isNew) announce(offline()); sayOver(); },
    "signed out": () => { show("failed", word.signedOut); announce(word.signedOut); },
    refused: ({ item, reason }) => { amiss(item, reason); show("failed", reason); announce(reason); },
    mend: ({ item, text }) => amiss(item, text),
    back: () => announce(word.back),
    shown: ({ item, response }) => { if (sectionOf(item)) { write(sectionOf(item), response); paint(); } },
    elsewhere: () => { freeze(true); say(word.elsewhere, word.elsewhereText); announce(word.elsewhere); },
    time: () => freeze(false), // extra time was allowed meanwhile
    over: () => window.location.replace(window.location.pathname),
  };
  window.addEventListener("online", queue.reconnected);
  window.addEventListener("storage", (event) => { if (event.key === pitlaneExam.keyOf(word.attempt)) queue.looked(); });
  window.addEventListener("beforeunload", (event) => { if (queue.waiting() && !queue.isSafe()) { event.preventDefault(); event.returnValue = ""; } });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { queue.note("focus_lost"); queue.send(); } else queue.ask();
  });

  // -- an answer is given
  const given = (section) => {
    if (!queue.given(section.dataset.item, read(section), inputs(section).every(isTicked) ? 0 : 600)) return;
    paint();
    if (queue.isOffline()) show("offline", offline());
  };
  runner.addEventListener("input", (event) => { const section = event.target.closest("section[data-item]"); if (section && !frozen) given(section); });
  runner.addEventListener("click", (event) => {
    const button = event.target.closest("[data-clear]");
    if (!button || frozen) return;
    write(button.closest("section"), null);
    given(button.closest("section"));
  });

  // -- one question a screen; after the last comes the check
  const total = sections.length;
  let here = 0;
  const go = (place, focus = true) => {
    here = Math.max(0, Math.min(place, total));
    kept.here = here;
    queue.keep();
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
      section.hidden = number !== here || frozen;
      const clear = section.querySelector("[data-clear]");
      if (clear) clear.hidden = !answered;
      mark.className = `${answered ? "done" : ""} ${flagged ? "flag" : ""}`;
      mark.setAttribute("aria-label", [fill(word.question, { number: number + 1 }), answered && word.answered, flagged && word.flagged].filter(Boolean).join(", "));
      if (number === here) mark.setAttribute("aria-current", "true"); else mark.removeAttribute("aria-current");
    });
    const review = runner.querySelector("[data-review]");
    if (here === total) review.setAttribute("aria-current", "true"); else review.removeAttribute("aria-current");
    $("review").hidden = here !== total || frozen;
    if (here === total) paintReview();
    $("place").textContent = here === total ? `${sections.filter(isAnswered).length} / ${total}` : `${here + 1} / ${total}`;
    $("previous").disabled = here === 0 || frozen;
    $("flag").hidden = $("next").hidden = here === total;
    $("flag").disabled = $("next").disabled = frozen;
    $("flag").setAttribute("aria-pressed", kept.flags.includes(here));
    $("next").textContent = here === total - 1 ? $("next").dataset.last : $("next").dataset.next;
  };
  const links = (box, numbers) => {
    box.textContent = "";
    numbers.forEach((number) => {
      const link = box.appendChild(document.createElement("a"));
      link.href = `#q${number + 1}`;
      link.textContent = number + 1;
      link.setAttribute("aria-label", fill(word.question, { number: number + 1 }));
    });
  };
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
    if (!link || frozen) return;
    event.preventDefault();
    go(link.hash === "#review" ? total : Number(link.hash.slice(2)) - 1);
  });
  $("previous").addEventListener("click", () => go(here - 1));
  $("next").addEventListener("click", () => go(here + 1));
  const flag = () => {
    if (here === total) return;
    kept.flags = kept.flags.includes(here) ? kept.flags.filter((number) => number !== here) : [...kept.flags, here];
    queue.keep();
    paint();
  };
  $("flag").addEventListener("click", flag);
  document.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || event.altKey || event.metaKey || frozen || event.target.matches("input[type=text]")) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) { event.preventDefault(); go(here + step); }
  });
  runner.addEventListener("submit", (event) => event.preventDefault());

  // -- handing in: first everything that waits, then the paper. At the end of the time the server does it
  const handIn = async () => {
    $("hand-in").disabled = true;
    const isAllIn = await queue.flush();
    if (frozen) return;
    $("hand-in").disabled = false;
    if (!isAllIn || !navigator.onLine) { say("", word.cannotHandIn); return; }
    queue.stop();
    $("hand-in-form").submit();
  };
  $("hand-in").addEventListener("click", handIn);

  // -- the time
  const tick = () => {
    const seconds = Math.ceil(clock.left() / 1000), two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    $("clock").textContent = (hours ? `${hours}:` : "") + `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    $("clock").className = `clock ${seconds <= 60 ? "last" : seconds <= 300 ? "soon" : ""}`;
    if (clock.jumped()) queue.ask();
    clock.passed().forEach((minutes) => announce(minutes === 1 ? word.minuteLeft : fill(word.minutesLeft, { count: minutes })));
    if (seconds === 0 && !frozen) {
      freeze(true);
      announce(word.timeOver);
      queue.end();
      sayOver();
    }
  };

  // -- begin, or go on: what this device kept and the server has not seen comes first
  sections.forEach((section) => {
    const { item } = section.dataset, mine = queue.begin(item, Number(section.dataset.sequence));
    if (mine) write(section, mine.response);
  });
  runner.querySelector("[data-plain]").remove();
  runner.querySelector("[data-live]").hidden = false;
  $("key").hidden = false;
  const asked = /^#q(\d+)$/.exec(window.location.hash);
  const open = sections.findIndex((section) => !isAnswered(section));
  go(asked ? asked[1] - 1 : queue.isKnown ? kept.here : Math.max(open, 0), false);
  setInterval(tick, 250);
  setInterval(queue.ask, 60000 + Math.random() * 10000); // extra time, handed in or opened elsewhere
  tick();
  queue.send();
})();
