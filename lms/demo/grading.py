"""The demo's quarterly grading: courses taken, candidates admitted, exams sat, scored, signed, published and paid."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.utils import timezone

from assessments.exams.actions import mark_unmarked, save_answers, start_attempt, submit_attempt
from assessments.exams.models import Paper
from assessments.grading.actions.candidates import compute_eligibility, waive
from assessments.grading.actions.cycles import close_cycle, draft_cycle, lock_cycle, open_cycle, start_marking, start_sitting
from assessments.grading.actions.panels import seat_examiner, sign_results
from assessments.grading.actions.publication import publish_cycle
from assessments.grading.actions.results import ratify
from assessments.grading.actions.sittings import arrange_sitting, draw_sitting_papers
from assessments.grading.models import PanelMember
from assessments.grading.queries import results_of, sat
from assessments.practicals.actions import record_sheet
from assessments.questions.kinds.registry import kind_of
from courses.catalogue.models import LessonPage
from courses.learning.actions import record_check_passed
from courses.learning.queries import required_courses_missing
from lms.common.quarters import bounds
from lms.people.choices import Level, Track
from lms.people.models import Employee
from talent_pool.pay.actions import approve_pay_changes, countersign_pay_changes, export_payroll, make_band_table
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
HARDER_A_LEVEL = 7  # points of 100 that a level's exam is harder than the one below
LEFT_TO_SIT = {"YT01011", "YT01031"}  # the personas whose exam is open, so that anyone can try the runner


def make_bands(world):
    for dealer in world.dealers:
        bands = {place: (code, Decimal(pay)) for place, (code, pay) in BANDS.items()}
        first, _last = bounds(*world.quarters[0])
        hr = world.holder(dealer, "hr_officer").user
        make_band_table(dealer=dealer, effective_on=first - timedelta(days=180), bands=bands, by=hr, at=world.at)


def take_courses(world, dealer, at, *, careless=False):
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
            if world.rng.randrange(100) >= world.traits[person.number].diligence + 4:
                continue
            for lesson in lessons.get(course.path, []):
                score = min(100, 67 + 33 * world.rng.randrange(2))
                record_check_passed(employee=person, lesson=lesson, score=score, by=person.user, at=at)


def _in_track(dealer):
    people = Employee.objects.filter(dealer=dealer).exclude(position__track="").exclude(status=Employee.Status.LEFT)
    return people.select_related("position", "dealer", "user").order_by("number")


def day_at(day, hour):
    return timezone.make_aware(datetime.combine(day, time(hour)))


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
        self.cycle = draft_cycle(dealer=self.dealer, track=self.track, year=self.year, quarter=self.quarter, by=self.hr, at=at)

    def open(self):
        at = self.opens_at - timedelta(days=11)
        open_cycle(cycle=self.cycle, by=self.hr, at=at)
        for seat in PanelMember.SEATS[self.track]:
            seat_examiner(cycle=self.cycle, seat=seat, examiner=self.world.holder(self.dealer, seat), by=self.hr, at=at)
        compute_eligibility(cycle=self.cycle, by=self.hr, at=at)

    def admit(self):
        """Lock the cycle, set the exams, draw the papers."""
        at = self.opens_at - timedelta(days=7)
        compute_eligibility(cycle=self.cycle, by=self.hr, at=at)
        for candidacy in self.cycle.candidacies.filter(employee__number__in=LEFT_TO_SIT, is_eligible=False, to_level__lte=Level.SENIOR):
            waive(candidacy=candidacy, reason="外派支援期间缺课，已自学补上", by=self.hr, at=at)
        lock_cycle(cycle=self.cycle, by=self.hr, at=at)
        for component in self.cycle.components.filter(kind="theory"):
            arranged = arrange_sitting(
                component=component,
                opens_at=self.opens_at,
                closes_at=self.closes_at,
                room="机考室 A",
                invigilator=self.world.holder(self.dealer, "information_assistant"),
                by=self.hr,
                at=at,
            )
            draw_sitting_papers(arranged=arranged, by=self.hr, at=at, seed=self.world.rng.randrange(2**31))
        start_sitting(cycle=self.cycle, by=self.hr, at=self.opens_at)

    def sit(self, *, but=(), not_yet_top=()):
        """Everyone admitted answers as well as they can; a few did not come."""
        papers = Paper.objects.filter(result__component__cycle=self.cycle).exclude(candidate__number__in=but)
        papers = papers.exclude(candidate__number__in=not_yet_top, sitting__level=Level.SENIOR)
        with transaction.atomic():
            for paper in (
                papers.select_related("sitting", "candidate__user").prefetch_related("items__version").order_by("candidate__number")
            ):
                if but or self.world.rng.random() < 0.97:
                    self._answer(paper)
        mark_unmarked(at=self.closes_at)

    def _answer(self, paper):
        user, at = paper.candidate.user, self.opens_at + timedelta(minutes=self.world.rng.randint(1, 30))
        chance = self.world.traits[paper.candidate.number].theory - HARDER_A_LEVEL * (paper.sitting.level - 1)
        attempt = start_attempt(paper=paper, access_code=paper.sitting.access_code, by=user, at=at)
        answers = [
            (item.pk, number, self._response(item.version.content, chance)) for number, item in enumerate(paper.items.all(), start=1)
        ]
        save_answers(attempt_id=attempt.pk, answers=answers, by=user, at=at + timedelta(minutes=18))
        submit_attempt(attempt=attempt, by=user, at=at + timedelta(minutes=self.world.rng.randint(19, 35)))

    def _response(self, content, chance):
        kind = kind_of(content)
        if self.world.rng.randrange(100) < chance:
            return kind.right(content)
        wrong = kind.wrong(content)
        return wrong[0] if len(wrong) == 1 else self.world.rng.choice(wrong)

    def score(self):
        """All three of the panel score each practical exam."""
        at = self.closes_at + timedelta(days=1)
        start_marking(cycle=self.cycle, by=self.hr, at=self.closes_at + timedelta(minutes=1))
        markers = [member.examiner for member in self.cycle.panel.select_related("examiner__user").order_by("-pk")]
        scored = results_of(self.cycle).filter(candidacy__in=sat(self.cycle)).exclude(practical=None)
        for result in scored.select_related("practical__rubric", "practical__candidate").order_by("candidacy__employee__number", "pk"):
            for marker in markers:
                self._score_one(result.practical, marker, at)

    def _score_one(self, practical, marker, at):
        skill = self.world.traits[practical.candidate.number].practice - HARDER_A_LEVEL * (practical.rubric.level - 1)
        points = {}
        for criterion in practical.rubric.criteria.all():
            share = min(100, max(20, skill + self.world.rng.randint(-12, 12)))
            points[criterion.pk] = Decimal(round(criterion.max_points * share / 100))
        record_sheet(practical=practical, marker=marker, points=points, by=marker.user, at=at)

    def sign(self):
        at = self.closes_at + timedelta(days=2)
        ratify(cycle=self.cycle, by=self.hr, at=at)
        for member in self.cycle.panel.select_related("examiner__user", "cycle"):
            sign_results(member=member, by=member.examiner.user, at=at + timedelta(hours=member.pk % 5))

    def publish(self):
        """What follows a publication follows at its own time, before the signal would do it now."""
        at = min(self.closes_at + timedelta(days=3), self.world.at)
        with transaction.atomic():
            publish_cycle(cycle=self.cycle, by=self.hr, at=at)
            follow_up_publication(cycle_id=self.cycle.pk, at=at)

    def close(self):
        self.cycle.refresh_from_db()  # the pay changes followed meanwhile
        close_cycle(cycle=self.cycle, by=self.hr, at=min(self.closes_at + timedelta(days=12), self.world.at))

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
    approve_pay_changes(changes=to_approve, by=hr, at=at)
    to_countersign = to_approve[len(to_approve) // 2 :] if newest else to_approve
    countersign_pay_changes(changes=to_countersign, by=manager, at=at + timedelta(days=1))
    if not newest:
        export_payroll(dealer=dealer, key=f"seed:{dealer.code}:{at:%Y%m%d}", by=hr, at=at + timedelta(days=2))


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
    return at + timedelta(days=14), at + timedelta(days=14, hours=9)
