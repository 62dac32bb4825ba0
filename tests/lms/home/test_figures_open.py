"""A figure opens what it counts: behind each number stands a list with as many lines, for whoever reads it."""

import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.certification.models import OEMCertificate
from assessments.grading.actions.cycles import draft_cycle
from assessments.grading.models import Candidacy
from lms.people.actions import hire_employee
from lms.people.models import Employee
from talent_pool.pay.models import PayChange
from tests.each import each
from tests.factories import make_cycle, make_dealer, make_employee, make_pay_changes, make_position, make_published_cycle

pytestmark = pytest.mark.django_db
LEADERS = ["service_manager", "general_manager", "hr_officer", "group_hr"]
BOARD = reverse("training_board")
ENGLISH = {"accept-language": "en"}


def certify(person, **values):
    number = str(OEMCertificate.objects.count())
    OEMCertificate.objects.create(employee=person, name="厂家", level=1, number=number, issued_on=date(2025, 1, 1), **values)


@pytest.fixture
def group():
    """Two dealers, each with advisors and technicians of all levels, some certified, a leaver, an intern, and pay changes in two states."""
    houses = {}
    for code, size in (("YT01", 3), ("YT02", 2)):
        dealer = make_dealer(code, name_zh=f"门店{code}", name_en=f"House {code}")
        leaders = {post: make_employee(post, dealer=dealer) for post in LEADERS}
        people = [make_employee(post, dealer=dealer) for post in ("advisor", "technician") for _number in range(size)]
        make_employee("advisor", dealer=dealer, kind="intern")
        certify(people[0])
        certify(people[-1], expires_on=date(2026, 1, 1))
        certify(make_employee("technician", dealer=dealer, status="left", left_on=date(2026, 3, 1)))
        make_pay_changes(size, cycle=make_published_cycle(dealer))
        houses[code] = SimpleNamespace(dealer=dealer, people=people, **leaders)
    PayChange.objects.filter(pk=PayChange.objects.first().pk).update(
        status="approved", approved_by=houses["YT01"].hr_officer.user, approved_at=PayChange.objects.first().proposed_at
    )
    return houses


def count_of(client, url):
    return client.get(url).context["list"].count


def figures_of(client):
    return [figure for figure in client.get(reverse("today")).context["figures"] if figure["url"] != BOARD]


@pytest.mark.parametrize("post", LEADERS)
def test_a_figure_on_today_opens_as_many_as_it_counts(group, sign_in, post):
    client = sign_in(getattr(group["YT01"], post))
    parts = [figure for figure in figures_of(client) if figure.get("unit")]
    for figure in each(parts):
        assert figure["unit"] == f"/ {count_of(client, figure['url'])}"
        assert figure["value"] == count_of(client, figure["url"] + "&holds=yes")
    for figure in each([figure for figure in figures_of(client) if not figure.get("unit")]):
        assert figure["value"] == count_of(client, figure["url"])


def test_the_certified_share_is_of_the_staff_who_are_here_and_counts_valid_certificates(group, sign_in):
    advisors, technicians = figures_of(sign_in(group["YT01"].service_manager))[:2]
    assert (advisors["value"], advisors["unit"]) == (1, "/ 6")  # three, and three who were promoted; no intern
    assert (technicians["value"], technicians["unit"]) == (0, "/ 3")  # expired, and gone


def test_group_hr_reads_the_figures_of_all_dealers_and_both_signatures(group, sign_in):
    ours = (reverse("certified_staff"), reverse("pay_changes"))
    own, whole = (
        [figure for figure in figures_of(sign_in(getattr(group["YT01"], post))) if figure["url"].startswith(ours)]
        for post in ("hr_officer", "group_hr")
    )
    assert [figure["value"] for figure in own] == [1, 0, 2]
    assert [figure["value"] for figure in whole] == [2, 0, 4, 1]
    assert whole[-1]["url"].endswith("?status=approved")


@pytest.mark.parametrize("post", ["hr_officer", "group_hr"])
def test_a_number_of_the_table_of_levels_opens_those_people(group, sign_in, post):
    client = sign_in(getattr(group["YT01"], post))
    page = client.get(reverse("today")).content.decode()
    cells = re.findall(r'<a href="([^"]+level=\d)">(\d+)</a>', page)
    assert len(cells) == 8
    assert [count_of(client, url.replace("&amp;", "&")) for url, _number in cells] == [int(number) for _url, number in cells]
    assert sum(int(number) for _url, number in cells) > 4


def test_the_figures_of_a_cycle_open_its_candidates(sign_in):
    cycle = make_cycle("open", people=3)
    Candidacy.objects.filter(pk=cycle.candidacies.first().pk).update(
        is_eligible=False, waived_at=cycle.opened_at, waived_by=cycle.opened_by, waived_reason="带薪培训"
    )
    client, people = sign_in(Employee.objects.get(user=cycle.opened_by)), reverse("cycle_candidates", args=[cycle.pk])
    counts = client.get(reverse("cycle", args=[cycle.pk])).context["counts"]
    opened = [count_of(client, people + query) for query in ("", "?sits=yes", "?sits=waived")]
    assert opened == [counts["total"], counts["may_sit"], counts["waived"]] == [3, 1, 1]
    row = client.get(reverse("cycles")).content.decode()
    assert f'href="{people}"' in row
    assert f'href="{people}?sits=yes"' in row


def test_what_may_be_decided_is_what_the_line_on_today_opens(group, sign_in):
    """One's own proposal waits too, but not for oneself."""
    hr, other = group["YT01"].hr_officer, make_employee("hr_officer", dealer=group["YT01"].dealer)
    for proposer, names in ((hr, ["甲"]), (other, ["乙", "丙"])):
        for name in names:
            hire_employee(
                name=name, number=f"N{ord(name)}", dealer=hr.dealer, position=make_position("service_manager"), hired_on=date(2026, 1, 5),
                by=proposer.user, at=timezone.now(),
            )  # fmt: skip
    client = sign_in(hr)
    (line,) = [item for item in client.get(reverse("today"), headers=ENGLISH).context["due"] if reverse("proposals") in item["url"]]
    assert line["title"].startswith("2 ")
    assert count_of(client, line["url"]) == 2
    assert count_of(client, reverse("proposals") + "?status=waiting") == 3


# --- Whose it is -----------------------------------------------------------------------------------------------------


def lines(client):
    return [str(item["title"]) for item in client.get(reverse("today"), headers=ENGLISH).context["due"]]


def test_whoever_sees_several_dealers_reads_whose_a_cycle_is(group, sign_in):
    for house in group.values():
        make_cycle("open", people=1, dealer=house.dealer, by=house.hr_officer.user)
    named = [title for title in lines(sign_in(group["YT01"].group_hr)) if "2026 Q1" in title]
    assert [name.rpartition(" · ")[2] for name in named] == ["House YT01", "House YT02"]
    (own,) = [title for title in lines(sign_in(group["YT01"].hr_officer)) if "2026 Q1" in title]
    assert " · " not in own


def test_of_many_cycles_group_hr_reads_how_many_and_opens_them(group, sign_in):
    for track in ("service", "technical"):
        for quarter in (1, 2):
            for house in group.values():
                make_cycle("open", people=1, dealer=house.dealer, by=house.hr_officer.user, track=track, quarter=quarter)
    client = sign_in(group["YT01"].group_hr)
    (line,) = [item for item in client.get(reverse("today"), headers=ENGLISH).context["due"] if reverse("cycles") in item["url"]]
    assert line["title"].startswith("8 ")
    assert count_of(client, line["url"]) == 8


def test_hr_reads_of_a_cycle_that_is_a_draft_and_why_it_cannot_be_opened(sign_in):
    hr = make_employee("hr_officer")
    draft_cycle(dealer=hr.dealer, track="technical", year=2026, quarter=4, by=hr.user, at=timezone.now())
    (line,) = [item for item in sign_in(hr).get(reverse("today"), headers=ENGLISH).context["due"] if reverse("cycles") in item["url"]]
    assert line["title"] == "Technician track 2026 Q4"
    assert "nobody to examine" in line["text"]
