"""What of a floor is taken while a plan is made: places and mentors, by the day. Plain data, no database."""

from collections import Counter, defaultdict
from datetime import date

from talent_pool.interns.floor import overlap


class Taken:
    """Counts who is where with whom; begins with what others have, and what stays. Days are counted from the first of the floor."""

    def __init__(self, floor):
        self.limits = floor.limits
        self.mentors = {one.pk: one for one in floor.mentors}
        self.begin = min((one.first for one in floor.interns), default=date.min)
        self.length = (max((one.last for one in floor.interns), default=self.begin) - self.begin).days + 1
        self.places = defaultdict(lambda: [0] * self.length)  # place: how many on each day
        self.loads = defaultdict(lambda: [0] * self.length)  # mentor: how many on each day
        self.days = Counter()  # mentor: days given
        self.fit = {place.pk: [one for one in floor.mentors if self._may_ever(one, place)] for place in floor.places}
        self.fit_keys = {place: {one.pk for one in mentors} for place, mentors in self.fit.items()}
        for stay in [*floor.others, *floor.kept]:
            self.count(stay.place, stay.mentor, stay.first, stay.last, 1)

    def count(self, place, mentor, first, last, by):
        begin, end = self._between(first, last)
        for day in range(begin, end):
            self.places[place][day] += by
            self.loads[mentor][day] += by
        self.days[mentor] += by * (end - begin)

    def _between(self, first, last):
        return max(0, (first - self.begin).days), min(self.length, (last - self.begin).days + 1)

    def room(self, place, day):
        return place.capacity - self.places[place.pk][(day - self.begin).days]

    def has_room(self, place, first, last):
        begin, end = self._between(first, last)
        return max(self.places[place.pk][begin:end]) < place.capacity

    def has_time(self, mentor, first, last):
        begin, end = self._between(first, last)
        return max(self.loads[mentor.pk][begin:end]) + mentor.busy < mentor.most

    def weight(self, mentor):
        """Who was given fewest days comes first."""
        return self.days[mentor.pk]

    @staticmethod
    def _may_ever(mentor, place):
        if place.mentor_track and mentor.track != place.mentor_track:
            return False
        if mentor.level_in(place.mentor_track) < place.mentor_level:
            return False
        return not place.mentor_certificate or place.mentor_certificate in mentor.certificates

    def is_mentor_for(self, mentor, place, on):
        """Whether they may mentor there on the day, whatever they have in hand."""
        return mentor.pk in self.fit_keys[place.pk] and (not place.mentor_certificate or mentor.holds(place.mentor_certificate, on))

    def is_there(self, pk, first, last):
        mentor = self.mentors[pk]
        if mentor.until and mentor.until < last:
            return False
        return all(overlap(first, last, *span) <= self.limits.mentor_away_days for span in mentor.away)
