"""A batch is ranked by what its people reached, ties are decided by a person with a reason, and nothing of it is rewritten (C4)."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation

from lms.audit.models import Event
from lms.common.shown import Shown, written
from lms.common.states import Refused, WrongHands
from talent_pool.schools.models import Agreement
from talent_pool.selection.actions.rankings import CannotRank, decide_tie, rank_batch
from talent_pool.selection.models import RankedIntern, Ranking, TieDecision
from talent_pool.selection.queries.rankings import tie_shown
from tests.each import each
from tests.factories import (
    PASSED_AT,
    hr_of,
    make_batch,
    make_dealer,
    make_employee,
    make_grade,
    make_group,
    make_passed,
    make_placement,
    make_ranking,
    row_of,
)
from tests.talent_pool.selection.racing import at_once

pytestmark = pytest.mark.django_db
AT = PASSED_AT + timedelta(days=1)


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def batch():
    return make_batch()


@pytest.fixture
def hr(batch):
    return hr_of(batch.dealer)


@pytest.fixture
def tie(batch):
    """A ranking of three: the last two share place 2."""
    make_passed(batch, name="甲", internship="95")
    make_passed(batch, name="乙")
    make_passed(batch, name="丙")
    return make_ranking(batch)


def tied(ranking):
    return list(ranking.places.filter(place=2).order_by("pk").values_list("pk", flat=True))


def decide(ranking, order, by, **values):
    return decide_tie(**{"ranking": ranking, "place": 2, "order": order, "reason": "实操更稳", "by": by, "at": AT} | values)


# --- Ranking ---------------------------------------------------------------------------------------------------------


def test_a_ranking_keeps_the_weights_and_every_part_by_which_it_was_made(batch):
    placement = make_passed(batch, internship="85.55", coursework="80.01", graduation="90.07")
    ranking = make_ranking(batch)
    row = row_of(ranking, placement)
    assert (ranking.weight_internship, ranking.weight_coursework, ranking.weight_graduation) == (50, 30, 20)
    assert (row.internship, row.coursework, row.graduation) == (Decimal("85.55"), Decimal("80.01"), Decimal("90.07"))
    assert (str(row.composite), row.place) == ("84.7920", 1)


def test_only_who_passed_is_ranked(batch):
    passed = make_passed(batch)
    make_passed(batch, stage="not_passed")
    make_placement(batch, stage="under_way")
    assert [row.placement for row in make_ranking(batch).places.all()] == [passed]


def test_who_was_offered_something_since_stays_in_the_order(batch):
    offered = make_passed(batch, stage="offered")
    assert row_of(make_ranking(batch), offered).place == 1


def test_a_missing_grade_is_missing_and_no_nought(batch):
    placement = make_passed(batch, graduation=None)
    row = row_of(make_ranking(batch), placement)
    assert (row.graduation, row.composite, row.place) == (None, None, None)


def test_the_latest_grade_of_a_kind_counts(batch):
    placement = make_passed(batch, coursework="60")
    make_grade(placement.person.student, "coursework", "70", recorded_at=AT)
    assert row_of(make_ranking(batch), placement).coursework == 70


def test_a_batch_of_which_nobody_passed_is_not_ranked(batch, hr):
    make_placement(batch)
    with pytest.raises(CannotRank, match="No one in this batch has passed"):
        rank_batch(batch=batch, by=hr, at=AT)


def test_a_batch_without_an_agreement_has_no_weights(batch, hr):
    make_passed(batch)
    batch.agreement = None
    batch.save()
    with pytest.raises(CannotRank, match="has no agreement"):
        rank_batch(batch=batch, by=hr, at=AT)


def test_where_nothing_changed_the_ranking_holds_and_no_other_is_made(batch, hr):
    make_passed(batch)
    make_ranking(batch)
    with pytest.raises(CannotRank, match="still in force"):
        rank_batch(batch=batch, by=hr, at=AT)
    assert Ranking.objects.count() == 1


def weigh_anew(batch, placement):
    Agreement.objects.filter(pk=batch.agreement_id).update(weight_internship=40, weight_coursework=40)


def grade_anew(batch, placement):
    make_grade(placement.person.student, "graduation", "60", recorded_at=AT)


def another_passes(batch, placement):
    make_passed(batch, name="丁")


@pytest.mark.parametrize("change", [weigh_anew, grade_anew, another_passes])
def test_what_changed_makes_a_new_ranking_beside_the_old_one(batch, hr, change):
    placement = make_passed(batch)
    first = make_ranking(batch)
    before = row_of(first, placement).composite
    change(batch, placement)
    second = rank_batch(batch=batch, by=hr, at=AT)
    assert list(Ranking.objects.filter(batch=batch)) == [second, first]
    assert row_of(first, placement).composite == before


def test_ranking_is_recorded(batch, hr):
    make_passed(batch)
    make_passed(batch, graduation=None)
    ranking = make_ranking(batch)
    event = Event.objects.get(verb="selection.ranked")
    assert (event.actor, event.target_id) == (hr, str(ranking.pk))
    assert event.after["unplaced"] == 1


@pytest.mark.parametrize("position", ["service_manager", "general_manager", "service_supervisor", "advisor"])
def test_nobody_but_hr_ranks(batch, position):
    make_passed(batch)
    with pytest.raises(WrongHands):
        rank_batch(batch=batch, by=make_employee(position).user, at=AT)


def test_hr_of_another_dealer_does_not_rank_and_group_hr_does(batch):
    make_passed(batch)
    with pytest.raises(WrongHands):
        rank_batch(batch=batch, by=make_employee("hr_officer", dealer=make_dealer("YT02")).user, at=AT)
    assert rank_batch(batch=batch, by=make_employee("group_hr").user, at=AT)


def test_group_hr_of_another_group_does_not_rank(batch):
    make_passed(batch)
    elsewhere = make_dealer("XX01", group=make_group("xx"))
    with pytest.raises(WrongHands):
        rank_batch(batch=batch, by=make_employee("group_hr", dealer=elsewhere).user, at=AT)


def test_nobody_ranks_themselves(batch, hr):
    placement = make_passed(batch)
    placement.person = hr.employee
    placement.save()
    with pytest.raises(WrongHands):
        rank_batch(batch=batch, by=hr, at=AT)


# --- Ties ------------------------------------------------------------------------------------------------------------


def test_a_tie_is_decided_with_a_reason_and_recorded_by_name(tie, hr):
    first, second = tied(tie)
    row = decide(tie, [second, first], hr)
    assert (row.order, row.reason, row.decided_by) == ([second, first], "实操更稳", hr)
    assert Event.objects.get(verb="selection.tie_decided").after["order"] == "乙, 丙"


def test_a_later_decision_holds_and_the_first_stays(tie, hr):
    first, second = tied(tie)
    decide(tie, [second, first], hr)
    decide(tie, [first, second], hr, reason="复核后更正")
    assert [one.order for one in TieDecision.objects.all()] == [[second, first], [first, second]]


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_tie_is_not_decided_without_a_reason(tie, hr, reason):
    with pytest.raises(Refused, match="Say why") as refused:
        decide(tie, tied(tie), hr, reason=reason)
    assert refused.value.field == "reason"


def test_a_decision_names_each_of_them_once(tie, hr):
    first, second = tied(tie)
    for order in each([[first], [first, first], [], [first, second, 0]]):
        with pytest.raises(CannotRank, match="different number"):
            decide(tie, order, hr)


def test_where_nobody_shares_a_place_there_is_nothing_to_decide(tie, hr):
    with pytest.raises(CannotRank, match="No one shares place 1"):
        decide(tie, tied(tie), hr, place=1)


def test_the_tie_of_a_ranking_that_was_overtaken_is_not_decided(batch, tie, hr):
    make_passed(batch, name="丁")
    rank_batch(batch=batch, by=hr, at=AT)
    with pytest.raises(CannotRank, match="ranked again"):
        decide(tie, tied(tie), hr)


def test_nobody_decides_a_tie_that_they_are_in(tie, hr):
    row = RankedIntern.objects.get(pk=tied(tie)[0])
    row.placement.person = hr.employee
    row.placement.save()
    with pytest.raises(WrongHands):
        decide(tie, tied(tie), hr)


def test_nobody_but_hr_decides_a_tie(tie):
    with pytest.raises(WrongHands):
        decide(tie, tied(tie), make_employee("general_manager").user)


def test_the_second_to_decide_is_told_what_the_first_decided(tie, hr):
    first, second = tied(tie)
    shown = Shown(json.loads(written(tie_shown(tie, 2))))
    decide(tie, [second, first], hr)
    with pytest.raises(Refused, match="乙, 丙"):
        decide(tie, [first, second], make_employee("hr_officer").user, shown=shown)
    assert TieDecision.objects.count() == 1


# --- The page --------------------------------------------------------------------------------------------------------


def page_of(client, batch, **query):
    return client.get(reverse("batch_ranking", args=[batch.pk]), query)


def test_the_page_shows_the_formula_with_its_numbers_and_each_part(sign_in, batch):
    make_passed(batch, name="甲", internship="85.5", coursework="80", graduation="90")
    make_ranking(batch)
    text = page_of(sign_in(make_employee("hr_officer")), batch).text
    assert "50% × internship + 30% × coursework + 20% × graduation" in text
    assert "50% × 85.5 + 30% × 80 + 20% × 90" in text
    assert "84.75" in text


def test_the_page_names_what_is_missing_and_what_would_bring_it(sign_in, batch):
    make_passed(batch, name="甲", coursework=None, graduation=None)
    make_ranking(batch)
    text = page_of(sign_in(make_employee("hr_officer")), batch).text
    assert "甲: missing coursework, graduation." in text
    assert "The school&#x27;s grade file brings the graduation grade." in text
    assert "30% × missing" in text


def test_a_tie_is_marked_until_it_is_decided(sign_in, batch, tie, hr):
    client = sign_in(make_employee("hr_officer"))
    assert "Tied, not decided" in page_of(client, batch).text
    decide(tie, tied(tie), hr)
    text = page_of(client, batch).text
    assert "Tied, not decided" not in text
    assert "Place 2: 丙, 乙. Reason: 实操更稳" in text


def test_hr_decides_a_tie_on_the_page(sign_in, batch, tie):
    client = sign_in(make_employee("hr_officer"))
    first, second = tied(tie)
    sent = {f"tie2-row_{first}": 2, f"tie2-row_{second}": 1, "tie2-reason": "出勤更好"}
    response = client.post(reverse("tie_decide", args=[tie.pk, 2]), sent)
    assert response.url == reverse("batch_ranking", args=[batch.pk])
    assert TieDecision.objects.get().order == [second, first]


def test_two_of_the_same_number_decide_nothing_and_what_was_typed_stays(sign_in, tie):
    client = sign_in(make_employee("hr_officer"))
    first, second = tied(tie)
    sent = {f"tie2-row_{first}": 1, f"tie2-row_{second}": 1, "tie2-reason": "出勤更好"}
    text = client.post(reverse("tie_decide", args=[tie.pk, 2]), sent).text
    assert "a different number" in text
    assert "出勤更好" in text
    assert not TieDecision.objects.exists()


def test_hr_ranks_on_the_page_and_again_when_something_changed(sign_in, batch):
    placement = make_passed(batch)
    client = sign_in(make_employee("hr_officer"))
    url = reverse("batch_rank", args=[batch.pk])
    assert "1 intern ranked." in client.post(url, follow=True).text
    grade_anew(batch, placement)
    assert "Weights, grades or people have changed since" in page_of(client, batch).text
    client.post(url)
    assert Ranking.objects.count() == 2
    assert "have changed since" not in page_of(client, batch).text


def test_an_earlier_ranking_opens_and_says_that_it_holds_no_longer(sign_in, batch, hr):
    placement = make_passed(batch)
    first = make_ranking(batch)
    grade_anew(batch, placement)
    rank_batch(batch=batch, by=hr, at=AT)
    client = sign_in(make_employee("hr_officer"))
    assert "An earlier ranking" in page_of(client, batch, ranking=first.pk).text
    assert "An earlier ranking" not in page_of(client, batch).text


def test_a_manager_reads_the_ranking_and_finds_no_buttons(sign_in, batch, tie):
    text = page_of(sign_in(make_employee("service_manager")), batch).text
    assert "Tied, not decided" in text
    assert "Decide the tie" not in text


def test_the_file_holds_the_parts_as_they_were(sign_in, batch):
    make_passed(batch, name="甲", graduation=None)
    make_ranking(batch)
    text = page_of(sign_in(make_employee("hr_officer")), batch, export="csv").getvalue().decode("utf-8-sig")
    assert text.splitlines()[1].startswith("none,甲,")
    assert "missing" in text


def test_the_list_of_batches_says_who_waits_and_who_passed(sign_in, batch):
    make_passed(batch)
    make_placement(batch, stage="under_way")
    text = sign_in(make_employee("hr_officer")).get(reverse("selection")).text
    assert batch.name in text
    assert "Not ranked yet" in text


@pytest.mark.parametrize("number", [1, 12])
def test_the_pages_take_few_statements_however_many_are_ranked(sign_in, batch, number, django_assert_max_num_queries):
    for _one in range(number):
        make_passed(batch)
    make_ranking(batch)
    client = sign_in(make_employee("hr_officer"))
    page_of(client, batch)
    for url in each([reverse("selection"), reverse("batch_ranking", args=[batch.pk])]):
        with django_assert_max_num_queries(15):
            assert client.get(url).status_code == 200


# --- Two at once -----------------------------------------------------------------------------------------------------


services = pytest.mark.skipif(connection.vendor != "postgresql", reason="real threads need PostgreSQL")


@services
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_ranking_at_once_one_ranks_and_the_other_reads_that_it_holds():
    batch = make_batch()
    make_passed(batch)
    hr, second = hr_of(batch.dealer), make_employee("group_hr").user
    results = at_once(*(lambda by=by: rank_batch(batch=batch, by=by, at=AT) for by in (hr, second)))
    assert sorted(type(one).__name__ for one in results) == ["Ranking", "str"]
    assert Ranking.objects.count() == 1


@services
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_deciding_one_tie_at_once_the_second_is_told():
    batch = make_batch()
    make_passed(batch, internship="95")
    make_passed(batch)
    make_passed(batch)
    ranking = make_ranking(batch)
    shown = Shown(json.loads(written(tie_shown(ranking, 2))))
    hands = hr_of(batch.dealer), make_employee("group_hr").user
    results = at_once(*(lambda by=by: decide(ranking, tied(ranking), by, shown=shown) for by in hands))
    assert sorted(type(one).__name__ for one in results) == ["TieDecision", "str"]
    assert TieDecision.objects.count() == 1
