"""G2, G7: nobody goes up two steps in a cycle or quarter, jumps, or leaves 0-3, whatever is tried on the database through Django."""

import contextlib
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from assessments.certification.models import Certificate
from assessments.grading.actions.decisions import correct_decision, lapse_level, lower_level, renew_level
from assessments.grading.actions.publication import publish_cycle
from assessments.grading.models import Candidacy, Cycle, LevelDecision
from lms.common import triggers
from lms.common.states import Refused
from lms.people.models import Employee
from tests.each import each
from tests.factories import NINE, bring_to, make_certificate, make_cycle, make_employee, sign_all

pytestmark = pytest.mark.django_db
LEVELS = st.integers(min_value=-1, max_value=5)


def refused(act):
    """The database refuses, and nothing of it stays."""
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


@pytest.fixture
def cycle():
    return make_cycle("published", people=2)


def award_values(award, **changes):
    values = {
        name: getattr(award, name)
        for name in ("kind", "candidacy", "cycle", "employee", "track", "year", "quarter", "from_level", "to_level", "effective_on")
    }
    person = changes.get("employee", award.employee)
    return {**values, "number": 2, "certificate": make_certificate(person), "decided_at": NINE, "decided_by": award.decided_by, **changes}


# --- awards ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "end"), [(0, 2), (0, 3), (1, 3), (1, 1), (2, 1), (0, 0), (3, 4), (0, 1), (2, 3)])
def test_no_second_award_of_a_cycle_by_any_way_of_writing(cycle, start, end):
    award = LevelDecision.objects.first()
    _passed, other = cycle.candidacies.order_by("pk")
    changes = {"from_level": start, "to_level": end, "candidacy": other}
    refused(lambda: LevelDecision.objects.create(**award_values(award, **changes)))
    refused(lambda: LevelDecision.objects.bulk_create([LevelDecision(**award_values(award, **changes))]))
    refused(lambda: LevelDecision(**award_values(award, **changes)).save(force_insert=True))
    refused(lambda: LevelDecision.objects.update_or_create(candidacy=other, defaults=award_values(award, **changes)))
    assert LevelDecision.objects.count() == 1


def test_conflicts_ignored_still_add_no_step(cycle):
    award = LevelDecision.objects.first()
    other = cycle.candidacies.exclude(pk=award.candidacy_id).get()
    for start, end in ((0, 1), (1, 2)):  # the same step again, and a second one in the same quarter
        values = award_values(award, from_level=start, to_level=end, candidacy=other)
        try:
            with transaction.atomic():
                LevelDecision.objects.bulk_create([LevelDecision(**values)], ignore_conflicts=True)
        except DatabaseError:
            pass
        assert list(LevelDecision.objects.values_list("from_level", "to_level")) == [(0, 1)]


def test_conflicts_resolved_by_updating_change_no_award(cycle):
    award = LevelDecision.objects.first()
    values = award_values(award, to_level=3, certificate=award.certificate)
    refused(
        lambda: LevelDecision.objects.bulk_create(
            [LevelDecision(**values)], update_conflicts=True, update_fields=["to_level"], unique_fields=["cycle", "employee"]
        )
    )
    assert LevelDecision.objects.get().to_level == 1


@pytest.mark.parametrize(
    "changes", [{"to_level": 2}, {"from_level": 1, "to_level": 2}, {"quarter": 4}, {"year": 2020}, {"track": "service"}]
)
def test_an_award_is_never_edited_or_deleted(cycle, changes):
    award = LevelDecision.objects.get()
    refused(lambda: LevelDecision.objects.update(**changes))
    refused(lambda: LevelDecision.objects.bulk_update([LevelDecision(pk=award.pk, **changes)], list(changes)))
    for name, value in changes.items():
        setattr(award, name, value)
    refused(award.save)
    refused(lambda: LevelDecision.objects.all()._raw_delete("default"))
    refused(LevelDecision.objects.all().delete)


def test_no_award_before_publication_of_its_cycle_and_for_no_other_quarter(cycle):
    award = LevelDecision.objects.get()
    later = make_cycle("ratified", people=[], quarter=2)
    candidacy = later.candidacies.get(employee=award.employee)
    good = {"cycle": later, "candidacy": candidacy, "quarter": 2, "from_level": 1, "to_level": 2}
    refused(lambda: LevelDecision.objects.create(**award_values(award, **good)))  # not published yet
    refused(lambda: LevelDecision.objects.create(**award_values(award, **{**good, "quarter": 3})))
    refused(lambda: LevelDecision.objects.create(**award_values(award, **{**good, "cycle": cycle})))


def test_who_did_not_pass_is_given_the_level_of_no_other_quarter_year_or_track_than_their_cycle_s(cycle):
    """By a correction, which two people decide."""
    award = LevelDecision.objects.get()
    other = cycle.candidacies.exclude(pk=award.candidacy_id).select_related("employee").get()
    second = {"kind": "correction", "reason": "申诉成立", "confirmed_by": make_employee("group_hr").user}
    values = award_values(award, candidacy=other, employee=other.employee, number=1, **second)
    for wrong in each([{"quarter": 2}, {"year": 2025}, {"track": "service"}]):
        with pytest.raises(DatabaseError, match="own track and quarter"), transaction.atomic():
            LevelDecision.objects.create(**{**values, **wrong})
    assert LevelDecision.objects.create(**values).pk, "nothing else was wrong with it"


def test_raw_sql_adds_no_award(cycle):
    award = LevelDecision.objects.get()
    values = award_values(award, from_level=1, to_level=2)
    other = cycle.candidacies.exclude(pk=award.candidacy_id).get()

    def insert(year, quarter, start, end):
        row = {
            "kind": "award",
            "number": 2,
            "candidacy_id": other.pk,
            "cycle_id": cycle.pk,
            "employee_id": award.employee_id,
            "track": "technical",
            "year": year,
            "quarter": quarter,
            "from_level": start,
            "to_level": end,
            "certificate_id": values["certificate"].pk,
            "reason": "",
            "effective_on": str(NINE.date()),
            "decided_at": str(NINE),
            "decided_by_id": award.decided_by_id,
        }
        sql = f"INSERT INTO grading_leveldecision ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})"
        with connection.cursor() as cursor:
            cursor.execute(sql, list(row.values()))

    for year, quarter, start, end in [(2026, 1, 1, 2), (2026, 2, 1, 2), (2026, 1, 0, 2), (2026, 1, 3, 4), (2027, 1, 1, 3)]:
        refused(lambda args=(year, quarter, start, end): insert(*args))


# --- levels ------------------------------------------------------------------------------------


TRIED = [-1, 0, 1, 2, 3, 4, 99]
AWARDED = {"technical_level": 1, "service_level": 0}
WRONG_LEVELS = [(field, level) for field in AWARDED for level in TRIED if level != AWARDED[field]]


@pytest.mark.parametrize(("field", "level"), WRONG_LEVELS)
def test_the_level_on_a_person_is_what_the_awards_say(cycle, level, field):
    person = LevelDecision.objects.get().employee

    def save():
        setattr(person, field, level)
        person.save()

    refused(save)
    refused(lambda: Employee.objects.filter(pk=person.pk).update(**{field: level}))
    refused(lambda: Employee.objects.bulk_update([Employee(pk=person.pk, **{field: level})], [field]))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE people_employee SET {field} = %s WHERE id = %s", [level, person.pk])
    assert Employee.objects.get(pk=person.pk).technical_level == 1


def test_levels_raised_by_an_expression_are_refused_too(cycle):
    refused(lambda: Employee.objects.update(technical_level=F("technical_level") + 1))
    refused(lambda: Employee.objects.update(service_level=3 - F("service_level")))


@pytest.mark.parametrize("level", [1, 2, 3])
def test_nobody_is_created_with_a_level_not_even_in_bulk(level):
    person = make_employee("technician")
    facts = {"group": person.group, "dealer": person.dealer, "position": person.position, "hired_on": person.hired_on, "name": "新人"}
    refused(lambda: Employee.objects.bulk_create([Employee(**facts, number="N1", technical_level=level)]))
    refused(lambda: Employee.objects.bulk_create([Employee(**facts, number="N1", service_level=level)], ignore_conflicts=True))
    refused(lambda: Employee.objects.update_or_create(number="N1", defaults=facts, create_defaults={**facts, "technical_level": level}))
    assert not Employee.objects.filter(number="N1").exists()


# --- candidacies -------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "end"), [(0, 2), (1, 3), (0, 0), (2, 1), (3, 4)])
def test_nobody_is_a_candidate_for_a_jump(start, end):
    cycle = make_cycle(people=1)
    candidacy = cycle.candidacies.get()
    refused(lambda: cycle.candidacies.update(from_level=start, to_level=end))
    refused(lambda: Candidacy.objects.create(cycle=cycle, employee=make_employee("technician"), from_level=start, to_level=end))
    refused(lambda: Candidacy.objects.create(cycle=cycle, employee=candidacy.employee, from_level=0, to_level=1))


def test_a_candidacy_bent_to_a_higher_level_before_publication_gives_no_award():
    cycle = make_cycle("ratified", people=2)
    sign_all(cycle)
    triggers.drop_all()  # the lock holds who may sit for what; this is what lies behind it
    Candidacy.objects.filter(outcome="passed").update(from_level=1, to_level=2)
    triggers.create_all()
    with pytest.raises(Exception, match=r".+"), transaction.atomic():
        publish_cycle(cycle=cycle, by=cycle.opened_by, at=NINE)
    assert not LevelDecision.objects.exists()
    assert not Certificate.objects.exists()
    assert Cycle.objects.get().status == Cycle.Status.RATIFIED


# --- any sequence ------------------------------------------------------------------------------


def a_decision(person, by, **values):
    """One that only the database judges, with the number that comes next."""
    given = {
        "employee": person,
        "track": "technical",
        "number": person.level_decisions.filter(track="technical").count() + 1,
        "effective_on": NINE.date(),
        "decided_at": NINE,
        "decided_by": by,
        "reason": "" if values.get("kind") == "award" else "越权",
    }
    given |= values
    if given["to_level"] >= given["from_level"]:
        given["certificate"] = make_certificate(person)
    return LevelDecision(**given)


class Steps(RuleBasedStateMachine):
    """Publications and decisions by the actions, mixed with attempts to write decisions and levels past them."""

    def __init__(self):
        super().__init__()
        self.person = Employee.objects.order_by("pk").first() or make_employee("technician")
        self.by = make_employee("hr_officer").user
        self.group = [make_employee("group_hr").user for _one in range(2)]
        self.quarters = 0

    def attempt(self, act):
        with contextlib.suppress(DatabaseError, Refused), transaction.atomic():
            act()

    @rule()
    def a_quarter_passes_with_a_publication(self):
        if self.quarters >= 4:
            return
        year, quarter = 2026 + self.quarters // 4, self.quarters % 4 + 1
        opened = NINE + timedelta(days=90 * self.quarters - 20)
        self.quarters += 1
        if Employee.objects.get(pk=self.person.pk).technical_level == 3:
            return
        make_employee("technician")  # the last one fails, so that the person passes
        cycle = make_cycle("open", people=[], by=self.by, year=year, quarter=quarter, opened_at=opened)
        bring_to(cycle, "published", by=self.by)

    @rule()
    def hr_lowers(self):
        level = Employee.objects.get(pk=self.person.pk).technical_level
        self.attempt(
            lambda: lower_level(employee=self.person, track="technical", from_level=level, reason="违反安全规程", by=self.by, at=NINE)
        )

    @rule(expired=st.booleans())
    def a_level_lapses(self, expired):
        if expired:
            Certificate.objects.filter(employee=self.person).update(expires_on=NINE.date() - timedelta(days=1))
        level = Employee.objects.get(pk=self.person.pk).technical_level
        self.attempt(lambda: lapse_level(employee=self.person, track="technical", from_level=level, reason="未复评", by=self.by, at=NINE))

    @rule()
    def a_level_is_renewed(self):
        level = Employee.objects.get(pk=self.person.pk).technical_level
        self.attempt(lambda: renew_level(employee=self.person, track="technical", from_level=level, reason="复评通过", by=self.by, at=NINE))

    @rule(back=st.integers(0, 3))
    def a_decision_is_corrected(self, back):
        decisions = list(LevelDecision.objects.filter(employee=self.person).order_by("-number"))
        by, second = self.group
        if len(decisions) > back:
            self.attempt(lambda: correct_decision(decision=decisions[back], reason="申诉成立", confirmed_by=second, by=by, at=NINE))

    @rule(kind=st.sampled_from(LevelDecision.Kind.values), start=LEVELS, end=LEVELS, again=st.booleans())
    def a_decision_of_a_cycle_is_written_past_the_action(self, kind, start, end, again):
        candidacies = Candidacy.objects.filter(employee=self.person)
        candidacy = candidacies.order_by("pk").last() if again else candidacies.filter(decision=None).first()
        if candidacy is None:
            return
        cycle = candidacy.cycle
        facts = {"candidacy": candidacy, "cycle": cycle, "year": cycle.year, "quarter": cycle.quarter}
        facts |= {"confirmed_by": self.group[0]} if kind == "correction" else {}
        decision = a_decision(self.person, self.by, kind=kind, from_level=start, to_level=end, **facts)
        self.attempt(lambda: LevelDecision.objects.bulk_create([decision], ignore_conflicts=again))

    @rule(kind=st.sampled_from(LevelDecision.Kind.values), start=LEVELS, end=LEVELS, number=st.integers(1, 6))
    def a_decision_without_a_cycle_is_written_past_the_action(self, kind, start, end, number):
        corrects = LevelDecision.objects.filter(employee=self.person, number=number).first() if kind == "correction" else None
        facts = {"corrects": corrects, "confirmed_by": self.group[0] if kind == "correction" else None}
        decision = a_decision(self.person, self.by, kind=kind, from_level=start, to_level=end, **facts)

        def write():
            decision.save(force_insert=True)
            Employee.objects.filter(pk=self.person.pk).update(technical_level=end)

        self.attempt(write)

    @rule(level=LEVELS, track=st.sampled_from(["technical", "service"]))
    def a_level_is_written_past_the_action(self, level, track):
        self.attempt(lambda: Employee.objects.filter(pk=self.person.pk).update(**{f"{track}_level": level}))

    @rule(values=st.fixed_dictionaries({"to_level": LEVELS}, optional={"quarter": st.integers(1, 4)}))
    def a_decision_is_edited(self, values):
        self.attempt(lambda: LevelDecision.objects.filter(employee=self.person).update(**values))

    @rule()
    def decisions_are_deleted(self):
        self.attempt(lambda: LevelDecision.objects.filter(employee=self.person)._raw_delete("default"))

    @invariant()
    def decisions_are_one_chain_of_single_steps_and_levels_follow(self):
        decisions = list(LevelDecision.objects.filter(employee=self.person).order_by("number"))
        levels = [0, *(decision.to_level for decision in decisions)]
        assert [decision.number for decision in decisions] == list(range(1, len(decisions) + 1))
        assert [decision.from_level for decision in decisions] == levels[:-1]
        assert {abs(after - before) for before, after in pairwise(levels)} <= {0, 1}
        assert set(levels) <= {0, 1, 2, 3}
        person = Employee.objects.get(pk=self.person.pk)
        assert (person.technical_level, person.service_level) == (levels[-1], 0)

    @invariant()
    def a_step_up_is_passed_once_a_quarter_or_takes_back_one_step_down(self):
        ups = list(LevelDecision.objects.filter(employee=self.person, to_level__gt=F("from_level")).select_related("candidacy", "corrects"))
        passed = [(up.year, up.quarter) for up in ups if up.candidacy]
        assert len(passed) == len(set(passed))
        assert [up for up in ups if not up.candidacy and not (up.corrects and up.corrects.is_downward)] == []
        assert [up for up in ups if up.kind == "award" and up.candidacy.outcome != "passed"] == []


def test_no_sequence_gives_two_steps_a_jump_or_a_level_outside_0_to_3():
    run_state_machine_as_test(_rolled_back(Steps), settings=settings(max_examples=8, stateful_step_count=12, deadline=None))


def _rolled_back(machine):
    """The machine with each example in a savepoint of its own that is undone at its end."""

    class RolledBack(machine):
        def __init__(self):
            self.savepoint = transaction.savepoint()
            super().__init__()

        def teardown(self):
            transaction.savepoint_rollback(self.savepoint)

    return RolledBack
