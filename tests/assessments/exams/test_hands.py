"""Whose hands prepare, watch and decide: never a candidate's, never a technical account's, never another dealer's."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from assessments.exams.actions.attempts import start_attempt, submit_attempt, void_attempt
from assessments.exams.actions.sittings import close_sitting, create_sitting, draw_papers, schedule_sitting, set_extra_minutes, show_results
from assessments.exams.models import Attempt, Sitting
from assessments.exams.queries import sittings_visible_to
from lms.accounts.models import User
from lms.audit.models import Event
from lms.common.states import Refused, WrongHands
from lms.people.choices import Role
from tests.each import each
from tests.factories import CODE, NINE, make_attempt, make_blueprint, make_dealer, make_employee, make_papers, make_sitting

pytestmark = pytest.mark.django_db
TIMES = {"opens_at": NINE + timedelta(hours=1), "closes_at": NINE + timedelta(hours=4), "room": "B"}


def also(employee, role):
    employee.user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=employee.user_id)


def root():
    return User.objects.create(username="root", is_superuser=True)


@pytest.fixture
def papers():
    """Two candidates; the first is the invigilator as well, by a hand at the database."""
    papers = make_papers([make_employee("technician"), make_employee("technician")])
    Sitting.objects.update(invigilator=papers[0].candidate)
    for paper in papers:
        paper.sitting.refresh_from_db()
    return papers


def strangers(papers):
    return {
        "the system": None,
        "a technical account": root(),
        "an invigilator who sits it": papers[0].candidate.user,
        "HR who sits it": also(papers[1].candidate, Role.HR),
        "HR of another dealer": make_employee("hr_officer", dealer=make_dealer("YT09")).user,
        "the service manager": make_employee("service_manager").user,
    }


def test_nobody_decides_on_an_exam_whose_it_is_not(papers):
    attempt, sitting = make_attempt(papers[1]), papers[0].sitting
    hands, before = strangers(papers), Event.objects.count()
    for who, by in each(hands.items()):
        for what in (
            lambda by: void_attempt(attempt=attempt, reason="x", by=by, at=NINE),
            lambda by: set_extra_minutes(paper=papers[0], minutes=60, by=by, at=NINE),
            lambda by: set_extra_minutes(paper=papers[1], minutes=60, by=by, at=NINE),
            lambda by: close_sitting(sitting=sitting, by=by, at=NINE + timedelta(hours=9)),
            lambda by: schedule_sitting(sitting=sitting, invigilator=None, **TIMES, by=by, at=NINE),
            lambda by: draw_papers(sitting=sitting, candidates=[make_employee("advisor")], by=by, at=NINE, seed=1),
            lambda by: show_results(sittings=[sitting], by=by, at=NINE),
        ):
            with pytest.raises(WrongHands):
                pytest.fail(f"{who}: {what(by)}")
    assert Event.objects.count() == before
    assert Attempt.objects.get().status == "in_progress"


def test_a_sitting_is_set_by_hr_of_its_dealer_alone():
    blueprint, elsewhere = make_blueprint(), make_employee("hr_officer", dealer=make_dealer("YT09")).user
    for by in (None, root(), elsewhere, make_employee("information_assistant").user):
        with pytest.raises(WrongHands):
            create_sitting(
                dealer=make_dealer(), blueprint=blueprint, title_zh="考试", opens_at=NINE, closes_at=TIMES["closes_at"], by=by, at=NINE
            )
    assert not Sitting.objects.exists()


def test_an_invigilator_who_does_not_sit_it_decides(papers):
    watcher = make_employee("information_assistant")
    Sitting.objects.update(invigilator=watcher)
    papers[1].sitting.refresh_from_db()
    attempt = make_attempt(papers[1])
    set_extra_minutes(paper=papers[1], minutes=10, by=watcher.user, at=NINE)
    assert void_attempt(attempt=attempt, reason="带了手机", by=watcher.user, at=NINE).status == "voided"


def test_an_invigilator_who_has_left_decides_nothing_though_the_account_is_still_open(papers):
    watcher = make_employee("information_assistant", status="left", left_on=NINE.date())
    Sitting.objects.update(invigilator=watcher)
    papers[1].sitting.refresh_from_db()
    with pytest.raises(WrongHands):
        set_extra_minutes(paper=papers[1], minutes=10, by=watcher.user, at=NINE)


def test_an_invigilator_whose_account_is_shut_decides_nothing(papers):
    watcher = make_employee("information_assistant")
    Sitting.objects.update(invigilator=watcher)
    User.objects.filter(pk=watcher.user_id).update(is_active=False)
    papers[1].sitting.refresh_from_db()
    with pytest.raises(WrongHands):
        set_extra_minutes(paper=papers[1], minutes=10, by=User.objects.get(pk=watcher.user_id), at=NINE)


def test_whoever_sits_it_neither_watches_nor_prepares_it():
    sitting, person = make_sitting(), make_employee("technician")
    hr = make_employee("hr_officer")
    with pytest.raises(WrongHands):
        draw_papers(sitting=sitting, candidates=[hr], by=hr.user, at=NINE, seed=1)
    Sitting.objects.update(invigilator=person)
    sitting.refresh_from_db()
    with pytest.raises(Refused, match="监考"):
        draw_papers(sitting=sitting, candidates=[person], by=hr.user, at=NINE, seed=1)
    assert not sitting.papers.exists()


def test_a_candidate_is_not_made_the_invigilator(papers):
    hr = make_employee("hr_officer").user
    with pytest.raises(Refused, match=papers[1].candidate.name) as refusal:
        schedule_sitting(sitting=papers[0].sitting, invigilator=papers[1].candidate, **TIMES, by=hr, at=NINE)
    assert refusal.value.field == "invigilator"


def test_the_access_code_is_not_shown_to_who_sits_the_exam(papers, sign_in):
    for person, role in ((papers[0].candidate, None), (papers[1].candidate, Role.HR)):
        user = also(person, role) if role else person.user
        assert not sittings_visible_to(user).exists()
        assert sign_in(person).get(reverse("sitting", args=[papers[0].sitting_id])).status_code == 404


def test_only_the_candidate_begins_and_hands_in():
    attempt = make_attempt()
    for by in (None, root(), make_employee("hr_officer").user):
        with pytest.raises(WrongHands):
            start_attempt(paper=attempt.paper, access_code=CODE, by=by, at=NINE)
        with pytest.raises(WrongHands):
            submit_attempt(attempt=attempt, by=by, at=NINE)
    with pytest.raises(WrongHands):
        submit_attempt(attempt=attempt, by=make_employee("hr_officer").user, at=NINE, by_clock=True)


def test_a_refused_form_keeps_what_was_typed_beside_its_sentence(sign_in):
    attempt = make_attempt()
    client = sign_in(make_employee("hr_officer"))
    paper = attempt.paper_id
    page = client.post(reverse("paper_void", args=[paper]), {"reason": "  "})
    assert (page.status_code, bool(page.context["void_form"].errors["reason"])) == (200, True)
    page = client.post(reverse("paper_extra_time", args=[paper]), {"minutes": "999"})
    assert (page.status_code, bool(page.context["extra_form"].errors["minutes"])) == (200, True)
    assert 'value="999"' in page.text
    Attempt.objects.update(status="voided")
    page = client.post(reverse("paper_void", args=[paper]), {"reason": "再来一次"})
    assert page.status_code == 200
    assert "再来一次" in page.text
