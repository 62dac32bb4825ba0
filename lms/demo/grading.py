"""The demo's quarterly grading: courses taken, candidates admitted, exams sat, scored, signed, published and paid."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction

from assessments.exams.actions.attempts import start_attempt, submit_attempt
from assessments.exams.actions.marks import mark_unmarked
from assessments.exams.actions.saving import save_answers
from assessments.exams.models import Paper
from assessments.grading.actions.candidates import compute_eligibility, waive
from assessments.grading.actions.cycles import close_cycle, draft_cycle, lock_cycle, open_cycle, start_marking, start_sitting
from assessments.grading.actions.panels import seat_examiner, sign_results
from assessments.grading.actions.publication import publish_cycle
from assessments.grading.actions.results import ratify
from assessments.grading.actions.sittings import arrange_sitting, draw_sitting_papers
from assessments.grading.models import PanelMember
from assessments.grading.queries.components import results_of
from assessments.grading.queries.judging import sat
from assessments.practicals.actions import record_sheet
from assessments.questions.kinds.registry import kind_of
from courses.catalogue.models import LessonPage
from courses.learning.actions import record_check_passed
from courses.learning.queries import required_courses_missing
from lms.common.quarters import bounds
from lms.demo.seed import day_at
from lms.people.choices import Level, Track
from lms.people.models import Employee
from talent_pool.pay.actions.exporting import export_payroll
from talent_pool.pay.actions.signing import approve_pay_changes, countersign_pay_changes
from talent_pool.pay.actions.tables import make_band_table
from talent_pool.pay.models import PayChange
from talent_pool.progression import follow_up_publication

BANDS = {
    (Track.SERVICE, 0): ("S0", 4000),
    (Track.SERVICE, 1): ("S1", 4500),
    (Track.SERVICE, 2): ("S2", 5200),
    (Track.SERVICE, 3): ("S3", 6000),
    (Track.TECHNICAL, 0): ("T0", 4200),
    (Track.TECHNICAL, 1): ("T1", 4700),
    (Track.TECHNICAL, 2): ("T2", 5400),
    (Track.TECHNICAL, 3): ("T3", 6200),
}
# Points of 100 that a level's exam is harder than the one below, in theory and in practice; and what everyone has learned a quarter.
# Of those who sit, about a third pass.
HARDER_THEORY, HARDER_PRACTICE, LEARNED = 9, 7, 2
LEFT_TO_SIT = {"YT01011", "YT01031"}  # the personas whose exam is open, so that anyone can try the runner


def make_bands(world):
    for dealer in world.dealers:
        bands = {place: (code, Decimal(pay)) for place, (code, pay) in BANDS.items()}
        first, _last = bounds(*world.quarters[0])
        hr = world.holder(dealer, "hr_officer").user
        world.act(make_band_table, dealer=dealer, effective_on=first - timedelta(days=180), bands=bands, by=hr, at=world.began)


def take_courses(world, dealer, quarter, at):
    """Whoever is diligent takes what the level aimed at asks for before the quarter's grading."""
    lessons = {}
    for lesson in LessonPage.objects.live().filter(locale__language_code="zh-hans").select_related("locale").order_by("path"):
        lessons.setdefault(lesson.path[: -LessonPage.steplen], []).append(lesson)
    for person in _in_track(dealer):
        level = person.level_in(person.position.track)
        missing = (
            required_courses_missing([person.pk], track=person.position.track, level=level + 1).get(person.pk, []) if level < 3 else []
        )
        for course in missing:
            chance = world.chance("course", *quarter, person.number, course.slug)
            if chance.randrange(100) >= world.traits[person.number].diligence + 4:
                continue
            begun = at - timedelta(days=chance.randint(5, 40))
            for number, lesson in enumerate(lessons.get(course.path, [])):
                score, when = min(100, 67 + 33 * chance.randrange(2)), begun + timedelta(days=number)
                world.act(record_check_passed, employee=person, lesson=lesson, score=score, by=person.user, at=when)


def _in_track(dealer):
    people = Employee.objects.filter(dealer=dealer).exclude(position__track="").exclude(status=Employee.Status.LEFT)
    return people.select_related("position", "dealer", "user").order_by("number")


class Grading:
    """One cycle, step by step. `opens_at` is when the theory exam opens; everything else lies around it."""

    def __init__(self, world, dealer, track, year, quarter, opens_at, closes_at):
        self.world, self.dealer, self.track = world, dealer, track
        self.year, self.quarter = year, quarter
        self.opens_at, self.closes_at = opens_at, closes_at
        self.hr = world.holder(dealer, "hr_officer").user
        self.cycle = None

    def draft(self):
        at = self.opens_at - timedelta(days=12)
        self.cycle = self.world.act(
            draft_cycle, dealer=self.dealer, track=self.track, year=self.year, quarter=self.quarter, by=self.hr, at=at
        )

    def open(self):
        at = self.opens_at - timedelta(days=11)
        self.world.act(open_cycle, cycle=self.cycle, by=self.hr, at=at)
        for seat in PanelMember.SEATS[self.track]:
            self.world.act(seat_examiner, cycle=self.cycle, seat=seat, examiner=self.world.holder(self.dealer, seat), by=self.hr, at=at)
        self.world.act(compute_eligibility, cycle=self.cycle, by=self.hr, at=at)

    def admit(self):
        """Lock the cycle, set the exams, draw the papers."""
        at = self.opens_at - timedelta(days=7)
        self.world.act(compute_eligibility, cycle=self.cycle, by=self.hr, at=at)
        for candidacy in self.cycle.candidacies.filter(employee__number__in=LEFT_TO_SIT, is_eligible=False, to_level__lte=Level.SENIOR):
            self.world.act(waive, candidacy=candidacy, reason="外派支援期间缺课，已自学补上", by=self.hr, at=at)
        self._let_someone_sit(at)
        self.world.act(lock_cycle, cycle=self.cycle, by=self.hr, at=at)
        for component in self.cycle.components.filter(kind="theory"):
            arranged = self.world.act(
                arrange_sitting,
                component=component,
                opens_at=self.opens_at,
                closes_at=self.closes_at,
                room="机考室 A",
                invigilator=self.world.holder(self.dealer, "information_assistant"),
                by=self.hr,
                at=at,
            )
            seed = self._chance("draw", component.level).randrange(2**31)
            self.world.act(draw_sitting_papers, arranged=arranged, by=self.hr, at=at, seed=seed)
        self.world.act(start_sitting, cycle=self.cycle, by=self.hr, at=self.opens_at)

    def _let_someone_sit(self, at):
        """At a small dealer it happens that everyone has something open; HR lets in who has least, as HR would."""
        candidacies = sorted(self.cycle.candidacies.all(), key=lambda one: (sum(not row["met"] for row in one.findings), one.pk))
        if candidacies and not any(one.may_sit for one in candidacies):
            self.world.act(waive, candidacy=candidacies[0], reason="本季人手紧张，缺课已补学", by=self.hr, at=at)

    def sit(self, *, but=(), not_yet_top=()):
        """Everyone admitted answers as well as they can; a few did not come."""
        papers = Paper.objects.filter(result__component__cycle=self.cycle).exclude(candidate__number__in=but)
        papers = papers.exclude(candidate__number__in=not_yet_top, sitting__level=Level.SENIOR)
        with transaction.atomic():
            for paper in (
                papers.select_related("sitting", "candidate__user").prefetch_related("items__version").order_by("candidate__number")
            ):
                if but or self._chance("sat", paper.candidate.number).random() < 0.97:
                    self._answer(paper)
        self.world.act(mark_unmarked, at=self.closes_at)

    def _answer(self, paper):
        user, chance = paper.candidate.user, self._chance("answers", paper.candidate.number)
        at = self.opens_at + timedelta(minutes=chance.randint(1, 30))
        handed_in = at + timedelta(minutes=chance.randint(19, 35))
        skill = self._skill(self.world.traits[paper.candidate.number].theory, HARDER_THEORY, paper.sitting.level)
        attempt = self.world.act(start_attempt, paper=paper, access_code=paper.sitting.access_code, by=user, at=at)
        answers = [
            (item.pk, number, self._response(item.version.content, chance.randrange(100) < skill, ("wrong", user.username, number)))
            for number, item in enumerate(paper.items.all(), start=1)
        ]
        self.world.act(save_answers, attempt_id=attempt.pk, answers=answers, by=user, at=at + timedelta(minutes=18))
        self.world.act(submit_attempt, attempt=attempt, by=user, at=handed_in)

    def _response(self, content, knows, about):
        """Which questions are drawn differs between databases, so what is answered wrong has a chance of its own."""
        kind = kind_of(content)
        return kind.right(content) if knows else self._chance(*about).choice(kind.wrong(content))

    def _skill(self, talent, harder, level):
        quarters = self.world.quarters
        ago = len(quarters) - 1 - quarters.index((self.year, self.quarter))
        return talent - harder * (level - 1) - LEARNED * ago

    def _chance(self, *about):
        return self.world.chance(self.dealer.code, self.track, self.year, self.quarter, *about)

    def score(self):
        """All three of the panel score each practical exam."""
        at = self.closes_at + timedelta(days=1)
        self.world.act(start_marking, cycle=self.cycle, by=self.hr, at=self.closes_at + timedelta(minutes=1))
        markers = [member.examiner for member in self.cycle.panel.select_related("examiner__user").order_by("-pk")]
        scored = results_of(self.cycle).filter(candidacy__in=sat(self.cycle)).exclude(practical=None)
        for result in scored.select_related("practical__rubric", "practical__candidate").order_by("candidacy__employee__number", "pk"):
            for marker in markers:
                self._score_one(result.practical, marker, at)

    def _score_one(self, practical, marker, at):
        number = practical.candidate.number
        skill = self._skill(self.world.traits[number].practice, HARDER_PRACTICE, practical.rubric.level)
        chance, points = self._chance("scored", number, marker.number), {}
        for criterion in practical.rubric.criteria.all():
            share = min(100, max(20, skill + chance.randint(-12, 12)))
            points[criterion.pk] = Decimal(round(criterion.max_points * share / 100))
        self.world.act(record_sheet, practical=practical, marker=marker, points=points, by=marker.user, at=at)

    def sign(self):
        at = self.closes_at + timedelta(days=2)
        self.world.act(ratify, cycle=self.cycle, by=self.hr, at=at)
        for member in self.cycle.panel.select_related("examiner__user", "cycle"):
            self.world.act(sign_results, member=member, by=member.examiner.user, at=at + timedelta(hours=len(member.seat) % 5))

    def publish(self):
        """What follows a publication follows at its own time, before the signal would do it now."""
        at = min(self.closes_at + timedelta(days=3), self.world.at)
        with transaction.atomic():
            self.world.act(publish_cycle, cycle=self.cycle, by=self.hr, at=at)
            self.world.act(follow_up_publication, cycle_id=self.cycle.pk, at=at)

    def close(self):
        self.cycle.refresh_from_db()  # the pay changes followed meanwhile
        self.world.act(close_cycle, cycle=self.cycle, by=self.hr, at=min(self.closes_at + timedelta(days=12), self.world.at))

    def past(self):
        """A cycle of a quarter that is over, from the first step to the last."""
        for step in (self.draft, self.open, self.admit, partial(self.sit, not_yet_top=LEFT_TO_SIT)):
            step()
        for step in (self.score, self.sign, self.publish, self.close):
            step()


def grade_past_quarter(world, dealer, year, quarter):
    _first, last = bounds(year, quarter)
    for track in Track:
        opens_at = day_at(last - timedelta(days=12), 9)
        Grading(world, dealer, track, year, quarter, opens_at, opens_at + timedelta(hours=9)).past()


def settle_pay(world, dealer, *, newest):
    """Past changes are signed and paid; of the newest publication some still wait for HR and some for the general manager."""
    hr, manager = world.holder(dealer, "hr_officer").user, world.holder(dealer, "general_manager").user
    changes = list(PayChange.objects.filter(dealer=dealer, status="proposed").order_by("pk"))
    to_approve = changes[len(changes) // 3 :] if newest else changes
    if not to_approve:
        return
    at = to_approve[0].proposed_at + timedelta(days=1)
    world.act(approve_pay_changes, changes=to_approve, by=hr, at=at)
    to_countersign = to_approve[len(to_approve) // 2 :] if newest else to_approve
    world.act(countersign_pay_changes, changes=to_countersign, by=manager, at=at + timedelta(days=1))
    if not newest:
        world.act(export_payroll, dealer=dealer, key=f"seed:{dealer.code}:{at:%Y%m%d}", by=hr, at=at + timedelta(days=2))


def grade_this_quarter(world, dealer, stage):
    """The cycles that are under way, as far as `stage` says."""
    year, quarter = world.graded
    for track in Track:
        opens_at, closes_at = _window(world, stage)
        grading = Grading(world, dealer, track, year, quarter, opens_at, closes_at)
        steps = {
            "planned": [grading.draft],
            "running": [grading.draft, grading.open],
            "sat": [grading.draft, grading.open, grading.admit, lambda grading=grading: grading.sit(but=LEFT_TO_SIT)],
            "marked": [grading.draft, grading.open, grading.admit, grading.sit, grading.score, grading.sign],
        }
        steps["published"] = [*steps["marked"], grading.publish]
        for step in steps[stage]:
            step()


def _window(world, stage):
    """When the theory exam is open: past for the later stages, now where people sit, ahead before that."""
    at = world.at.replace(minute=0, second=0, microsecond=0)
    if stage in {"marked", "published"}:
        return at - timedelta(days=4), at - timedelta(days=4) + timedelta(hours=9)
    if stage == "sat":
        return at - timedelta(hours=3), at + timedelta(days=3)
    return at + timedelta(days=10), at + timedelta(days=10, hours=9)  # drafted and opened in the days before now
