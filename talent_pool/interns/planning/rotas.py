"""A proposal who is at which station when, and with which mentor. Plain data, no database; the same floor gives the same plan.

Week by week, whoever waits is given a station: first one that was broken off, then one not seen yet, last one seen before, a week at
a time. Whoever waited longest and saw fewest comes first, and somebody placed in the same week moves on where that makes room for another.
"""

from collections import Counter
from dataclasses import dataclass

from talent_pool.interns.floor import Floor, Stay, monday
from talent_pool.interns.planning.pieces import Block, asked_of, follows, pieces_of, stays_of
from talent_pool.interns.planning.shortfalls import Gap, Missed, gaps_of, missed_of
from talent_pool.interns.planning.taken import Taken

MOST_MOVES = 16  # of interns who came this week, for the sake of one who still waits


@dataclass(frozen=True)
class Plan:
    stays: list[Stay]
    gaps: list[Gap]
    missed: list[Missed]


def plan_of(floor: Floor) -> Plan:
    planner = _Planner(floor)
    planner.run()
    found = ([one for intern in floor.interns for one in of(intern)] for of in (planner.stays, planner.gaps, planner.missed))
    return Plan(*found)


class _Planner:
    def __init__(self, floor):
        self.floor, self.taken = floor, Taken(floor)
        self.interns = {one.pk: one for one in floor.interns}
        self.places = [one for one in floor.places if one.in_use]
        self.pieces = {one.pk: pieces_of(one, floor.kept, floor.not_before) for one in floor.interns}
        self.blocks = {one.pk: [] for one in floor.interns}
        self.had = {one.pk: Counter() for one in floor.interns}  # weeks at each place
        for stay in floor.kept:
            if stay.intern in self.had:
                self.had[stay.intern][stay.place] += max(1, round(((stay.last - stay.first).days + 1) / 7))

    def run(self):
        weeks = sorted({monday(first) for pieces in self.pieces.values() for first, _last in pieces})
        for week in weeks:
            self._week(week)
        self._share()
        for week in weeks:  # what moving about left free
            self._week(week)

    # --- One week ---

    def _week(self, week):
        waiting = [(pk, number) for pk in self.interns for number in self._open(pk, week)]
        moved = {}
        for again in (False, True):
            for pk, number in sorted(waiting, key=self._fair):
                if not self._covers(pk, number):
                    self._place(pk, number, again, moved, set())

    def _open(self, pk, week):
        spans = enumerate(self.pieces[pk])
        return [number for number, (first, _last) in spans if monday(first) == week and not self._covers(pk, number)]

    def _fair(self, row):
        """Fewest weeks so far, then fewest stations, then the order of the batch."""
        pk, number = row
        return sum(self.had[pk].values()), len(+self.had[pk]), list(self.interns).index(pk), number

    def _covers(self, pk, number):
        return any(block.covers(number) for block in self.blocks[pk])

    def _place(self, pk, number, again, moved, tried):
        """Give the intern a station from this piece on; if need be, somebody who came this week makes room. `again`: one seen before."""
        wanted = self._wanted(pk, number, again)
        for place in wanted:
            if block := self._block(pk, place, number):
                self._put(pk, block)
                moved[pk, number] = block
                return True
        return any(self._after_moving(pk, number, place, again, moved, tried) for place in wanted)

    def _after_moving(self, pk, number, place, again, moved, tried):
        """`tried` are the moves already made for the sake of this one: each is tried once, and a chain of them stays short."""
        if len(tried) >= MOST_MOVES:
            return False
        span = self.pieces[pk][number]
        for (other, at), old in list(moved.items()):
            if (other, place.pk) in tried or other == pk or old not in self.blocks[other] or not self._in_the_way(place, span, old):
                continue
            tried.add((other, place.pk))
            self._take(other, old)
            block = self._block(pk, place, number)
            if block:
                self._put(pk, block)
                moved[pk, number] = block
                if self._place(other, at, again, moved, tried):
                    return True
                self._take(pk, block)
                moved.pop((pk, number))
            self._put(other, old)
            moved[other, at] = old
        return False

    def _in_the_way(self, place, span, block):
        """Whether moving this block away may make room: it is at the place, or takes the time of somebody who may mentor there."""
        if not self.taken.has_room(place, *span):
            return block.place == place.pk
        return any(self.taken.is_mentor_for(self.taken.mentors[mentor], place, span[1]) for mentor, _begin, _end in block.mentors)

    def _wanted(self, pk, number, again):
        """Places the intern may be at, best first: one broken off, then not seen, those with most room first."""
        first, had = self.pieces[pk][number][0], self.had[pk]
        fit = [one for one in self.places if (had[one.pk] >= one.weeks) == again and not asked_of(one, self.interns[pk], first)]
        return sorted(fit, key=lambda one: (not had[one.pk], had[one.pk], -self.taken.room(one, first), self.places.index(one)))

    # --- A block ---

    def _block(self, pk, place, number):
        """As much of the place's weeks as there is room and a mentor for, from this piece on; None where there is not one."""
        left = max(place.weeks - self.had[pk][place.pk], 1)
        end = self._reach(pk, place, number, left)
        if end is None:
            return None
        mentors = self._mentors(pk, place, number, end)
        return Block(place.pk, number, mentors[-1][2], tuple(mentors)) if mentors else None

    def _reach(self, pk, place, number, left):
        pieces, end = self.pieces[pk], None
        for at in range(number, len(pieces)):
            goes_on = left > 0 and not self._covers(pk, at) and (at == number or follows(pieces, at))
            if not goes_on or asked_of(place, self.interns[pk], pieces[at][0]) or not self.taken.has_room(place, *pieces[at]):
                break
            end, left = at, left - 1
        return end

    def _mentors(self, pk, place, begin, end):
        found, at = [], begin
        before = self._mentor_before(pk, place, begin)
        while at <= end:
            reaches = [(self._mentor_reach(pk, one, place, at, end), one) for one in self.taken.fit[place.pk]]
            reaches = [(until, one) for until, one in reaches if until is not None]
            if not reaches:
                break
            until, mentor = min(reaches, key=lambda row: (-row[0], row[1].pk != before, self.taken.weight(row[1]), row[1].pk))
            found.append((mentor.pk, at, until))
            at = until + 1
        return found

    def _mentor_before(self, pk, place, begin):
        return next((block.mentors[-1][0] for block in self.blocks[pk] if block.place == place.pk and block.end == begin - 1), None)

    def _mentor_reach(self, pk, mentor, place, at, end):
        """The last piece up to which this mentor has the intern, or None."""
        if mentor.pk == self.interns[pk].person:
            return None
        pieces, reach = self.pieces[pk], None
        for number in range(at, end + 1):
            last = pieces[number][1]
            is_there = self.taken.is_mentor_for(mentor, place, last) and self.taken.is_there(mentor.pk, pieces[at][0], last)
            if not is_there or not self.taken.has_time(mentor, *pieces[number]):
                break
            reach = number
        return reach

    def _put(self, pk, block):
        self.blocks[pk].append(block)
        self.had[pk][block.place] += block.end - block.begin + 1
        self._count(pk, block, 1)

    def _take(self, pk, block):
        self.blocks[pk].remove(block)
        self.had[pk][block.place] -= block.end - block.begin + 1
        self._count(pk, block, -1)

    def _count(self, pk, block, by):
        for mentor, begin, end in block.mentors:
            self.taken.count(block.place, mentor, self.pieces[pk][begin][0], self.pieces[pk][end][1], by)

    # --- Fairness at the end ---

    def _share(self):
        """Whoever is nowhere takes the latest station of somebody who has two or more."""
        for pk in self.interns:
            if self.pieces[pk] and not +self.had[pk]:
                donors = sorted((one for one in self.interns if len(self.blocks[one]) > 1), key=lambda one: -len(self.blocks[one]))
                any(self._hand(donor, block, pk) for donor in donors for block in sorted(self.blocks[donor], key=lambda b: -b.begin))

    def _hand(self, donor, block, pk):
        place = next(one for one in self.places if one.pk == block.place)
        first, last = self.pieces[donor][block.begin][0], self.pieces[donor][block.end][1]
        self._take(donor, block)
        starts = [number for number, span in enumerate(self.pieces[pk]) if first <= span[0] <= last]
        given = self._block(pk, place, starts[0]) if starts else None
        self._put(*((pk, given) if given else (donor, block)))
        return given is not None

    # --- What comes of it ---

    def stays(self, intern):
        return stays_of(intern, self.pieces[intern.pk], self.blocks[intern.pk], self.taken, self.floor)

    def idle(self, intern):
        return [span for number, span in enumerate(self.pieces[intern.pk]) if not self._covers(intern.pk, number)]

    def gaps(self, intern):
        return gaps_of(intern, self.idle(intern), self.places, self.taken)

    def missed(self, intern):
        unseen = [place for place in self.places if not self.had[intern.pk][place.pk]]
        return missed_of(intern, self.pieces[intern.pk], self.idle(intern), unseen, self.taken)
