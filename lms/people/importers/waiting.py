"""The rows of a table that are about signers: they wait as proposals for a second person (§1), and a repeat finds them waiting."""

from lms.people.actions.proposals import plain, propose, why_not_beside
from lms.people.asked import place_of
from lms.people.models import Employee, Proposal

Kind, Status = Proposal.Kind, Employee.Status


def proposals_of(row):
    """What a waiting row asks a second person for, as arguments of `propose`."""
    line, person, values = row.line, row.employee, row.values
    if person is None:
        yield {
            "kind": Kind.HIRE, "dealer": values["dealer"], "number": line.number, "name": line.name,
            "position": values["position"], "reports_to": (row.manager_key or row.reports_to or ("", ""))[1],
            "hired_on": line.hired_on, "email": line.email, "phone": line.phone, "status": line.status or Status.ACTIVE, "reason": "",
            **line.dates,
        }  # fmt: skip
        return
    about = {"employee": person, "dealer": person.dealer, "number": person.number, "name": person.name}
    if {"dealer", "position"} & row.waits.keys():
        stays = person.manager.number if person.manager else ""
        yield about | {
            "kind": Kind.MOVE, "to": values["dealer"], "position": values["position"],
            "reports_to": row.waits["manager"][1] if "manager" in row.waits else stays, "on": None, "move": None, "reason": "",
            "stood": place_of(person),
        }  # fmt: skip
    if "email" in row.waits:
        yield about | {"kind": Kind.EMAIL, "email": line.email, "was": person.email}


def refuse_other_proposals(rows, by, at):
    """A colleague's other proposal about the same person is decided first."""
    waiting = [row for row in rows if row.kind == "waiting"]
    if not waiting:
        return
    numbers = {row.employee.number if row.employee else row.line.number for row in waiting}
    standing = Proposal.objects.filter(number__in=numbers, status=Proposal.Status.WAITING)
    found = {(one.dealer_id, one.number, one.kind): one for one in standing.select_related("proposed_by__employee")}
    for row in waiting:
        for asked in proposals_of(row):
            one = found.get((asked["dealer"].pk, asked["number"], asked["kind"]))
            if one and (reason := why_not_beside(one, _wanted(asked), by, at)):
                row.line.refuse("email" if asked["kind"] == Kind.EMAIL else "position", reason)
                row.kind = "refused"


def _wanted(asked):
    return plain({name: value for name, value in asked.items() if name not in {"kind", "dealer", "employee", "number", "name"}})


def ask_for(rows, teams, *, by, at):
    """Propose what the waiting rows say. `teams` maps the key of someone who is yet to come to the numbers of who will report to them."""
    for row in rows:
        for asked in proposals_of(row):
            propose(**asked, by=by, at=at)
    for (group, number), team in teams.items():
        coming = Proposal.objects.filter(dealer__group=group, number__iexact=number, kind=Kind.HIRE, status=Proposal.Status.WAITING)
        for proposal in coming.select_for_update():
            Proposal.objects.filter(pk=proposal.pk).update(team=sorted({*proposal.team, *team}))
