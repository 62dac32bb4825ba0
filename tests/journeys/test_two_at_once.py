"""Two people have the same form open, in every room: the second is told what the first did, overwrites nothing, keeps what was typed,
and may send it again. Training has tests of its own (tests/courses/training/test_meanwhile.py)."""

from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from assessments.exams.actions.sittings import set_extra_minutes
from assessments.grading.actions.panels import seat_examiner
from assessments.grading.actions.sittings import move_sitting
from assessments.practicals.actions import record_sheet
from assessments.practicals.models import Rubric, ScoreSheet
from lms.audit.models import Event
from lms.common.shown import ChangedMeanwhile, Shown
from lms.people import actions
from lms.people.models import Dealer, EmploymentEvent, Holiday
from lms.people.queries import DETAILS_SHOWN, person_shown
from talent_pool.pay.models import BandTable
from tests.assessments.grading.racing import at_once
from tests.assessments.test_studio import rubric_form
from tests.factories import (
    make_bands,
    make_cycle,
    make_dealer,
    make_employee,
    make_papers,
    make_practical,
    make_rubric,
    points_of,
)
from tests.factories.grading import arranged_of
from tests.pages import form_at

pytestmark = pytest.mark.django_db
SAID = "This was changed meanwhile, so nothing was saved."


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@dataclass
class Case:
    """Who has the form open, where, what they type, what another does meanwhile, and how what stands there is read."""

    second: object
    url: str
    typed: dict
    first_does: object
    told: str
    stands: object
    page: str = ""


def of(model, pk, *names):
    return lambda: type(model)._base_manager.filter(pk=pk).values_list(*names).get()


def an_act(name, typed, first, told, *fields):
    def case():
        second, first_hr = make_employee("hr_officer"), make_employee("hr_officer")
        person = make_employee("advisor", name="Wang Min")
        url = reverse("person_act", args=[person.pk, name])
        return Case(second, url, typed(person), lambda: first(person, first_hr.user), told, of(person, person.pk, *fields))

    return case


def details():
    def first(person, by):
        actions.correct_details(employee=person, phone="13900000000", by=by, at=timezone.now())

    return an_act("details", lambda person: {"name": "Wang Ming"}, first, "Phone: – → 13900000000", "name", "phone")()


def status():
    def first(person, by):
        actions.change_status(employee=person, status="on_leave", by=by, at=timezone.now())

    return an_act("status", lambda person: {"status": "probation"}, first, "Status: ", "status")()


def move():
    def first(person, by):
        manager = make_employee("service_supervisor", name="Zhao Lei")
        actions.transfer_employee(employee=person, manager=manager, by=by, at=timezone.now())

    return an_act("move", lambda person: {"reason": "Helps out in the parts store"}, first, "Line manager: – → ", "manager", "position")()


def departure():
    def first(person, by):
        manager = make_employee("service_supervisor", name="Zhao Lei")
        actions.transfer_employee(employee=person, manager=manager, by=by, at=timezone.now())

    return an_act(
        "departure", lambda person: {"leaving": "resigned", "reason": "Moves home"}, first, "Line manager: – → ", "status", "left_on"
    )()


def contract():
    second, first_hr, person = make_employee("hr_officer"), make_employee("hr_officer"), make_employee("advisor")
    until = timezone.localdate() + timedelta(days=60)

    def first():
        actions.record_contract(employee=person, probation_until=until, by=first_hr.user, at=timezone.now())

    typed = {"probation_until": (until + timedelta(days=30)).isoformat()}
    lines = EmploymentEvent.objects.filter(employee=person)
    return Case(second, reverse("person_act", args=[person.pk, "contract"]), typed, first, "Probation until: – → ", lines.count)


def seat():
    cycle = make_cycle("open")
    second, other, mine = make_employee("hr_officer"), make_employee("oem_technical_coach"), make_employee("oem_technical_coach")
    name = "oem_technical_coach"

    def first():
        seat_examiner(cycle=cycle, seat=name, examiner=other, by=make_employee("hr_officer").user, at=timezone.now())

    def stands():
        return cycle.panel.filter(seat=name).values_list("examiner", flat=True).first()

    typed = {"examiner": str(mine.pk), "seat": name}
    return Case(
        second, reverse("cycle_panel", args=[cycle.pk]), typed, first, f" → {other.name} (", stands, reverse("cycle", args=[cycle.pk])
    )


def sitting():
    cycle = make_cycle("locked", year=2027, quarter=1)
    from tests.factories.grading import sitting as arrange

    arrange(cycle, make_employee("hr_officer").user)
    arranged = arranged_of(cycle)
    one = arranged.sitting
    second, first_hr = make_employee("hr_officer"), make_employee("hr_officer")

    def first():
        times = {"opens_at": one.opens_at + timedelta(days=1), "closes_at": one.closes_at + timedelta(days=1)}
        move_sitting(arranged=arranged, room=one.room, by=first_hr.user, at=timezone.now(), **times)

    stands = of(one, one.pk, "opens_at", "room")
    return Case(second, reverse("sitting_move", args=[arranged.pk]), {"room": "Hall 9"}, first, "Opens: ", stands)


def extra_time():
    paper = make_papers()[0]
    second, first_hr = make_employee("hr_officer"), make_employee("hr_officer")

    def first():
        set_extra_minutes(paper=paper, minutes=20, by=first_hr.user, at=paper.sitting.opens_at)

    url, page = reverse("paper_extra_time", args=[paper.pk]), reverse("sitting_paper", args=[paper.pk])
    return Case(second, url, {"minutes": "5"}, first, "0 → 20 (", of(paper, paper.pk, "extra_minutes"), page)


def sheet():
    coach = make_employee("oem_technical_coach")
    practical = make_practical(markers=[coach])
    points = points_of(practical.rubric)

    def first():
        record_sheet(practical=practical, marker=coach, points=points, comment="On the tablet", by=coach.user, at=timezone.now())

    typed = {f"c{pk}": "1" for pk in points} | {"comment": "At the desk, with more to say"}
    return Case(coach, reverse("practical", args=[practical.pk]), typed, first, "Comment: – → On the tablet", ScoreSheet.objects.count)


def bands():
    second = make_employee("hr_officer")
    make_bands()
    day = date(2099, 1, 1)
    typed = {"effective_on": "2098-01-01", "service_0": "5000", "confirmed": "on"}
    return Case(
        second, reverse("band_table_new"), typed, lambda: make_bands(effective_on=day, by=make_employee("hr_officer").user),
        "Band table: ", BandTable.objects.count,
    )  # fmt: skip


CASES = [details, status, move, departure, contract, seat, sitting, extra_time, sheet, bands]


@pytest.mark.parametrize("make", CASES)
def test_the_second_is_told_and_nothing_is_overwritten(make, sign_in):
    case = make()
    client = sign_in(case.second)
    sent = _sent(client.get(case.page or case.url), case)
    case.first_does()
    before = case.stands(), Event.objects.count()
    response = client.post(case.url, sent)
    assert response.status_code == 200
    words = unescape(response.content.decode())
    assert SAID in words
    assert case.told in words
    assert (case.stands(), Event.objects.count()) == before
    again = _sent(response, case, typing=False)
    assert {name: again[name] for name in case.typed if name != "confirmed"} == {
        name: [value] for name, value in case.typed.items() if name != "confirmed"
    }
    assert client.post(case.url, again | case.typed).status_code == 302
    assert case.stands() != before[0]


def _sent(response, case, typing=True):
    """What the form of the page sends; of several that go there, the one of the seat."""
    from tests.pages import forms_of

    found = [form for form in forms_of(response) if form.action == case.url and form.method == "post"]
    found = [form for form in found if "seat" not in case.typed or form.data.get("seat") == [case.typed["seat"]]]
    (form,) = found
    return form.data | case.typed if typing else form.data


# -- the course studio


@pytest.fixture
def author(sign_in):
    return sign_in(make_employee("course_author"))


def studio(record):
    return reverse(record.snippet_viewset.get_url_name("edit"), args=[record.pk])


def test_two_authors_of_one_rubric(author):
    rubric = make_rubric()
    shown = form_at(author.get(studio(rubric)), studio(rubric)).data["shown"]
    author.post(studio(rubric), rubric_form(rubric, pass_mark=75, **{"criteria-2-max_points": 30}))
    response = author.post(studio(rubric), rubric_form(rubric, pass_mark=50, shown=shown[0]))
    assert "Pass mark" in unescape(response.content.decode())
    assert "60 → 75" in unescape(response.content.decode())
    assert Rubric.objects.get(pk=rubric.pk).pass_mark == 75
    again = form_at(response, studio(rubric)).data
    assert again["pass_mark"] == ["50"]
    assert author.post(studio(rubric), again).status_code == 302
    assert Rubric.objects.get(pk=rubric.pk).pass_mark == 50


def test_a_criterion_changed_meanwhile_is_a_change_of_its_rubric(author):
    rubric = make_rubric()
    sent = form_at(author.get(studio(rubric)), studio(rubric)).data
    rubric.criteria.filter(pk=rubric.criteria.last().pk).update(order=9)
    assert SAID in author.post(studio(rubric), sent).content.decode()


def test_two_of_group_hr_change_one_dealer_and_one_holiday(sign_in):
    client, dealer = sign_in(make_employee("group_hr")), make_dealer()
    day = Holiday.objects.create(on=date(2027, 2, 6), name="Festival")
    for record, field in ((dealer, "city"), (day, "name")):
        sent = form_at(client.get(studio(record)), studio(record)).data
        type(record).objects.filter(pk=record.pk).update(**{field: "Suzhou"})
        response = client.post(studio(record), sent | {field: "Wuxi"})
        assert SAID in response.content.decode()
        assert "→ Suzhou" in unescape(response.content.decode())
        assert client.post(studio(record), form_at(response, studio(record)).data).status_code == 302
        assert getattr(type(record).objects.get(pk=record.pk), field) == "Wuxi"
    assert Dealer.objects.get(pk=dealer.pk).city == "Wuxi"


# -- at the same moment, with threads on PostgreSQL


@pytest.fixture
def on_postgresql(transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_who_correct_details_at_the_same_moment_one_is_told(on_postgresql):
    hr, person = make_employee("hr_officer"), make_employee("advisor")
    shown = Shown({name: [one.value, one.words] for name, one in person_shown(person, *DETAILS_SHOWN).items()})
    calls = [
        lambda phone=phone: actions.correct_details(employee=person, phone=phone, by=hr.user, at=timezone.now(), shown=shown)
        for phone in ("13900000001", "13900000002")
    ]
    assert sum(isinstance(one, ChangedMeanwhile) for one in at_once(*calls)) == 1
    assert Event.objects.filter(verb="person.corrected").count() == 1
