"""G2: nobody goes up two steps in a cycle or quarter, jumps, or leaves 0-3, whatever is tried on the database through Django."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from assessments.certification.models import Certificate
from assessments.grading.actions import publish_cycle
from assessments.grading.models import Award, Candidacy, Cycle
from lms.common import triggers
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
        name: getattr(award, name) for name in ("candidacy", "cycle", "employee", "track", "year", "quarter", "from_level", "to_level")
    }
    person = changes.get("employee", award.employee)
    return {**values, "certificate": make_certificate(person), "awarded_at": NINE, "awarded_by": award.awarded_by, **changes}


# --- awards ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "end"), [(0, 2), (0, 3), (1, 3), (1, 1), (2, 1), (0, 0), (3, 4), (0, 1), (2, 3)])
def test_no_second_award_of_a_cycle_by_any_way_of_writing(cycle, start, end):
    award = Award.objects.first()
    _passed, other = cycle.candidacies.order_by("pk")
    changes = {"from_level": start, "to_level": end, "candidacy": other}
    refused(lambda: Award.objects.create(**award_values(award, **changes)))
    refused(lambda: Award.objects.bulk_create([Award(**award_values(award, **changes))]))
    refused(lambda: Award(**award_values(award, **changes)).save(force_insert=True))
    refused(lambda: Award.objects.update_or_create(candidacy=other, defaults=award_values(award, **changes)))
    assert Award.objects.count() == 1


def test_conflicts_ignored_still_add_no_step(cycle):
    award = Award.objects.first()
    other = cycle.candidacies.exclude(pk=award.candidacy_id).get()
    for start, end in ((0, 1), (1, 2)):  # the same step again, and a second one in the same quarter
        values = award_values(award, from_level=start, to_level=end, candidacy=other)
        try:
            with transaction.atomic():
                Award.objects.bulk_create([Award(**values)], ignore_conflicts=True)
        except DatabaseError:
            pass
        assert list(Award.objects.values_list("from_level", "to_level")) == [(0, 1)]


def test_conflicts_resolved_by_updating_change_no_award(cycle):
    award = Award.objects.first()
    values = award_values(award, to_level=3, certificate=award.certificate)
    refused(
        lambda: Award.objects.bulk_create(
            [Award(**values)], update_conflicts=True, update_fields=["to_level"], unique_fields=["cycle", "employee"]
        )
    )
    assert Award.objects.get().to_level == 1


@pytest.mark.parametrize(
    "changes", [{"to_level": 2}, {"from_level": 1, "to_level": 2}, {"quarter": 4}, {"year": 2020}, {"track": "service"}]
)
def test_an_award_is_never_edited_or_deleted(cycle, changes):
    award = Award.objects.get()
    refused(lambda: Award.objects.update(**changes))
    refused(lambda: Award.objects.bulk_update([Award(pk=award.pk, **changes)], list(changes)))
    for name, value in changes.items():
        setattr(award, name, value)
    refused(award.save)
    refused(lambda: Award.objects.all()._raw_delete("default"))
    refused(Award.objects.all().delete)


def test_no_award_before_publication_of_its_cycle_and_for_no_other_quarter(cycle):
    award = Award.objects.get()
    later = make_cycle("ratified", people=[], quarter=2)
    candidacy = later.candidacies.get(employee=award.employee)
    good = {"cycle": later, "candidacy": candidacy, "quarter": 2, "from_level": 1, "to_level": 2}
    refused(lambda: Award.objects.create(**award_values(award, **good)))  # not published yet
    refused(lambda: Award.objects.create(**award_values(award, **{**good, "quarter": 3})))
    refused(lambda: Award.objects.create(**award_values(award, **{**good, "cycle": cycle})))


def test_who_has_no_award_yet_gets_none_of_another_quarter_year_or_track_than_their_cycle_s(cycle):
    award = Award.objects.get()
    other = cycle.candidacies.exclude(pk=award.candidacy_id).select_related("employee").get()
    values = award_values(award, candidacy=other, employee=other.employee)
    for wrong in each([{"quarter": 2}, {"year": 2025}, {"track": "service"}]):
        with pytest.raises(DatabaseError, match="own track and quarter"), transaction.atomic():
            Award.objects.create(**{**values, **wrong})
    assert Award.objects.create(**values).pk, "nothing else was wrong with it"


def test_raw_sql_adds_no_award(cycle):
    award = Award.objects.get()
    values = award_values(award, from_level=1, to_level=2)
    sql = (
        "INSERT INTO grading_award (candidacy_id, cycle_id, employee_id, track, year, quarter, from_level, to_level, certificate_id,"
        " awarded_at, awarded_by_id) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
    )

    def insert(year, quarter, start, end):
        other = cycle.candidacies.exclude(pk=award.candidacy_id).get()
        row = [
            other.pk,
            cycle.pk,
            award.employee_id,
            "technical",
            year,
            quarter,
            start,
            end,
            values["certificate"].pk,
            str(NINE),
            award.awarded_by_id,
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql, row)

    for year, quarter, start, end in [(2026, 1, 1, 2), (2026, 2, 1, 2), (2026, 1, 0, 2), (2026, 1, 3, 4), (2027, 1, 1, 3)]:
        refused(lambda args=(year, quarter, start, end): insert(*args))


# --- levels ------------------------------------------------------------------------------------


TRIED = [-1, 0, 1, 2, 3, 4, 99]
AWARDED = {"technical_level": 1, "service_level": 0}
WRONG_LEVELS = [(field, level) for field in AWARDED for level in TRIED if level != AWARDED[field]]


@pytest.mark.parametrize(("field", "level"), WRONG_LEVELS)
def test_the_level_on_a_person_is_what_the_awards_say(cycle, level, field):
    person = Award.objects.get().employee

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
    assert not Award.objects.exists()
    assert not Certificate.objects.exists()
    assert Cycle.objects.get().status == Cycle.Status.RATIFIED


# --- any sequence ------------------------------------------------------------------------------


class Steps(RuleBasedStateMachine):
    """Publications by the action, mixed with attempts to write awards and levels past it."""

    def __init__(self):
        super().__init__()
        self.person = Employee.objects.order_by("pk").first() or make_employee("technician")
        self.by = make_employee("hr_officer").user
        self.quarters = 0

    def attempt(self, act):
        try:
            with transaction.atomic():
                act()
        except DatabaseError:
            pass

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

    @rule(start=LEVELS, end=LEVELS, again=st.booleans())
    def an_award_is_written_past_the_action(self, start, end, again):
        candidacies = Candidacy.objects.filter(employee=self.person)
        candidacy = candidacies.order_by("pk").last() if again else candidacies.filter(award=None).first()
        if candidacy is None:
            return
        cycle = candidacy.cycle
        facts = {
            "candidacy": candidacy,
            "cycle": cycle,
            "employee": self.person,
            "track": "technical",
            "year": cycle.year,
            "quarter": cycle.quarter,
        }
        certificate = make_certificate(self.person)
        award = Award(**facts, from_level=start, to_level=end, certificate=certificate, awarded_at=NINE, awarded_by=self.by)
        self.attempt(lambda: Award.objects.bulk_create([award], ignore_conflicts=again))

    @rule(level=LEVELS, track=st.sampled_from(["technical", "service"]))
    def a_level_is_written_past_the_action(self, level, track):
        self.attempt(lambda: Employee.objects.filter(pk=self.person.pk).update(**{f"{track}_level": level}))

    @rule(values=st.fixed_dictionaries({"to_level": LEVELS}, optional={"quarter": st.integers(1, 4)}))
    def an_award_is_edited(self, values):
        self.attempt(lambda: Award.objects.filter(employee=self.person).update(**values))

    @rule()
    def awards_are_deleted(self):
        self.attempt(lambda: Award.objects.filter(employee=self.person)._raw_delete("default"))

    @invariant()
    def awards_climb_one_step_a_quarter_and_levels_follow(self):
        steps = list(Award.objects.filter(employee=self.person).order_by("year", "quarter").values_list("from_level", "to_level"))
        assert steps == [(level, level + 1) for level in range(len(steps))]
        assert len(steps) <= 3
        person = Employee.objects.get(pk=self.person.pk)
        assert (person.technical_level, person.service_level) == (len(steps), 0)


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
