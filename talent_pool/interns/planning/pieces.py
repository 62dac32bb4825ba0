"""What a plan is made of: pieces of an intern's time, each within one calendar week, and blocks of them at one station."""

from dataclasses import dataclass, replace
from datetime import timedelta

from talent_pool.interns.floor import Stay, days_of, most_hours
from talent_pool.interns.verifying import CERTIFICATE, COURSE, LEVEL, MINOR

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Block:
    """Pieces `begin` to `end` of an intern's time at a place; `mentors` share them: ((mentor, begin, end), …)."""

    place: int
    begin: int
    end: int
    mentors: tuple

    def covers(self, number):
        return self.begin <= number <= self.end


def pieces_of(intern, kept, not_before):
    """The time that is still to be planned: spans within one calendar week each, without breaks and what is planned already."""
    off = [*intern.pauses, *((stay.first, stay.last) for stay in kept if stay.intern == intern.pk)]
    first, pieces = max(intern.first, not_before), []
    for day in days_of(first, intern.last):
        if any(begin <= day <= end for begin, end in off):
            continue
        if pieces and pieces[-1][1] == day - ONE_DAY and day.weekday():
            pieces[-1] = (pieces[-1][0], day)
        else:
            pieces.append((day, day))
    # A weekend alone, after a break that ended on Friday, is no time at a station.
    return [(first, last) for first, last in pieces if first.weekday() < intern.days_a_week]


def follows(pieces, number):
    return pieces[number][0] == pieces[number - 1][1] + ONE_DAY


def asked_of(place, intern, on):
    """Which rule keeps the intern from the station on this day, whatever room there is; empty where none does."""
    if intern.level_in(place.asks_track) < place.asks_level:
        return LEVEL
    if place.asks_certificate and not intern.holds(place.asks_certificate, on):
        return CERTIFICATE
    if place.asks_course is not None and place.asks_course not in intern.courses:
        return COURSE
    return MINOR if place.is_high_risk and intern.is_minor(on) else ""


def stays_of(intern, pieces, blocks, taken, floor):
    """Rotations out of blocks: weeks at one place with one mentor are one, where that mentor is not away for too much of it."""
    found = []
    for block in sorted(blocks, key=lambda one: one.begin):
        for mentor, begin, end in block.mentors:
            stay = Stay(intern.pk, block.place, mentor, pieces[begin][0], pieces[end][1])
            if found and _goes_on(found[-1], stay) and taken.is_there(mentor, found[-1].first, stay.last):
                found[-1] = replace(found[-1], last=stay.last)
            else:
                found.append(stay)
    return [replace(one, hours=most_hours(intern, one.first, one.last, floor.holidays, floor.limits)) for one in found]


def _goes_on(before, stay):
    return (before.place, before.mentor, before.last + ONE_DAY) == (stay.place, stay.mentor, stay.first)
