"""How posts are filled in the demo: schools, agreements, classes and their students; `internships` takes them in."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from courses.catalogue.models import CoursePage, LessonPage
from courses.learning.actions import record_check_passed
from lms.demo import cast_pipeline as cast
from lms.demo import internships
from talent_pool.labour.actions.limits import set_minimum_wage
from talent_pool.schools.actions.agreements import mark_duty_done, renew_agreement, sign_agreement
from talent_pool.schools.actions.classes import make_class, set_courses
from talent_pool.schools.actions.grades import record_grade
from talent_pool.schools.actions.schools import let_coordinator_in, make_contact, make_school
from talent_pool.schools.actions.students import add_student

CAME = -182  # when schools and students were brought in
AT_SCHOOL = 900  # days before today in whose year the classes began school


def fill_posts(world):
    """All of it, in the order of time as far as one thing rests on another."""
    with transaction.atomic():
        schools = _make_schools(world)
        agreements = _sign_agreements(world, schools)
        classes = {one.code: _make_class(world, agreements[one.agreement], one) for one in cast.CLASSES}
        students = {}
        for code, targeted_class in classes.items():
            students |= _bring_in(world, targeted_class, cast.STUDENTS[code])
        for one in cast.CLASSES:
            _follow_courses(world, classes[one.code], one, students)
    internships.take_in(world, agreements, classes, students)


def hr_of(world, dealer):
    return world.holder(dealer, "hr_officer").user


def dealer_of(world, code):
    return next(one for one in world.dealers if one.code == code)


def _make_schools(world):
    """By group HR: dealers of the group share them. Whoever coordinates signs in, and belongs to the dealer that the school works with."""
    at, by, made = world.moment(CAME), world.people["GR002"].user, {}
    homes = {one.school: dealer_of(world, one.dealer) for one in cast.AGREEMENTS}
    for one in cast.SCHOOLS:
        group = world.dealers[0].group
        made[one.code] = school = world.act(
            make_school, group=group, code=one.code, name_zh=one.zh, name_en=one.en, city=one.city, by=by, at=at
        )
        contact = world.act(make_contact, school=school, name=one.coordinator, duty=one.duty, by=by, at=at)
        world.act(let_coordinator_in, contact=contact, dealer=homes[one.code], sign_in_name=one.signs_in_as, by=by, at=at)
    for code, amount in cast.WAGES.items():
        dealer = dealer_of(world, code)
        said = {"amount": Decimal(amount), "from_on": world.day(CAME - 200), "source": cast.WAGE_SOURCE}
        world.act(set_minimum_wage, dealer=dealer, **said, by=hr_of(world, dealer), at=at)
    return made


def _sign_agreements(world, schools):
    signed = {}
    for one in cast.AGREEMENTS:
        dealer = dealer_of(world, one.dealer)
        about = {"number": one.number, **_term(world, one), "duties": _duties(world, one.number), "by": hr_of(world, dealer)}
        at = world.moment(max(CAME, one.starts), 10)
        if one.renews:
            signed[one.number] = world.act(renew_agreement, agreement=signed[one.renews], **about, at=at)
        else:
            signed[one.number] = world.act(sign_agreement, school=schools[one.school], dealer=dealer, **about, at=at)
        _do_duties(world, signed[one.number])
    return signed


def _term(world, one):
    internship, coursework, graduation = one.weights
    return {
        "signed_on": world.day(one.starts - 20), "starts_on": world.day(one.starts), "ends_on": world.day(one.ends), "quota": one.quota,
        "majors": cast.MAJORS, "weight_internship": internship, "weight_coursework": coursework, "weight_graduation": graduation,
    }  # fmt: skip


def _duties(world, number):
    return [{"side": side, "words": words, "due_on": world.day(due)} for side, words, due, _done in cast.DUTIES.get(number, ())]


def _do_duties(world, agreement):
    done = {words: days for _side, words, _due, days in cast.DUTIES.get(agreement.number, ()) if days}
    for duty in agreement.duties.filter(words__in=done):
        world.act(mark_duty_done, duty=duty, by=hr_of(world, agreement.dealer), at=world.moment(done[duty.words], 15))


def _make_class(world, agreement, one):
    """Classes begin in September and end in June, three years later."""
    began = date(world.day(-AT_SCHOOL).year, 9, 1)
    term = {"entered_on": began, "graduates_on": date(began.year + 3, 6, 30)}
    about = {"code": one.code, "name": one.name, "major": one.major, "by": hr_of(world, agreement.dealer)}
    return world.act(make_class, agreement=agreement, **about, **term, at=world.moment(CAME, 11))


def _bring_in(world, targeted_class, people):
    found, agreement = {}, targeted_class.agreement
    by, at = hr_of(world, agreement.dealer), world.moment(CAME, 12)
    for one in people:
        years, days = one.born
        found[one.code] = student = world.act(
            add_student, school=agreement.school, targeted_class=targeted_class, code=one.code, name=one.name,
            entered_on=targeted_class.entered_on, born_on=_years_before(world.today, years) - timedelta(days=days), by=by, at=at,
        )  # fmt: skip
        for kind, score in (("coursework", one.coursework), ("graduation", one.graduation)):
            if score:
                given = world.day(-33)
                about = {"student": student, "kind": kind, "score": Decimal(score), "given_on": given}
                world.act(record_grade, **about, by=by, at=world.moment(-33, 16))
    return found


def _years_before(day, years):
    """The same day of an earlier year; of 29 February the day before it."""
    return day.replace(year=day.year - years, day=min(day.day, 28) if day.month == 2 else day.day)


def _follow_courses(world, targeted_class, one, students):
    """The class is put on its courses once its students are there; some have begun the first."""
    courses = [CoursePage.objects.get(slug=slug, locale__language_code="zh-hans") for slug in one.courses]
    by = hr_of(world, targeted_class.agreement.dealer)
    world.act(set_courses, targeted_class=targeted_class, courses=courses, due_on=world.day(one.due), by=by, at=world.moment(CAME, 14))
    lessons = list(LessonPage.objects.child_of(courses[0]).live().select_related("locale").order_by("path"))
    for person in cast.STUDENTS[one.code]:
        learner = students[person.code].person
        for step, lesson in enumerate(lessons[: person.lessons]):
            done = {"score": 100, "by": learner.user, "at": world.moment(CAME + 20 + 9 * step, 19)}
            world.act(record_check_passed, employee=learner, lesson=lesson, **done)
