import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from assessments.certification.models import OEMCertificate
from lms.audit.models import Event
from lms.people.models import Brand, Dealer
from tests.factories import NINE, make_dealer, make_employee, make_group

pytestmark = pytest.mark.django_db


@pytest.fixture
def brands():
    return [Brand.objects.create(code=code, name_zh=zh, name_en=en) for code, zh, en in (("gt", "广泰", "Guangtai"), ("hy", "华驿", ""))]


def values_of(dealer, **changes):
    names = {"name_zh": dealer.name_zh, "name_en": dealer.name_en, "city": dealer.city, "time_zone": dealer.time_zone}
    return {**names, "code": dealer.code, **changes}


def test_group_hr_adds_a_brand_and_says_which_a_dealer_sells(client, brands):
    client.force_login(make_employee("group_hr").user)
    assert client.post(reverse("wagtailsnippets_people_brand:add"), {"code": "xl", "name_zh": "星澜", "name_en": ""}).status_code == 302
    added, dealer = Brand.objects.get(code="xl"), make_dealer()
    url = reverse("wagtailsnippets_people_dealer:edit", args=[dealer.pk])
    assert "广泰" in client.get(url).content.decode()
    assert client.post(url, values_of(dealer, brands=[brands[0].pk, added.pk])).status_code == 302
    assert list(dealer.brands.values_list("code", flat=True)) == ["gt", "xl"]
    assert client.post(url, values_of(dealer, brands=[])).status_code == 302
    assert not dealer.brands.exists()


def test_the_log_tells_which_brands_a_dealer_had_before_and_after(client, brands):
    client.force_login(make_employee("group_hr").user)
    dealer = make_dealer()
    url = reverse("wagtailsnippets_people_dealer:edit", args=[dealer.pk])
    client.post(url, values_of(dealer, brands=[brands[0].pk]))
    client.post(url, values_of(dealer, brands=[one.pk for one in brands]))
    event = Event.objects.filter(verb="dealer.changed").first()
    assert (len(event.before["brands"]), len(event.after["brands"])) == (1, 2)


def test_a_dealer_of_another_group_is_given_no_brand(client, brands):
    client.force_login(make_employee("group_hr").user)
    other = make_dealer("ZZ01", make_group("zz"))
    client.post(reverse("wagtailsnippets_people_dealer:edit", args=[other.pk]), values_of(other, brands=[brands[0].pk]))
    assert not Dealer.objects.get(pk=other.pk).brands.exists()


def test_an_hr_officer_of_one_dealer_edits_no_brand(client, brands):
    client.force_login(make_employee("hr_officer").user)
    assert client.post(reverse("wagtailsnippets_people_brand:edit", args=[brands[0].pk]), {"code": "x", "name_zh": "改"}).status_code in {
        302,
        403,
    }
    assert Brand.objects.get(pk=brands[0].pk).name_zh == "广泰"


def test_a_brand_whose_certificates_are_on_record_stays(brands):
    OEMCertificate.objects.create(employee=make_employee(), brand=brands[0], name="厂家认证", level=1, number="1", issued_on=NINE.date())
    with pytest.raises(ProtectedError):
        brands[0].delete()


def test_two_brands_have_no_code_in_common(brands):
    with pytest.raises(IntegrityError), transaction.atomic():
        Brand.objects.create(code="gt", name_zh="又一个")
