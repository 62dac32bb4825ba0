// What a device gives to the queue, in the hands of the tests: time, network and storage do what they are told.
const world = (() => {
  "use strict";
  let wall, steady, timers, posts, pages, shelf, full, forbidden, chance, changes, serial;
  const reset = (now) => {
    wall = now; steady = 0; timers = []; posts = []; pages = {}; shelf = {}; full = forbidden = false; chance = 0.5; changes = []; serial = 0;
  };
  const storageOf = (name) => ({
    getItem: (key) => { if (forbidden) throw new Error("forbidden"); return key in shelf ? shelf[key] : null; },
    setItem: (key, value) => {
      if (forbidden || full) throw new Error("full");
      shelf[key] = value;
      Object.keys(pages).filter((other) => other !== name && !changes.includes(other)).forEach((other) => changes.push(other));
    },
  });
  const open = (name, { now, ends, visit, grace, items }) => {
    const said = [], clockOf = { wall: () => wall, steady: () => steady };
    const clock = pitlaneExam.makeClock({ ...clockOf, now, ends });
    const queue = pitlaneExam.makeQueue({
      attempt: 7, page: name, visit, grace, storage: storageOf(name), clock, wall: () => wall, random: () => chance,
      post: (kind, body) => new Promise((done, fail) => { serial += 1; posts.push({ id: serial, page: name, kind, body: JSON.parse(JSON.stringify(body)), done, fail }); }),
      after: (milliseconds, act) => { serial += 1; timers.push({ id: serial, at: steady + milliseconds, act, page: name }); return serial; },
      cancel: (id) => { timers = timers.filter((timer) => timer.id !== id); },
      tell: (what, more) => said.push([what, more]),
    });
    pages[name] = { queue, clock, said, shown: {} };
    Object.keys(items).forEach((item) => {
      const mine = queue.begin(item, items[item].sequence);
      pages[name].shown[item] = mine ? mine.response : items[item].response;
    });
    queue.keep(); // as the page does when it shows its first question
    queue.send();
  };
  const close = (name) => {
    delete pages[name];
    timers = timers.filter((timer) => timer.page !== name);
    changes = changes.filter((one) => one !== name);
  };
  const fire = (until) => { // the next timer that is due by then; false when there is none
    const [next] = timers.filter((timer) => timer.at <= until).sort((one, other) => one.at - other.at || one.id - other.id);
    const step = (next ? next.at : until) - steady;
    if (step > 0) { steady += step; wall += step; }
    if (!next) return false;
    timers = timers.filter((timer) => timer !== next);
    next.act();
    return true;
  };
  const settle = (id, status, answer) => {
    const post = posts.find((one) => one.id === id);
    posts = posts.filter((one) => one !== post);
    if (!pages[post.page]) return;
    if (status === null) post.fail(new Error("unreachable")); else post.done({ status, answer });
  };
  const hear = () => { const told = changes.splice(0); told.forEach((name) => pages[name] && pages[name].queue.looked()); return told.length; };
  const view = (name) => {
    const { queue, clock, said, shown } = pages[name], { kept } = queue;
    return { queue: kept.queue, sent: kept.sent, refused: kept.refused, events: kept.events, said, shown, left: clock.left(), ends: clock.ends, now: clock.now(), safe: queue.isSafe(), ended: queue.hasEnded() };
  };
  return {
    reset, open, close, fire, settle, hear, view,
    given: (name, item, response, wait) => pages[name].queue.given(item, response, wait),
    tell: (name, act, more) => { const done = pages[name].queue[act](more); return done === undefined || done.then ? null : done; },
    flush: (name) => { pages[name].flushed = null; pages[name].queue.flush().then((done) => { pages[name].flushed = done; }); },
    flushed: (name) => pages[name].flushed,
    clock: (name, what) => pages[name].clock[what](),
    posts: () => posts.map(({ id, page, kind, body }) => ({ id, page, kind, body })),
    set: (values) => { if ("full" in values) full = values.full; if ("forbidden" in values) forbidden = values.forbidden; if ("chance" in values) chance = values.chance; if ("wall" in values) wall += values.wall; },
    sleep: (milliseconds) => { wall += milliseconds; },
    moment: () => ({ wall, steady }),
    kept: () => Object.keys(shelf).reduce((all, key) => ({ ...all, [key]: JSON.parse(shelf[key]) }), {}),
    put: (key, text) => { shelf[key] = text; },
    late: () => pitlaneExam.unacknowledged(storageOf("late"), 7),
  };
})();
