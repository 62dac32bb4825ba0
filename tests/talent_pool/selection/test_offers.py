"""An offer is checked against the clauses, answered once, and makes staff of the same record on the first day (C4, C5)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import translation

from lms.audit.models import Event
from lms.common.integrity import findings
from lms.common.states import Refused, WrongHands, WrongState
from lms.notifications.models import Notice
from lms.people.actions.departures import record_departure
from lms.people.actions.details import change_status
from lms.people.models import Employee, EmploymentEvent
from lms.people.queries import contract_of
from talent_pool.interns.actions.ending import end_early
from talent_pool.interns.actions.terms import set_terms
from talent_pool.labour.models import MinimumWage
from talent_pool.selection.actions.offers import CannotOffer, accept_offer, decline_offer, withdraw_offer
from talent_pool.selection.actions.probation import begin_probation, close_left, confirm_probation, end_probation
from talent_pool.selection.actions.reminders import remind_probations
from talent_pool.selection.due import for_hr, own_offer
from talent_pool.selection.facts import probations
from talent_pool.selection.models import Offer
from tests.each import each
from tests.factories import (
    FIRST_DAY,
    PASSED_AT,
    hr_of,
    make_accepted,
    make_bands,
    make_batch,
    make_dealer,
    make_employee,
    make_finished_batch,
    make_offered,
    make_on_probation,
    make_passed,
    make_placement,
    make_ranking,
    offered,
)
from tests.talent_pool.selection.racing import at_once

pytestmark = pytest.mark.django_db
AT = PASSED_AT + timedelta(hours=1)
MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def placement():
    found = make_passed(make_finished_batch(), name="甲")
    make_ranking(found.batch)
    return found


def hands(offer):
    return hr_of(offer.dealer)


# --- Making an offer -------------------------------------------------------------------------------------------------


def test_an_offer_moves_the_placement_and_tells_the_person(placement):
    offer = offered(placement)
    placement.refresh_from_db()
    assert (offer.status, placement.stage, offer.ranked.place) == ("offered", "offered", 1)
    assert Notice.objects.get(kind="offer_made").recipient == placement.person.user
    assert Event.objects.get(verb="offer.made").after["probation_until"] == "2027-05-24"


# Contract until, the last day of probation that the clause allows, the clause's own words of what is found.
LENGTHS = [
    (date(2029, 11, 24), date(2027, 5, 24)),  # three years: six months
    (date(2029, 11, 23), date(2027, 1, 24)),  # a day less: two months
    (date(2027, 11, 24), date(2027, 1, 24)),  # a year: two months
    (date(2027, 11, 23), date(2026, 12, 24)),  # a day less: one month
    (date(2027, 2, 24), date(2026, 12, 24)),  # three months: one month
]


@pytest.mark.parametrize(("until", "last"), LENGTHS)
def test_a_probation_lasts_as_long_as_the_contract_allows_and_not_a_day_longer(placement, until, last):
    with pytest.raises(CannotOffer, match=r"Clause: .*19"):
        offered(placement, contract_until=until, probation_until=last + timedelta(days=1))
    placement.refresh_from_db()
    assert placement.stage == "passed"
    assert offered(placement, contract_until=until, probation_until=last).status == "offered"


@pytest.mark.parametrize("terms", [{"contract_until": date(2027, 2, 23)}, {"contract": "task", "contract_until": None}])
def test_a_short_contract_and_one_for_a_task_have_no_probation(placement, terms):
    with pytest.raises(CannotOffer, match="can't have a probation"):
        offered(placement, probation_until=date(2026, 12, 1), **terms)
    assert offered(placement, probation_until=None, **terms).status == "offered"


def test_an_open_contract_has_no_end_whatever_is_given(placement):
    assert offered(placement, contract="open").contract_until is None


def test_pay_on_probation_is_at_least_eighty_per_cent_of_what_is_agreed(placement):
    with pytest.raises(CannotOffer, match="the lowest allowed is ¥3,600"):
        offered(placement, probation_pay=Decimal("3599.99"))
    assert offered(placement, probation_pay=Decimal(3600)).status == "offered"


def test_or_the_lowest_grade_of_the_same_post(placement):
    make_bands(placement.batch.dealer)  # technicians begin at 4,200
    with pytest.raises(CannotOffer, match="the lowest allowed is ¥4,200"):
        offered(placement, agreed_pay=Decimal(6000), probation_pay=Decimal("4199.99"))
    assert offered(placement, agreed_pay=Decimal(6000), probation_pay=Decimal(4200)).status == "offered"


def test_the_local_minimum_wage_is_the_floor_of_all(placement):
    MinimumWage.objects.create(
        dealer=placement.batch.dealer, from_on=date(2026, 1, 1), amount=Decimal(2490), source="市政府公布", set_at=PASSED_AT,
        set_by=hr_of(placement.batch.dealer),
    )  # fmt: skip
    with pytest.raises(CannotOffer, match="local minimum wage is ¥2,490"):
        offered(placement, agreed_pay=Decimal(2500), probation_pay=Decimal("2489.99"))
    assert offered(placement, agreed_pay=Decimal(2500), probation_pay=Decimal(2490)).status == "offered"


def test_a_contract_that_is_only_probation_is_refused(placement):
    with pytest.raises(CannotOffer, match="consists of the probation only"):
        offered(placement, contract_until=date(2026, 12, 24), probation_until=date(2026, 12, 24))


def test_whoever_had_a_probation_here_has_no_second_one(placement):
    """A rehired intern: on probation here two years ago."""
    EmploymentEvent.objects.create(
        employee=placement.person, kind="contract", on=date(2025, 9, 1), dealer=placement.batch.dealer,
        position=placement.person.position, contract_from=date(2025, 9, 1), probation_until=date(2025, 10, 31),
    )  # fmt: skip
    with pytest.raises(CannotOffer, match=r"had a probation at this employer before.*Clause: .*19"):
        offered(placement)
    assert offered(placement, probation_until=None).status == "offered"


def test_a_probation_at_another_dealer_is_no_second_one(placement):
    EmploymentEvent.objects.create(
        employee=placement.person, kind="contract", on=date(2025, 9, 1), dealer=make_dealer("YT02"),
        position=placement.person.position, contract_from=date(2025, 9, 1), probation_until=date(2025, 10, 31),
    )  # fmt: skip
    assert offered(placement).status == "offered"


WRONG_TERMS = [
    ({"contract_from": date(2026, 10, 30)}, "The contract begins after it", "contract_from"),
    ({"contract_from": date(2026, 11, 10)}, "on a day that is over", "contract_from"),
    ({"contract_until": None}, "has a last day", "contract_until"),
    ({"contract_until": date(2026, 11, 1)}, "ends before it begins", "contract_until"),
    ({"probation_until": date(2026, 11, 1)}, "ends before the contract begins", "probation_until"),
    ({"position": "hr_officer"}, "leads or signs", "position"),
    ({"position": "workshop_supervisor"}, "leads or signs", "position"),
    ({"position": "intern"}, "not one of staff", "position"),
]


@pytest.mark.parametrize(("terms", "why", "field"), WRONG_TERMS)
def test_terms_that_cannot_be_are_refused_at_their_field(placement, terms, why, field):
    with pytest.raises(CannotOffer, match=why) as refused:
        offered(placement, **terms)
    assert refused.value.field == field
    assert not Offer.objects.exists()


def test_whose_birth_date_was_erased_once_it_had_proved_their_age_is_employed(placement):
    student = placement.person.student
    student.born_on, student.born_erased_at = None, AT
    student.save()
    assert offered(placement).status == "offered"


def test_whose_birth_date_nobody_ever_entered_is_not(placement):
    type(placement.person.student).objects.update(born_on=None)
    placement.person.refresh_from_db()
    with pytest.raises(CannotOffer, match="birth date"):
        offered(placement)


def test_nobody_outside_the_ranking_is_offered_anything():
    late = make_passed(make_finished_batch())
    with pytest.raises(CannotOffer, match="not in the latest ranking"):
        offered(late)


def test_nobody_without_a_place_is_offered_anything():
    lacking = make_passed(make_finished_batch(), graduation=None)
    make_ranking(lacking.batch)
    with pytest.raises(CannotOffer, match="a grade is missing"):
        offered(lacking)


def test_nobody_in_an_open_tie_is_offered_anything(placement):
    batch = make_finished_batch()
    one, _other = make_passed(batch), make_passed(batch)
    make_ranking(batch)
    with pytest.raises(CannotOffer, match="shares place 1"):
        offered(one)


def test_there_is_one_offer_at_a_time(placement):
    offered(placement)
    with pytest.raises(Refused):
        offered(placement)
    assert Offer.objects.count() == 1


def test_nobody_but_hr_offers_and_nobody_offers_themselves(placement):
    for who in each(["general_manager", "service_manager", "advisor"]):
        with pytest.raises(WrongHands):
            offered(placement, by=make_employee(who).user)
    with pytest.raises(WrongHands):
        offered(placement, by=make_employee("hr_officer", dealer=make_dealer("YT02")).user)
    hr = make_employee("hr_officer")
    placement.person = hr
    placement.save()
    with pytest.raises(WrongHands):
        offered(placement, by=hr.user)


# --- The answer ------------------------------------------------------------------------------------------------------


def test_the_intern_accepts_and_whoever_offered_it_is_told():
    offer = make_offered()
    accept_offer(offer=offer, by=offer.placement.person.user, at=AT)
    offer.refresh_from_db()
    assert (offer.status, offer.answered_by) == ("accepted", offer.placement.person.user)
    assert Notice.objects.get(kind="offer_accepted").recipient == offer.offered_by


def test_hr_writes_down_what_they_said():
    offer = make_offered()
    accept_offer(offer=offer, by=hands(offer), at=AT)
    assert not Notice.objects.filter(kind="offer_accepted").exists()
    assert Event.objects.get(verb="offer.accepted").actor == hands(offer)


def test_nobody_else_answers_for_them():
    offer = make_offered()
    for who in each([make_employee("general_manager"), make_employee("intern"), make_employee("hr_officer", dealer=make_dealer("YT02"))]):
        with pytest.raises(WrongHands):
            accept_offer(offer=offer, by=who.user, at=AT)
        with pytest.raises(WrongHands):
            decline_offer(offer=offer, reason="不去", by=who.user, at=AT)


def test_whoever_declines_is_a_student_again_and_need_not_say_why():
    offer = make_offered()
    decline_offer(offer=offer, by=offer.placement.person.user, at=MORNING)
    offer.placement.refresh_from_db()
    person = Employee.objects.get(pk=offer.placement.person_id)
    assert (offer.placement.stage, person.kind) == ("declined", "student")
    assert Notice.objects.get(kind="offer_declined").recipient == offer.offered_by


def test_hr_says_why_they_declined():
    offer = make_offered()
    with pytest.raises(CannotOffer, match="Say why"):
        decline_offer(offer=offer, reason=" ", by=hands(offer), at=MORNING)
    decline_offer(offer=offer, reason="升学", by=hands(offer), at=MORNING)
    assert Offer.objects.get().closed_reason == "升学"


def test_whoever_declined_may_be_offered_something_else():
    offer = make_offered()
    decline_offer(offer=offer, by=offer.placement.person.user, at=MORNING)
    assert offered(offer.placement, position="advisor", at=MORNING).status == "offered"


def test_a_withdrawn_offer_leaves_someone_who_passed():
    offer = make_accepted()
    withdraw_offer(offer=offer, reason="岗位取消", by=hands(offer), at=AT)
    offer.placement.refresh_from_db()
    assert (Offer.objects.get().status, offer.placement.stage) == ("withdrawn", "passed")
    assert Notice.objects.get(kind="offer_withdrawn").recipient == offer.placement.person.user


def test_an_offer_is_answered_once():
    offer = make_offered()
    decline_offer(offer=offer, by=offer.placement.person.user, at=MORNING)
    with pytest.raises(WrongState):
        accept_offer(offer=offer, by=offer.placement.person.user, at=MORNING)
    with pytest.raises(WrongState):
        withdraw_offer(offer=offer, reason="晚了", by=hands(offer), at=MORNING)


# --- The first day ---------------------------------------------------------------------------------------------------


def test_the_first_day_makes_staff_of_the_same_record():
    offer = make_on_probation(number="T9001")
    person = Employee.objects.get(pk=offer.placement.person_id)
    assert (person.kind, person.number, person.status, person.position.code) == ("staff", "T9001", "probation", "technician")
    assert (person.user.username, person.technical_level) == ("T9001", 0)
    assert person.student.code
    dates = contract_of(person)
    assert (dates["contract_from"], dates["contract_until"], dates["probation_until"]) == (FIRST_DAY, date(2029, 11, 24), date(2027, 5, 24))
    offer.placement.refresh_from_db()
    assert (offer.status, offer.placement.stage) == ("probation", "probation")


def test_before_the_first_day_it_does_not_begin():
    offer = make_accepted()
    with pytest.raises(CannotOffer, match="begins on 25 Nov 2026"):
        begin_probation(offer=offer, number="T9001", by=hands(offer), at=MORNING - timedelta(days=1))


def test_whoever_has_not_answered_does_not_begin():
    offer = make_offered()
    with pytest.raises(CannotOffer, match="has not answered"):
        begin_probation(offer=offer, number="T9001", by=hands(offer), at=MORNING)


def test_a_number_that_is_taken_or_missing_is_refused_at_its_field():
    offer = make_accepted()
    taken = make_employee("advisor").number
    for number in each([taken, ""]):
        with pytest.raises(CannotOffer) as refused:
            begin_probation(offer=offer, number=number, by=hands(offer), at=MORNING)
        assert refused.value.field == "number"
    assert Offer.objects.get().status == "accepted"


def test_without_a_probation_they_are_confirmed_at_once():
    offer = make_on_probation(probation_until=None)
    person = Employee.objects.get(pk=offer.placement.person_id)
    assert (offer.status, person.status) == ("confirmed", "active")


# --- The end of the probation ----------------------------------------------------------------------------------------


def test_whoever_is_confirmed_is_active_and_hears_of_it():
    offer = make_on_probation()
    confirm_probation(offer=offer, by=hands(offer), at=MORNING)
    offer.placement.refresh_from_db()
    person = Employee.objects.get(pk=offer.placement.person_id)
    assert (offer.placement.stage, person.status) == ("confirmed", "active")
    assert Notice.objects.get(kind="probation_confirmed").recipient == person.user


def test_whose_probation_is_ended_has_left_with_the_reason():
    offer = make_on_probation()
    end_probation(offer=offer, left_on=FIRST_DAY, reason="不能胜任", by=hands(offer), at=MORNING)
    person = Employee.objects.get(pk=offer.placement.person_id)
    line = person.history.get(kind="left")
    assert (person.status, line.leaving, line.reason) == ("left", "dismissed", "不能胜任")
    assert Offer.objects.get().status == "ended"


def test_a_probation_is_not_ended_without_a_reason_ahead_or_after_it_is_over():
    offer = make_on_probation()
    late = datetime(2027, 6, 1, 2, 0, tzinfo=UTC)
    for left_on, reason, at, why in each(
        [
            (FIRST_DAY, "", MORNING, "Say why"),
            (FIRST_DAY + timedelta(days=1), "不能胜任", MORNING, "still to come"),
            (date(2027, 5, 25), "不能胜任", late, "ended on 24 May 2027"),
        ]
    ):
        with pytest.raises(CannotOffer, match=why):
            end_probation(offer=offer, left_on=left_on, reason=reason, by=hands(offer), at=at)


def test_nobody_decides_on_their_own_probation():
    offer = make_on_probation()
    hr = make_employee("hr_officer")
    Employee.objects.filter(pk=offer.placement.person_id).update(user=None)
    Employee.objects.filter(pk=hr.pk).update(user=None)
    Employee.objects.filter(pk=offer.placement.person_id).update(user=hr.user)
    with pytest.raises(WrongHands):
        confirm_probation(offer=offer, by=type(hr.user).objects.get(pk=hr.user.pk), at=MORNING)


def test_who_leaves_by_the_page_of_people_ends_the_probation_by_night():
    offer = make_on_probation()
    record_departure(employee=offer.placement.person, left_on=FIRST_DAY, leaving="resigned", reason="回家", by=hands(offer), at=MORNING)
    assert close_left(at=MORNING) == 1
    assert (Offer.objects.get().status, Offer.objects.get().closed_reason) == ("ended", "回家")
    assert close_left(at=MORNING) == 0


MARKS = [(31, 0), (30, 1), (8, 1), (7, 1), (0, 1), (-1, 0)]


@pytest.mark.parametrize(("days", "told"), MARKS)
def test_hr_is_warned_at_thirty_and_at_seven_days(days, told):
    offer = make_on_probation()
    hr_of(offer.dealer)
    at = datetime(2027, 5, 24, 2, 0, tzinfo=UTC) - timedelta(days=days)
    assert remind_probations(at=at) == told
    assert remind_probations(at=at) == 0


def test_both_marks_warn_once_each():
    make_on_probation()
    end = datetime(2027, 5, 24, 2, 0, tzinfo=UTC)
    assert sum(remind_probations(at=end - timedelta(days=days)) for days in range(40, -5, -1)) == 2


# --- Today, the rule check, integrity --------------------------------------------------------------------------------


def test_the_intern_s_today_asks_for_the_answer():
    offer = make_offered()
    (line,) = own_offer(offer.placement.person, AT)
    assert line["url"] == reverse("my_offer")
    accept_offer(offer=offer, by=offer.placement.person.user, at=AT)
    assert own_offer(offer.placement.person, AT) == []


def test_hr_s_today_asks_for_first_days_and_for_probations_that_end():
    offer = make_accepted()
    hr = hands(offer).employee
    assert [line["title"] for line in for_hr(hr, MORNING)] == ["1 first day to record"]
    begin_probation(offer=offer, number="T9001", by=hr.user, at=MORNING)
    assert list(for_hr(hr, MORNING)) == []
    soon = datetime(2027, 5, 1, tzinfo=UTC)
    assert [line["title"] for line in for_hr(hr, soon)] == ["1 probation to confirm or end"]
    over = datetime(2027, 5, 26, tzinfo=UTC)
    assert [line["text"] for line in for_hr(hr, over)] == ["1 is over without a decision."]


def test_the_rule_check_hears_of_offers_and_probations_in_few_statements(django_assert_max_num_queries):
    dealer = make_dealer()
    offers = [make_offered(dealer), make_on_probation(dealer)]
    with django_assert_max_num_queries(6):
        facts = list(probations(dealers=[dealer.pk], on=FIRST_DAY))
    assert {one.person for one in facts} == {offer.placement.person_id for offer in offers}
    assert {one.earlier_probations for one in facts} == {()}
    assert list(probations(dealers=[dealer.pk + 1], on=FIRST_DAY)) == []


def test_what_the_actions_leave_behind_is_whole():
    make_offered()
    make_on_probation()
    done = make_on_probation()
    confirm_probation(offer=done, by=hands(done), at=MORNING)
    gone = make_on_probation()
    end_probation(offer=gone, left_on=FIRST_DAY, reason="不能胜任", by=hands(gone), at=MORNING)
    assert [(rule.name, culprit) for rule, culprit in findings() if rule.name.startswith("selection.")] == []


def test_integrity_finds_a_stage_that_its_offer_does_not_bear_out():
    offer = make_offered()
    type(offer.placement).objects.filter(pk=offer.placement_id).update(stage="confirmed")
    assert {"selection.stages_follow_offers"} == {rule.name for rule, _culprit in findings() if rule.name.startswith("selection.")}


# --- Pages -----------------------------------------------------------------------------------------------------------


def test_hr_makes_an_offer_on_the_page_and_reads_the_quota(sign_in, placement):
    client = sign_in(make_employee("hr_officer"))
    url = reverse("offer_new", args=[placement.pk])
    assert "20 places a year" in client.get(url).text
    sent = {
        "position": make_employee("technician").position_id, "contract": "fixed", "contract_from": "2026-11-25",
        "contract_until": "2029-11-24", "probation_until": "2027-05-25", "probation_pay": "4000", "agreed_pay": "4500",
    }  # fmt: skip
    assert "Clause:" in client.post(url, sent).text
    response = client.post(url, sent | {"probation_until": "2027-05-24"})
    assert response.url == reverse("offer", args=[Offer.objects.get().pk])


def test_the_intern_reads_the_pay_and_accepts_on_the_phone(sign_in):
    offer = make_offered()
    client = sign_in(offer.placement.person)
    assert "¥4,500" in client.get(reverse("my_offer")).text
    assert "You have accepted" in client.post(reverse("my_offer"), {"accept": "yes"}, follow=True).text
    assert Offer.objects.get().status == "accepted"


def test_the_intern_declines_on_the_phone(sign_in):
    offer = make_offered()
    client = sign_in(offer.placement.person)
    client.post(reverse("my_offer"), {"decline": "yes", "reason": "升学"})
    assert Offer.objects.get().closed_reason == "升学"


def test_whoever_was_offered_nothing_reads_what_will_stand_there(sign_in):
    assert "No offer yet" in sign_in(make_employee("intern")).get(reverse("my_offer")).text


def test_managers_see_the_offer_without_its_pay(sign_in):
    offer = make_offered()
    page = sign_in(make_employee("service_manager")).get(reverse("offer", args=[offer.pk])).text
    assert "Technician" in page
    assert "4,500" not in page
    assert "Withdraw the offer" not in page


def test_a_look_at_the_pay_of_an_offer_is_logged(sign_in):
    offer = make_offered()
    sign_in(make_employee("hr_officer")).get(reverse("offer", args=[offer.pk]))
    assert Event.objects.get(verb="pay.viewed").target_id == str(offer.placement.person_id)


STEPS = [
    (make_offered, "accept", {}, "accepted"),
    (make_offered, "decline", {"decline-reason": "升学"}, "declined"),
    (make_offered, "withdraw", {"withdraw-reason": "岗位取消"}, "withdrawn"),
    (make_accepted, "begin", {"begin-number": "T9001"}, "probation"),
    (make_on_probation, "confirm", {}, "confirmed"),
    (make_on_probation, "end", {"end-left_on": "2026-11-25", "end-leaving": "resigned", "end-reason": "回家"}, "ended"),
]


@pytest.mark.parametrize(("maker", "act", "sent", "status"), STEPS)
def test_hr_takes_each_step_on_the_page(sign_in, maker, act, sent, status):
    offer = maker()
    client = sign_in(make_employee("hr_officer"))
    assert reverse("offer_act", args=[offer.pk, act]) in client.get(reverse("offer", args=[offer.pk])).text
    assert client.post(reverse("offer_act", args=[offer.pk, act]), sent).status_code == 302
    assert Offer.objects.get().status == status


def test_a_refused_step_keeps_what_was_typed(sign_in):
    offer = make_accepted()
    taken = make_employee("advisor").number
    text = sign_in(make_employee("hr_officer")).post(reverse("offer_act", args=[offer.pk, "begin"]), {"begin-number": taken}).text
    assert f'value="{taken}"' in text
    assert "already; choose another" in text


def test_no_other_step_is_known(sign_in):
    offer = make_offered()
    assert sign_in(make_employee("hr_officer")).post(reverse("offer_act", args=[offer.pk, "bless"])).status_code == 404


@pytest.mark.parametrize("number", [1, 6])
def test_the_pages_take_few_statements(sign_in, number, django_assert_max_num_queries):
    for _one in range(number):
        offer = make_offered()
    client = sign_in(make_employee("hr_officer"))
    client.get(reverse("offers"))
    for url in each([reverse("offers"), reverse("offer", args=[offer.pk]), reverse("batch_ranking", args=[offer.placement.batch_id])]):
        with django_assert_max_num_queries(15):
            assert client.get(url).status_code == 200


# --- Two at once -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(connection.vendor != "postgresql", reason="real threads need PostgreSQL")
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_offering_to_one_person_at_once_one_does_and_the_other_gets_a_sentence():
    found = make_passed(make_finished_batch())
    make_ranking(found.batch)
    hands_of_two = hr_of(found.batch.dealer), make_employee("group_hr").user
    results = at_once(*(lambda by=by: offered(found, by=by) for by in hands_of_two))
    assert sorted(type(one).__name__ for one in results) == ["Offer", "str"]
    assert Offer.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="real threads need PostgreSQL")
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_declining_and_withdrawing_at_once_one_wins():
    offer = make_offered()
    results = at_once(
        lambda: decline_offer(offer=offer, by=offer.placement.person.user, at=MORNING),
        lambda: withdraw_offer(offer=offer, reason="岗位取消", by=hands(offer), at=MORNING),
    )
    assert sorted(type(one).__name__ for one in results) == ["Offer", "str"]
    assert Offer.objects.get().status in ("declined", "withdrawn")


# --- What would leave an offer hanging --------------------------------------------------------------------------------


def test_an_internship_does_not_end_beside_an_open_offer():
    offer = make_offered()
    hr, placement = hr_of(offer.dealer), offer.placement
    with pytest.raises(Refused, match="has an open offer"):
        end_early(placement=placement, ended_on=date(2026, 10, 1), reason="另有安排", by=hr, at=AT)
    withdraw_offer(offer=offer, reason="另有安排", by=hr, at=AT)
    assert end_early(placement=placement, ended_on=date(2026, 10, 1), reason="另有安排", by=hr, at=AT).stage == "ended"
    assert not [rule.name for rule, _culprit in findings() if rule.name.startswith("selection.")]


def test_an_internship_is_not_stretched_over_the_contract_that_is_offered():
    offer = make_offered()
    with pytest.raises(Refused, match="Withdraw the offer first"):
        set_terms(placement=offer.placement, ends_on=FIRST_DAY, by=hr_of(offer.dealer), at=AT)
    offer.placement.refresh_from_db()
    assert offer.placement.ends_on < offer.contract_from


def test_whoever_has_left_is_offered_nothing_and_what_they_declined_is_recorded(placement):
    offer = make_offered()
    hr = hr_of(offer.dealer)
    for person in (offer.placement.person, placement.person):
        record_departure(employee=person, left_on=date(2026, 11, 20), leaving="resigned", reason="另有去处", by=hr, at=MORNING)
    with pytest.raises(CannotOffer, match="has left, so nothing can be offered"):
        offered(placement)
    assert decline_offer(offer=offer, reason="已离开", by=hr, at=MORNING).status == "declined"
    assert Employee.objects.get(pk=offer.placement.person_id).status == "left"


def second_internship(person, batch, **values):
    hr = hr_of(batch.dealer)
    done = {"internship_score": Decimal(80), "decided_at": PASSED_AT, "decided_by": hr} if values.get("stage") == "passed" else {}
    return make_placement(batch, person.student, started_at=PASSED_AT, started_by=hr, **done, **values)


def test_whoever_is_staff_by_another_offer_is_offered_nothing_more():
    offer = make_on_probation()
    second = second_internship(offer.placement.person, make_finished_batch(offer.dealer), stage="passed")
    make_ranking(second.batch)
    with pytest.raises(CannotOffer, match="is staff already"):
        offered(second, probation_until=None)


def test_nobody_begins_a_probation_while_an_intern_elsewhere():
    offer = make_accepted()
    hr = hr_of(offer.dealer)
    second = second_internship(offer.placement.person, make_batch(dealer=offer.dealer), stage="under_way")
    with pytest.raises(Refused, match="End that internship first"):
        begin_probation(offer=offer, number="N1", by=hr, at=MORNING)
    end_early(placement=second, ended_on=date(2026, 11, 24), reason="转为员工", by=hr, at=MORNING)
    assert begin_probation(offer=offer, number="N1", by=hr, at=MORNING).status == "probation"


def test_whoever_is_away_is_confirmed_and_stays_away():
    offer = make_on_probation()
    hr, person = hr_of(offer.dealer), offer.placement.person
    change_status(employee=person, status="on_leave", by=hr, at=MORNING)
    confirm_probation(offer=offer, by=hr, at=MORNING)
    person.refresh_from_db()
    assert (offer.placement.__class__.objects.get(pk=offer.placement_id).stage, person.status) == ("confirmed", "on_leave")


@pytest.mark.parametrize("sql", ["SET probation_pay = 1", "SET contract_until = '2026-12-01'", "SET placement_id = placement_id + 1"])
def test_the_database_keeps_the_terms_that_were_offered(sql):
    make_accepted()
    with pytest.raises(DatabaseError, match="stay as they were offered"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE selection_offer {sql}")


def test_the_database_keeps_an_offer_that_is_over_and_loses_none():
    offer = make_offered()
    withdraw_offer(offer=offer, reason="另有安排", by=hr_of(offer.dealer), at=AT)
    for sql, why in (("UPDATE selection_offer SET status = 'offered'", "stays over"), ("DELETE FROM selection_offer", "stay on record")):
        with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
