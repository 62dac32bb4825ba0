"""What is in the way of a rotation, in sentences; of a plan, and of a hand that wanted something else."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lms.common.bilingual import clauses
from lms.common.days import day
from lms.people.choices import LEVEL_NAMES
from talent_pool.interns.planning import shortfalls
from talent_pool.interns.verifying import OF_MENTORS


def words_of(found, ground):
    """A `Broken` as one sentence with names and days."""
    return _sentence(found.rule) % _names(found, ground)


def refusal_of(found, ground):
    """Several of them, each said once."""
    return " ".join(dict.fromkeys(words_of(one, ground) for one in found))


def _names(found, ground):
    place = ground.stations.get(found.place)
    intern = ground.placements.get(found.intern)
    mentor = ground.mentors.get(found.mentor) or next(
        (one.mentor for one in ground.rotations.values() if one.mentor_id == found.mentor and one.mentor), None
    )
    return {
        "intern": intern.person.name if intern else "",
        "station": place.name if place else "",
        "mentor": mentor.name if mentor else _("The mentor"),
        "day": day(found.on),
        **_asked(place),
    }


def _asked(place):
    if place is None:
        return {}
    return {
        "capacity": place.capacity,
        "level": LEVEL_NAMES[place.asks_level],
        "mentor_level": LEVEL_NAMES[place.mentor_level],
        "certificate": place.asks_certificate,
        "mentor_certificate": place.mentor_certificate,
        "course": place.asks_course.title if place.asks_course_id else "",
        "track": place.position.get_track_display(),
    }


def _sentence(rule):
    return _of_mentor(rule) if rule in OF_MENTORS else _of_station(rule)


def _of_station(rule):
    return {
        "full": _("%(station)s takes %(capacity)s at once and is full on %(day)s. Choose other days or another station."),
        "twice": _("%(intern)s is at another station on %(day)s. Change that rotation first."),
        "term": _("The internship of %(intern)s doesn't cover these days. Keep within its first and last day."),
        "break": _("The internship of %(intern)s has a break from %(day)s. Plan around it."),
        "out_of_use": _("%(station)s is out of use. Choose another station."),
        "asks_level": _("%(station)s asks for “%(level)s”, which %(intern)s has not reached."),
        "asks_certificate": _("%(station)s asks for the certificate “%(certificate)s”, which %(intern)s doesn't hold on that day."),
        "asks_course": _("%(station)s asks for the course “%(course)s”, which %(intern)s has not completed."),
        "high_risk": _("%(station)s is high-risk work, and %(intern)s is under age on %(day)s, or has no birth date on record."),
        "hours": _("%(intern)s would work more hours at %(station)s than terms and rules allow."),
    }[rule]


def _of_mentor(rule):
    return {
        "no_mentor": _("%(intern)s has no mentor at %(station)s from %(day)s. Name one."),
        "own_mentor": _("%(intern)s can't be their own mentor."),
        "mentor_gone": _("%(mentor)s is no mentor at this dealer any more on %(day)s. Name another mentor of %(intern)s."),
        "mentor_away": _("%(mentor)s is on leave from %(day)s and can't mentor %(intern)s meanwhile. Name another mentor for these days."),
        "mentor_load": _("%(mentor)s has as many newcomers on %(day)s as they may. Choose another mentor, or have HR raise the number."),
        "mentor_level": _("%(mentor)s has not reached “%(mentor_level)s”, which %(station)s asks of its mentors."),
        "mentor_track": _("%(mentor)s isn't on the track of %(station)s: %(track)s."),
        "mentor_certificate": _("%(mentor)s doesn't hold “%(mentor_certificate)s”, which %(station)s asks of its mentors."),
    }[rule]


# --- What a plan could not meet ---------------------------------------------------------------------------------------


def reason(rule, place):
    """Why an intern is not at a station, in a few words."""
    return _reasons()[rule] % _asked(place)


def _reasons():
    return {
        "full": pgettext("station", "full"),
        "no_mentor": _("no mentor free"),
        "asks_level": _("asks for “%(level)s”"),
        "asks_certificate": _("asks for the certificate “%(certificate)s”"),
        "asks_course": _("asks for the course “%(course)s”"),
        "high_risk": _("high-risk work, not for minors"),
        shortfalls.NO_TIME: _("no week left"),
    }


def gap_rows(plan, ground):
    """[{"intern", "first", "last", "reasons"}]: who is at no station when, and why."""
    for gap in plan.gaps:
        said = [
            _("%(station)s: %(reason)s") % {"station": ground.stations[place].name, "reason": reason(rule, ground.stations[place])}
            for place, rule in gap.reasons
        ]
        words = clauses(said) if said else _("There is no station in use.")
        yield {"intern": ground.placements[gap.intern].person, "first": gap.first, "last": gap.last, "reasons": words}


def missed_rows(plan, ground):
    """[{"intern", "stations"}]: which stations each intern does not see, and why; those for want of weeks come last."""
    rows = {}
    for one in sorted(plan.missed, key=lambda one: one.rule == shortfalls.NO_TIME):
        place = ground.stations[one.place]
        rows.setdefault(one.intern, []).append(_("%(station)s: %(reason)s") % {"station": place.name, "reason": reason(one.rule, place)})
    return [{"intern": ground.placements[intern].person, "stations": clauses(said)} for intern, said in rows.items()]
