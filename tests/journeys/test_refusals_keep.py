"""Every form with words of one's own, refused in every way: they are still there, the sentence stands in the form, and it stands open."""

from datetime import date, timedelta
from functools import partial
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.exams.models import Attempt
from assessments.grading.models import Cycle
from courses.training.actions.sessions import cancel_session, close_session, start_session
from courses.training.models import Reflection
from talent_pool.pay.models import PayChange
from tests.each import each
from tests.factories import (
    make_attempt,
    make_certificate,
    make_cycle,
    make_employee,
    make_floor,
    make_held_session,
    make_pay_changes,
    make_practical,
    make_programme,
    make_session,
    points_of,
)
from tests.pages import form_at, forms_of

pytestmark = pytest.mark.django_db
WORDS = "Words that took me ten minutes on a phone to write down"


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


def coming(floor):
    return make_session(make_programme(floor), on=date(2027, 5, 13), presenter=floor.advisors[0])


def cancellation(floor):
    one = coming(floor)
    gone = partial(cancel_session, session=one, reason="Snow", by=floor.manager.user, at=timezone.now())
    return floor.supervisor, reverse("session_cancel", args=[one.pk]), {"reason": WORDS}, {"reason": "x" * 201 + WORDS}, gone


def correction(floor):
    one = make_held_session(make_programme(floor))
    close_session(session=one, by=floor.supervisor.user, at=one.ends_at)
    row = one.attendances.filter(employee=floor.advisors[0]).get()
    typed = {"reason": WORDS, "state": "late", "attendance": row.pk}
    return floor.supervisor, reverse("session_correct", args=[one.pk]), typed, typed | {"state": "absent"}, None


def material(floor):
    url = reverse("session_material", args=[coming(floor).pk])
    return floor.advisors[0], url, {"outline": WORDS, "title": "Listening"}, {"outline": WORDS, "title": ""}, None


def reflection(floor):
    guest = make_session(make_programme(floor), is_guest=True, guest_name="Dr Wang", status="confirmed")
    guest = start_session(session=guest, by=floor.supervisor.user, at=guest.starts_at)
    close_session(session=guest, by=floor.supervisor.user, at=guest.ends_at)
    one = Reflection.objects.get(session=guest, employee=floor.advisors[0])
    handed_in = partial(Reflection.objects.update, text="Handed in on the phone", submitted_at=timezone.now())
    typed = {"text": WORDS, "submit": "yes"}
    return floor.advisors[0], reverse("reflection", args=[one.pk]), typed, typed, handed_in


def sheet(floor):
    coach = make_employee("oem_technical_coach", dealer=floor.dealer)
    practical = make_practical(markers=[coach])
    first, *_others = points_of(practical.rubric)
    typed = {f"c{first}": "3", "comment": WORDS}
    closed = partial(type(practical).objects.update, status="closed")
    return coach, reverse("practical", args=[practical.pk]), typed, typed, closed


def waiver(floor):
    candidacy = make_cycle("open", dealer=floor.dealer).candidacies.first()
    hr = make_employee("hr_officer", dealer=floor.dealer)
    return hr, reverse("candidacy_waive", args=[candidacy.pk]), {"reason": WORDS}, {"reason": "x" * 201 + WORDS}, None


def back_to_marking(floor):
    cycle = make_cycle("ratified", dealer=floor.dealer)
    hr = make_employee("hr_officer", dealer=floor.dealer)
    gone = partial(Cycle.objects.filter(pk=cycle.pk).update, status="marking")
    return hr, reverse("cycle_return", args=[cycle.pk]), {"reason": WORDS}, {"reason": "x" * 201 + WORDS}, gone


def voiding(floor):
    paper = make_attempt().paper_id
    gone = partial(Attempt.objects.update, status="voided")
    hr = make_employee("hr_officer")
    return hr, reverse("paper_void", args=[paper]), {"reason": WORDS}, {"reason": "x" * 201 + WORDS}, gone


def revocation(floor):
    certificate = make_certificate(make_employee("technician", dealer=floor.dealer))
    hr = make_employee("hr_officer", dealer=floor.dealer)
    return hr, reverse("certificate_revoke", args=[certificate.pk]), {"reason": WORDS}, {"reason": "x" * 201 + WORDS}, None


def pay_rejection(floor):
    (change,) = make_pay_changes()
    hr = make_employee("hr_officer", dealer=change.dealer)
    gone = partial(PayChange.objects.filter(pk=change.pk).update, status="withdrawn", withdrawn_why="left", withdrawn_at=timezone.now())
    return hr, reverse("pay_change_reject", args=[change.pk]), {"reason": WORDS}, {"reason": "x" * 201 + WORDS}, gone


def leave(floor):
    hr, url = make_employee("hr_officer", dealer=floor.dealer), reverse("person_act", args=[floor.advisors[0].pk, "leave"])
    day = timezone.localdate() + timedelta(days=9)
    typed = {"kind": "annual", "starts_on": day, "ends_on": day, "reason": WORDS}
    return hr, url, typed, typed | {"ends_on": day - timedelta(days=3)}, None


def new_person(floor):
    hr = make_employee("hr_officer", dealer=floor.dealer)
    return hr, reverse("person_new"), {"name": WORDS}, {"name": WORDS, "hired_on": "31.2."}, None


def programme(floor):
    return floor.manager, reverse("programme_new"), {"room": WORDS}, {"room": WORDS, "minutes": "999"}, None


MADE = [
    cancellation, correction, material, reflection, sheet, waiver, back_to_marking, voiding, revocation, pay_rejection, leave, new_person,
    programme,
]  # fmt: skip


@pytest.mark.parametrize("make", MADE)
def test_a_field_that_is_wrong_leaves_everything_where_it_was_typed(make, sign_in):
    person, url, _right, wrong, _gone = make(make_floor())
    response = sign_in(person).post(url, wrong)
    assert response.status_code == 200
    (form,) = [one for one in forms_of(response) if one.action == url and one.method == "post"]
    assert any(WORDS in value for values in form.data.values() for value in values)
    assert form.is_open
    assert 'class="errors"' in response.text or 'role="alert"' in response.text


GOING_ON = [cancellation, reflection, sheet, back_to_marking, voiding, pay_rejection]


@pytest.mark.parametrize("make", GOING_ON)
def test_words_whose_form_is_gone_are_shown_to_be_copied(make, sign_in):
    """Meanwhile the record went on: the page has no such form any more, or there is no such page."""
    person, url, right, _wrong, gone = make(make_floor())
    client = sign_in(person)
    gone()
    response = client.post(url, right)
    assert response.status_code in (200, 404)
    assert WORDS in unescape(response.text)


@pytest.mark.parametrize("make", [cancellation, back_to_marking, voiding, leave])
def test_the_address_of_a_refused_form_can_be_loaded_anew(make, sign_in):
    person, url, *_rest = make(make_floor())
    assert sign_in(person).get(url).status_code == 200


def test_an_audience_from_twelve_to_six_months_is_refused_at_its_field_in_the_preview_too(sign_in):
    floor = make_floor()
    client, url = sign_in(floor.manager), reverse("programme_audience", args=[make_programme(floor).pk])
    typed = {"least": "12", "most": "6", "unit": "months"}
    for more, headers in (({}, {}), ({"preview": "1"}, {}), ({"preview": "1"}, {"HX-Request": "true"})):
        response = client.post(url, typed | more, headers=headers)
        assert 'id="id_most_error"' in response.text
        assert 'value="12"' in response.text
    assert (response["HX-Retarget"], response["HX-Reselect"]) == ("#audience", "#audience")


def test_a_half_filled_sheet_is_found_again_and_gone_once_it_is_saved(sign_in):
    coach = make_employee("oem_technical_coach")
    practical = make_practical(markers=[coach])
    client, url = sign_in(coach), reverse("practical", args=[practical.pk])
    first, *_others = points = points_of(practical.rubric)
    total = reverse("practical_total", args=[practical.pk])
    client.post(total, {f"c{first}": "3", "comment": WORDS}, headers={"HX-Request": "true"})
    page = client.get(url)
    form = form_at(page, url)
    assert (form.data[f"c{first}"], form.data["comment"]) == (["3"], [WORDS])
    assert "Nothing of it is saved yet" in page.text
    client.post(url, form.data | {f"c{pk}": "1" for pk in points})
    assert "Nothing of it is saved yet" not in client.get(url).text
    client.post(total, {f"c{first}": "no number"}, headers={"HX-Request": "true"})
    assert "Nothing of it is saved yet" not in client.get(url).text


@pytest.mark.parametrize("path", ["/people/999999/", "/audit/"])
def test_pages_of_refusals_keep_the_navigation(sign_in, path):
    response = sign_in(make_employee("technician")).get(path)
    assert response.status_code in (403, 404)
    assert 'id="side"' in response.text
    assert each(response.context["nav"])
