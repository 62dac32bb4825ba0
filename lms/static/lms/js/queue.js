// What a page of an exam keeps and sends, and the server's clock. There is no document in here: the page (runner.js, late.js) hands in
// what it needs of the browser, and the tests run this file in an engine without one (tests/assessments/exams/runner).
const pitlaneExam = (() => {
  "use strict";
  const MOST = 100; // answers of one message
  const LONGEST = 60000; // characters of one message: browsers send no more after the page is left
  const PATIENCE = 15000; // milliseconds that an answer of the server may take
  const SWEEP = 12000; // after the grace the server hands in all that is over, in one batch; by then it has

  // -- what the device keeps: one record for an attempt. It may be missing, full, forbidden, or from an older release
  const keyOf = (attempt) => `pitlane-exam-${attempt}`;
  const lateKeyOf = (attempt) => `pitlane-late-${attempt}`;
  const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const answersIn = (value) => {
    const found = {};
    Object.keys(isMap(value) ? value : {}).forEach((item) => {
      if (isMap(value[item]) && value[item].sequence > 0) found[item] = value[item];
    });
    return found;
  };
  const readRecord = (storage, key) => { try { const found = JSON.parse(storage.getItem(key)); return isMap(found) ? found : null; } catch (broken) { return null; } };
  const writeRecord = (storage, key, record) => { try { storage.setItem(key, JSON.stringify(record)); return true; } catch (full) { return false; } };
  const newer = (one, other) => !other || one.sequence > other.sequence;

  // What a device holds that the server never acknowledged, {item: answer}: of each question the newest.
  const unacknowledged = (storage, attempt) => {
    const record = readRecord(storage, keyOf(attempt)) || {}, found = answersIn(readRecord(storage, lateKeyOf(attempt)));
    [answersIn(record.refused), answersIn(record.queue)].forEach((answers) => Object.keys(answers).forEach((item) => {
      if (newer(answers[item], found[item])) found[item] = answers[item];
    }));
    return found;
  };

  // -- the server's clock. `wall` and `steady` are the device's: one can be set, the other stands still while the device sleeps
  const makeClock = ({ wall, steady, now, ends }) => {
    let offset = now - wall(), quickest = Infinity, looked = null;
    const told = new Set();
    const clock = {
      ends,
      now: () => wall() + offset,
      left: () => Math.max(0, clock.ends - clock.now()),
      // The server read its clock somewhere on the way; of a slow answer one knows less well when, so it corrects no quick one.
      heard: (answer, asked) => {
        const took = wall() - asked;
        if (took >= 0 && took <= Math.max(2 * quickest, 500)) {
          quickest = Math.min(quickest, took);
          offset = answer.now + took / 2 - wall();
        }
        clock.ends = Date.parse(answer.ends_at);
      },
      // Whether the device slept or its clock was set since the last look: then only the server knows the time.
      jumped: () => {
        const before = looked;
        looked = { wall: wall(), steady: steady() };
        const hasJumped = before !== null && Math.abs(looked.wall - before.wall - (looked.steady - before.steady)) > 2000;
        if (hasJumped) quickest = Infinity;
        return hasJumped;
      },
      // The minutes that are to be announced now, each once; after extra time again.
      passed: () => {
        const seconds = Math.ceil(clock.left() / 1000);
        return [10, 5, 1].filter((minutes) => {
          if (seconds > minutes * 60) told.delete(minutes);
          if (seconds > minutes * 60 || seconds <= minutes * 60 - 30 || told.has(minutes)) return false;
          told.add(minutes);
          return true;
        });
      },
    };
    return clock;
  };

  // -- the queue. `post(kind, body)` promises {status, answer}; `after(milliseconds, act)` gives what `cancel` takes; `tell(what, more)`
  // says: saving, saved, offline, signed out, refused, mend, back, shown, elsewhere, over, time
  const makeQueue = ({ attempt, page, visit, grace, storage, clock, wall, post, after, cancel, random, tell }) => {
    const key = keyOf(attempt), stored = readRecord(storage, key);
    const kept = {
      owner: page,
      queue: answersIn(stored && stored.queue),
      sent: answersIn(stored && stored.sent), // a page that is being loaded meanwhile may not know them yet
      refused: answersIn(stored && stored.refused),
      flags: stored && Array.isArray(stored.flags) ? stored.flags : [],
      here: stored && stored.here > 0 ? stored.here : 0,
      events: stored && Array.isArray(stored.events) ? stored.events : [],
    };
    let sending = false, stopped = false, isElsewhere = false, hasEnded = false, wasOffline = false;
    let last = 0, pause = 1000, width = MOST, timer = null, eventTimer = null, endTimers = [], waiters = [];
    const waiting = () => Object.keys(kept.queue).length;
    const theirs = {}; // of each question the sequence that the page was loaded with: what is older is not shown over it again
    const known = (item) => [kept.queue, kept.sent, kept.refused].reduce((most, part) => Math.max(most, part[item] ? part[item].sequence : 0), theirs[item] || 0);

    // -- two tabs of one device share the record: whoever opened last owns it, and takes over what the other still holds
    const takeFrom = (answers) => Object.keys(answers).filter((item) => answers[item].sequence > known(item)).map((item) => {
      kept.queue[item] = answers[item];
      delete kept.refused[item];
      last = Math.max(last, answers[item].sequence);
      return item;
    });
    const handOver = (record) => {
      const queue = answersIn(record.queue), sent = answersIn(record.sent);
      Object.keys(kept.queue).forEach((item) => {
        if (newer(kept.queue[item], queue[item]) && newer(kept.queue[item], sent[item])) queue[item] = kept.queue[item];
      });
      return writeRecord(storage, key, { ...record, queue });
    };
    const look = () => {
      const there = readRecord(storage, key);
      if (!there) return true;
      if (there.owner && there.owner !== page) {
        if (!isElsewhere) stepBack(handOver(there));
        return false;
      }
      takeFrom(answersIn(there.queue)).forEach((item) => tell("shown", { item, response: kept.queue[item].response }));
      return true;
    };
    let isSafe = writeRecord(storage, key, kept); // and so it is ours
    const keep = () => { if (look()) isSafe = writeRecord(storage, key, kept); };
    // What was given here before is sent to the end, unless the other tab has it; nothing more is taken.
    const stepBack = (isHandedOver) => { isElsewhere = true; if (isHandedOver || !waiting()) stop(); tell("elsewhere", {}); };
    const stop = () => { stopped = true; [timer, eventTimer, ...endTimers].forEach(cancel); settle(false); };

    // -- sending: one message at a time, again and again until it is acknowledged
    const settle = (isDone) => { const done = waiters; waiters = []; done.forEach((one) => one(isDone)); };
    const within = (promise) => new Promise((done, fail) => {
      const late = after(PATIENCE, () => fail(new Error("no answer")));
      promise.then((value) => { cancel(late); done(value); }, (error) => { cancel(late); fail(error); });
    });
    const batch = () => {
      const items = Object.keys(kept.queue).sort((one, other) => kept.queue[one].sequence - kept.queue[other].sequence);
      const all = items.slice(0, width).map((item) => ({ item: Number(item), sequence: kept.queue[item].sequence, response: kept.queue[item].response }));
      while (all.length > 1 && JSON.stringify(all).length > LONGEST) all.splice(Math.ceil(all.length / 2));
      return all;
    };
    const sendIn = (milliseconds) => { cancel(timer); timer = after(milliseconds, send); };
    const later = () => {
      sendIn(pause * (0.5 + random()));
      pause = Math.min(pause * 2, hasEnded ? 4000 : 30000);
    };
    const send = async () => {
      cancel(timer);
      timer = null;
      if (stopped || sending) return;
      if (!waiting()) { settle(true); return; }
      sending = true;
      const message = batch(), asked = wall();
      if (!wasOffline) tell("saving", {});
      let goesOn = false;
      try {
        goesOn = answered(await within(post("save", message)), message, asked);
      } catch (unreachable) { offline(); } finally { sending = false; }
      if (stopped) return;
      if (!goesOn) settle(false); else if (!waiting()) settle(true); else if (timer === null) send(); // else someone is still typing
    };
    // Whether to go on at once: something became of the message.
    const answered = ({ status, answer }, message, asked) => {
      if (stopped) return false;
      if (status === 200 && isMap(answer) && isMap(answer.sequences)) return acknowledged(answer, message, asked);
      if (status === 409) { leave(); return false; }
      if (status === 400) return turnedAway(message, answer && answer.error);
      if ([302, 401, 403, 404].includes(status)) { tell("signed out", {}); later(); return false; }
      offline();
      return false;
    };
    const acknowledged = (answer, message, asked) => {
      const done = message.filter(({ item, sequence }) => {
        const stands = answer.sequences[item], mine = kept.queue[item];
        if (!(stands >= sequence)) return false;
        last = Math.max(last, stands);
        if (mine && mine.sequence === sequence) {
          tell("mend", { item, text: (answer.notes || {})[item] || "" });
          kept.sent[item] = mine;
          delete kept.queue[item];
        } else if (!kept.sent[item] || kept.sent[item].sequence < sequence) {
          kept.sent[item] = message.find((one) => one.item === item);
        }
        return true;
      });
      keep();
      clock.heard(answer, asked);
      pause = 1000;
      if (!waiting()) width = MOST;
      tell("saved", { at: Date.parse(answer.saved_at) });
      if (wasOffline) { wasOffline = false; if (!waiting()) tell("back", {}); note("reconnected"); }
      if (!waiting() && kept.events.length) tellSoon();
      heardOf(answer.visit);
      if (isElsewhere && !waiting()) stop();
      if (!done.length && !stopped) later();
      return done.length > 0;
    };
    // One answer of many is enough for the server to take none: they go one by one, and the one that it refuses is laid aside, not thrown away.
    const turnedAway = (message, reason) => {
      if (message.length > 1) { width = 1; return true; }
      const { item, sequence } = message[0];
      if (kept.queue[item] && kept.queue[item].sequence === sequence) {
        kept.refused[item] = kept.queue[item];
        delete kept.queue[item];
        keep();
      }
      tell("refused", { item, reason: reason || "" });
      return true;
    };
    const offline = () => {
      const isNew = !wasOffline;
      wasOffline = true;
      later();
      tell("offline", { isNew });
    };
    const heardOf = (newest) => { if (newest > visit && !isElsewhere) stepBack(false); };
    // What still waits stays on the device: the page that follows says which answers count, and has the others kept.
    const leave = () => { keep(); stop(); tell("over", {}); };

    // -- the log of the page, and how the time stands: never before the answers, and at moments spread out
    const note = (kind) => {
      if (isElsewhere || stopped) return;
      if (kept.events.length < 50) kept.events.push(kind);
      keep();
      tellSoon();
    };
    const tellSoon = () => { cancel(eventTimer); eventTimer = after(2000 + 8000 * random(), () => ask(false)); };
    // Promises whether the server answered. Without `always` there must be something to tell.
    const ask = async (always = true) => {
      if (stopped || waiting() || sending || !(always || kept.events.length)) return false;
      const kinds = kept.events.splice(0), asked = wall();
      if (kinds.length) keep();
      try {
        const { status, answer } = await within(post("events", { kinds }));
        if (status !== 200 || !isMap(answer)) throw new Error(String(status));
        if (stopped) return true;
        clock.heard(answer, asked);
        if (answer.over && !waiting()) { leave(); return true; }
        heardOf(answer.visit);
        if (hasEnded && !isElsewhere && clock.left() > 0) goOn();
        return true;
      } catch (unreachable) {
        kept.events.unshift(...kinds);
        if (kinds.length && !stopped) keep();
        return false;
      }
    };

    // -- the end. Everyone comes to it in the same second: answers go at once, all else is spread over the grace and after it
    const end = () => {
      if (hasEnded) return;
      hasEnded = true;
      pause = 1000;
      const spread = Math.max(2000, grace - 8000);
      endTimers = [after(3000 + spread * random(), () => ask()), after(grace + SWEEP + 15000 * random(), () => finish(3))];
      send();
    };
    const goOn = () => { hasEnded = false; endTimers.forEach(cancel); endTimers = []; tell("time", {}); };
    // The page that follows is loaded once the server can be reached; should it not have handed in by then, that page does.
    const finish = async (times) => {
      const isReached = await ask();
      if (stopped || !hasEnded) return;
      if (isReached && times <= 1) { leave(); return; }
      endTimers.push(after(4000 + 4000 * random(), () => finish(isReached ? times - 1 : times)));
    };

    if (kept.events.length) tellSoon();
    return {
      kept, waiting, send, ask, note, end, stop, keep,
      isSafe: () => isSafe,
      isOffline: () => wasOffline,
      hasEnded: () => hasEnded,
      isKnown: stored !== null,
      // What this device has of a question that the page, which knows an answer of that sequence, does not show: {response} or null.
      begin: (item, sequence) => {
        theirs[item] = sequence;
        const mine = [kept.queue[item], kept.refused[item], kept.sent[item]].filter(Boolean).sort((one, other) => other.sequence - one.sequence)[0];
        last = Math.max(last, sequence, mine ? mine.sequence : 0);
        if (mine && mine.sequence > sequence) return { response: mine.response };
        delete kept.queue[item];
        delete kept.refused[item];
        return null;
      },
      given: (item, response, wait) => {
        if (stopped || isElsewhere || hasEnded) return false;
        last = Math.max(last + 1, Math.round(clock.now()));
        kept.queue[item] = { sequence: last, response };
        delete kept.refused[item];
        keep();
        if (!stopped) sendIn(wait);
        return true;
      },
      // Another tab of this device wrote: it may have taken over, or handed over.
      looked: () => { if (stopped) return; keep(); if (waiting()) send(); },
      reconnected: () => { pause = 1000; send(); },
      // Promises whether all has been acknowledged, after one go at it.
      flush: () => new Promise((done) => { waiters.push(done); send(); }),
    };
  };

  return { makeClock, makeQueue, unacknowledged, readRecord, writeRecord, keyOf, lateKeyOf };
})();
