"""Writing what was planned: everything of a batch in bulk, each person with their line of history and audit event."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from lms.accounts.models import User
from lms.audit.actions import event_of, record_events
from lms.people.actions.moves import kind_of_move
from lms.people.actions.records import BATCH, day_of, line_of, remember_all
from lms.people.actions.rules import kind_by_post, particulars
from lms.people.actions.sign_in import names_taken, username_for
from lms.people.choices import Role
from lms.people.models import Employee, EmploymentEvent
from lms.people.standing import PLACE

Kind = EmploymentEvent.Kind


@dataclass
class Writer:
    by: object
    at: object
    reason: str

    def __post_init__(self):
        self.groups = {group.name: group.pk for group in Group.objects.filter(name__in=Role.values)}
        self.created = set()  # ids of the people that this import brought in

    # -- first every new person, so that anyone can be anyone's manager ----------------------------------------

    def create(self, rows):
        new = [row for row in rows if row.kind == "created"]
        if not new:
            return
        users = self._create_users(new)
        people = [
            Employee(
                group=row.values["dealer"].group,
                kind=kind_by_post(row.values["position"]),
                number=row.line.number,
                user=user,
                name=row.line.name,
                dealer=row.values["dealer"],
                position=row.values["position"],
                hired_on=row.line.hired_on,
                email=row.line.email,
                phone=row.line.phone,
                status=row.line.status or Employee.Status.ACTIVE,
            )
            for row, user in zip(new, users, strict=True)
        ]
        Employee.objects.bulk_create(people, batch_size=BATCH)
        self.created.update(person.pk for person in people)

    def _create_users(self, new):
        numbers = [(row.values["dealer"].group.code, row.line.number) for row in new]
        taken = names_taken([name for code, number in numbers for name in (number, f"{code}-{number}")])
        users = []
        for row, (code, number) in zip(new, numbers, strict=True):
            name = username_for(code, number, taken)
            taken.add(name.lower())
            users.append(User(username=name, email=row.line.email, password=make_password(None)))
        User.objects.bulk_create(users, batch_size=BATCH)
        self._give_roles(users, [row.values["position"] for row in new])
        return users

    def _give_roles(self, users, positions):
        held = User.groups.through
        rows = [
            held(user_id=user.pk, group_id=self.groups[position.role])
            for user, position in zip(users, positions, strict=True)
            if position.role in self.groups
        ]
        held.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)

    # -- then what changes, managers of the new included ------------------------------------------------------------

    def change(self, rows, managers):
        """`rows` planned anew, now that all exist; `managers` maps a key of the table to the person."""
        touched, moved = [], []
        for row in rows:
            if row.employee is None or not (row.changes or row.employee.pk in self.created):
                continue
            old = row.employee.position
            self._set(row, managers)
            touched.append(row)
            if row.employee.pk not in self.created and {"dealer", "position"} & row.changes.keys():
                moved.append((row.employee, old))
        self._save(touched)
        self._remember(touched, moved)
        self._follow(touched, moved)

    def _set(self, row, managers):
        for name in row.changes:
            value = managers[row.manager_key] if name == "manager" else row.values[name]
            setattr(row.employee, name, value)

    def _save(self, touched):
        fields = sorted({name for row in touched for name in row.changes})
        if fields:
            Employee.objects.bulk_update([row.employee for row in touched if row.changes], fields, batch_size=BATCH)

    def _remember(self, touched, moved):
        hired = [row.employee for row in touched if row.employee.pk in self.created]
        history = [
            line_of(
                person, Kind.HIRED, person.hired_on, self.by,
                says=PLACE, status=person.status, person_kind=person.kind, reason=self.reason,
            )
            for person in hired
        ]  # fmt: skip
        olds = {person.pk: old for person, old in moved}
        remember_all(history + [line for row in touched for line in self._changes(row, olds)])
        record_events(event for row in touched for event in self._events(row))

    def _changes(self, row, olds):
        """The lines of history of someone who was there before: a new place, a new status."""
        person = row.employee
        if person.pk in self.created:
            return
        on, says = day_of(person, self.at), row.changes.keys() & set(PLACE)
        if says:
            kind = kind_of_move(olds[person.pk], person.position) if person.pk in olds else Kind.MANAGER
            yield line_of(person, kind, on, self.by, says=says, reason=self.reason)
        if "status" in row.changes:
            yield line_of(person, Kind.STATUS, on, self.by, status=person.status, reason=self.reason)

    def _events(self, row):
        """A new address is an event of its own, as it is by form: whoever gave it let the person in."""
        if row.employee.pk in self.created:
            yield event_of("person.hired", target=row.employee, by=self.by, at=self.at, after=particulars(row.employee))
            return
        for verb, names in (("person.readdressed", {"email"}), ("person.changed", row.changes.keys() - {"email"})):
            changes = {name: change for name, change in row.changes.items() if name in names}
            if changes:
                before, after = ({name: change[side] for name, change in changes.items()} for side in (0, 1))
                yield event_of(verb, target=row.employee, by=self.by, at=self.at, before=before, after=after)

    def _follow(self, touched, moved):
        """The sign-in goes along: the address of new mail, the role of the new position."""
        readdressed = []
        for row in touched:
            if "email" in row.changes and row.employee.user:
                row.employee.user.email = row.employee.email
                readdressed.append(row.employee.user)
        User.objects.bulk_update(readdressed, ["email"], batch_size=BATCH)
        changed = [(person, old) for person, old in moved if person.user and old.role != person.position.role]
        held = User.groups.through.objects
        for role in {old.role for _person, old in changed} & self.groups.keys():
            users = [person.user_id for person, old in changed if old.role == role]
            held.filter(group_id=self.groups[role], user_id__in=users).delete()
        self._give_roles([person.user for person, _old in changed], [person.position for person, _old in changed])
