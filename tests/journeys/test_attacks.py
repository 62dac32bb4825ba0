"""Three who are dishonest and know the product well: an HR officer, a supervisor with a second job, a course author.

Each tries, by screens, files and addresses, all that was found when the first release was attacked, and more. What must not move
is written down before and after each try.
"""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assessments.exams.models import Attempt
from assessments.grading.actions.results import ratify
from assessments.grading.models import Candidacy, Cycle, LevelDecision, PanelMember
from assessments.practicals.models import Rubric, ScoreSheet
from courses.training.models import Attendance, Reflection
from lms.accounts.models import User
from lms.audit.models import Event
from lms.people.models import Employee, Position, Proposal
from lms.people.roles import roles_that_sign
from talent_pool.pay.actions.proposing import propose_pay_changes
from talent_pool.pay.actions.signing import approve_pay_changes
from talent_pool.pay.models import BandTable, PayChange
from tests.each import each
from tests.factories import make_bands, make_cycle, make_dealer, make_employee, make_position, practical_of

pytestmark = pytest.mark.django_db
TODAY = "2026-11-25"


def signers():
    """Who signs, by which post, password, address and roles; and who may sign in."""
    rows = Employee.objects.filter(position__role__in=roles_that_sign()).select_related("user", "position")
    return {
        one.number: (
            one.position.code,
            one.status,
            one.user.password,
            one.user.email,
            one.user.is_active,
            sorted(g.name for g in one.user.groups.all()),
        )
        for one in rows
    }


def decisions():
    """What was decided, by whom."""
    return {
        "cycles": list(Cycle.objects.order_by("pk").values_list("pk", "status", "published_by")),
        "panel": list(PanelMember.objects.order_by("pk").values_list("cycle", "seat", "examiner", "signed_by")),
        "candidacies": list(Candidacy.objects.order_by("pk").values_list("pk", "is_eligible", "waived_by", "outcome")),
        "awards": LevelDecision.objects.count(),
        "pay": list(PayChange.objects.order_by("pk").values_list("pk", "status", "approved_by", "countersigned_by")),
        "bands": BandTable.objects.count(),
        "attempts": list(Attempt.objects.order_by("pk").values_list("pk", "status")),
    }


def crown():
    return signers(), decisions(), list(Position.objects.order_by("pk").values_list("code", "role", "track"))


@pytest.fixture
def house():
    """A dealer with HR, a general manager, examiners and an author; a cycle under way, and a pay change approved by HR."""
    dealer = make_dealer()
    people = {post: make_employee(post, dealer=dealer, email=f"{post}@example.com") for post in (
        "hr_officer", "general_manager", "service_manager", "oem_service_coach", "group_hr", "course_author", "advisor", "service_supervisor",
    )}  # fmt: skip
    hr = people["hr_officer"].user
    cycle = make_cycle(
        "published", track="service", dealer=dealer, by=hr, people=[people["advisor"], make_employee("advisor", dealer=dealer)]
    )
    make_bands(dealer, by=people["group_hr"].user)
    propose_pay_changes(cycle_id=cycle.pk, at=timezone.now())
    approve_pay_changes(changes=list(PayChange.objects.all()), by=hr, at=timezone.now())
    people["dealer"], people["cycle"] = dealer, cycle
    people["running"] = make_cycle("open", track="service", dealer=dealer, by=hr, year=2026, quarter=3)
    return people


# --- a dishonest HR officer ------------------------------------------------------------------------


def person_form(house, position, number, **values):
    return {
        "name": "张三", "number": number, "dealer": house["dealer"].pk, "position": make_position(position).pk, "hired_on": TODAY,
        "status": "active", "email": "mine@example.com", **values,
    }  # fmt: skip


def move_form(house, position):
    return {"dealer": house["dealer"].pk, "position": make_position(position).pk, "on": TODAY, "reason": "调整"}


def a_file(*rows):
    head = "number,name,dealer,position,manager,hired_on,email,status\n"
    return SimpleUploadedFile("people.csv", (head + "".join(f"{row}\n" for row in rows)).encode(), content_type="text/csv")


def hr_tries(house, client):
    """(what is tried, how)."""
    gm, group_hr, author = house["general_manager"], house["group_hr"], house["course_author"]

    def post(address, /, *args, **data):
        return client.post(reverse(address, args=args), data)

    def act(person, what, /, **data):
        """Whoever is in a hurry confirms what it leaves open at once."""
        answer = post("person_act", person.pk, what, **data)
        if answer.status_code == 200 and answer.context["is_unseen"]:
            return post("person_act", person.pk, what, **data, seen=answer.context["seen"])
        return answer

    yield "hire a general manager", lambda: post("person_new", **person_form(house, "general_manager", "X1"))
    yield "hire an examiner", lambda: post("person_new", **person_form(house, "oem_service_coach", "X2"))
    yield "hire group HR", lambda: post("person_new", **person_form(house, "group_hr", "X3"))
    yield "take the general manager's password", lambda: post("person_first_password", gm.pk)
    yield "move the general manager down", lambda: act(gm, "move", **move_form(house, "advisor"))
    yield "send the general manager away", lambda: act(gm, "departure", left_on=TODAY, leaving="dismissed")
    yield (
        "give the general manager another address",
        lambda: act(gm, "details", name="王总", hired_on="2024-03-01", email="mine@example.com"),
    )
    yield "demote group HR", lambda: act(group_hr, "move", **move_form(house, "advisor"))
    yield "send group HR away", lambda: act(group_hr, "departure", left_on=TODAY, leaving="dismissed")
    yield "take the author's password", lambda: post("person_first_password", author.pk)
    yield "reset the general manager's second step", lambda: post("person_second_factor_reset", gm.pk)
    yield "make oneself general manager", lambda: act(house["hr_officer"], "move", **move_form(house, "general_manager"))
    yield "make the advisor service manager", lambda: act(house["advisor"], "move", **move_form(house, "service_manager"))
    yield (
        "bring signers in by a file",
        lambda: client.post(
            reverse("people_import"),
            {"file": a_file(f"X4,甲,{house['dealer'].code},general_manager,,2024-01-01,x4@example.com,active")},
        ),
    )
    yield (
        "demote by a file",
        lambda: client.post(
            reverse("people_import"), {"file": a_file(f"{group_hr.number},丙,{house['dealer'].code},advisor,,2024-01-01,,active")}
        ),
    )
    yield "confirm all of it alone", lambda: [post("proposal_confirm", one.pk) for one in Proposal.objects.filter(status="waiting")]
    yield "take it up and confirm", lambda: [post("proposal_take_up", one.pk) for one in Proposal.objects.filter(status="waiting")]
    yield (
        "countersign what one approved",
        lambda: post("pay_changes_sign", signs="countersign", change=list(PayChange.objects.values_list("pk", flat=True))),
    )
    yield "export it unsigned", lambda: post("payroll_export_new", dealer=house["dealer"].pk, kind="csv")
    yield (
        "change what a post may do",
        lambda: client.post(
            f"/studio/snippets/people/position/edit/{make_position('advisor').pk}/", {"role": "general_manager", "code": "advisor"}
        ),
    )
    yield "give rights in the studio", lambda: client.post("/studio/users/add/", {"username": "x"})


def test_a_dishonest_hr_officer_gets_nowhere_alone(house, client, django_capture_on_commit_callbacks):
    client.force_login(house["hr_officer"].user)
    before = crown()
    for what, how in each(list(hr_tries(house, client))):
        with django_capture_on_commit_callbacks(execute=True):
            how()
        assert crown() == before, what
    assert Proposal.objects.filter(status="confirmed").count() == 0
    tried = set(Proposal.objects.values_list("kind", flat=True))
    assert {"hire", "move", "departure", "password", "email", "second_factor"} <= tried, (
        "each try stands there, for a second person to read"
    )
    assert Event.objects.filter(verb="proposal.made", actor=house["hr_officer"].user).count() >= 6


def test_an_applied_file_changes_nothing_about_signers_either(house, client, django_capture_on_commit_callbacks):
    from lms.jobs.models import Job

    client.force_login(house["hr_officer"].user)
    before, gm, code = crown(), house["general_manager"], house["dealer"].code
    rows = [f"{gm.number},{gm.name},{code},advisor,,2024-03-01,mine@example.com,active", f"N1,乙,{code},advisor,,2024-01-01,,active"]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("people_import"), {"file": a_file(*rows)})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("people_import_apply", args=[Job.objects.latest("pk").pk]))
    assert Employee.objects.filter(number="N1").exists(), "the other rows are written at once"
    assert crown() == before
    assert set(Proposal.objects.values_list("kind", "status")) == {("move", "waiting"), ("email", "waiting")}


# --- a dishonest supervisor, with a second job -------------------------------------------------------


@pytest.fixture
def two_jobs(house):
    """The service supervisor, who sits for a level like the advisors, holds HR's role as well."""
    supervisor = house["service_supervisor"]
    supervisor.user.groups.add(Group.objects.get(name="hr"))
    return supervisor


def test_a_supervisor_with_a_second_job_does_not_help_herself(house, two_jobs, client):
    own = Candidacy.objects.get(employee=two_jobs, cycle=house["running"])
    Candidacy.objects.filter(pk=own.pk).update(
        findings=[{"rule": "attendance", "met": False, "have": 0, "need": 80}], computed_at=timezone.now()
    )
    client.force_login(two_jobs.user)
    before, cycle = crown(), house["running"]
    tries = {
        "waive her own ineligibility": ("candidacy_waive", [own.pk], {"reason": "很好"}),
        "compute anew": ("cycle_eligibility", [cycle.pk], {}),
        "seat a friend": ("cycle_panel", [cycle.pk], {"seat": "service_manager", "examiner": house["service_manager"].pk}),
        "lock it": ("cycle_step", [cycle.pk], {"step": "locked"}),
        "set her own exam": (
            "cycle_sitting",
            [cycle.pk, 1],
            {"opens_at": "2027-01-01T09:00", "closes_at": "2027-01-01T11:00", "room": "A"},
        ),
        "take results back": ("cycle_return", [house["cycle"].pk], {"reason": "x"}),
        "approve her own pay": (
            "pay_changes_sign",
            [],
            {"signs": "approve", "change": list(PayChange.objects.values_list("pk", flat=True))},
        ),
        "record leave for herself": ("person_act", [two_jobs.pk, "leave"], {"starts_on": TODAY, "ends_on": TODAY}),
    }
    for what, (name, args, data) in each(tries.items()):
        answer = client.post(reverse(name, args=args), data)
        assert answer.status_code in {403, 404} or what == "approve her own pay", what
        assert crown() == before, what
    assert not two_jobs.leaves.exists()


def test_a_panel_member_with_hr_rights_elsewhere_does_not_run_a_foreign_cycle(house, client):
    """On the panel here, HR there: what one may see as an examiner is not what one may do as HR."""
    elsewhere = make_employee("hr_officer", dealer=make_dealer("YT02"))
    PanelMember.objects.create(cycle=house["running"], seat="service_manager", examiner=elsewhere)
    client.force_login(elsewhere.user)
    before, cycle = crown(), house["running"]
    candidacy = cycle.candidacies.first()
    for name, args, data in each([
        ("cycle_eligibility", [cycle.pk], {}), ("candidacy_waive", [candidacy.pk], {"reason": "很好"}), ("cycle_step", [cycle.pk], {"step": "locked"}),
        ("cycle_panel", [cycle.pk], {"seat": "general_manager", "examiner": house["general_manager"].pk}), ("cycle_return", [cycle.pk], {"reason": "x"}), ("cycle_publish", [cycle.pk], {}), ("cycle_sitting", [cycle.pk, 1], {}),
    ]):  # fmt: skip
        assert client.post(reverse(name, args=args), data).status_code in {403, 404}, name
        assert crown() == before, name


def test_a_supervisor_notes_neither_her_own_attendance_nor_her_own_score(house, client):
    from types import SimpleNamespace

    from tests.factories import make_programme, make_session

    supervisor = house["service_supervisor"]
    floor = SimpleNamespace(dealer=house["dealer"], supervisor=supervisor, manager=house["service_manager"])
    programme = make_programme(floor)
    held, closed = make_session(programme, status="held"), make_session(programme, on=date(2026, 11, 18), status="closed")
    rows = [Attendance.objects.create(session=one, employee=supervisor, state="absent") for one in (held, closed)]
    reflection = Reflection.objects.create(session=closed, employee=supervisor, due_at=timezone.now(), submitted_at=timezone.now())
    client.force_login(supervisor.user)
    client.post(reverse("session_roll", args=[held.pk]), {f"was-{supervisor.pk}": "absent", f"state-{supervisor.pk}": "present"})
    client.post(reverse("session_correct", args=[closed.pk]), {"attendance": rows[1].pk, "state": "present", "reason": "我在"})
    client.post(reverse("reflection_score", args=[reflection.pk]), {"score": "5"})
    assert set(Attendance.objects.values_list("state", flat=True)) == {"absent"}
    reflection.refresh_from_db()
    assert reflection.score is None


# --- a dishonest author -----------------------------------------------------------------------------


def test_an_author_changes_nobodys_result_after_the_lock(client):
    """The rubric's pass mark, moved after the scoring, once turned eight passed into none."""
    cycle = make_cycle("marking", track="technical")
    rubric = Rubric.objects.get(version_of=None, track="technical", level=1)
    author = make_employee("course_author", dealer=cycle.dealer)
    client.force_login(author.user)
    lines = list(rubric.criteria.order_by("order"))
    data = {"name_zh": rubric.name_zh, "name_en": rubric.name_en, "track": "technical", "level": 1, "pass_mark": 100, "in_use": "on"}
    data |= {
        "part": rubric.part,
        "criteria-TOTAL_FORMS": len(lines),
        "criteria-INITIAL_FORMS": len(lines),
        "criteria-MIN_NUM_FORMS": 1,
        "criteria-MAX_NUM_FORMS": 1000,
    }
    for place, line in enumerate(lines):
        fields = {"id": line.pk, "name_zh": line.name_zh, "name_en": line.name_en, "max_points": 1, "order": place + 1, "ORDER": place + 1}
        data |= {f"criteria-{place}-{name}": value for name, value in fields.items()}
    assert client.post(f"/studio/snippets/practicals/rubric/edit/{rubric.pk}/", data).status_code == 302
    rubric.refresh_from_db()
    assert rubric.pass_mark == 100
    ratify(cycle=Cycle.objects.get(pk=cycle.pk), by=cycle.opened_by, at=timezone.now())
    outcomes = list(Candidacy.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes[0] == "passed", "the cycle keeps the rubric that stood at its lock"
    assert Event.objects.get(verb="rubric.changed").actor == author.user


def test_an_author_runs_no_exam_signs_nothing_and_sees_nobodys_pay(house, client):
    client.force_login(house["course_author"].user)
    before, cycle = crown(), house["running"]
    for name, args in each([
        ("cycle_step", [cycle.pk]), ("cycle_publish", [house["cycle"].pk]), ("cycle_sign", [house["cycle"].pk]), ("pay_changes", []),
        ("pay_changes_sign", []), ("person_pay", [house["advisor"].pk]), ("people", []), ("people_import", []), ("audit", []),
        ("person_first_password", [house["advisor"].pk]), ("marking_queue", []),
    ]):  # fmt: skip
        assert client.post(reverse(name, args=args)).status_code in {403, 404, 405}, name
        assert client.get(reverse(name, args=args)).status_code in {403, 404, 405}, name
    assert crown() == before


def test_no_sheet_is_written_in_the_name_of_another_examiner(client):
    cycle = make_cycle("marking", track="service")
    practical = practical_of(cycle.candidacies.first())
    before = ScoreSheet.objects.count()
    stranger = make_employee("oem_technical_coach", dealer=cycle.dealer)
    client.force_login(stranger.user)
    points = {f"c{criterion.pk}": criterion.max_points for criterion in practical.rubric.criteria.all()}
    assert client.post(reverse("practical", args=[practical.pk]), points).status_code == 404
    assert ScoreSheet.objects.count() == before


def test_technical_accounts_sign_nothing_and_see_nobodys_pay(house, client):
    root = User.objects.create_superuser("root", password="Steady-hands-42")
    client.force_login(root)
    before, cycle = crown(), house["running"]
    for name, args, data in each([
        ("cycle_step", [cycle.pk], {"step": "locked"}), ("cycle_publish", [house["cycle"].pk], {}),
        ("candidacy_waive", [cycle.candidacies.first().pk], {"reason": "x"}),
        ("pay_changes_sign", [], {"signs": "countersign", "change": list(PayChange.objects.values_list("pk", flat=True))}),
        ("person_new", [], person_form(house, "general_manager", "X9")), ("payroll_export_new", [], {"dealer": house["dealer"].pk, "kind": "csv"}),
    ]):  # fmt: skip
        client.post(reverse(name, args=args), data)
        assert crown() == before, name
    assert client.get(reverse("person_pay", args=[house["advisor"].pk])).status_code in {403, 404}
    page = client.get(reverse("pay_changes")).content.decode()
    assert house["advisor"].name not in page
