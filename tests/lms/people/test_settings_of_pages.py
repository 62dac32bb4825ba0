"""Values that pages of others depend on: refused where they are entered, and where one is wrong all the same, no page stops."""

import logging

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Site

from lms.accounts.models import User
from lms.common import zones
from lms.common.integrity import findings
from lms.people.models import Dealer, Position
from tests.factories import make_dealer, make_employee

pytestmark = pytest.mark.django_db
WRONG = ["UTC+8", "Asia/Shangai", "", "../../etc/passwd", "America", "localtime", "\u4e0a\u6d77"]


@pytest.fixture(autouse=True)
def fresh():
    zones.zone_named.cache_clear()


@pytest.mark.parametrize("zone", WRONG)
def test_a_wrong_time_zone_is_refused_when_it_is_saved(zone):
    dealer = make_dealer()
    dealer.time_zone = zone
    with pytest.raises(ValidationError):
        dealer.save()
    with pytest.raises(ValidationError) as error:
        dealer.clean()
    assert "time_zone" in error.value.error_dict


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "UTC", "PRC"])
def test_a_zone_that_there_is_may_be_saved(zone):
    dealer = make_dealer()
    dealer.time_zone = zone
    dealer.full_clean()
    dealer.save()
    assert str(zones.zone_named(zone)) == zone


@pytest.mark.parametrize("zone", WRONG)
@pytest.mark.parametrize("name", ["today", "training", "account", "account_change_password", "my_exams", "notices", "people"])
def test_no_page_stops_because_of_a_wrong_zone(zone, name, sign_in, caplog):
    person = make_employee("service_supervisor")
    Dealer.objects.update(time_zone=zone)
    with caplog.at_level(logging.ERROR, "lms.common.zones"):
        assert sign_in(person).get(reverse(name)).status_code == 200
    assert "is not a time zone" in caplog.text


def test_a_wrong_zone_falls_back_to_the_installations_own():
    assert zones.zone_named("Asia/Shangai") == timezone.get_default_timezone()


def test_the_integrity_check_names_the_dealer_and_the_position():
    make_employee("advisor")
    Dealer.objects.update(time_zone="UTC+8")
    Position.objects.update(role="dragon")
    found = {rule.name for rule, _culprit in findings()}
    assert {"people.dealers_have_a_time_zone", "people.positions_have_a_role"} <= found


def test_the_form_of_the_studio_offers_the_zones_and_refuses_another(client):
    dealer = make_dealer()
    client.force_login(User.objects.create_superuser("root"))
    url = reverse("wagtailsnippets_people_dealer:edit", args=[dealer.pk])
    page = client.get(url).content.decode()
    assert 'list="time-zones"' in page
    assert '<option value="Asia/Shanghai">' in page
    values = {"group": dealer.group_id, "code": dealer.code, "name_zh": dealer.name_zh, "name_en": "", "city": ""}
    refused = client.post(url, values | {"time_zone": "UTC+8"})
    assert refused.status_code == 200
    assert "UTC+8" in refused.content.decode()
    dealer.refresh_from_db()
    assert dealer.time_zone == "Asia/Shanghai"
    assert client.post(url, values | {"time_zone": "Europe/Berlin"}).status_code == 302


@pytest.mark.parametrize("code", ["新 店/1", "yt09", "YT 9", "-YT9", "YT--9", "../x"])
def test_a_dealers_code_is_fit_for_certificates_and_file_names(client, code):
    make_dealer()
    client.force_login(make_employee("group_hr").user)
    values = {"name_zh": "新店", "name_en": "", "city": "", "time_zone": "Asia/Shanghai"}
    add = reverse("wagtailsnippets_people_dealer:add")
    assert "YT01: " in client.post(add, values | {"code": code}, headers={"accept-language": "en"}).text
    assert not Dealer.objects.filter(name_zh="新店").exists()
    assert client.post(add, values | {"code": "YT-09"}).status_code == 302


def test_a_dealers_code_stays_what_it_is(client):
    dealer = make_dealer()
    client.force_login(make_employee("group_hr").user)
    values = {"code": "YT99", "name_zh": "新名", "name_en": "", "city": "", "time_zone": "Asia/Shanghai"}
    assert client.post(reverse("wagtailsnippets_people_dealer:edit", args=[dealer.pk]), values).status_code == 302
    dealer.refresh_from_db()
    assert (dealer.code, dealer.name_zh) == ("YT01", "新名")


@pytest.mark.parametrize("language", ["fr", "xx-yy", "zh", "\u4e2d\u6587"])
@pytest.mark.parametrize("name", ["today", "catalogue", "account", "my_exams"])
def test_a_language_that_is_no_longer_offered_counts_as_none_chosen(language, name, sign_in):
    person = make_employee("advisor")
    User.objects.filter(pk=person.user_id).update(language=language)
    person.user.refresh_from_db()
    response = sign_in(person).get(reverse(name))
    assert response.status_code == 200
    assert response.headers["Content-Language"] in ("zh-hans", "en")


@pytest.mark.parametrize("name", ["today", "catalogue", "training", "growth", "account", "certificates"])
def test_no_page_stops_where_wagtails_rows_of_sites_and_languages_are_missing(name, sign_in):
    person = make_employee("advisor")
    Site.objects.all().delete()
    Locale.objects.filter(language_code="en").update(language_code="fr")
    Locale.objects.filter(language_code="zh-hans").update(language_code="de")
    assert sign_in(person).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ["today", "training", "growth", "account", "my_exams"])
def test_a_position_with_a_role_that_is_none_stops_no_page(name, sign_in):
    person = make_employee("advisor")
    Position.objects.update(role="dragon")
    assert sign_in(person).get(reverse(name)).status_code == 200


def test_a_role_without_its_group_gives_nothing_and_stops_nothing(sign_in):
    person = make_employee("advisor")
    Group.objects.all().delete()
    assert sign_in(person).get(reverse("today")).status_code == 200
