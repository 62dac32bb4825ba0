"""G7: a level is the newest of a list of decisions; down by a written decision, up by passing or by taking a decision back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation

from assessments.certification.models import Certificate
from assessments.grading.actions.candidates import compute_eligibility
from assessments.grading.actions.cycles import lock_cycle
from assessments.grading.actions.decisions import correct_decision, correct_result, lapse_level, lower_level, renew_level
from assessments.grading.integrity import certificates_have_decisions, decisions_agree_with_candidacies
from assessments.grading.models import Candidacy, Cycle, LevelDecision
from lms.audit.models import Event
from lms.common.states import Refused, WrongHands, WrongState
from lms.people.actions import transfer_employee
from lms.people.models import Employee
from talent_pool.pay.models import PayChange
from tests.assessments.grading.test_independence import let_in
from tests.assessments.grading.test_one_step import a_decision
from tests.assessments.grading.test_publication import at_once, needs_postgresql
from tests.each import each
from tests.factories import NINE, bring_to, make_bands, make_cycle, make_dealer, make_employee, make_panel
from tests.factories.grading import make_means
from tests.lms.home.test_integrity import past_the_triggers

pytestmark = pytest.mark.django_db
LATER = NINE + timedelta(days=200)


@pytest.fixture(autouse=True)
def in_english():
    """Sentences are compared in the language of the code; translations have tests of their own."""
    with translation.override("en"):
        yield


@pytest.fixture
def hr():
    return make_employee("hr_officer").user


@pytest.fixture
def group(hr):
    """Two people of the group's HR, who took no part."""
    return [make_employee("group_hr").user for _one in range(2)]


@pytest.fixture
def cycle(hr):
    make_bands(hr.employee.dealer)
    return make_cycle("published", people=2, by=hr)


@pytest.fixture
def person(cycle):
    return LevelDecision.objects.get().employee


def lower(person, by, reason="违反安全规程", from_level=None):
    level = level_of(person) if from_level is None else from_level
    return lower_level(employee=person, track="technical", from_level=level, reason=reason, by=by, at=NINE)


def level_of(person):
    return Employee.objects.get(pk=person.pk).technical_level


def next_cycle(cycle, state, quarter=2):
    at = NINE + timedelta(days=90 * (quarter - 1))
    coming = make_cycle("open", people=[], by=cycle.opened_by, dealer=cycle.dealer, quarter=quarter, opened_at=at)
    return bring_to(coming, state, by=cycle.opened_by)


def sound():
    call_command("check_integrity")


# --- down ----------------------------------------------------------------------------------------


def test_a_level_is_lowered_one_step_by_a_written_decision(person, hr):
    with pytest.raises(Refused, match="reason"):
        lower(person, hr, reason=" ")
    made = lower(person, hr)
    assert (made.kind, made.number, made.from_level, made.to_level) == ("lowering", 2, 1, 0)
    assert level_of(person) == 0
    event = Event.objects.get(verb="level.lowered")
    assert (event.about, event.actor, event.before, event.after["reason"]) == (person.pk, hr, {"level": 1}, "违反安全规程")
    with pytest.raises(Refused, match="no level"):
        lower(person, hr)
    sound()


def test_a_step_that_is_asked_for_twice_is_taken_once(person, cycle, hr):
    next_cycle(cycle, "published")
    assert lower(person, hr, from_level=2).to_level == 1
    with pytest.raises(WrongState, match="level 1 now"):
        lower(person, hr, from_level=2)
    assert level_of(person) == 1


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@needs_postgresql
def test_of_two_people_lowering_at_once_one_wins_and_the_other_gets_a_sentence(person, cycle, hr):
    next_cycle(cycle, "published")
    people = [hr, make_employee("hr_officer").user]
    results = at_once(*(lambda by=by: lower(person, by, from_level=2) for by in people))
    assert sorted(type(result).__name__ for result in results) == ["LevelDecision", "WrongState"]
    assert level_of(person) == 1


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@needs_postgresql
def test_a_lowering_and_the_lock_of_a_cycle_at_once_agree(person, cycle, hr):
    """Either the lowering came first and the lock asks for eligibility again, or the lock came first and the lowering is refused."""
    coming = next_cycle(cycle, "open")
    make_means("technical", 2)
    compute_eligibility(cycle=coming, by=hr, at=NINE)
    make_panel(coming)
    at_once(
        lambda: lower(person, hr, from_level=1),
        lambda: lock_cycle(cycle=Cycle.objects.get(pk=coming.pk), by=hr, at=NINE),
    )
    candidacy = coming.candidacies.get(employee=person)
    is_locked = Cycle.objects.get(pk=coming.pk).status == Cycle.Status.LOCKED
    assert (is_locked, level_of(person), candidacy.from_level) in [(True, 1, 1), (False, 0, 1)]


def test_the_certificate_of_a_lowered_level_is_revoked_and_pay_stays(person, hr):
    before = list(PayChange.objects.values())
    lower(person, hr)
    assert Certificate.objects.get(employee=person).revoked_reason == "违反安全规程"
    assert list(PayChange.objects.values()) == before


def test_a_lowered_level_is_awarded_again(person, cycle, hr):
    lower(person, hr)
    next_cycle(cycle, "published")
    assert list(person.level_decisions.order_by("number").values_list("kind", "to_level")) == [("award", 1), ("lowering", 0), ("award", 1)]
    assert level_of(person) == 1
    sound()


def test_a_level_lapses_only_after_its_certificate_has_expired(person, hr):
    lapse = {"employee": person, "track": "technical", "from_level": 1, "reason": "未按期复评", "by": hr, "at": NINE}
    with pytest.raises(Refused, match="has not expired"):
        lapse_level(**lapse)
    Certificate.objects.filter(employee=person).update(expires_on=NINE.date() - timedelta(days=1))
    assert lapse_level(**lapse).kind == "lapse"
    assert level_of(person) == 0
    assert Certificate.objects.get(employee=person).revoked_at is None
    sound()


def test_nobody_is_lowered_while_a_cycle_examines_them(person, cycle, hr):
    coming = next_cycle(cycle, "locked")
    with pytest.raises(Refused, match="being examined"):
        lower(person, hr)
    bring_to(coming, "published", by=hr)
    assert lower(person, hr).from_level == 2


# --- the same ------------------------------------------------------------------------------------


def test_a_renewal_keeps_the_level_and_brings_a_new_certificate(person, hr):
    made = renew_level(employee=person, track="technical", from_level=1, reason="复评通过", by=hr, at=NINE)
    assert (made.kind, made.from_level, made.to_level, level_of(person)) == ("renewal", 1, 1, 1)
    assert made.certificate.level == 1
    again = renew_level(employee=person, track="technical", from_level=1, reason="复评通过", by=hr, at=NINE)
    assert again.certificate != made.certificate
    sound()


def test_no_level_is_renewed_that_is_not_held(hr, cycle):
    nobody = make_employee("technician")
    with pytest.raises(Refused, match="no level"):
        renew_level(employee=nobody, track="technical", from_level=1, reason="复评通过", by=hr, at=NINE)


# --- corrections ---------------------------------------------------------------------------------


def test_who_did_not_pass_is_given_the_step_after_an_appeal(cycle, group):
    by, second = group
    failed = cycle.candidacies.get(outcome="failed")
    made = correct_result(candidacy=failed, reason="申诉成立:漏计一题", confirmed_by=second, by=by, at=NINE + timedelta(days=60))
    assert (made.kind, made.from_level, made.to_level, made.certificate.level) == ("correction", 0, 1, 1)
    assert made.effective_on == Cycle.objects.get(pk=cycle.pk).published_at.date()
    failed.refresh_from_db()
    assert failed.outcome == "failed"  # the old result stays on record beside the new one (G6)
    with pytest.raises(Refused, match="no step left"):
        correct_result(candidacy=failed, reason="再来", confirmed_by=second, by=by, at=NINE)
    sound()


def test_who_passed_has_nothing_to_correct(cycle, group):
    by, second = group
    with pytest.raises(Refused, match="not passed"):
        correct_result(candidacy=cycle.candidacies.get(outcome="passed"), reason="多一级", confirmed_by=second, by=by, at=NINE)


def test_who_was_never_admitted_is_not_corrected_to_a_level(hr, group):
    """There is no exam that would have been passed."""
    by, second = group
    make_bands(hr.employee.dealer)
    away = make_employee("technician", status="on_leave")
    cycle = make_cycle("published", people=[away, make_employee("technician"), make_employee("technician")], by=hr)
    candidacy = cycle.candidacies.get(employee=away)
    assert candidacy.outcome == Candidacy.Outcome.NOT_ADMITTED
    with pytest.raises(Refused, match="who was admitted"):
        correct_result(candidacy=candidacy, reason="帮个忙", confirmed_by=second, by=by, at=LATER)
    facts = {"candidacy": candidacy, "cycle": cycle, "year": cycle.year, "quarter": cycle.quarter, "from_level": 0, "to_level": 1}
    for outcome in each(["excluded", "missed"]):
        with past_the_triggers():
            Candidacy.objects.filter(pk=candidacy.pk).update(outcome=outcome)
        with pytest.raises(DatabaseError), transaction.atomic():
            a_decision(away, by, kind="correction", confirmed_by=second, **facts).save()


def test_a_result_is_corrected_by_hr_of_the_dealer_that_examined_and_in_its_name(cycle, hr, group):
    failed = cycle.candidacies.get(outcome="failed")
    elsewhere = make_dealer("YT02")
    transfer_employee(employee=failed.employee, dealer=elsewhere, by=group[0], at=timezone.now())
    failed = Candidacy.objects.get(pk=failed.pk)
    second = make_employee("hr_officer", dealer=cycle.dealer).user
    theirs = [make_employee("hr_officer", dealer=elsewhere).user for _one in range(2)]
    with pytest.raises(WrongHands):
        correct_result(candidacy=failed, reason="漏计一题", confirmed_by=theirs[0], by=theirs[1], at=LATER)
    made = correct_result(candidacy=failed, reason="漏计一题", confirmed_by=second, by=hr, at=LATER)
    assert (made.certificate.number[:4], made.certificate.dealer_zh) == ("YT01", cycle.dealer.name_zh)
    assert not [*decisions_agree_with_candidacies(), *certificates_have_decisions()]


def test_a_wrong_lowering_is_taken_back(person, hr, group):
    by, second = group
    lowering = lower(person, hr)
    made = correct_decision(decision=lowering, reason="查无实据", confirmed_by=second, by=by, at=NINE)
    assert (made.to_level, level_of(person), made.certificate.level) == (1, 1, 1)
    with pytest.raises(Refused, match="corrected already"):
        correct_decision(decision=lowering, reason="再来", confirmed_by=second, by=by, at=NINE)
    sound()


def test_awards_are_taken_back_newest_first(person, cycle, group):
    by, second = group
    next_cycle(cycle, "published")
    first, newest = person.level_decisions.order_by("number")
    with pytest.raises(Refused, match="others followed"):
        correct_decision(decision=first, reason="试卷有误", confirmed_by=second, by=by, at=NINE)
    for decision in (newest, first):
        correct_decision(decision=decision, reason="试卷有误", confirmed_by=second, by=by, at=NINE + timedelta(days=200))
    assert level_of(person) == 0
    assert not Certificate.objects.filter(employee=person, revoked_at=None).exists()
    sound()


@pytest.fixture
def lowered(person, cycle, hr):
    """Awarded, lowered, awarded again in the next cycle, lowered again: (award, lowering, award, lowering)."""
    lower(person, hr)
    next_cycle(cycle, "published")
    lower(person, hr, reason="再次违规")
    return list(person.level_decisions.order_by("number"))


def test_a_decision_behind_newer_ones_is_not_taken_back_though_the_level_is_the_same_again(person, lowered, hr, group):
    """What is held now rests on the newest; taking back an older one would take, or give, what another decision gave or took."""
    by, second = group
    award, lowering, again, newest = lowered
    for old in each([award, lowering, again]):
        with pytest.raises(Refused, match="others followed"):
            correct_decision(decision=old, reason="旧的有误", confirmed_by=second, by=by, at=LATER)
    for decision, level in [(newest, 1), (again, 0), (lowering, 1), (award, 0)]:
        correct_decision(decision=decision, reason="有误", confirmed_by=second, by=by, at=LATER)
        assert level_of(person) == level
    sound()


def test_a_correction_that_was_wrong_is_taken_back_itself_and_what_it_gave_back_once_more(person, group):
    by, second = group
    values = {"reason": "有误", "at": LATER}
    award = person.level_decisions.get()
    first = correct_decision(decision=award, confirmed_by=second, by=by, **values)
    others = [make_employee("group_hr").user for _one in range(2)]
    given_back = correct_decision(decision=first, confirmed_by=others[1], by=others[0], **values)
    assert level_of(person) == 1
    with pytest.raises(Refused, match="corrected already"):
        correct_decision(decision=award, confirmed_by=second, by=by, **values)
    correct_decision(decision=given_back, confirmed_by=second, by=by, **values)
    assert level_of(person) == 0
    sound()


def test_a_renewal_holds_back_no_correction(person, hr, group):
    by, second = group
    award = person.level_decisions.get()
    renew_level(employee=person, track="technical", from_level=1, reason="复评通过", by=hr, at=NINE)
    correct_decision(decision=award, reason="试卷有误", confirmed_by=second, by=by, at=LATER)
    assert level_of(person) == 0
    sound()


# --- hands ---------------------------------------------------------------------------------------


def test_levels_are_decided_on_by_hr_of_the_dealer_or_group_and_never_one_s_own(person, cycle, group):
    other = make_employee("hr_officer", dealer=make_dealer("YT02")).user
    for by in each([None, other, person.user, make_employee("general_manager").user, make_employee("technical_director").user]):
        with pytest.raises(WrongHands):
            lower(person, by)
    with pytest.raises(WrongHands):
        lower(group[0].employee, group[0])
    assert lower(person, group[0]).decided_by == group[0]


def test_a_correction_takes_two_independent_people_who_neither_examined_nor_decided(person, cycle, hr, group):
    by, second = group
    award = person.level_decisions.get()
    examiner = cycle.panel.first().examiner.user
    for one, two in each([(by, by), (by, hr), (hr, by), (by, examiner), (by, person.user), (by, None)]):
        with pytest.raises(WrongHands):
            correct_decision(decision=award, reason="试卷有误", confirmed_by=two, by=one, at=NINE)
    assert correct_decision(decision=award, reason="试卷有误", confirmed_by=second, by=by, at=NINE).confirmed_by == second


def test_a_candidate_of_the_cycle_with_hr_s_role_corrects_nobody_in_it(cycle, group):
    candidate = cycle.candidacies.get(outcome="passed").employee.user
    candidate.groups.add(Group.objects.get(name="group_hr"))
    failed, (by, second) = cycle.candidacies.get(outcome="failed"), group
    for one, two in each([(candidate, second), (by, candidate)]):
        with pytest.raises(WrongHands):
            correct_result(candidacy=failed, reason="漏计一题", confirmed_by=two, by=one, at=NINE)
    assert level_of(failed.employee) == 0


def test_who_let_the_other_in_within_30_days_is_no_second_hand_of_a_correction(person, group):
    by, second = group
    let_in(second.employee, first=by, second=make_employee("group_hr").user)
    values = {"decision": person.level_decisions.get(), "reason": "试卷有误", "confirmed_by": second, "by": by}
    with pytest.raises(WrongHands, match="independent"):
        correct_decision(**values, at=timezone.now())
    assert correct_decision(**values, at=timezone.now() + timedelta(days=31)).confirmed_by == second


# --- the database --------------------------------------------------------------------------------

STEPS = [(start, end) for start in range(4) for end in range(4)]


@pytest.mark.parametrize("kind", LevelDecision.Kind.values)
def test_the_database_takes_no_step_that_its_kind_does_not_make(person, hr, kind):
    """The person holds level 1; nothing but a renewal of it or one step down goes in without a cycle."""
    allowed = {"renewal": [(1, 1)], "lapse": [(1, 0)], "lowering": [(1, 0)]}
    for start, end in each([step for step in STEPS if step not in allowed.get(kind, [])]):
        with pytest.raises(DatabaseError), transaction.atomic():
            a_decision(person, hr, kind=kind, from_level=start, to_level=end).save()
    for start, end in allowed.get(kind, []):
        with transaction.atomic():
            a_decision(person, hr, kind=kind, from_level=start, to_level=end).save()
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    "changes",
    [{"number": 1}, {"number": 3}, {"reason": ""}, {"from_level": 0, "to_level": 0}, {"kind": "lowering", "to_level": 2, "from_level": 3}],
)
def test_the_database_takes_nothing_that_does_not_continue_from_the_newest(person, hr, changes):
    values = {"kind": "lowering", "from_level": 1, "to_level": 0} | changes
    with pytest.raises(DatabaseError), transaction.atomic():
        a_decision(person, hr, **values).save()


@pytest.mark.parametrize("track", ["service", "technical"])
def test_the_database_lets_a_correction_take_back_only_what_led_here(person, hr, group, track):
    other = make_employee("technician")
    theirs = a_decision(other, hr, kind="lowering", from_level=1, to_level=0, number=1)
    wrong = [{"from_level": 1, "to_level": 2}, {"confirmed_by": hr}, {"confirmed_by": None}, {"corrects": None}, {"employee": other}]
    award = person.level_decisions.get()
    good = {"kind": "correction", "from_level": 1, "to_level": 0, "corrects": award, "confirmed_by": group[0]}
    tried = wrong if track == "technical" else [{"track": "service", "number": 1}]
    for changes in each(tried):
        with pytest.raises(DatabaseError), transaction.atomic():
            a_decision(**{"person": person, "by": hr} | good | changes).save()
    with pytest.raises(DatabaseError), transaction.atomic():
        theirs.save()
    a_decision(person, hr, **good).save()


def test_the_database_takes_decisions_back_newest_first(person, lowered, group):
    by, second = group
    award, lowering, again, newest = lowered
    for old in each([lowering, award, again]):
        start, end = (0, 1) if old.is_downward else (1, 0)
        facts = {"corrects": old, "confirmed_by": second, "from_level": start, "to_level": end}
        with pytest.raises(DatabaseError), transaction.atomic():
            a_decision(person, by, kind="correction", **facts).save()
    back = {"kind": "correction", "confirmed_by": second}
    a_decision(person, by, corrects=newest, from_level=0, to_level=1, **back).save()
    with pytest.raises(DatabaseError), transaction.atomic():
        a_decision(person, by, corrects=award, from_level=1, to_level=0, **back).save()
    a_decision(person, by, corrects=again, from_level=1, to_level=0, **back).save()


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [(it, "award") for it in ("failed", "missed", "pending", "excluded", "left")]
    + [(it, "correction") for it in ("passed", "excluded", "left")],
)
def test_the_database_awards_nobody_who_did_not_pass_and_corrects_nobody_who_did(cycle, group, outcome, kind):
    candidacy = cycle.candidacies.get(outcome="failed")
    with past_the_triggers():
        Candidacy.objects.filter(pk=candidacy.pk).update(outcome=outcome)
    facts = {"candidacy": candidacy, "cycle": cycle, "year": cycle.year, "quarter": cycle.quarter, "from_level": 0, "to_level": 1}
    by, second = group
    facts |= {"kind": kind, "confirmed_by": second if kind == "correction" else None}
    with pytest.raises(DatabaseError), transaction.atomic():
        a_decision(candidacy.employee, by, **facts).save()
    with past_the_triggers():
        Candidacy.objects.filter(pk=candidacy.pk).update(outcome="passed" if kind == "award" else "failed")
    a_decision(candidacy.employee, by, **facts).save()


def test_the_level_on_the_person_follows_nothing_but_the_newest_decision(person, hr):
    a_decision(person, hr, kind="lowering", from_level=1, to_level=0).save()
    for level in each([2, 3]):
        with pytest.raises(DatabaseError), transaction.atomic():
            Employee.objects.filter(pk=person.pk).update(technical_level=level)
    Employee.objects.filter(pk=person.pk).update(technical_level=F("technical_level") - 1)
    assert level_of(person) == 0


# --- the screen ----------------------------------------------------------------------------------


def test_hr_lowers_a_level_on_the_person_s_page(person, hr, sign_in):
    client = sign_in(hr.employee)
    url = reverse("person_levels", args=[person.pk])
    assert url in client.get(reverse("person", args=[person.pk])).content.decode()
    assert client.get(url).context["form"]
    assert client.post(url, {"step": "technical:1", "reason": ""}).context["form"].errors
    client.post(url, {"step": "technical:1", "reason": "违反安全规程"})
    page = client.get(url)
    assert (level_of(person), page.context["form"]) == (0, None)
    assert "违反安全规程" in page.content.decode()


def test_who_may_only_look_sees_the_decisions_and_no_form(person, sign_in):
    page = sign_in(make_employee("general_manager")).get(reverse("person_levels", args=[person.pk]))
    assert (page.status_code, page.context["form"]) == (200, None)


def test_the_person_reads_on_their_own_page_why_the_level_went_down(person, hr, sign_in):
    lower(person, hr)
    assert "违反安全规程" in sign_in(person).get(reverse("growth")).content.decode()


def test_whatever_the_hour_a_decision_is_of_the_day_here(person, hr):
    late = datetime(2026, 3, 20, 23, 30, tzinfo=UTC)
    made = lower_level(employee=person, track="technical", from_level=1, reason="违反安全规程", by=hr, at=late)
    assert made.effective_on == date(2026, 3, 21)
