"""No result stands before all three have judged and signed (G3): three sheets, a deputy's, or a reason on record."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from assessments.grading.actions.cycles import start_marking
from assessments.grading.actions.panels import sign_results
from assessments.grading.actions.publication import publish_cycle
from assessments.grading.actions.results import ratify as ratify_results
from assessments.grading.actions.seats import confirm_seat, excuse_sheets, propose_seat, withdraw_seat
from assessments.grading.integrity import candidates_do_not_examine, results_are_judged_by_three, results_rest_on_two_sheets
from assessments.grading.models import Candidacy, Cycle, MissingSheet, PanelMember, SeatChange
from assessments.grading.queries.guards import missing_for
from assessments.grading.queries.judging import some
from assessments.practicals.models import ScoreSheet, SheetMark
from assessments.practicals.queries import practical_scores
from lms.common import triggers
from lms.common.registries import due_for
from lms.common.states import Refused, WrongHands, WrongState
from lms.notifications.models import Notice
from lms.notifications.wording import words_of
from lms.people.actions import confirm_proposal, hire_employee
from lms.people.models import Employee
from tests.each import each
from tests.factories import (
    NINE,
    bring_to,
    make_cycle,
    make_dealer,
    make_employee,
    make_position,
    opens_at,
    practical_of,
    score,
    score_by_all,
    sign_all,
    sit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle():
    """One candidate who has sat, nobody has scored yet, marking has begun."""
    cycle = make_cycle("sitting", people=1)
    sit(candidate(cycle))
    start_marking(cycle=cycle, by=cycle.opened_by, at=opens_at(cycle).replace(hour=23))
    return cycle


@pytest.fixture
def group_hr():
    return make_employee("group_hr")


def candidate(cycle):
    return cycle.candidacies.select_related("cycle", "employee__user").get()


def members(cycle):
    return list(cycle.panel.select_related("cycle__dealer", "examiner__user").order_by("pk"))


def excuse(cycle, member):
    return excuse_sheets(member=member, reason="外出培训", by=cycle.opened_by, at=NINE)


def ratify(cycle):
    return ratify_results(cycle=Cycle.objects.get(pk=cycle.pk), by=cycle.opened_by, at=NINE)


WAYS = list(product(["sheet", "reason", "nothing"], repeat=3))
ENOUGH = [judged for judged in WAYS if "nothing" not in judged and judged.count("sheet") >= 2]


def judge(cycle, judged):
    for member, how in zip(members(cycle), judged, strict=True):
        if how == "sheet":
            score(candidate(cycle), marker=member.examiner)
        elif how == "reason":
            excuse(cycle, member)


@pytest.mark.parametrize("judged", ENOUGH)
def test_a_sheet_or_a_reason_of_each_and_two_sheets_are_enough(cycle, judged):
    judge(cycle, judged)
    assert missing_for(Cycle.objects.get()) == []
    assert ratify(cycle).status == "ratified"
    assert not list(results_are_judged_by_three())
    assert not results_rest_on_two_sheets().exists()


@pytest.mark.parametrize("judged", [judged for judged in WAYS if judged not in ENOUGH])
def test_nobody_left_out_and_no_sheet_alone(cycle, judged):
    judge(cycle, judged)
    assert missing_for(Cycle.objects.get())
    with pytest.raises(Refused):
        ratify(cycle)
    assert Cycle.objects.get().status == "marking"


def test_two_sheets_of_one_examiner_are_one(cycle):
    first, *others = members(cycle)
    for share in (0, 1):
        score(candidate(cycle), share=share, marker=first.examiner)
    for member in others:
        excuse(cycle, member)
    with pytest.raises(Refused, match="一份"):
        ratify(cycle)


def test_who_is_missing_is_named(cycle):
    first, second, third = members(cycle)
    score(candidate(cycle), marker=first.examiner)
    score(candidate(cycle), marker=second.examiner)
    (sentence,) = missing_for(Cycle.objects.get())
    assert third.examiner.name in sentence
    assert candidate(cycle).employee.name in sentence


def test_nobody_signs_what_they_have_not_judged(cycle):
    score_by_all(candidate(cycle))
    ratify(cycle)
    member = members(cycle)[0]
    triggers.drop_all()
    SheetMark.objects.filter(sheet__marker=member.examiner).delete()
    ScoreSheet.objects.filter(marker=member.examiner).delete()
    triggers.create_all()
    with pytest.raises(Refused, match=candidate(cycle).employee.name):
        sign_results(member=members(cycle)[0], by=member.examiner.user, at=NINE)
    assert list(results_are_judged_by_three())


def test_who_is_excused_signs_and_the_panel_reads_why(cycle, sign_in):
    first, second, third = members(cycle)
    for member in (first, second):
        score(candidate(cycle), marker=member.examiner)
    assert excuse(cycle, third) == 1
    with pytest.raises(Refused, match=third.examiner.name):
        excuse(cycle, third)
    ratify(cycle)
    assert "外出培训" in sign_in(first.examiner).get(reverse("cycle_sign", args=[cycle.pk])).text
    sign_all(Cycle.objects.get())
    publish_cycle(cycle=Cycle.objects.get(), by=cycle.opened_by, at=NINE)
    assert Candidacy.objects.get().outcome == "passed"


def test_a_reason_is_given_in_words_stays_and_is_not_the_examiner_s_own(cycle):
    member = members(cycle)[0]
    with pytest.raises(Refused, match="理由"):
        excuse_sheets(member=member, reason="  ", by=cycle.opened_by, at=NINE)
    with pytest.raises(WrongHands):
        excuse_sheets(member=member, reason="没空", by=member.examiner.user, at=NINE)
    excuse(cycle, member)
    for change in (lambda: MissingSheet.objects.update(reason="改了"), lambda: MissingSheet.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_nobody_is_excused_from_judging_before_the_exam_is_over():
    cycle = make_cycle("sitting", people=1)
    sit(candidate(cycle))
    with pytest.raises(WrongState):
        excuse(cycle, members(cycle)[0])
    assert not MissingSheet.objects.exists()


def test_cycles_opened_before_this_was_asked_for_keep_their_rule():
    cycle = make_cycle(people=1)
    Cycle.objects.update(needs_three_sheets=False)
    cycle.refresh_from_db()
    bring_to(cycle, "sitting", by=cycle.opened_by)
    sit(candidate(cycle))
    score(candidate(cycle))
    start_marking(cycle=cycle, by=cycle.opened_by, at=opens_at(cycle).replace(hour=23))
    ratify(cycle)
    sign_all(Cycle.objects.get())
    assert not list(results_are_judged_by_three())
    with pytest.raises(IntegrityError), transaction.atomic():
        Cycle.objects.update(needs_three_sheets=True)


# --- a seat given again ------------------------------------------------------------------------


def propose(cycle, *, seat="service_manager", by=None, examiner=None):
    examiner = examiner or make_employee(seat)
    member = next(member for member in members(cycle) if member.seat == seat)
    return propose_seat(member=member, examiner=examiner, reason="住院", by=by or cycle.opened_by, at=NINE)


def test_a_seat_is_given_again_by_two_and_the_new_examiner_judges(cycle, group_hr):
    leaver = next(member for member in members(cycle) if member.seat == "service_manager").examiner
    score_by_all(candidate(cycle), share=1)
    change = propose(cycle)
    assert cycle.panel.get(seat="service_manager").examiner == leaver, "proposed is not done"
    confirm_seat(change=change, by=group_hr.user, at=NINE)
    assert cycle.panel.get(seat="service_manager").examiner == change.examiner
    practical = practical_of(candidate(cycle))
    assert set(practical.markers.all()) == {member.examiner for member in members(cycle)}
    with pytest.raises(Refused, match=change.examiner.name):
        ratify(cycle)
    with pytest.raises(WrongHands):
        score(candidate(cycle), marker=leaver)
    score(candidate(cycle), share=0, marker=change.examiner)
    assert practical_scores([practical.pk])[practical.pk].quantize(1) == 67, "the leaver's sheet counts no more"
    ratify(cycle)


def test_a_leaver_s_sheet_is_not_the_second_one_that_a_result_rests_on(cycle, group_hr):
    coach, *others = sorted(members(cycle), key=lambda member: member.seat == "service_manager")
    for member in (coach, others[-1]):
        score(candidate(cycle), marker=member.examiner)
    confirm_seat(change=propose(cycle), by=group_hr.user, at=NINE)
    for member in cycle.panel.select_related("cycle__dealer", "examiner").exclude(pk=coach.pk):
        excuse(cycle, member)
    with pytest.raises(Refused, match="一份"):
        ratify(cycle)


def test_who_gave_up_the_seat_signs_nothing_from_a_page_opened_before(cycle, group_hr):
    score_by_all(candidate(cycle))
    opened_before = next(member for member in members(cycle) if member.seat == "service_manager")
    change = propose(cycle)
    confirm_seat(change=change, by=group_hr.user, at=NINE)
    score(candidate(cycle), marker=change.examiner)
    ratify(cycle)
    with pytest.raises(WrongState):
        sign_results(member=opened_before, by=opened_before.examiner.user, at=NINE)
    assert not cycle.panel.exclude(signed_at=None).exists()


def test_the_second_person_is_another_one_with_the_right_and_not_the_new_examiner(cycle):
    change = propose(cycle)
    elsewhere = make_employee("hr_officer", dealer=make_dealer("YT09")).user
    boss = make_employee("general_manager").user
    for by in (None, cycle.opened_by, elsewhere, boss, change.examiner.user, change.leaver.user, candidate(cycle).employee.user):
        with pytest.raises(WrongHands):
            confirm_seat(change=change, by=by, at=NINE)
    assert SeatChange.objects.get().is_open
    with pytest.raises(IntegrityError), transaction.atomic():
        SeatChange.objects.update(confirmed_at=NINE, confirmed_by=cycle.opened_by)


def test_a_candidate_or_someone_of_another_post_does_not_take_the_seat(cycle):
    for examiner in (candidate(cycle).employee, make_employee("workshop_supervisor"), members(cycle)[2].examiner):
        with pytest.raises(Refused):
            propose(cycle, examiner=examiner)
    assert not SeatChange.objects.exists()


def test_who_takes_a_seat_and_who_gives_it_up_are_told(cycle, group_hr):
    change = confirm_seat(change=propose(cycle), by=group_hr.user, at=NINE)
    told = {notice.recipient: notice for notice in Notice.objects.filter(key=f"seat:{change.pk}")}
    assert {user: notice.kind for user, notice in told.items()} == {
        change.examiner.user: "grading_seat_taken",
        change.leaver.user: "grading_seat_given_up",
    }
    assert all("住院" in words_of(notice)[1] for notice in each(told.values()))


@pytest.mark.parametrize("state", ["marking", "ratified"])
def test_an_examiner_who_left_is_named_with_the_way_out(state):
    cycle = make_cycle(state, people=2)
    member = cycle.panel.get(seat="service_manager")
    Employee.objects.filter(pk=member.examiner_id).update(status="left", left_on=NINE.date())
    with translation.override("en"):
        said = [line for line in missing_for(cycle) if "has left" in line]
    assert len(said) == 1
    assert member.examiner.name in said[0]
    assert ("back to marking" in said[0]) == (state == "ratified")


def test_nobody_else_for_a_seat_is_said_in_words(client, cycle):
    client.force_login(cycle.opened_by)
    url = reverse("seat_again", args=[cycle.panel.get(seat="service_manager").pk])
    assert "Nobody else can take this seat" in client.get(url, headers={"accept-language": "en"}).text
    make_employee("service_manager")
    assert "Nobody else can take this seat" not in client.get(url, headers={"accept-language": "en"}).text


def test_two_who_let_each_other_in_lately_give_no_seat_again(cycle, group_hr):
    proposer = make_employee("hr_officer")
    proposal = hire_employee(
        dealer=cycle.dealer, position=make_position("hr_officer"), number="HRB", name="乙", hired_on=NINE.date(), by=proposer.user, at=NINE
    )
    newcomer = confirm_proposal(proposal=proposal, by=group_hr.user, at=NINE)
    change = propose(cycle, by=proposer.user)
    with pytest.raises(WrongHands):
        confirm_seat(change=change, by=newcomer.user, at=NINE + timedelta(days=29))
    assert confirm_seat(change=change, by=group_hr.user, at=NINE + timedelta(days=29)).confirmed_at


@pytest.mark.parametrize("what", ["left", "moved to another dealer", "other post"])
def test_a_seat_proposed_by_someone_who_has_lost_the_right_is_not_confirmed(cycle, group_hr, what):
    proposer = make_employee("hr_officer")
    propose(cycle, by=proposer.user)
    if what == "left":
        type(proposer.user).objects.filter(pk=proposer.user.pk).update(is_active=False)
    elif what == "other post":
        proposer.user.groups.clear()
    else:
        type(proposer).objects.filter(pk=proposer.pk).update(dealer=make_dealer("YT02"))
    with pytest.raises(WrongHands):
        confirm_seat(change=SeatChange.objects.get(), by=group_hr.user, at=NINE)


def test_a_change_of_a_seat_that_waited_a_month_is_proposed_anew(cycle, group_hr):
    change = propose(cycle)
    with pytest.raises(Refused):
        confirm_seat(change=change, by=group_hr.user, at=NINE + timedelta(days=31))


def test_one_change_of_a_seat_waits_at_a_time_and_is_decided_once(cycle, group_hr):
    change = propose(cycle)
    with pytest.raises(Refused, match="确认"):
        propose(cycle)
    withdraw_seat(change=change, by=group_hr.user, at=NINE)
    for act in (withdraw_seat, confirm_seat):
        with pytest.raises(WrongState):
            act(change=change, by=group_hr.user, at=NINE)
    assert propose(cycle).is_open


def test_a_change_is_withdrawn_by_those_who_take_the_cycle_on(cycle, group_hr):
    change = propose(cycle)
    elsewhere = make_employee("hr_officer", dealer=make_dealer("YT09")).user
    for by in each([None, elsewhere, change.leaver.user, change.examiner.user, candidate(cycle).employee.user]):
        with pytest.raises(WrongHands):
            withdraw_seat(change=change, by=by, at=NINE)
    assert SeatChange.objects.get().is_open


def test_a_proposal_is_confirmed_as_it_was_made_and_stays_on_record(cycle, group_hr):
    change, stranger = propose(cycle), make_employee("service_manager")
    actions_of = [lambda: SeatChange.objects.update(examiner=stranger), lambda: SeatChange.objects.all().delete()]
    for act in actions_of:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    confirm_seat(change=change, by=group_hr.user, at=NINE)
    for act in each((*actions_of, lambda: SeatChange.objects.update(confirmed_at=None, confirmed_by=None))):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


@pytest.mark.parametrize("state", ["ratified", "published"])
def test_from_the_signing_on_no_seat_is_given_again(cycle, group_hr, state):
    change = propose(cycle)
    score_by_all(candidate(cycle))
    ratify(cycle)
    bring_to(Cycle.objects.get(), state, by=cycle.opened_by)
    with pytest.raises(WrongState):
        confirm_seat(change=SeatChange.objects.get(), by=group_hr.user, at=NINE)
    assert not cycle.panel.filter(examiner=change.examiner).exists()


def test_the_database_lets_nobody_past_the_two(cycle):
    change, stranger = propose(cycle), make_employee("service_manager")
    for examiner in (change.examiner, stranger):
        with pytest.raises(IntegrityError, match="two people"), transaction.atomic():
            PanelMember.objects.filter(cycle=cycle, seat="service_manager").update(examiner=examiner)
    with pytest.raises(IntegrityError), transaction.atomic():
        PanelMember.objects.filter(cycle=cycle, seat="service_manager").delete()
    assert not candidates_do_not_examine().exists()


def test_a_withdrawn_change_stays_withdrawn(cycle, group_hr):
    withdraw_seat(change=propose(cycle), by=group_hr.user, at=NINE)
    with pytest.raises(IntegrityError, match="once"), transaction.atomic():
        SeatChange.objects.update(withdrawn_at=None, withdrawn_by=None)


def test_a_confirmed_change_gives_the_seat_to_whom_it_names_and_no_other(cycle, group_hr):
    change, stranger = propose(cycle), make_employee("service_manager")
    SeatChange.objects.update(confirmed_at=NINE, confirmed_by=group_hr.user)
    seat = PanelMember.objects.filter(cycle=cycle, seat="service_manager")
    with pytest.raises(IntegrityError, match="two people"), transaction.atomic():
        seat.update(examiner=stranger)
    with pytest.raises(IntegrityError, match="two people"), transaction.atomic():
        PanelMember.objects.filter(cycle=cycle, seat="oem_technical_coach").update(examiner=change.examiner)
    assert seat.update(examiner=change.examiner) == 1


def test_group_hr_finds_the_proposal_on_today_and_confirms_it_on_the_page(cycle, group_hr, sign_in):
    client = sign_in(cycle.opened_by.employee)
    url = reverse("seat_again", args=[cycle.panel.get(seat="service_manager").pk])
    examiner = make_employee("service_manager")
    refused = client.post(url, {"examiner": examiner.pk, "reason": " "})
    assert refused.status_code == 200
    assert refused.context["form"].errors["reason"]
    assert client.post(url, {"examiner": examiner.pk, "reason": "住院"}).status_code == 302
    confirm = reverse("seat_confirm", args=[SeatChange.objects.get().pk])
    assert confirm not in client.get(reverse("cycle", args=[cycle.pk])).text
    assert any("住院" in item["text"] for item in due_for(group_hr, NINE))
    client = sign_in(group_hr)
    assert confirm in client.get(reverse("cycle", args=[cycle.pk])).text
    client.post(confirm)
    assert cycle.panel.get(seat="service_manager").examiner == examiner


def test_a_missing_sheet_is_excused_on_the_page(cycle, sign_in):
    score(candidate(cycle), marker=members(cycle)[0].examiner)
    client = sign_in(cycle.opened_by.employee)
    url = reverse("sheets_excuse", args=[members(cycle)[1].pk])
    assert candidate(cycle).employee.name in client.get(url).text
    assert client.post(url, {"reason": ""}).status_code == 200
    assert client.post(url, {"reason": "外出"}).status_code == 302
    assert MissingSheet.objects.get().examiner == members(cycle)[1].examiner


@pytest.mark.parametrize(
    ("names", "zh", "en"),
    [
        (["甲", "乙", "丙"], "甲、乙、丙", "甲, 乙, 丙"),
        (["甲", "乙", "丙", "丁"], "甲、乙、丙及另外 1 人", "甲, 乙, 丙 and 1 more"),
        (["甲", "乙", "丙", "丁", "戊"], "甲、乙、丙及另外 2 人", "甲, 乙, 丙 and 2 more"),
    ],
)
def test_of_many_names_a_few_are_said_and_how_many_there_are(names, zh, en):
    for language, words in each([("zh-hans", zh), ("en", en)]):
        with translation.override(language):
            assert some(names) == words
