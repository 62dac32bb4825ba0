"""An exam day: everyone begins within a minute, saves every 20 to 40 seconds and is cut off by the clock in the same second.

    .venv/bin/python tests/load/exam_day.py [--candidates 2000] [--minutes 10] [--begin 60] [--database URL] [--broker URL]

Runs `manage.py serve` on a database of its own on PostgreSQL, with a Redis of its own and RabbitMQ (give the run a virtual host that nobody
else works for), and lets so many candidates sit as the runner does (`queue.js`): answers go at once and again until they are acknowledged,
once a minute the page asks how the time stands, leaving the page is told. One in twenty loses the network for minutes, half of these over
the end; one in fifty goes on with another device. It fails where an acknowledged answer is not there, the server answered with an error, or
not all is handed in and marked 60 s after the end, and says how the bar of a save stands.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.load.exam_end import GRACE, Page, as_now, family, make_forty, prepare, served, signed_in, watched  # noqa: E402
from tests.load.serving import cpu_of, make_database, refuse_uncompiled  # noqa: E402
from tests.own_redis import Redis  # noqa: E402

CHANCE = random.Random(8)
PACE, MINUTE = (20, 40), (60, 70)  # seconds from one answer to the next, and from one question about the time to the next
OFFLINE, MOVING = 0.05, 0.02
P95, MARKED_WITHIN = 0.2, 60


@dataclass
class Fate:
    """What happens to one candidate, in seconds after the doors open."""

    begins: float
    offline: tuple = (0, 0)
    moves: float | None = None


def fates_of(count, seconds, begin):
    fates = [Fate(CHANCE.uniform(0, begin)) for _one in range(count)]
    order = CHANCE.sample(fates, count)
    lost, moving = round(OFFLINE * count), round(MOVING * count)
    for number, fate in enumerate(order[:lost]):
        away = min(CHANCE.uniform(60, 180), (seconds - begin) / 2)
        over_the_end = number % 2
        back = seconds + CHANCE.uniform(1, 2 * GRACE) if over_the_end else CHANCE.uniform(begin + away, seconds)
        fate.offline = (back - away, back)
    for fate in order[lost : lost + moving]:
        fate.moves = CHANCE.uniform(begin, seconds)
    return fates


async def until(moment):
    await asyncio.sleep(max(0, moment - time.time()))


class Candidate(Page):
    """One candidate with one page, or two after another. Seconds in `saves`, and of the last answer after the end in `acknowledged`."""

    def __init__(self, paper, answers, fate):
        super().__init__(0, signed_in(paper.candidate.user), None)
        self.other_device = signed_in(paper.candidate.user) if fate.moves else ""
        self.paper, self.answers, self.fate, self.zero, self.ends = paper.pk, answers, fate, None, None
        self.queue, self.kept, self.saves, self.began, self.late = {}, {}, [], None, 0
        self.sending, self.sequence = asyncio.Lock(), 0

    @property
    def is_offline(self):
        return self.fate.offline[0] <= time.time() - self.zero < self.fate.offline[1]

    async def sit(self):
        from tests.factories.assessments import CODE

        await until(self.zero + self.fate.begins)
        asked = time.time()
        await self.insist("POST", f"/exams/papers/{self.paper}/", f"access_code={CODE}")
        self.path = self.location
        await self.insist("GET", self.path)
        self.began = time.time() - asked
        await asyncio.gather(self.answer(), self.ask_the_time(), self.come_back(), self.move())
        await self.come_to_the_end()

    async def goes_on_in(self, seconds):
        """Waits so long, but not over the end; says whether there is time left."""
        await until(min(time.time() + CHANCE.uniform(*seconds), self.ends))
        return time.time() < self.ends

    async def answer(self):
        number = 0
        while await self.goes_on_in(PACE):
            self.give(number)
            number += 1
            await self.send()

    def give(self, number):
        item, response = self.answers[number % len(self.answers)]
        self.sequence = max(self.sequence + 1, round(time.time() * 1000))
        self.queue[item] = (self.sequence, response)

    async def send(self):
        """All that waits, in one message; without a network nothing."""
        async with self.sending:
            if self.is_offline or not self.queue:
                return
            message = [{"item": item, "sequence": sequence, "response": response} for item, (sequence, response) in self.queue.items()]
            asked = time.time()
            status = await self.insist("POST", f"{self.path}save/", message)
            took = time.time() - asked
            if status == 200:
                self.saves += [took] if asked < self.ends else []
                self.kept |= {one["item"]: one["sequence"] for one in message}
                self.queue = {item: one for item, one in self.queue.items() if one[0] > self.kept.get(item, 0)}
            elif status == 409 and await self.insist("POST", f"{self.path}late/", message) == 200:
                self.late, self.queue = self.late + len(message), {}
            else:
                self.failures[status] += 1

    async def ask_the_time(self):
        while await self.goes_on_in(MINUTE):
            if not self.is_offline:
                await self.insist("POST", f"{self.path}events/", {"kinds": ["focus_lost"] if CHANCE.random() < 0.1 else []})

    async def come_back(self):
        back = self.fate.offline[1]
        if back and self.zero + back < self.ends:
            await until(self.zero + back)
            await self.send()
            await self.insist("POST", f"{self.path}events/", {"kinds": ["reconnected"]})

    async def move(self):
        if self.fate.moves:
            await until(self.zero + self.fate.moves)
            await self.send()
            self.cookies = self.other_device
            await self.insist("GET", self.path)

    async def come_to_the_end(self):
        """Everyone's last answer comes as the time is over; of whoever has no network then, as soon as there is one."""
        self.give(39)
        back = self.zero + self.fate.offline[1]
        await until(back if self.is_offline or back > self.ends else self.ends + CHANCE.random() / 20)
        await self.send()
        self.acknowledged = time.time() - self.ends
        await as_now(self, self.ends)
        await self.insist("GET", self.path)


async def sit_all(candidates):
    await asyncio.gather(*(one.sit() for one in candidates))


def lost_of(candidates):
    """How many acknowledged answers are not what stands in the database, nor older than that."""
    from assessments.answers.queries import given
    from assessments.exams.models import Attempt, PaperItem

    versions = dict(PaperItem.objects.values_list("pk", "version"))
    sheets = dict(Attempt.objects.values_list("paper", "sheet"))
    standing = given(list(sheets.values()), marked=False)
    return sum(
        version not in theirs or theirs[version].sequence < sequence
        for one in candidates
        for theirs in [standing[sheets[one.paper]]]
        for version, sequence in ((versions[item], sequence) for item, sequence in one.kept.items())
    )


def p95(seconds):
    return sorted(seconds)[int(0.95 * len(seconds))]


def report(candidates, cpu, handed_in, marked):
    saves, begun = [took for one in candidates for took in one.saves], [one.began for one in candidates]
    last = [one.acknowledged for one in candidates if one.fate.offline[1] < one.ends - one.zero]
    kept, late = sum(len(one.kept) for one in candidates), sum(one.late for one in candidates)
    failures, lost = sum((one.failures for one in candidates), Counter()), lost_of(candidates)
    away, moved = sum(bool(one.fate.offline[1]) for one in candidates), sum(bool(one.fate.moves) for one in candidates)
    print(f"{len(candidates)} candidates, {away} of them without a network for a time, {moved} on a second device; {cpu:.0f} CPU seconds")
    print(f"start and first page: median {statistics.median(begun) * 1000:.0f} ms, 95 % {p95(begun) * 1000:.0f} ms")
    bar = "kept" if p95(saves) < P95 else "MISSED"
    words = f"{len(saves)} messages, median {statistics.median(saves) * 1000:.0f} ms, 95 % {p95(saves) * 1000:.0f} ms"
    print(f"saves before the end: {words} ({bar}: < {P95 * 1000:.0f} ms)")
    print(f"last answers acknowledged after: median {statistics.median(last):.1f} s, 95 % {p95(last):.1f} s, all {max(last):.1f} s")
    print(f"all handed in after {handed_in:.1f} s, marked after {marked:.1f} s; {late} answers came too late and are kept as such")
    print(f"of {kept} answers acknowledged {lost} are lost; failures that pages had to repeat: {dict(failures) or 'none'}")
    waiting = sum(len(one.queue) for one in candidates)
    if lost or waiting or failures or marked > MARKED_WITHIN:
        raise SystemExit(f"{lost} answers lost, {waiting} never acknowledged, {failures.total()} failures, or not marked within a minute")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidates", type=int, default=2000)
    parser.add_argument("--minutes", type=float, default=10, help="from the opening of the doors to the end")
    parser.add_argument("--begin", type=float, default=60, help="seconds within which everyone begins")
    parser.add_argument("--database", default="postgresql://postgres@127.0.0.1/pitlane_cost_day", help="its name has “cost” in it")
    parser.add_argument("--migrated", default="template1", metavar="DATABASE", help="begin with a copy of this one; it spares minutes")
    parser.add_argument("--broker", default="amqp://guest:guest@127.0.0.1:5672//")
    options = parser.parse_args()
    refuse_uncompiled(ROOT)
    make_database(options.database, options.migrated)
    with tempfile.TemporaryDirectory() as folder:
        redis = Redis(folder)
        redis.start()
        try:
            prepare(options.database, redis.url, options.broker, folder)
            with served() as process:
                run(options, process)
        finally:
            redis.kill()


def run(options, process):
    from assessments.exams.models import Sitting
    from tests.factories.assessments import responses

    papers, fates = make_forty(options.candidates), fates_of(options.candidates, 60 * options.minutes, options.begin)
    candidates = [Candidate(paper, list(responses(paper).items()), fate) for paper, fate in zip(papers, fates, strict=True)]
    zero = time.time() + 1
    ends = zero + 60 * options.minutes
    Sitting.objects.update(closes_at=datetime.fromtimestamp(ends, UTC))
    for one in candidates:
        one.zero, one.ends = zero, ends
    before = cpu_of(family(process.pid))
    with watched(ends, len(candidates)) as seen:
        asyncio.run(sit_all(candidates))
    report(candidates, (cpu_of(family(process.pid)) - before) / 1e9, *seen[0])


if __name__ == "__main__":
    main()
