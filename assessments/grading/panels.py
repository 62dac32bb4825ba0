"""The level on *My growth*; on a person's page what made it what it is, for whoever runs or reads gradings."""

from assessments.grading.queries.ladder import decisions_about, step_shown
from lms.common.registries import GROWTH, NARROW, PERSON, WIDE, panel
from lms.people.permissions import is_self


@panel("assessments/grading/_growth.html", order=10, sees=is_self, on={GROWTH: WIDE})
def my_level(person, user, at):
    return step_shown(person)


def reads_gradings(user, person):
    return is_self(user, person) or user.has_perm("grading.view_cycles")


@panel("assessments/grading/_decisions.html", order=30, sees=reads_gradings, on={PERSON: WIDE, GROWTH: NARROW})
def decisions(person, user, at):
    """Oldest first. One statement."""
    found = list(decisions_about(person).select_related("decided_by__employee", "confirmed_by__employee"))
    return {"decisions": found, "has_page": user.has_perm("grading.view_cycles")} if found else None
