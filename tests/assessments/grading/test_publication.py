"""Publication: one act, wholly or not at all, once (G5)."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.certification.models import Certificate
from assessments.exams.models import Sitting
from assessments.grading.actions.publication import publish_cycle
from assessments.grading.models import Candidacy, Cycle, LevelDecision
from assessments.grading.queries.ladder import decisions_about, step_of
from assessments.grading.queries.preview import publication_preview
from assessments.grading.signals import cycle_published
from lms.audit.models import Event
from lms.common.integrity import invariants
from lms.common.states import WrongState
from lms.jobs.actions import AlreadyRunning, start_job
from lms.jobs.models import Job
from lms.jobs.progress import Cancelled, Quiet
from lms.notifications.models import Notice
from lms.people.actions import record_departure, transfer_employee
from lms.people.models import Dealer, Employee
from talent_pool.progression import follow_up_publication
from tests.assessments.grading.racing import at_once
from tests.factories import NINE, make_bands, make_cycle, make_dealer, make_employee, opens_at, practical_of, result_of, sign_all

pytestmark = pytest.mark.django_db
Outcome = Candidacy.Outcome


@pytest.fixture
def hr():
    return make_employee("hr_officer").user


@pytest.fixture
def heard():
    """The cycles that the signal told of."""
    told = []

    def listen(sender, cycle_id, **kwargs):
        told.append(cycle_id)

    cycle_published.connect(listen)
    yield told
    cycle_published.disconnect(listen)


@pytest.fixture
def bands():
    """What follows a publication proposes pay changes, and needs a band table for it."""
    return make_bands(make_dealer())


def grading_is_sound():
    """The factory's people have no history, so only the rules of grading and certificates are looked at."""
    rules = [rule for rule in invariants().values() if rule.name.startswith("grading.")]
    return rules and not [culprit for rule in rules for culprit in rule.broken()]


def ready(**values):
    cycle = make_cycle("ratified", **values)
    sign_all(cycle)
    return cycle


def test_whoever_passed_rises_one_level_with_a_certificate_and_nobody_else_does(hr):
    cycle = make_cycle("published", people=3)
    first, second, last = cycle.candidacies.order_by("pk")
    assert [c.outcome for c in (first, second, last)] == [Outcome.PASSED, Outcome.PASSED, Outcome.FAILED]
    assert list(LevelDecision.objects.values_list("employee", "from_level", "to_level")) == [
        (first.employee_id, 0, 1),
        (second.employee_id, 0, 1),
    ]
    assert set(Employee.objects.filter(technical_level=1)) == {first.employee, second.employee}
    assert {c.employee for c in Certificate.objects.all()} == {first.employee, second.employee}
    assert Sitting.objects.filter(results_at=None).count() == 0
    assert Event.objects.filter(verb="award.made").count() == 2


def test_the_other_track_and_other_people_stay_as_they_are(hr):
    advisor = make_employee("advisor")
    make_cycle("published", people=2)
    advisor.refresh_from_db()
    assert (advisor.service_level, advisor.technical_level) == (0, 0)
    assert not Employee.objects.exclude(service_level=0).exists()


def test_the_news_is_told_once_and_only_after_the_commit(hr, heard, bands, django_capture_on_commit_callbacks):
    cycle = ready()
    with django_capture_on_commit_callbacks(execute=True):
        publish_cycle(cycle=cycle, by=hr, at=NINE)
        assert heard == []
    assert heard == [cycle.pk]


def test_a_failure_at_the_end_leaves_nothing_behind(hr, heard, monkeypatch):
    cycle = ready()

    def break_down(**kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr("assessments.grading.actions.publication.show_results", break_down)
    with pytest.raises(RuntimeError):
        publish_cycle(cycle=cycle, by=hr, at=NINE)
    assert not LevelDecision.objects.exists()
    assert not Certificate.objects.exists()
    assert not Employee.objects.exclude(technical_level=0).exists()
    assert Cycle.objects.get().status == Cycle.Status.RATIFIED
    assert heard == []


def test_a_second_publication_is_refused_in_words_and_doubles_nothing(hr):
    cycle = ready()
    stale = Cycle.objects.get()
    publish_cycle(cycle=cycle, by=hr, at=NINE)
    with pytest.raises(WrongState):
        publish_cycle(cycle=stale, by=hr, at=NINE)
    assert LevelDecision.objects.count() == 1


def test_the_preview_says_what_publication_then_does(hr):
    cycle = ready(people=4)
    preview = publication_preview(cycle)
    assert len(preview["promotions"]) == 3
    assert len(preview["not_passed"]) == 1
    assert preview["told"] == 4
    publish_cycle(cycle=cycle, by=hr, at=NINE)
    assert {a.employee for a in LevelDecision.objects.all()} == {c.employee for c in preview["promotions"]}


def test_certificates_name_whoever_signed_as_they_were_called_then(hr):
    cycle = ready()
    publish_cycle(cycle=cycle, by=hr, at=NINE)
    Employee.objects.filter(panel_seats__cycle=cycle).update(name="改名")
    signed = Certificate.objects.get().signatories
    assert [person["title"] for person in signed] == [
        {"zh": "集团技术总监", "en": "Group technical director"},
        {"zh": "厂家技术指导", "en": "OEM technical coach"},
        {"zh": "服务经理", "en": "Service manager"},
    ]
    assert "改名" not in [person["name"] for person in signed]
    days = {timezone.localdate(member.signed_at).isoformat() for member in cycle.panel.all()}
    assert {person["signed_on"] for person in signed} == days


def test_who_was_not_admitted_is_said_to_be_so_and_not_to_have_missed_the_exam(hr, bands):
    away = make_employee("technician", status="on_leave")
    cycle = make_cycle("published", people=[away, make_employee("technician"), make_employee("technician")])
    assert cycle.candidacies.get(employee=away).outcome == Outcome.NOT_ADMITTED
    follow_up_publication(cycle_id=cycle.pk, at=opens_at(cycle))
    assert Notice.objects.filter(kind="grading_result").count() == 2
    assert not Notice.objects.filter(kind="grading_result", recipient=away.user).exists()
    call_command("check_integrity")


def test_a_candidate_who_moved_holds_nothing_up_and_is_certified_by_the_dealer_that_examined(hr):
    """The candidacy stays with the dealer that locked it; its HR publishes, its name and number stand on the certificate (§1, G9)."""
    cycle = ready(by=hr)
    moved = cycle.candidacies.get(outcome="passed").employee
    transfer_employee(employee=moved, dealer=make_dealer("YT02", name_zh="邻店"), by=make_employee("group_hr").user, at=timezone.now())
    publish_cycle(cycle=cycle, by=hr, at=NINE)
    certificate = Certificate.objects.get(employee=moved)
    assert (certificate.number, certificate.dealer_zh) == ("YT01-2026Q1-0001", cycle.dealer.name_zh)
    assert Employee.objects.get(pk=moved.pk).technical_level == 1
    assert grading_is_sound()


def test_who_has_left_before_publication_is_withdrawn(hr, bands):
    cycle = ready(by=hr, people=3)
    gone, stays, failed = cycle.candidacies.select_related("employee").order_by("pk")
    left_on = timezone.localdate(opens_at(cycle))
    record_departure(employee=gone.employee, left_on=left_on, by=hr, at=timezone.now())
    preview = publication_preview(cycle)
    assert (preview["withdrawn"], preview["promotions"], preview["told"]) == ([gone], [stays], 2)
    awards = publish_cycle(cycle=cycle, by=hr, at=NINE)
    assert [award.employee for award in awards] == [stays.employee]
    assert Candidacy.objects.get(pk=gone.pk).outcome == Outcome.WITHDRAWN
    assert publication_preview(cycle)["withdrawn"] == [gone]
    assert Event.objects.get(verb="candidacy.withdrawn").about == gone.employee_id
    record_departure(employee=failed.employee, left_on=left_on, by=hr, at=timezone.now())  # afterwards the result stands
    assert publication_preview(cycle)["not_passed"] == [failed]
    follow_up_publication(cycle_id=cycle.pk, at=NINE)
    assert not Notice.objects.filter(kind="grading_result", recipient=gone.employee.user).exists()
    assert grading_is_sound()


def test_the_database_withdraws_nobody_who_is_there_and_nobody_once_it_is_published(hr):
    cycle = ready(by=hr)
    with pytest.raises(DatabaseError), transaction.atomic():
        cycle.candidacies.update(outcome="left")
    publish_cycle(cycle=cycle, by=hr, at=NINE)
    Employee.objects.filter(candidacies__cycle=cycle).update(status="left", left_on=NINE.date())
    with pytest.raises(DatabaseError), transaction.atomic():
        cycle.candidacies.update(outcome="left")


def one_of(candidacies):
    return Employee.objects.filter(pk=candidacies.first().employee_id)


NAMED = {
    "one who rises": (1, "name", lambda cycle: one_of(cycle.candidacies.filter(outcome=Outcome.PASSED))),
    "one of the panel": (1, "name", lambda cycle: Employee.objects.filter(pk=cycle.panel.first().examiner_id)),
    "the dealer": (1, "name_zh", lambda cycle: Dealer.objects.filter(pk=cycle.dealer_id)),
    "one who did not pass": (0, "name", lambda cycle: one_of(cycle.candidacies.filter(outcome=Outcome.FAILED))),
}


@pytest.mark.parametrize("whose", NAMED)
def test_hr_is_told_before_publication_which_character_of_which_name_cannot_be_printed(whose, hr, sign_in):
    told, field, records = NAMED[whose]
    cycle = ready(people=4)
    records(cycle).update(**{field: "陈\ue000强"})
    page = sign_in(hr.employee).get(reverse("cycle_publish", args=[cycle.pk]))
    assert page.context["unprintable"] == ["陈\ue000强 · \ue000 (U+E000)"] * told
    assert page.content.decode().count("U+E000") == told


def test_publishing_2_or_12_costs_about_the_same(hr):
    costs = []
    for number, people in enumerate((3, 13)):
        cycle = ready(people=people, dealer=make_dealer(f"YT0{number + 3}"))
        with CaptureQueriesContext(connection) as queries:
            publish_cycle(cycle=cycle, by=cycle.opened_by, at=NINE)
        costs.append(len(queries))
    assert costs[1] <= costs[0] <= 58, costs  # 24 of them ask whether one who signed let another in (§1)


def test_the_ladder_shows_the_steps_taken_and_the_next(hr):
    cycle = make_cycle("published", people=2)
    person = Employee.objects.select_related("position").get(level_decisions__cycle=cycle)
    assert step_of(person) == {"level": 1, "next_level": 2}
    assert [award.certificate.level for award in decisions_about(person)] == [1]
    assert step_of(make_employee("hr_officer"))["next_level"] is None


# --- as a job ----------------------------------------------------------------------------------


def run(cycle, by):
    return start_job(kind="grading.publish_cycle", key=f"cycle:{cycle.pk}", params={"cycle_id": cycle.pk}, by=by)


def test_the_job_publishes_and_counts_its_awards(hr, bands, django_capture_on_commit_callbacks):
    cycle = ready()
    with django_capture_on_commit_callbacks(execute=True):
        run(cycle, hr)
    job = Job.objects.get(kind="grading.publish_cycle")
    assert (job.status, job.result, job.done, job.total) == ("done", {"awards": 1}, 1, 1)


def test_a_job_run_again_after_its_worker_died_finds_the_work_done(hr, django_capture_on_commit_callbacks):
    cycle = ready()
    publish_cycle(cycle=cycle, by=hr, at=NINE)
    with django_capture_on_commit_callbacks(execute=True):
        run(cycle, hr)
    assert Job.objects.get(kind="grading.publish_cycle").status == "done"
    assert LevelDecision.objects.count() == 1


def test_someone_elses_job_says_that_it_was_done_already(hr, django_capture_on_commit_callbacks):
    cycle = ready()
    publish_cycle(cycle=cycle, by=hr, at=NINE)
    with django_capture_on_commit_callbacks(execute=True):
        run(cycle, make_employee("hr_officer").user)
    job = Job.objects.get(kind="grading.publish_cycle")
    assert job.status == "failed"
    assert job.error


def test_only_one_job_a_cycle_is_under_way(hr):
    cycle = ready()
    run(cycle, hr)
    with pytest.raises(AlreadyRunning):
        run(cycle, make_employee("hr_officer").user)


# --- two at once -------------------------------------------------------------------------------

needs_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks")


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@needs_postgresql
def test_of_two_people_publishing_at_once_one_wins_and_the_other_gets_a_sentence():
    cycle = ready(people=4)
    people = [make_employee("hr_officer").user for _number in range(2)]

    def publish(person):
        return publish_cycle(cycle=Cycle.objects.get(pk=cycle.pk), by=person, at=opens_at(cycle))

    results = at_once(*(lambda person=person: publish(person) for person in people))
    refusals = [result for result in results if isinstance(result, WrongState)]
    assert len(refusals) == 1
    assert str(refusals[0])
    assert LevelDecision.objects.count() == Certificate.objects.count() == 3
    assert Employee.objects.filter(technical_level=1).count() == 3
    assert Event.objects.filter(verb="cycle.published").count() == 1


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@needs_postgresql
def test_both_tracks_of_a_dealer_published_at_once_number_their_certificates_apart():
    cycles = [ready(track="technical", people=3), ready(track="service", people=3)]
    by = make_employee("hr_officer").user
    results = at_once(*(lambda cycle=cycle: publish_cycle(cycle=cycle, by=by, at=opens_at(cycle)) for cycle in cycles))
    assert [len(result) for result in results] == [2, 2]
    assert len(set(Certificate.objects.values_list("number", flat=True))) == 4


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@needs_postgresql
def test_a_signature_and_a_return_to_marking_at_once_leave_no_signature_on_open_results():
    from assessments.grading.actions.panels import sign_results
    from assessments.grading.actions.results import return_to_marking

    cycle = make_cycle("ratified", people=2)
    member = cycle.panel.select_related("examiner__user", "cycle").first()
    by = make_employee("hr_officer").user
    at_once(
        lambda: sign_results(member=member, by=member.examiner.user, at=NINE),
        lambda: return_to_marking(cycle=Cycle.objects.get(pk=cycle.pk), reason="复核", by=by, at=NINE),
    )
    assert Cycle.objects.get().status == Cycle.Status.MARKING
    assert not cycle.panel.exclude(signed_at=None).exists()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@needs_postgresql
def test_a_sheet_and_the_ratification_at_once_agree():
    """Either the sheet came first and counts, or the practical was closed first and the sheet is refused."""
    from assessments.grading.actions.results import ratify
    from assessments.practicals.models import ScoreSheet
    from assessments.practicals.queries import practical_scores
    from tests.factories import score

    cycle = make_cycle("marking", people=2)
    candidacy = cycle.candidacies.select_related("cycle").order_by("pk").first()
    practical = practical_of(candidacy)
    markers = list(practical.markers.select_related("user").order_by("-pk"))
    by = make_employee("hr_officer").user
    at_once(
        lambda: score(candidacy, share=0, marker=markers[0]),
        lambda: ratify(cycle=Cycle.objects.get(pk=cycle.pk), by=by, at=NINE),
    )
    candidacy.refresh_from_db()
    assert result_of(candidacy, "practical").score == practical_scores([practical.pk])[practical.pk]
    assert ScoreSheet.objects.filter(practical=practical).count() in {3, 4}


def test_nothing_is_left_locked_by_a_refused_publication(hr):
    cycle = make_cycle("ratified")
    with pytest.raises(Exception, match=r".+"), transaction.atomic():
        publish_cycle(cycle=cycle, by=hr, at=NINE)
    assert cycle.status == Cycle.Status.RATIFIED


class Told(Quiet):
    def __init__(self, stop_at=None):
        self.counts, self.stop_at = [], stop_at

    def total(self, total):
        self.counts.append(f"of {total}")

    def advance(self, steps=1):
        self.counts.append(steps)
        if self.stop_at == len(self.counts):
            raise Cancelled


def test_publication_says_how_many_people_are_through(hr, monkeypatch):
    monkeypatch.setattr("assessments.grading.actions.publication.BATCH", 2)
    told = Told()
    awards = publish_cycle(cycle=ready(people=6), by=hr, at=NINE, progress=told)
    assert told.counts == ["of 5", 2, 2, 1]
    assert len(awards) == 5


def test_a_publication_that_is_called_off_half_way_leaves_nothing(hr, heard, monkeypatch):
    monkeypatch.setattr("assessments.grading.actions.publication.BATCH", 2)
    cycle = ready(people=6)
    with pytest.raises(Cancelled):
        publish_cycle(cycle=cycle, by=hr, at=NINE, progress=Told(stop_at=3))
    cycle.refresh_from_db()
    assert cycle.status == Cycle.Status.RATIFIED
    assert not LevelDecision.objects.exists()
    assert not Certificate.objects.exists()
    assert not heard
