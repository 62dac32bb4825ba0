import pytest
from django.urls import reverse

from assessments.practicals.actions import close_practicals
from assessments.practicals.models import ScoreSheet
from tests.each import each
from tests.factories import make_employee, make_practical, points_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def coach():
    return make_employee("oem_technical_coach")


@pytest.fixture
def practical(coach):
    return make_practical(markers=[coach])


def given(practical, share=1):
    return {f"c{pk}": points for pk, points in points_of(practical.rubric, share).items()}


def test_a_marker_taps_a_number_for_each_criterion_and_saves(practical, coach, sign_in):
    response = sign_in(coach).post(reverse("practical", args=[practical.pk]), {**given(practical), "comment": "稳"})
    assert response.url == reverse("marking_queue")
    sheet = ScoreSheet.objects.get()
    assert (sheet.score, sheet.comment, sheet.marker) == (100, "稳", coach)


def test_every_number_from_0_to_the_most_can_be_tapped(practical, coach, sign_in):
    page = sign_in(coach).get(reverse("practical", args=[practical.pk])).content.decode()
    for criterion in each(practical.rubric.criteria.all()):
        assert page.count(f'name="c{criterion.pk}"') == criterion.max_points + 1


def test_an_earlier_sheet_is_shown_again_for_correction(practical, coach, sign_in):
    client = sign_in(coach)
    client.post(reverse("practical", args=[practical.pk]), given(practical))
    page = client.get(reverse("practical", args=[practical.pk])).content.decode()
    assert page.count(" checked") == practical.rubric.criteria.count()


def test_a_forgotten_criterion_keeps_what_was_tapped_and_says_which(practical, coach, sign_in):
    points = given(practical)
    forgotten = practical.rubric.criteria.last()
    del points[f"c{forgotten.pk}"]
    response = sign_in(coach).post(reverse("practical", args=[practical.pk]), points)
    assert response.status_code == 200
    assert forgotten.name in str(response.context["form"].non_field_errors())
    assert response.content.decode().count(" checked") == len(points)
    assert not ScoreSheet.objects.exists()


@pytest.mark.parametrize("value", ["-1", "99", "x", "3.5"])
def test_values_that_no_button_has_are_refused(practical, coach, sign_in, value):
    points = given(practical) | {f"c{practical.rubric.criteria.first().pk}": value}
    assert sign_in(coach).post(reverse("practical", args=[practical.pk]), points).status_code == 200
    assert not ScoreSheet.objects.exists()


def test_the_running_total_counts_without_saving(practical, coach, sign_in):
    page = sign_in(coach).post(reverse("practical_total", args=[practical.pk]), given(practical)).content.decode()
    assert "25 / 25" in page
    assert not ScoreSheet.objects.exists()


@pytest.mark.parametrize("position", ["oem_technical_coach", "service_manager", "general_manager"])
def test_examiners_who_are_not_its_markers_do_not_find_it(practical, sign_in, position):
    assert sign_in(make_employee(position)).get(reverse("practical", args=[practical.pk])).status_code == 404


@pytest.mark.parametrize("position", ["technician", "hr_officer", "technical_supervisor"])
def test_people_who_examine_nobody_are_refused(practical, sign_in, position):
    assert sign_in(make_employee(position)).get(reverse("practical", args=[practical.pk])).status_code == 403


def test_a_closed_practical_is_found_no_more(practical, coach, sign_in):
    close_practicals(practicals=[practical.pk])
    assert sign_in(coach).get(reverse("practical", args=[practical.pk])).status_code == 404


def test_signed_out_visitors_are_sent_to_sign_in(client, practical):
    assert reverse("account_login") in client.get(reverse("practical", args=[practical.pk])).url


def test_quick_taps_are_totalled_one_after_the_other(practical, coach, sign_in):
    """Each answer replaces the total: one that was on its way beside another would find its place gone, and show too little."""
    page = sign_in(coach).get(reverse("practical", args=[practical.pk])).content.decode()
    assert 'id="sheet" hx-sync="this:queue last"' in page
