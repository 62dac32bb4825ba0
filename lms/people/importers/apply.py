"""Writing what was planned: everything of a batch at once, by the same hand as every form (`actions.writing`)."""

from dataclasses import dataclass

from lms.audit.actions import event_of, record_events
from lms.people.actions import rules
from lms.people.actions.moves import kind_of_move
from lms.people.actions.records import day_of
from lms.people.actions.writing import (
    ABOUT,
    Change,
    Newcomer,
    enter,
    line_of,
    readdress,
    record_changes,
    remember_all,
    remember_hired,
    save_fields,
    take_roles,
)
from lms.people.importers.dates import to_record
from lms.people.models import Employee, EmploymentEvent
from lms.people.standing import PLACE

Kind = EmploymentEvent.Kind


@dataclass
class Writer:
    by: object
    at: object
    reason: str

    def __post_init__(self):
        self.created = set()  # ids of the people that this import brought in

    # -- first every new person, so that anyone can be anyone's manager ----------------------------------------

    def create(self, rows):
        new = [self._newcomer(self._employee(row)) for row in rows if row.kind == "created"]
        enter(new)
        self.created.update(one.employee.pk for one in new)

    def _employee(self, row):
        """All that the row says, but for the manager, who may come with the same table."""
        said = {name: value for name, value in row.values.items() if name != "manager"}
        return Employee(group=said["dealer"].group, kind=rules.kind_by_post(said["position"]), number=row.line.number, **said)

    def _newcomer(self, employee, dates=()):
        return Newcomer(employee, self.reason, dates=dict(dates))

    # -- then what changes, managers of the new included ------------------------------------------------------------

    def change(self, rows, managers):
        """`rows` planned anew, now that all exist; `managers` maps a key of the table to the person."""
        new = [row for row in rows if row.employee and row.employee.pk in self.created]
        old = [row for row in rows if row.employee and row.employee.pk not in self.created and (row.changes or row.dated)]
        was = {row.employee.pk: (rules.particulars(row.employee), row.employee.position) for row in old}
        for row in [*new, *old]:
            for name in row.changes:
                setattr(row.employee, name, managers[row.manager_key] if name == "manager" else row.values[name])
        save_fields([row.employee for row in [*new, *old] if row.changes], sorted({name for row in [*new, *old] for name in row.changes}))
        remember_hired([self._newcomer(row.employee, to_record(row)) for row in new], self.by, self.at)
        self._record(old, was)

    def _record(self, rows, was):
        """What a form for each of the changes would leave: their lines of history, events, sign-in and role."""
        remember_all([line for row in rows for line in self._lines(row, was[row.employee.pk][1])])
        changes = [
            Change(verb, row.employee, was[row.employee.pk][0]) for row in rows for verb in ABOUT if ABOUT[verb] & row.changes.keys()
        ]
        record_changes(changes, self.by, self.at)
        dated = [row for row in rows if row.dated]
        record_events(
            event_of("person.contract_recorded", target=row.employee, by=self.by, at=self.at, after=to_record(row)) for row in dated
        )
        readdress([(row.employee, False) for row in rows if "email" in row.changes])
        moved = [row.employee for row in rows if row.employee.user and "position" in row.changes]
        take_roles([(person.user, person.position, was[person.pk][1]) for person in moved])

    def _lines(self, row, old):
        """The lines of history of someone who was there before: a new place, a new status, a contract."""
        person = row.employee
        on, says = day_of(person, self.at), row.changes.keys() & set(PLACE)
        if says:
            kind = kind_of_move(old, person.position) if says & {"dealer", "position"} else Kind.MANAGER
            yield line_of(person, kind, on, self.by, says=says, reason=self.reason)
        if "status" in row.changes:
            yield line_of(person, Kind.STATUS, on, self.by, status=person.status, reason=self.reason)
        if row.dated:
            yield line_of(person, Kind.CONTRACT, on, self.by, **to_record(row), reason=self.reason)
