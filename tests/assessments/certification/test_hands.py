"""Certificates are issued, recorded and revoked by HR of the holder's dealer, and never one's own."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from assessments.certification.actions import Wanted, issue_certificate, issue_certificates, record_oem_certificate, revoke_certificate
from assessments.certification.models import Certificate, OEMCertificate
from lms.accounts.models import User
from lms.common.states import WrongHands
from lms.people.choices import Role
from tests.each import each
from tests.factories import NINE, make_certificate, make_dealer, make_employee

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder():
    """A technician who is HR as well."""
    holder = make_employee("technician")
    holder.user.groups.add(Group.objects.get(name=Role.HR))
    return holder


def strangers(holder):
    manages = make_employee("hr_officer", dealer=make_dealer("YT09"))
    type(holder).objects.filter(pk=holder.pk).update(manager=manages)
    return {
        "the system": None,
        "a technical account": User.objects.create(username="root", is_superuser=True),
        "the holder": User.objects.get(pk=holder.user_id),
        "HR of another dealer whom the holder reports to": manages.user,
        "the service manager": make_employee("service_manager").user,
    }


def test_nobody_touches_a_certificate_whose_it_is_not(holder):
    certificate = make_certificate(holder)
    facts = {"name": "厂家", "level": 1, "number": "7", "issued_on": NINE.date()}
    for who, by in each(strangers(holder).items()):
        for what in (
            lambda by: revoke_certificate(certificate=certificate, reason="x", by=by, at=NINE),
            lambda by: record_oem_certificate(employee=holder, **facts, by=by, at=NINE),
            lambda by: issue_certificate(employee=holder, track="technical", level=2, source="x:1", by=by, at=NINE),
        ):
            with pytest.raises(WrongHands):
                pytest.fail(f"{who}: {what(by)}")
    assert Certificate.objects.get().revoked_at is None
    assert not OEMCertificate.objects.exists()


def test_of_holders_at_two_dealers_one_elsewhere_is_enough_for_a_refusal():
    here, elsewhere = make_employee("technician"), make_employee("technician", dealer=make_dealer("YT09"))
    wanted = [Wanted(one, "technical", 1, f"x:{one.pk}") for one in (here, elsewhere)]
    with pytest.raises(WrongHands):
        issue_certificates(wanted=wanted, by=make_employee("hr_officer").user, at=NINE)
    assert not Certificate.objects.exists()
    assert len(issue_certificates(wanted=wanted, by=make_employee("group_hr").user, at=NINE)) == 2


def test_a_certificate_of_an_exam_is_issued_by_hr_of_the_dealer_that_examined():
    moved, examined_at = make_employee("technician", dealer=make_dealer("YT09")), make_dealer()
    wanted = [Wanted(moved, "technical", 1, "x:1", dealer=examined_at)]
    with pytest.raises(WrongHands):
        issue_certificates(wanted=wanted, by=make_employee("hr_officer", dealer=moved.dealer).user, at=NINE)
    hr = make_employee("hr_officer")
    with pytest.raises(WrongHands):  # never one's own
        issue_certificates(wanted=[Wanted(hr, "technical", 1, "x:2", dealer=examined_at)], by=hr.user, at=NINE)
    assert issue_certificates(wanted=wanted, by=hr.user, at=NINE)["x:1"].dealer_zh == examined_at.name_zh


def test_the_page_offers_no_button_that_is_not_the_reader_s(holder, sign_in):
    certificate = make_certificate(holder)
    client, url = sign_in(holder), reverse("certificate_revoke", args=[certificate.pk])
    assert url not in client.get(reverse("certificate", args=[certificate.pk])).text
    assert client.post(url, {"reason": "不要了"}).status_code == 403
    assert url in sign_in(make_employee("hr_officer")).get(reverse("certificate", args=[certificate.pk])).text


def test_nobody_is_offered_themselves_when_recording(holder, sign_in):
    page = sign_in(holder).get(reverse("oem_certificate_new"))
    assert holder not in page.context["form"].fields["employee"].queryset
    assert (
        sign_in(holder)
        .post(reverse("oem_certificate_new"), {"employee": holder.pk, "name": "厂家", "level": 1, "number": "1", "issued_on": "2026-01-02"})
        .context["form"]
        .errors["employee"]
    )


def test_a_number_on_record_is_refused_with_what_was_typed(sign_in):
    holder = make_employee("technician")
    client = sign_in(make_employee("hr_officer"))
    facts = {"employee": holder.pk, "name": "厂家认证", "level": 1, "number": "A-1", "issued_on": "2026-01-02"}
    client.post(reverse("oem_certificate_new"), facts)
    page = client.post(reverse("oem_certificate_new"), facts | {"level": 2})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert OEMCertificate.objects.count() == 1
    assert 'value="A-1"' in page.text
