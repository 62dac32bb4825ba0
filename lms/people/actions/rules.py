"""What must be true of a person's place, number and address; asked by the actions and, row by row, by HR's import."""

import re
from datetime import timedelta

from django.db.models import Min, Q
from django.db.models.functions import Lower
from django.utils import timezone

from lms.accounts.models import User
from lms.common import limits
from lms.common.bilingual import gettext as _
from lms.common.days import day as shown
from lms.common.states import Refused
from lms.people.called import numbered
from lms.people.choices import Role
from lms.people.models import Employee, EmploymentEvent
from lms.people.permissions import is_self, may_manage
from lms.people.queries import chain_above, lines_of_people
from lms.people.standing import PLACE, says

# No other letters: a Cyrillic or full-width one looks like another person's number.
NUMBER = re.compile(r"[A-Za-z0-9_.+\u4e00-\u9fff-]{1,20}")
FARTHEST = timedelta(days=366)  # how long before the first day a person may be brought in, or a move or departure be entered
# Particulars that the history and the audit trail compare, in the order that a person reads them.
PARTICULARS = ("name", "number", "kind", "dealer", "position", "manager", "hired_on", "status", "email", "phone")


def particulars(employee):
    """The person's record in plain values, with codes and numbers in place of keys."""
    return {
        "name": employee.name,
        "number": employee.number,
        "kind": employee.kind,
        "dealer": employee.dealer.code,
        "position": employee.position.code,
        "manager": employee.manager.number if employee.manager else "",
        "hired_on": employee.hired_on,
        "status": employee.status,
        "email": employee.email,
        "phone": employee.phone,
    }


def differences(before, after):
    """What differs, as a pair of dicts for the audit event."""
    keys = [key for key in after if before.get(key) != after[key]]
    return {key: before.get(key) for key in keys}, {key: after[key] for key in keys}


def moved_facts(before, after):
    """Which of dealer, position and manager differ."""
    return {name for name in PLACE if before[name] != after[name]}


KINDS_OF_LEARNERS = {
    Role.STUDENT: Employee.Kind.STUDENT,
    Role.INTERN: Employee.Kind.INTERN,
    Role.COORDINATOR: Employee.Kind.COORDINATOR,
}


def kind_by_post(position):
    """What the holder of a post is where nothing else is said: an import, the first people of a group."""
    if position.role in KINDS_OF_LEARNERS:
        return KINDS_OF_LEARNERS[position.role]
    if not position.is_outside:
        return Employee.Kind.STAFF
    return Employee.Kind.GUEST if position.role == Role.STAFF else Employee.Kind.EXAMINER


def why_not_without_number(kind, number):
    """Only staff must have one; whoever has one has one that can be typed."""
    if not number and kind == Employee.Kind.STAFF:
        return _("Staff have an employee number. Give it, or say what else the person is.")
    return why_not_number(number) if number else ""


def why_not_sign_in(employee, name):
    """Why someone new cannot sign in by the `name` given for it: it is theirs alone, and of whoever has no number."""
    if employee.number:
        return name and _("Whoever has an employee number signs in by it. Leave the sign-in name empty.")
    if not (name or employee.email):
        return _("Without an employee number they sign in by a name of their own or by e-mail. Give one of the two.")
    if name and not NUMBER.fullmatch(name):
        return _("“%(name)s” cannot be a sign-in name: up to 20 letters, digits, “.”, “+”, “-” or “_”, without spaces.") % {"name": name}
    return why_not_by_address(employee.email) if not name else why_not_called(name)


def why_not_called(name):
    known = User.objects.alias(lower=Lower("email"), name=Lower("username"))
    if known.filter(Q(lower=name.lower()) | Q(name=name.lower())).exists():
        return _("Someone else signs in as %(number)s already.") % {"number": name}
    return ""


def why_not_by_address(email):
    """Why an address cannot be the only name that someone signs in by."""
    longest = User._meta.get_field("username").max_length
    if not email:
        return _("They sign in by this address alone. Give another one.")
    return len(email) > longest and _("This address is too long to sign in by. Give a shorter one, or a sign-in name.")


def why_not_number(number):
    if not NUMBER.fullmatch(number):
        return _("“%(number)s” cannot be an employee number: up to 20 letters, digits, “.”, “+”, “-” or “_”, without spaces.") % {
            "number": number
        }
    return ""


def why_not_free(number, employee):
    """Why a number cannot be given to the employee (who may be unsaved): another of the group has it, however it is spelled."""
    known = numbered(Employee.objects.filter(group=employee.group_id).exclude(pk=employee.pk), number)
    return known and _("The number %(number)s is %(name)s's already; choose another.") % {"number": known.number, "name": known.name}


def why_not_place(dealer, group_id):
    """Why someone of the group may not work at this dealer; empty when they may."""
    if dealer.group_id != group_id:
        return _("%(dealer)s belongs to another dealer group; people move only within their own.") % {"dealer": dealer.name}
    return ""


def not_your_dealer(dealer):
    return _("People of %(dealer)s are looked after by its own HR and by group HR.") % {"dealer": dealer.name}


def not_your_post(position):
    return _("The post %(position)s belongs to the group; only group HR gives it.") % {"position": position.name}


def not_your_person(by, employee):
    """Whose the record is, for a refusal."""
    if is_self(by, employee):
        return _("Nobody changes their own record; a colleague of HR does.")
    if may_manage(by, employee.dealer):
        return _("%(employee)s is the group's: %(position)s. Only group HR changes this record.") % {
            "employee": employee.name,
            "position": employee.position.name,
        }
    return not_your_dealer(employee.dealer)


def why_not_manager(employee, manager):
    """Why `manager` cannot be the line manager of `employee` (who may be unsaved); empty when they can."""
    if manager is None:
        return ""
    if manager.group_id != employee.group_id:
        return _("%(manager)s belongs to another dealer group.") % {"manager": manager.name}
    if not manager.number:
        return _("%(manager)s has no employee number; a line manager is someone who has one.") % {"manager": manager.name}
    if manager.status == Employee.Status.LEFT:
        return _("%(manager)s has left and cannot be anyone's manager. Choose someone who is here.") % {"manager": manager.name}
    if employee.pk and employee.pk in {manager.pk, *chain_above([manager.pk])}:
        return _("%(employee)s stands above %(manager)s already; a manager cannot report to their own team.") % {
            "employee": employee.name,
            "manager": manager.name,
        }
    return ""


def why_not_email(email, user=None):
    """Why the address cannot sign this user in: someone else signs in by it already, as an address or as a name."""
    known = User.objects.alias(lower=Lower("email"), name=Lower("username"))
    others = known.filter(Q(lower=email.lower()) | Q(name=email.lower()))
    if email and others.exclude(pk=user.pk if user else 0).exists():
        return _("The e-mail address %(email)s is someone else's sign-in already; give another, or none.") % {"email": email}
    return ""


def why_not_day(day, employee, *, ahead=False):
    """Why something about the employee cannot have happened on `day`, or with `ahead` happen within a year."""
    if ahead and day > timezone.localdate() + FARTHEST:
        return _("%(day)s lies more than a year ahead; look at the year.") % {"day": shown(day)}
    if day > timezone.localdate() and not ahead:
        return _("%(day)s is still to come; record it on the day.") % {"day": shown(day)}
    if day < employee.hired_on:
        return _("%(employee)s was hired on %(day)s; the date cannot lie before that.") % {
            "employee": employee.name,
            "day": shown(employee.hired_on),
        }
    return ""


def why_not_before(day, employee, facts):
    """Why nothing can be said about these facts from `day` on: a line of a later day says one of them already, and the latest holds."""
    for line in lines_of_people([employee.pk]).get(employee.pk, ()):
        if line.on > day and says(line) & facts:
            return _("The history of %(employee)s has a line of %(day)s about the same; choose that day or a later one.") % {
                "employee": employee.name,
                "day": shown(line.on),
            }
    return ""


def why_not_contract(dates, hired_on):
    """Why these dates of contract and probation cannot be; `dates` may lack any of them."""
    until, begins, ends = (dates.get(name) for name in ("probation_until", "contract_from", "contract_until"))
    if until and until < hired_on:
        return _("Probation cannot end before the day of hiring, %(day)s.") % {"day": shown(hired_on)}
    if ends and (not begins or ends < begins):
        return _("A contract begins before it ends: give the first day, and a last day that does not lie before it.")
    return ""


def why_not_hired_on(day, hired_on=None):
    """Why `day` cannot be the day of hiring; `hired_on`: what it is on record so far. Whoever has begun did not begin tomorrow."""
    today = timezone.localdate()
    if not limits.FIRST_DAY <= day <= today + FARTHEST:
        return _("%(value)s cannot be a day of hiring; look at the year.") % {"value": shown(day)}
    if hired_on and hired_on <= today < day:
        return _("This person has begun already, so the day of hiring cannot be %(value)s, which is still to come.") % {"value": shown(day)}
    return ""


def why_not_hired_after(day, employee):
    """Why `day` cannot be the day of hiring of someone whose history goes on: it would lie behind what came later."""
    return why_not_behind(day, employee, first_lines_after_hiring([employee.pk]).get(employee.pk))


def why_not_behind(day, employee, first):
    """The same for a batch: `first` is the day of the person's first line after that of hiring, or None."""
    if first and day > first:
        return _("%(employee)s has a line of history of %(day)s; the day of hiring cannot lie after it.") % {
            "employee": employee.name,
            "day": shown(first),
        }
    return ""


def first_lines_after_hiring(people):
    """{employee id: day}. One statement."""
    lines = EmploymentEvent.objects.filter(employee__in=people).exclude(kind=EmploymentEvent.Kind.HIRED).order_by()
    return dict(lines.values_list("employee").annotate(first=Min("on")))


def refuse(*reasons):
    """Refuse with the first reason there is."""
    for reason in reasons:
        if reason:
            raise Refused(reason)
