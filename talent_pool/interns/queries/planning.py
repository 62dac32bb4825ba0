"""The floor of a dealer, read for one batch: facts first, then a plan or a verdict on them, then one write (`actions.rotating`)."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from assessments.certification.models import OEMCertificate
from courses.learning.models import Completion
from lms.common.typed import folded
from lms.people.choices import Track
from lms.people.queries import holidays_between
from talent_pool.interns.floor import Floor, Intern, Limits, Place, Stay
from talent_pool.interns.models import STANDING, Placement, Rotation, Station
from talent_pool.interns.planning.rotas import Plan, plan_of
from talent_pool.interns.queries.mentors import mentors_on_floor
from talent_pool.interns.queries.placements import on_birthday
from talent_pool.interns.verifying import broken
from talent_pool.labour.queries import terms_of
from talent_pool.labour.rules.declared import RULES


@dataclass(frozen=True)
class Ground:
    """A floor with the records it was read from, each by its key. `rotations` are those of the batch's placements."""

    floor: Floor
    batch: object
    placements: dict
    stations: dict
    mentors: dict
    rotations: dict
    today: date

    @property
    def stays(self):
        return [stay_of(one) for one in self.rotations.values()]

    def stays_put(self, rotation):
        return rotation.pk in {stay.pk for stay in self.floor.kept}

    @property
    def broken(self):
        """What of the rotations that are not over is not as the rules ask."""
        return broken([one for one in self.stays if one.last >= self.today], self.floor)


def _kept(rotations, floor, today, anew):
    """What is left as it is when the batch is planned again: what has begun, what somebody arranged by hand and, unless it is planned
    anew, everything that the rules still allow."""
    stays = {one.pk: stay_of(one) for one in rotations}
    wrong = {(one.intern, one.place, one.mentor) for one in broken([one for one in stays.values() if one.last >= today], floor)}
    for one in rotations:
        stay = stays[one.pk]
        if one.starts_on <= today or one.reason or not (anew or (stay.intern, stay.place, stay.mentor) in wrong):
            yield stay


def stay_of(rotation):
    values = rotation.starts_on, rotation.ends_on, rotation.planned_hours
    return Stay(rotation.placement_id, rotation.station_id, rotation.mentor_id, *values, rotation.pk)


def plan_for(ground) -> Plan:
    return plan_of(ground.floor)


def ground_of(batch, today, *, anew=False):
    """Everything that the rotations of a batch depend on. Eleven statements at most, however many interns."""
    placements = {one.pk: one for one in _placements(batch)}
    first = min([batch.starts_on, *(one.starts_on for one in placements.values())])
    last = max([batch.ends_on, *(one.last_day for one in placements.values())])
    stations = {one.pk: one for one in Station.objects.filter(dealer=batch.dealer_id).select_related("asks_course", "position")}
    rotations = {one.pk: one for one in _rotations(batch, first, last)}
    own = {pk: one for pk, one in rotations.items() if one.placement_id in placements}
    wanted = {_plain(name) for one in stations.values() for name in (one.mentor_certificate, one.asks_certificate) if name}
    held = _certificates(batch, wanted)
    mentors = mentors_on_floor(batch.dealer, first, last, held)
    terms = terms_of(batch.dealer.group_id, today)
    floor = Floor(
        [place_of(one) for one in stations.values()],
        [*_interns(placements.values(), stations.values(), held, terms)],
        [mentor for mentor, _person in mentors],
        not_before=today,
        others=tuple(_others(rotations.values(), own)),
        holidays=frozenset(on for on, (_name, is_workday) in holidays_between(first, last).items() if not is_workday),
        limits=limits_of(terms),
    )
    floor = replace(floor, kept=tuple(_kept(own.values(), floor, today, anew)))
    people = {mentor.pk: person for mentor, person in mentors}
    return Ground(floor, batch, placements, stations, people, own, today)


def _placements(batch):
    found = Placement.objects.filter(batch=batch, stage__in=STANDING).select_related("person__student", "batch__dealer")
    return found.prefetch_related("pauses").order_by("person__student__code", "pk")


def _rotations(batch, first, last):
    found = Rotation.objects.filter(station__dealer=batch.dealer_id, starts_on__lte=last, ends_on__gte=first)
    return found.select_related("station", "mentor", "placement__person").order_by("starts_on", "pk")


def _others(rotations, own):
    """Stays of other batches, no longer than their placements."""
    for one in rotations:
        last = min(one.ends_on, one.placement.last_day)
        if one.pk not in own and one.starts_on <= last:
            yield Stay(one.placement_id, one.station_id, one.mentor_id, one.starts_on, last, pk=one.pk)


def _plain(name):
    """Certificates are words that people type: they are the same when they read alike."""
    return folded(name).casefold()


def place_of(station):
    course = station.asks_course
    return Place(
        station.pk, station.name, station.capacity, station.weeks, station.is_high_risk, station.in_use,
        mentor_track=station.position.track, mentor_level=station.mentor_level, mentor_certificate=_plain(station.mentor_certificate),
        asks_track=station.asks_track, asks_level=station.asks_level, asks_certificate=_plain(station.asks_certificate),
        asks_course=course and course.translation_key, course_name=course.title if course else "",
    )  # fmt: skip


def limits_of(terms):
    """The numbers of the rules in force that a plan keeps to."""
    number = {code: terms.number(RULES[code]) for code in ("hours_day", "hours_week") if code in RULES}
    return Limits(hours_a_day=float(number.get("hours_day") or 8), hours_a_week=float(number.get("hours_week") or 40))


def _interns(placements, stations, held, terms):
    age = int(terms.number(RULES["minor_at_work"]) or 18)
    courses = _courses(placements, [one.asks_course for one in stations if one.asks_course_id])
    for one in placements:
        person = one.person
        yield Intern(
            one.pk, person.name, {track.value: person.level_in(track) for track in Track}, held.get(person.pk, {}), person=person.pk,
            first=one.starts_on, last=one.last_day, pauses=tuple((off.starts_on, off.ends_on) for off in one.pauses.all()),
            adult_on=adult_on(getattr(person, "student", None), age), courses=frozenset(courses[person.pk]),
            hours_a_day=float(one.hours_a_day), days_a_week=one.days_a_week, works_holidays=one.works_holidays,
        )  # fmt: skip


def adult_on(student, age):
    """The birthday from which high-risk work is allowed; long ago where the birth date was erased, None where it is not known."""
    if student is None or student.born_on is None:
        return date.min if student is not None and student.born_erased_at else None
    return on_birthday(student.born_on, age)


def _certificates(batch, wanted):
    """{employee id: {name: last day, None for ever}} of makers' certificates that some station asks for, of everyone at the dealer."""
    found = defaultdict(dict)
    if wanted:
        rows = OEMCertificate.objects.filter(employee__dealer=batch.dealer_id).order_by("issued_on", "pk")
        for person, name, expires in rows.values_list("employee", "name", "expires_on"):
            key = _plain(name)
            before = found[person].get(key, date.min)
            found[person][key] = None if None in (before, expires) else max(before, expires)
    return found


def _courses(placements, asked):
    """{employee id: the courses completed of those asked for}; a course is one in whatever language it was taken."""
    found = defaultdict(set)
    if asked:
        people, keys = [one.person_id for one in placements], [course.translation_key for course in asked]
        rows = Completion.objects.filter(employee__in=people, course__translation_key__in=keys)
        for person, key in rows.values_list("employee", "course__translation_key"):
            found[person].add(key)
    return found
