"""Batches of interns in the demo: stations and mentors, terms and papers, rotations, task books; who passed, who is offered what."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from courses.observations.models import Checklist, ChecklistItem
from lms.demo import cast_pipeline as cast
from lms.demo.seed import day_at
from lms.people.models import Position
from talent_pool.interns.actions.batches import add_students, make_batch
from talent_pool.interns.actions.evaluations import decide_internship, evaluate_rotation
from talent_pool.interns.actions.logs import answer_log, submit_log
from talent_pool.interns.actions.papers import record_paper
from talent_pool.interns.actions.rotating import add_rotation, plan_rotations
from talent_pool.interns.actions.starting import start_all
from talent_pool.interns.actions.stations import make_station
from talent_pool.interns.actions.terms import set_terms, set_terms_of_batch
from talent_pool.interns.models import Paper, Placement
from talent_pool.labour.actions.findings import record_findings
from talent_pool.onboarding.actions.books import open_task_book
from talent_pool.onboarding.actions.naming import name_mentor
from talent_pool.onboarding.actions.signing import sign_off
from talent_pool.schools.ages import ADULT, age_on
from talent_pool.selection.actions.offers import accept_offer, decline_offer, make_offer
from talent_pool.selection.actions.probation import begin_probation
from talent_pool.selection.actions.rankings import rank_batch
from talent_pool.selection.models import Offer

READY = -176  # when stations and mentors were named
SIGNED = 14  # days before the first one on which papers are signed
Kind = Paper.Kind


def take_in(world, agreements, classes, students):
    with transaction.atomic():
        stations, mentors = _ready(world)
        checklists = {code: _make_checklist(code, *about) for code, *about in cast.CHECKLISTS}
    for one in cast.BATCHES:
        with transaction.atomic():
            _live_through(world, one, classes[one.targeted_class], students, stations)
            if one.marks:
                _select(world, one, students, checklists[cast.EVALUATION])
    with transaction.atomic():
        _keep_books(world, students, mentors, checklists)
        _write_logs(world, students)
    world.act(record_findings, at=world.at)


def _hr(world, dealer):
    return world.holder(dealer, "hr_officer").user


def _ready(world):
    at, stations, mentors = world.moment(READY), {}, {}
    posts = {one.code: one for one in Position.objects.filter(code__in=["advisor", "technician"])}
    for dealer in world.dealers:
        by = world.holder(dealer, "workshop_supervisor").user
        best = max(world.people[number].technical_level for number, _most in cast.MENTORS[dealer.code])
        for order, one in enumerate(cast.STATIONS[dealer.code], 1):
            asked = {"mentor_level": min(one.mentor_level, best), "is_high_risk": one.is_high_risk, "order": 10 * order}
            asked |= {"asks_level": one.asks_level, "asks_track": posts[one.position].track if one.asks_level else ""}
            about = {"name_zh": one.zh, "name_en": one.en, "position": posts[one.position], "capacity": one.capacity, "weeks": one.weeks}
            stations[dealer.code, one.code] = world.act(make_station, dealer=dealer, code=one.code, **about, **asked, by=by, at=at)
        for number, most in cast.MENTORS[dealer.code]:
            employee = world.people[number]
            mentors[number] = world.act(name_mentor, employee=employee, most_at_once=most, by=_hr(world, dealer), at=at)
    return stations, mentors


def _live_through(world, one, targeted_class, students, stations):
    """A batch from its making to where it stands today."""
    dealer = targeted_class.agreement.dealer
    by, first, last = _hr(world, dealer), world.day(one.starts), world.day(one.ends)
    before = {"by": by, "at": world.moment(one.starts - SIGNED)}
    batch = world.act(
        make_batch, dealer=dealer, school=targeted_class.agreement.school, name=one.name, starts_on=first, ends_on=last,
        agreement=targeted_class.agreement, targeted_class=targeted_class, **before,
    )  # fmt: skip
    placed = world.act(add_students, batch=batch, students=[students[code] for code in one.students], **before)
    world.act(set_terms_of_batch, batch=batch, monthly_pay=Decimal(cast.PAY), labour_grade=2, **before)
    of = {placement.person.student.code: placement for placement in placed}
    _tell_apart(world, of, before)
    _sign_papers(world, of, last, before)
    planned = {"by": world.holder(dealer, "workshop_supervisor").user, "at": world.moment(one.starts - 7)}
    _arrange(world, of, stations, planned)
    world.act(plan_rotations, batch=batch, **planned)
    world.act(start_all, batch=batch, by=by, at=world.moment(one.starts))


def _tell_apart(world, of, before):
    """Two who are there so that the rules find something of them."""
    if cast.LATE in of:
        world.act(set_terms, placement=of[cast.LATE], starts_on=world.today, **before)
    if cast.OVERTIME in of:
        world.act(set_terms, placement=of[cast.OVERTIME], overtime_hours=Decimal(6), **before)


def _arrange(world, of, stations, planned):
    """Who is at which station with whom as two of them wanted it; the planner leaves that as it is."""
    for code, station, mentor, days in cast.BY_HAND:
        if code in of:
            first = of[code].starts_on
            where = {"station": stations[of[code].batch.dealer.code, station], "mentor": world.people[mentor]}
            term = {"starts_on": first, "ends_on": first + timedelta(days=days - 1)}
            world.act(add_rotation, placement=of[code], **where, **term, reason=cast.ARRANGED, **planned)


def _sign_papers(world, of, last, before):
    """All that the rules ask for, but for the guardian's consent of the one who begins today."""
    everyone = list(of.values())
    signed = min(one.starts_on for one in everyone) - timedelta(days=SIGNED)
    for kind in (Kind.AGREEMENT, Kind.STUDENT_CONSENT, Kind.SAFETY):
        world.act(record_paper, placements=everyone, kind=kind, starts_on=signed, **before)
    minors = [one for code, one in of.items() if code != cast.LATE and age_on(one.person.student.born_on, one.starts_on) < ADULT]
    if minors:
        world.act(record_paper, placements=minors, kind=Kind.GUARDIAN_CONSENT, starts_on=signed, **before)
    insured = {"starts_on": signed, "ends_on": last, "number": f"ZRX-{signed:%y%m}-07"}
    world.act(record_paper, placements=everyone, kind=Kind.INSURANCE, **insured, **before)


def _select(world, one, students, rubric):
    """Evaluated by mentors and stations; who passed, in which order they stand, and what was offered to whom."""
    placements = {code: students[code].person.placements.get() for code in one.students}
    batch = next(iter(placements.values())).batch
    by, at = _hr(world, batch.dealer), world.moment(one.ends + 3)
    for placement, marks in zip(placements.values(), one.marks, strict=True):
        _evaluate(world, placement, rubric, marks, world.moment(one.ends, 16))
        world.act(decide_internship, placement=placement, passed=True, by=by, at=at)
    world.act(rank_batch, batch=batch, by=by, at=world.moment(one.ends + 5))
    for offer in cast.OFFERS:
        if offer.student in placements:
            _offer(world, offer, placements[offer.student], by)


def _evaluate(world, placement, rubric, marks, at):
    """Each rotation twice: by its mentor, and for the station by the workshop supervisor."""
    values = dict(zip(rubric.items.order_by("order").values_list("pk", flat=True), marks, strict=True))
    supervisor = world.holder(placement.batch.dealer, "workshop_supervisor").user
    for rotation in placement.rotations.select_related("mentor__user", "placement__batch__dealer", "placement__person"):
        for kind, by in (("mentor", rotation.mentor.user), ("station", supervisor)):
            world.act(evaluate_rotation, rotation=rotation, kind=kind, checklist=rubric, values=values, by=by, at=at)


def _offer(world, one, placement, by):
    begins, post = world.day(one.begins), Position.objects.get(code="technician")
    pay = {"probation_pay": Decimal(cast.PROBATION_PAY), "agreed_pay": Decimal(cast.AGREED_PAY)}
    term = {"contract_from": begins, "contract_until": begins + cast.CONTRACT, "probation_until": world.day(one.probation_until)}
    offer = world.act(
        make_offer, placement=placement, position=post, contract=Offer.Contract.FIXED, **term, **pay, by=by, at=world.moment(one.made)
    )
    answered = {"offer": offer, "by": placement.person.user, "at": world.moment(one.answered, 20)}
    if one.answer == "declined":
        world.act(decline_offer, reason=one.why, **answered)
        return
    world.act(accept_offer, **answered)
    if begins <= world.today:
        world.act(begin_probation, offer=offer, number=one.number, by=by, at=world.moment(one.begins))


def _keep_books(world, students, mentors, checklists):
    """Task books that mentors sign off."""
    for code, which, mentor, ago, signs in cast.BOOKS:
        person, starts_on = students[code].person, world.day(-ago)
        about = {"newcomer": person, "checklist": checklists[which], "mentor": mentors[mentor], "starts_on": starts_on}
        book = world.act(open_task_book, **about, by=_hr(world, person.dealer), at=world.moment(-ago))
        tasks = list(book.checklist.items.order_by("order"))
        for task, step, days in signs:
            world.act(sign_off, book=book, item=tasks[task], step=step, by=book.mentor.user, at=world.moment(days - ago, 17))


def _write_logs(world, students):
    """The first weeks, handed in on Friday and answered on Sunday."""
    for code, (mentor, weeks) in cast.LOGS.items():
        placement = Placement.objects.select_related("person__user").get(person=students[code].person_id)  # who is an intern by now
        person = placement.person
        monday = placement.starts_on - timedelta(days=placement.starts_on.weekday())
        for number, (text, answer) in enumerate(weeks):
            week_on = monday + timedelta(weeks=number)
            log = world.act(
                submit_log, placement=placement, week_on=week_on, text=text, by=person.user, at=day_at(week_on + timedelta(days=4), 18)
            )
            if answer:
                by, at = world.people[mentor].user, day_at(week_on + timedelta(days=6), 20)
                world.act(answer_log, log=log, answer=answer, by=by, at=at)


def _make_checklist(code, zh, en, scale, tasks):
    """Reference data, as blueprints are."""
    checklist = Checklist.objects.create(code=code, name_zh=zh, name_en=en, scale=scale)
    for order, (words_zh, words_en, *facts) in enumerate(tasks, 1):
        values = {"repetitions": facts[0], "expected_by": facts[1]} if scale == "steps" else {"weight": facts[0]}
        ChecklistItem.objects.create(checklist=checklist, name_zh=words_zh, name_en=words_en, order=order, **values)
    return checklist
