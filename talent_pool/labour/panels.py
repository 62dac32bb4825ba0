"""What the rule check found about a person, on their page: for HR, never for themselves."""

from lms.common.registries import NARROW, PERSON, panel
from lms.people.models import Employee
from lms.people.permissions import is_self
from talent_pool.labour.permissions import VIEW
from talent_pool.labour.queries import findings_visible_to
from talent_pool.labour.rules.checking import RULES
from talent_pool.labour.rules.declared import clause_words, cure_words, found_words


def may_look(user, person):
    """Of staff past their probation no room tells the rule check anything."""
    is_checked = not person.is_staff or person.status == Employee.Status.PROBATION
    return is_checked and user.has_perm(VIEW) and not is_self(user, person)


@panel("talent_pool/labour/_person.html", order=55, sees=may_look, on={PERSON: NARROW})
def findings_about(person, user, at):
    """One statement."""
    found = [
        {
            "title": RULES[one.rule].title,
            "severity": one.get_severity_display(),
            "blocks": one.severity == "block",
            "found": found_words(one.rule, one.particulars),
            "cure": cure_words(one.rule, one.particulars, one.confidence),
            "clause": clause_words(one.rule),
        }
        for one in findings_visible_to(user).filter(person=person, gone_at=None)
    ]
    return {"found": found} if found else None
