from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.certification.actions import revoke_certificate
from assessments.certification.models import Certificate, OEMCertificate
from assessments.certification.views import LOOKS_A_MINUTE
from lms.audit.models import Event
from lms.common import limits
from lms.people.models import Brand
from tests.factories import make_certificate, make_dealer, make_employee

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def hr():
    return make_employee("hr_officer")


def page_of(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


# --- the public page ---------------------------------------------------------------------------


def test_anyone_with_the_code_sees_that_it_is_valid_and_no_more_than_they_must(client):
    certificate = make_certificate(make_employee("technician", name="陈志强", number="SECRET-7", phone="13800000000"))
    page = page_of(client, "verify", certificate.code)
    text = page.content.decode()
    assert page.status_code == 200
    assert "陈**" in text
    assert certificate.number in text
    for hidden in ("陈志强", "志强", "SECRET-7", "13800000000"):
        assert hidden not in text
    assert "noindex" in page["X-Robots-Tag"]
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(("change", "state"), [({}, "valid"), ({"expires_on": date(2025, 1, 1)}, "expired")])
def test_the_page_says_which_state_it_is_in(client, change, state):
    certificate = make_certificate()
    Certificate.objects.update(**change)
    assert page_of(client, "verify", certificate.code).context["state"] == state


def test_a_certificate_is_valid_on_its_last_day(client):
    certificate = make_certificate()
    Certificate.objects.update(expires_on=timezone.localdate())
    page = page_of(client, "verify", certificate.code)
    assert page.context["state"] == "expiring"
    assert 'class="notice good"' in page.content.decode()


def test_a_revoked_one_says_so_but_not_why(client, hr):
    certificate = make_certificate()
    revoke_certificate(certificate=certificate, reason="只给人事看", by=hr.user, at=timezone.now())
    page = page_of(client, "verify", certificate.code)
    assert page.context["state"] == "revoked"
    assert "只给人事看" not in page.content.decode()


def test_an_unknown_code_is_answered_in_words(client):
    page = page_of(client, "verify", "0" * 24)
    assert page.status_code == 404
    assert page.context["certificate"] is None


def test_codes_cannot_be_tried_out(client, still_clock):
    statuses = [page_of(client, "verify", f"{number:024}").status_code for number in range(32)]
    assert statuses == [404] * LOOKS_A_MINUTE + [429] * (32 - LOOKS_A_MINUTE)


# --- inside ------------------------------------------------------------------------------------


def test_staff_see_their_own_certificates_as_cards_and_nobody_elses(sign_in):
    mine, other = make_employee("technician"), make_employee("technician")
    own, foreign = make_certificate(mine), make_certificate(other)
    client = sign_in(mine)
    text = page_of(client, "certificates").content.decode()
    assert own.number in text
    assert foreign.number not in text
    assert page_of(client, "certificate", own.pk).status_code == 200
    assert page_of(client, "certificate_pdf", own.pk)["Content-Type"] == "application/pdf"
    assert page_of(client, "certificate", foreign.pk).status_code == 404
    assert page_of(client, "certificate_pdf", foreign.pk).status_code == 404


def test_a_file_that_can_not_be_made_is_said_on_the_certificates_page(sign_in, monkeypatch):
    mine = make_employee("technician")
    certificate = make_certificate(mine)
    monkeypatch.setattr(limits, "PRINT_DATA", 10)
    page = sign_in(mine).get(reverse("certificate_pdf", args=[certificate.pk]), follow=True)
    assert page.redirect_chain == [(reverse("certificate", args=[certificate.pk]), 302)]
    assert "一份文件放不下这么多内容" in page.content.decode()


def test_hr_sees_its_dealer_and_no_other(sign_in, hr):
    own = make_certificate()
    foreign = make_certificate(make_employee("technician", dealer=make_dealer("YT02")))
    text = page_of(sign_in(hr), "certificates").content.decode()
    assert own.number in text
    assert foreign.number not in text


@pytest.mark.parametrize("name", ["certificates", "oem_certificates"])
def test_the_lists_cost_the_same_for_1_and_30_rows(sign_in, hr, name, django_assert_max_num_queries):
    def add(number):
        person = make_employee("technician", sign_in=False)
        make_certificate(person)
        OEMCertificate.objects.create(employee=person, name="厂家认证", level=1, number=f"A-{number}", issued_on=date(2025, 1, 1))

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(hr)
    add(0)
    page_of(client, name)
    with CaptureQueriesContext(connection) as one:
        assert page_of(client, name).status_code == 200
    for number in range(1, 30):
        add(number)
    with CaptureQueriesContext(connection) as thirty:
        assert page_of(client, name).status_code == 200
    assert len(thirty) == len(one) <= 15


def test_oem_certificates_are_filtered_by_those_that_expire_soon(sign_in, hr):
    today = timezone.localdate()
    person = make_employee("technician")
    for number, ends in {
        "SOON": today + timedelta(days=20),
        "LATER": today + timedelta(days=400),
        "GONE": today - timedelta(days=1),
    }.items():
        OEMCertificate.objects.create(employee=person, name="厂家认证", level=1, number=number, issued_on=date(2020, 1, 1), expires_on=ends)
    text = page_of(sign_in(hr), "oem_certificates", state="expiring").content.decode()
    assert "SOON" in text
    assert "LATER" not in text
    assert "GONE" not in text


def oem(person, **changes):
    return {
        "employee": person.pk,
        "name": "厂家认证",
        "level": 2,
        "number": "L2-77",
        "issued_on": "2026-01-05",
        "expires_on": "",
        **changes,
    }


def test_a_makers_certificate_names_its_brand_where_the_group_keeps_brands(sign_in, hr):
    person = make_employee("technician")
    assert "brand" not in page_of(sign_in(hr), "oem_certificate_new").context["form"].fields
    brand = Brand.objects.create(code="guangtai", name_zh="广泰", name_en="Guangtai")
    assert sign_in(hr).post(reverse("oem_certificate_new"), oem(person, brand=brand.pk)).status_code == 302
    assert OEMCertificate.objects.get().brand == brand
    assert Event.objects.get(verb="oem_certificate.recorded").after["brand"] == brand.pk
    assert "广泰" in page_of(sign_in(hr), "oem_certificates").content.decode()


def test_hr_records_an_oem_certificate_with_its_evidence(sign_in, hr):
    person = make_employee("technician")
    evidence = SimpleUploadedFile("扫描.pdf", PDF, content_type="application/pdf")
    response = sign_in(hr).post(reverse("oem_certificate_new"), {**oem(person), "evidence": evidence})
    assert response.url == reverse("oem_certificates")
    recorded = OEMCertificate.objects.get()
    assert recorded.recorded_by == hr.user
    answer = page_of(sign_in(hr), "oem_evidence", recorded.pk)
    assert b"".join(answer.streaming_content) == PDF
    assert "attachment" in answer["Content-Disposition"]
    assert page_of(sign_in(make_employee("technician")), "oem_evidence", recorded.pk).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"level": "0"},
        {"level": "x"},
        {"number": ""},
        {"issued_on": "gestern"},
        {"issued_on": "2999-01-01"},
        {"expires_on": "2026-01-05"},
        {"employee": "999999"},
        {"evidence": SimpleUploadedFile("scan.pdf", b"MZ not a pdf")},
    ],
)
def test_bad_input_is_refused_and_nothing_recorded(sign_in, hr, changes):
    response = sign_in(hr).post(reverse("oem_certificate_new"), oem(make_employee("technician"), **changes))
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not OEMCertificate.objects.exists()


def test_hr_cannot_record_for_another_dealer(sign_in, hr):
    stranger = make_employee("technician", dealer=make_dealer("YT02"))
    assert sign_in(hr).post(reverse("oem_certificate_new"), oem(stranger)).context["form"].errors


def test_hr_revokes_with_a_reason(sign_in, hr):
    certificate = make_certificate()
    address = reverse("certificate_revoke", args=[certificate.pk])
    assert sign_in(hr).post(address, {"reason": ""}).status_code == 200
    assert Certificate.objects.get().revoked_at is None
    sign_in(hr).post(address, {"reason": "资料不实"})
    assert Certificate.objects.get().revoked_reason == "资料不实"
    again = sign_in(hr).post(address, {"reason": "再次"}, follow=True)
    assert Certificate.objects.get().revoked_reason == "资料不实"
    assert list(again.context["messages"])


@pytest.mark.parametrize("position", ["technician", "technical_supervisor", "service_manager"])
def test_only_hr_records_and_revokes(sign_in, position):
    client = sign_in(make_employee(position))
    assert page_of(client, "oem_certificate_new").status_code == 403
    assert page_of(client, "certificate_revoke", make_certificate().pk).status_code == 403


@pytest.mark.parametrize("name", ["certificates", "certificates_mine", "oem_certificates", "oem_certificate_new"])
def test_signed_out_visitors_are_sent_to_sign_in(name):
    assert reverse("account_login") in page_of(Client(), name).url
