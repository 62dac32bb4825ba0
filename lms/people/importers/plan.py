"""What HR's table would do: each row is created, changed, unchanged, or refused with reasons. Reads only; the same few queries a batch."""

from django.db.models.functions import Lower

from lms.accounts.models import User
from lms.common.bilingual import gettext as _
from lms.common.bilingual import listed
from lms.common.days import day as shown
from lms.common.typed import folded, spellings
from lms.people.actions import rules
from lms.people.called import spelled
from lms.people.importers.dates import compare_dates, standings_of_dated
from lms.people.importers.rows import AMBIGUOUS, Index, Row
from lms.people.importers.waiting import refuse_other_proposals
from lms.people.importers.zeros import shortened_of, why_not_shortened
from lms.people.models import Dealer, Employee, Position, Proposal
from lms.people.permissions import may_give, may_manage_person
from lms.people.queries import dealers_visible_to
from lms.people.signers import makes_signer, signers_among

Status = Employee.Status


class Planner:
    """Plans batches of lines for `by`, a user of HR, or None for the system itself, which sees every dealer."""

    def __init__(self, by, at):
        self.by, self.at = by, at
        self.dealers = {dealer.code.upper(): dealer for dealer in Dealer.objects.select_related("group")}
        self.visible = None if by is None else set(dealers_visible_to(by).values_list("pk", flat=True))
        self.positions = {}
        for position in Position.objects.all():
            for name in (position.code, position.name_zh, position.name_en):
                if name:
                    known = self.positions.setdefault(rules_key(name), position)
                    if known != position:
                        self.positions[rules_key(name)] = AMBIGUOUS
        self.groups = {dealer.group_id for dealer in self.dealers.values() if self.sees(dealer.pk)}
        self.index = Index()
        self.newcomers = set()  # keys of those in the table who will only exist once a second person confirms them

    def note_newcomers(self, lines):
        """Find out, before anything is planned, who in the table is to be brought in as a signer: nobody can report to them yet."""
        new = [line for line in lines if self._is_signing_post(line)]
        known = self._existing(new) if new else {}
        self.newcomers |= {self.key_of(line) for line in new} - known.keys()
        waiting = Proposal.objects.filter(kind=Proposal.Kind.HIRE, status=Proposal.Status.WAITING, dealer__group__in=self._groups(lines))
        waiting = waiting.exclude(number="")
        self.newcomers |= {(group, number.upper()) for group, number in waiting.values_list("dealer__group", "number")}

    def _is_signing_post(self, line):
        position = self.positions.get(rules_key(line.position))
        return isinstance(position, Position) and makes_signer(position)

    def key_of(self, line):
        dealer = self.dealers.get(line.dealer)
        return (dealer.group_id if dealer else None, line.number.upper())

    def sees(self, dealer_id):
        return self.visible is None or dealer_id in self.visible

    # -- one batch --------------------------------------------------------------------------------

    def plan(self, lines):
        known = self._existing(lines)
        managers = self._managers(lines)
        addresses = self._addresses(lines)
        self.later = rules.first_lines_after_hiring([person.pk for person in known.values()])
        shortened = shortened_of(lines, known, self.key_of)
        signing = signers_among([person.pk for person in known.values()], self.at)
        standings = standings_of_dated(lines, known)
        rows = []
        for line in lines:
            row = Row(line, employee=known.get(self.key_of(line)))
            self._duplicate(line)
            if whole := shortened.get(self.key_of(line)):
                line.refuse("number", why_not_shortened(line.number, whole))
            self._place(row)
            self._manager(row, managers)
            self._email(row, addresses)
            if knows := self._knows(row):
                self._presence(row)
            self._compare(row, signing, knows)
            if knows:
                compare_dates(row, standings)
            rows.append(row)
        refuse_other_proposals(rows, self.by, self.at)
        return rows

    def _groups(self, lines):
        return {self.key_of(line)[0] for line in lines} - {None}

    def _existing(self, lines):
        """Who has these numbers, however they are spelled; of two who differ in nothing but spelling, the one that is spelled so."""
        numbers = {line.number for line in lines}
        found = spelled(Employee.objects.filter(group__in=self._groups(lines)), numbers)
        people = sorted(found.select_related("dealer", "position", "manager", "user"), key=lambda person: person.number in numbers)
        return {(person.group_id, person.number.upper()): person for person in people}

    def _managers(self, lines):
        """Managers outside the table: people by (group, number), and by (group, name) where only one visible person has it."""
        wanted = {line.manager for line in lines if line.manager and (self.key_of(line)[0], line.manager.upper()) not in self.index.rows}
        groups, numbers, names = self._groups(lines), {}, {}
        if not wanted:
            return numbers, names
        for person in spelled(Employee.objects.filter(group__in=groups), wanted):
            numbers[person.group_id, person.number.upper()] = person
        called = {spelling for line in lines if line.manager in wanted for spelling in spellings(line.manager_as_typed)}
        for person in Employee.objects.filter(group__in=groups, name__in=called).exclude(status=Status.LEFT).exclude(number=""):
            # Who stands in the table is found there, under the name that it gives them.
            if self.sees(person.dealer_id) and (person.group_id, person.number.upper()) not in self.index.rows:
                key = (person.group_id, folded(person.name))
                names[key] = AMBIGUOUS if key in names else person
        return numbers, names

    def _addresses(self, lines):
        wanted = {line.email for line in lines if line.email}
        if not wanted:
            return {}
        users = User.objects.alias(lower=Lower("email")).filter(lower__in=wanted).values_list("pk", "email")
        named = User.objects.alias(lower=Lower("username")).filter(lower__in=wanted).values_list("pk", "username")
        return {known.lower(): pk for pk, known in [*named, *users]}

    # -- one row ----------------------------------------------------------------------------------

    def _duplicate(self, line):
        key = self.key_of(line)
        first = self.index.rows.get(key, line.row)
        other = first if first != line.row else self.index.again.get(key)
        if line.number and other:
            line.refuse("number", _("Row %(row)d has the same number; each person stands in the file once.") % {"row": other})

    def _place(self, row):
        """Dealer and position, each refused for itself: `values` hold what is known of a refused row too, for its other faults."""
        line, dealer, position = row.line, self._dealer(row), self._position(row.line)
        values = {"dealer": dealer, "position": position, "name": line.name, "hired_on": line.hired_on}
        row.values = {name: value for name, value in values.items() if value is not None}
        moves = position and not (row.employee and row.employee.position_id == position.pk)
        if dealer and moves and not may_give(self.by, position, dealer.group_id):
            line.refuse("position", rules.not_your_post(position))

    def _dealer(self, row):
        line, dealer = row.line, self.dealers.get(row.line.dealer)
        if dealer is None or not self.sees(dealer.pk):
            if line.dealer:  # an empty cell is said already
                line.refuse("dealer", self._why_not_dealer(line.dealer))
            return None
        if row.employee and not self.sees(row.employee.dealer_id):
            line.refuse("number", _("This number is someone's at a dealer that you do not see. Group HR moves people between dealers."))
        return dealer

    def _position(self, line):
        position = self.positions.get(rules_key(line.position))
        if isinstance(position, Position):
            return position
        if line.position:
            line.refuse("position", self._why_not_position(line.position))
        return None

    def _knows(self, row):
        """Whether it can be told whose row it is: without a dealer it cannot, and of someone of elsewhere nothing is told."""
        return "dealer" in row.values and (row.employee is None or self.sees(row.employee.dealer_id))

    def _why_not_dealer(self, code):
        visible = sorted(dealer.code for dealer in self.dealers.values() if self.sees(dealer.pk))
        known = listed(visible[:5]) + ("…" if len(visible) > 5 else "")
        return _("“%(code)s” is not the code of a dealer that you see. Yours: %(known)s.") % {"code": code, "known": known}

    def _why_not_position(self, text):
        posts = list(dict.fromkeys(position for position in self.positions.values() if position is not AMBIGUOUS))
        known = listed([*posts[:12], *(["…"] if len(posts) > 12 else [])])
        return _("There is no position “%(name)s”. There are: %(known)s.") % {"name": text, "known": known}

    def _manager(self, row, managers):
        """Who the manager cell means: a number first, then a name that only one person has. Empty says nothing."""
        line = row.line
        if not line.manager or "dealer" not in row.values:
            return
        group = row.values["dealer"].group_id
        key, person = self._who(group, line.manager, *managers)
        if key is None:
            line.refuse("manager", _("Nobody with the number or name “%(name)s” is in this file or on record.") % {"name": line.manager})
        elif key is AMBIGUOUS:
            line.refuse("manager", _("More than one person is called “%(name)s”. Give the employee number.") % {"name": line.manager})
        elif person is not None and person.status == Status.LEFT:
            line.refuse("manager", rules.why_not_manager(Employee(group_id=group, name=line.name), person))
        elif key == self.key_of(line):
            line.refuse("manager", _("Nobody is their own line manager."))
        elif key in self.newcomers:
            if row.employee is None or row.employee.is_here:
                row.reports_to = key  # their confirmation brings the team along
        else:
            row.manager_key = key
            row.values["manager"] = person  # None: someone in the table, found by `manager_key`

    def _who(self, group, text, numbers, names):
        """(key, person) for what stands in a manager cell; the person is None where they stand in the table themselves."""
        key = (group, text.upper())
        if key in self.index.rows or key in numbers or key in self.newcomers:
            return key, numbers.get(key)
        inside, outside = self.index.names.get(text), names.get((group, text))
        if AMBIGUOUS in (inside, outside) or (inside and outside):
            return AMBIGUOUS, None
        if outside:
            return (group, outside.number.upper()), outside
        return inside, None

    def _email(self, row, addresses):
        line = row.line
        if not line.email:
            return
        owner = addresses.get(line.email)
        if owner and "dealer" in row.values and owner != (row.employee and row.employee.user_id):
            line.refuse("email", _("The e-mail address %(email)s is someone else's sign-in already.") % {"email": line.email})
        first = self.index.emails.setdefault(line.email, line.row)
        if first != line.row:
            line.refuse("email", _("Row %(row)d has the same e-mail address; each person needs an own one, or none.") % {"row": first})
        row.values["email"] = line.email

    def _presence(self, row):
        line, person = row.line, row.employee
        if line.phone:
            row.values["phone"] = line.phone
        if person and person.status == Status.LEFT:
            if line.status != Status.LEFT:
                line.refuse(
                    "status",
                    _("%(name)s left on %(day)s. Record the return on their page.") % {"name": person.name, "day": shown(person.left_on)},
                )
        elif line.status == Status.LEFT:
            line.refuse("status", _("Departures are recorded on the person's page. Leave the row out here."))
        if line.status:
            row.values["status"] = line.status

    def _compare(self, row, signing, knows):
        line, person = row.line, row.employee
        if person and knows:
            self._set_changes(row, person)
            self._check_changes(row, person)
        if line.problems:
            row.kind = "refused"
            return
        self._note_parent(self.key_of(line), row)
        if person is None:
            row.values.setdefault("status", Status.ACTIVE)
            row.kind = "waiting" if makes_signer(row.values["position"]) else "created"
            return
        self._set_apart(row, person.pk in signing)
        row.kind = "waiting" if row.waits else "changed" if row.changes else "unchanged"

    def _check_changes(self, row, person):
        line = row.line
        if (row.changes or line.dates or row.reports_to) and not may_manage_person(self.by, person):
            line.refuse("number", rules.not_your_person(self.by, person))
        is_new = "hired_on" in row.changes and not line.is_refused("hired_on")
        if is_new and (reason := self._why_not_hired_on(line.hired_on, person)):
            line.refuse("hired_on", reason)

    def _why_not_hired_on(self, day, person):
        return rules.why_not_hired_on(day, person.hired_on) or rules.why_not_behind(day, person, self.later.get(person.pk))

    def _set_changes(self, row, person):
        current = rules.particulars(person)
        for name, value in row.values.items():
            if name == "manager":
                before, after = current["manager"].upper(), row.manager_key[1]
            else:
                before, after = current[name], getattr(value, "code", value)
            if before != after and not (name == "email" and before.lower() == after):
                row.changes[name] = (before, after)

    def _set_apart(self, row, signs):
        """What two people decide: a move of a signer or into a post that signs (its new manager goes along), a signer's address."""
        moves = {"dealer", "position"} & row.changes.keys()
        if moves and (signs or makes_signer(row.values["position"])):
            row.waits |= {name: row.changes.pop(name) for name in ("dealer", "position", "manager") if name in row.changes}
        if "email" in row.changes and signs:
            row.waits["email"] = row.changes.pop("email")

    def _note_parent(self, key, row):
        """Who will be the manager, for the search for loops; managers outside the table are looked up there."""
        self.index.parents[key] = row.manager_key
        manager, person = row.values.get("manager"), row.employee
        if row.manager_key is None and person and person.manager:
            manager = person.manager
            self.index.parents[key] = (person.group_id, manager.number.upper())
        if manager:
            self.index.outside.add(manager.pk)


def rules_key(name):
    return "".join(name.lower().split())
