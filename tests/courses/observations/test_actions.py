import pytest
from django.db import IntegrityError, connection, transaction

from courses.observations.actions import CannotObserve, answer_observation, correct_observation, record_observation
from courses.observations.choices import Occasion
from courses.observations.models import Checklist, Observation, ObservedItem
from courses.observations.queries import checklists_for, points_of, standing_observations
from lms.audit.models import Event
from lms.common.integrity import findings
from lms.common.states import WrongHands
from lms.common.versions import freeze
from tests.factories import NINE, make_checklist, make_dealer, make_employee, make_rubric_of_points

pytestmark = pytest.mark.django_db
VISIT = Occasion("visit", "7")


@pytest.fixture
def subject():
    return make_employee("advisor")


@pytest.fixture
def observer():
    return make_employee("service_supervisor")


def observe(subject, observer, checklist=None, values=(5, 1), *, occasion=VISIT, by=None, note=""):
    checklist = checklist or make_rubric_of_points()
    given = dict(zip([item.pk for item in checklist.items.order_by("order")], values, strict=False))
    return record_observation(
        subject=subject,
        checklist=checklist,
        observer=observer.user,
        occasion=occasion,
        values=given,
        note=note,
        by=by or observer.user,
        at=NINE,
    )


# -- recording --------------------------------------------------------------------------------------------------------------


def test_an_observation_keeps_who_saw_whom_by_what_and_when(subject, observer):
    row = observe(subject, observer, note="  细致  ")
    assert (row.subject, row.observer, row.at, row.made_for, row.note) == (subject, observer.user, NINE, VISIT, "细致")
    assert [item.value for item in row.items.all()] == [5, 1]
    event = Event.objects.get(verb="observation.recorded")
    assert (event.about, event.actor, event.after["occasion"]) == (subject.pk, observer.user, "visit")


def test_nobody_observes_themselves(observer):
    with pytest.raises(WrongHands, match="never about oneself"):
        observe(observer, observer)


def test_nobody_observes_in_another_name(subject, observer):
    with pytest.raises(WrongHands):
        observe(subject, observer, by=make_employee("service_manager").user)


def test_a_technical_account_observes_nobody(subject, observer, django_user_model):
    admin = django_user_model.objects.create_superuser("root")
    checklist = make_rubric_of_points()
    values = dict.fromkeys(checklist.items.values_list("pk", flat=True), 3)
    with pytest.raises(WrongHands):
        record_observation(subject=subject, checklist=checklist, observer=admin, occasion=VISIT, values=values, by=admin, at=NINE)


def test_an_evaluation_needs_points_for_every_item(subject, observer):
    with pytest.raises(CannotObserve, match="Task 2"):
        observe(subject, observer, values=(5,))


def test_of_steps_those_are_kept_that_were_seen(subject, observer):
    row = observe(subject, observer, freeze(make_checklist(), at=NINE), values=(2,))
    assert [item.value for item in row.items.all()] == [2]


def test_something_has_to_be_marked(subject, observer):
    with pytest.raises(CannotObserve, match="at least one"):
        observe(subject, observer, freeze(make_checklist(), at=NINE), values=())


@pytest.mark.parametrize(("scale", "value"), [("steps", 0), ("steps", 4), ("points", 0), ("points", 6)])
def test_a_value_stays_on_its_scale(subject, observer, scale, value):
    checklist = make_rubric_of_points() if scale == "points" else freeze(make_checklist(), at=NINE)
    with pytest.raises(CannotObserve, match="scale"):
        observe(subject, observer, checklist, values=[value] * checklist.items.count())


def test_an_item_of_another_checklist_is_refused(subject, observer):
    checklist, other = freeze(make_checklist(), at=NINE), freeze(make_checklist(), at=NINE)
    with pytest.raises(CannotObserve, match="another checklist"):
        record_observation(
            subject=subject, checklist=checklist, observer=observer.user, occasion=VISIT, values={other.items.first().pk: 1},
            by=observer.user, at=NINE,
        )  # fmt: skip


# -- correcting ---------------------------------------------------------------------------------------------------------------


def test_what_was_wrong_is_taken_back_and_stays_on_record(subject, observer):
    row = observe(subject, observer)
    correction = correct_observation(observation=row, reason="点错了", by=observer.user, at=NINE)
    assert correction.corrects == row
    assert correction.note == "点错了"
    assert not correction.items.exists()
    assert Observation.objects.count() == 2
    assert not standing_observations("visit", ["7"]).exists()
    assert Event.objects.get(verb="observation.corrected").after["reason"] == "点错了"


def test_a_correction_says_why(subject, observer):
    with pytest.raises(CannotObserve, match="reason"):
        correct_observation(observation=observe(subject, observer), reason="  ", by=observer.user, at=NINE)


def test_a_correction_is_made_once_and_is_not_corrected_itself(subject, observer):
    row = observe(subject, observer)
    correction = correct_observation(observation=row, reason="点错了", by=observer.user, at=NINE)
    with pytest.raises(CannotObserve, match="already"):
        correct_observation(observation=row, reason="点错了", by=observer.user, at=NINE)
    with pytest.raises(CannotObserve, match="correction itself"):
        correct_observation(observation=correction, reason="点错了", by=observer.user, at=NINE)


def test_nobody_takes_back_what_is_said_of_themselves(subject, observer):
    with pytest.raises(WrongHands):
        correct_observation(observation=observe(subject, observer), reason="不对", by=subject.user, at=NINE)


# -- answering ------------------------------------------------------------------------------------------------------------------


def test_the_person_observed_accepts_it_or_says_how_they_see_it(subject, observer):
    first, second = observe(subject, observer), observe(subject, observer)
    answer_observation(observation=first, is_accepted=True, by=subject.user, at=NINE)
    answer_observation(observation=second, is_accepted=False, words="我已独立做过", by=subject.user, at=NINE)
    assert [(row.acceptance.is_accepted, row.acceptance.words) for row in (first, second)] == [(True, ""), (False, "我已独立做过")]


def test_whoever_sees_it_otherwise_says_how(subject, observer):
    with pytest.raises(CannotObserve, match="Say how"):
        answer_observation(observation=observe(subject, observer), is_accepted=False, by=subject.user, at=NINE)


def test_it_is_answered_once_and_by_nobody_else(subject, observer):
    row = observe(subject, observer)
    with pytest.raises(WrongHands):
        answer_observation(observation=row, is_accepted=True, by=observer.user, at=NINE)
    answer_observation(observation=row, is_accepted=True, by=subject.user, at=NINE)
    with pytest.raises(CannotObserve, match="already"):
        answer_observation(observation=row, is_accepted=False, words="不", by=subject.user, at=NINE)


# -- reading ----------------------------------------------------------------------------------------------------------------------


def test_points_are_found_by_occasion_with_what_they_come_to(subject, observer):
    observe(subject, observer, values=(5, 5))
    observe(subject, observer, values=(1, 1), occasion=Occasion("visit", "8"))
    observe(subject, observer, values=(1, 1), occasion=Occasion("other", "7"))
    observe(subject, observer, freeze(make_checklist(), at=NINE), values=(2,))
    found = points_of("visit", [7, 8, 9])
    assert {reference: [one.score for one in rows] for reference, rows in found.items()} == {"7": [100], "8": [20]}


def test_the_number_of_statements_does_not_grow(subject, observer, django_assert_num_queries):
    for number in range(4):
        observe(subject, observer, occasion=Occasion("visit", str(number)))
    with django_assert_num_queries(3):
        assert len(points_of("visit", range(4))) == 4


def test_a_dealer_has_the_checklists_of_everyone_and_its_own():
    ours, theirs = make_dealer("YT01"), make_dealer("YT02")
    shared, own = make_checklist(), make_checklist(dealer=ours)
    make_checklist(dealer=theirs)
    make_checklist(in_use=False)
    make_checklist([])
    make_checklist([("守时", 1)], scale="points")
    freeze(shared, at=NINE)
    assert set(checklists_for(ours, Checklist.Scale.STEPS)) == {shared, own}


def test_what_was_begun_keeps_its_version(subject, observer):
    checklist = make_checklist()
    row = observe(subject, observer, freeze(checklist, at=NINE), values=(1,))
    checklist.items.update(name_zh="另一项")
    assert freeze(checklist, at=NINE) != row.checklist
    assert row.items.get().item.name_zh == "接待客户"


# -- the database -----------------------------------------------------------------------------------------------------------------


def refused(match, make):
    with pytest.raises(IntegrityError, match=match), transaction.atomic():
        make()


def test_the_database_refuses_what_the_actions_refuse(subject, observer):
    row = observe(subject, observer, freeze(make_checklist(), at=NINE), values=(1,))
    said = {"subject": subject, "observer": observer.user, "checklist": row.checklist, "at": NINE, "occasion": "visit", "reference": "7"}
    refused("cannot change any more", lambda: Observation.objects.create(**said | {"checklist": make_checklist()}))
    refused("observes themselves", lambda: Observation.objects.create(**said | {"observer": subject.user}))
    refused("same person", lambda: Observation.objects.create(**said | {"reference": "8", "corrects": row}))
    item, other = row.checklist.items.last(), freeze(make_checklist(), at=NINE).items.first()
    refused("on its scale", lambda: ObservedItem.objects.create(observation=row, item=item, value=4))
    refused("item of the checklist", lambda: ObservedItem.objects.create(observation=row, item=other, value=1))


def test_the_database_knows_who_accepts(subject, observer):
    row = observe(subject, observer)
    with pytest.raises(IntegrityError, match="Only the person observed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO observations_acceptance (observation_id, is_accepted, words, answered_at, answered_by_id) VALUES (%s, %s, '', %s, %s)",
            [row.pk, True, NINE, observer.user_id],
        )


def test_integrity_holds_after_all_of_it(subject, observer):
    row = observe(subject, observer)
    correct_observation(observation=row, reason="点错了", by=observer.user, at=NINE)
    observe(subject, observer)
    assert not list(findings())
