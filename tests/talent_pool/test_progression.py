from datetime import timedelta

import pytest

from assessments.grading.signals import cycle_published
from lms.audit.models import Event
from lms.common.states import Refused
from lms.home.sweep import EVERY_MINUTE, sweep
from lms.notifications.models import Notice
from lms.notifications.wording import words_of
from talent_pool.pay.models import PayChange
from talent_pool.progression import follow_up_publication, follow_up_publications, unfollowed_publications
from tests.factories import PUBLISHED_AT, make_award, make_bands, make_candidacy, make_dealer, make_employee, make_published_cycle

pytestmark = pytest.mark.django_db
AT = PUBLISHED_AT + timedelta(minutes=1)


@pytest.fixture
def cycle():
    """A published cycle: two promoted, one failed, one who did not sit; HR and the general manager are there."""
    make_employee("general_manager")
    cycle = make_published_cycle()
    make_bands(cycle.dealer)
    make_award(cycle), make_award(cycle)
    make_candidacy(cycle, outcome="failed")
    make_candidacy(cycle, outcome="missed")
    return cycle


def facts():
    return PayChange.objects.count(), Notice.objects.count(), Event.objects.filter(verb="pay.proposed").count()


def test_everyone_hears_the_outcome_pay_is_proposed_and_hr_is_told(cycle):
    assert follow_up_publication(cycle_id=cycle.pk, at=AT)
    assert PayChange.objects.count() == 2
    assert Notice.objects.filter(kind="grading_result").count() == 4
    assert Notice.objects.get(kind="pay_to_approve").recipient == cycle.published_by
    cycle.refresh_from_db()
    assert cycle.followed_up_at == AT


def test_running_twice_changes_nothing(cycle):
    follow_up_publication(cycle_id=cycle.pk, at=AT)
    before = facts()
    assert not follow_up_publication(cycle_id=cycle.pk, at=AT)
    type(cycle).objects.update(followed_up_at=None)  # killed before the last statement
    assert follow_up_publication(cycle_id=cycle.pk, at=AT)
    assert facts() == before


def test_the_words_fit_the_outcome_and_the_language(cycle):
    from django.utils import translation

    follow_up_publication(cycle_id=cycle.pk, at=AT)
    with translation.override("en"):
        subjects = {words_of(notice)[0] for notice in Notice.objects.filter(kind="grading_result")}
    assert subjects == {
        "You have passed: Level 1 is yours",
        "Your grading result: not this time",
        "The grading results are published",
    }


def test_news_of_a_publication_starts_the_follow_up(cycle, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        cycle_published.send(type(cycle), cycle_id=cycle.pk)
    assert PayChange.objects.count() == 2


def test_a_lost_task_is_made_up_for_by_the_sweep(cycle):
    """The publication was committed, then the server was killed before its task was sent."""
    assert list(unfollowed_publications()) == [cycle]
    assert sweep(at=AT, steps=EVERY_MINUTE)["published cycles"] == 1
    assert PayChange.objects.count() == 2
    assert not unfollowed_publications().exists()


def test_without_bands_people_are_told_all_the_same_and_the_pay_stays_owed():
    award = make_award()
    with pytest.raises(Refused, match=r"band table|薪级表"):
        follow_up_publication(cycle_id=award.cycle_id, at=AT)
    assert Notice.objects.filter(kind="grading_result").count() == 1
    assert unfollowed_publications().exists()
    make_bands(award.cycle.dealer)
    assert follow_up_publications(at=AT) == 1


def test_one_dealer_without_bands_does_not_hold_up_another(cycle):
    make_award(make_published_cycle(make_dealer("YT02"), at=PUBLISHED_AT - timedelta(days=1)))
    assert follow_up_publications(at=AT) == 1
    assert PayChange.objects.count() == 2


def test_an_unpublished_cycle_is_left_alone(cycle):
    type(cycle).objects.update(status="ratified")
    assert not follow_up_publication(cycle_id=cycle.pk, at=AT)
    assert facts() == (0, 0, 0)


def test_where_a_dealer_has_no_hr_group_hr_is_told_of_pay_to_approve():
    group = make_employee("group_hr")
    cycle = make_published_cycle(by=group.user)
    make_bands(cycle.dealer, by=group.user)
    make_award(cycle)
    follow_up_publication(cycle_id=cycle.pk, at=AT)
    assert [notice.recipient for notice in Notice.objects.filter(kind="pay_to_approve")] == [group.user]


def test_whoever_moved_to_a_dealer_without_bands_keeps_the_pay_owed_and_holds_up_nobody(cycle):
    moved = cycle.decisions.first().employee
    there = make_dealer("YT02")
    theirs = make_employee("hr_officer", dealer=there)
    type(moved).objects.filter(pk=moved.pk).update(dealer=there)
    assert not follow_up_publication(cycle_id=cycle.pk, at=AT)
    assert (PayChange.objects.count(), unfollowed_publications().count()) == (1, 1)
    make_bands(there, by=theirs.user)
    assert follow_up_publications(at=AT) == 1
    told = Notice.objects.filter(kind="pay_to_approve")
    assert {(notice.recipient, notice.context["count"]) for notice in told} == {(cycle.published_by, 1), (theirs.user, 1)}
