from django.utils.translation import gettext_lazy as _

from lms.audit.verbs import choice, concerns, day, moment, record, room, studio, text, verb, was_called
from lms.people.models import Brand, Dealer, DealerGroup, Department, Employee, EmploymentEvent, Holiday, Leave, Position, Proposal

FACTORS = [("totp", _("Authenticator app")), ("webauthn", _("Passkey")), ("recovery_codes", _("Recovery codes"))]

concerns(Employee, person="pk", dealer="dealer", page="person", related=("dealer",))

PARTICULARS = {
    "name": text(_("Name")),
    "number": text(_("Employee number")),
    "kind": choice(_("What the person is"), Employee.Kind.choices),
    "dealer": record(_("Dealer"), "people.dealer", by="code"),
    "position": record(_("Position"), "people.position", by="code"),
    "manager": record(_("Line manager"), "people.employee", by="number"),
    "hired_on": day(_("Hired on")),
    "status": choice(_("Status"), Employee.Status.choices),
    "email": text(_("E-mail")),
    "phone": text(_("Phone")),
}
LEAVE = {"kind": choice(_("Kind"), Leave.Kind.choices), "from": day(_("From")), "to": day(_("To")), "reason": text(_("Reason"))}

DATES = {
    "probation_until": day(_("Probation until")),
    "contract_from": day(_("Contract from")),
    "contract_until": day(_("Contract until")),
}
LEAVING = {"leaving": choice(_("Why they left"), EmploymentEvent.Leaving.choices)}

room("person", _("People"))
verb("person.hired", _("%(actor)s brought in %(person)s"), PARTICULARS)
verb("person.moved", _("%(actor)s transferred %(person)s"), PARTICULARS)
# Of imports until now; since then each change is recorded by the verb that a form has for it.
verb("person.changed", _("%(actor)s changed the record of %(person)s by an import"), PARTICULARS)
verb("person.corrected", _("%(actor)s corrected the details of %(person)s"), PARTICULARS)
verb("person.status_changed", _("%(actor)s changed the status of %(person)s"), PARTICULARS)
verb("person.became_staff", _("%(actor)s made %(person)s a staff member"), PARTICULARS | {"username": text(_("Sign-in name"))})
verb("person.became_intern", _("%(actor)s made %(person)s an intern"), PARTICULARS)
verb("person.back_at_school", _("%(actor)s recorded that %(person)s is back at school"), PARTICULARS)
verb("person.left", _("%(actor)s recorded the departure of %(person)s"), PARTICULARS | LEAVING)
verb("person.contract_recorded", _("%(actor)s recorded contract or probation of %(person)s"), DATES)
verb("person.returned", _("%(actor)s recorded the return of %(person)s"), PARTICULARS)
verb("person.leave_recorded", _("%(actor)s recorded leave for %(person)s"), LEAVE)
verb("person.leave_withdrawn", _("%(actor)s withdrew leave of %(person)s"), LEAVE)
verb("person.leave_cut_short", _("%(actor)s ended leave of %(person)s early"), LEAVE)
verb("person.sign_in_granted", _("%(actor)s gave %(person)s a way to sign in"), {"username": text(_("Sign-in name"))})
verb("person.first_password_issued", _("%(actor)s made a first password for %(person)s"), {"until": moment(_("Works until"))})
verb("person.begins_anew", _("%(actor)s ended what %(person)s signed in by: the new post signs"), {"email": text(_("E-mail"))})

verb("person.readdressed", _("%(actor)s changed the e-mail address of %(person)s"), PARTICULARS)
verb("person.appointed_from_console", _("%(person)s was appointed at the console"), {"run_by": text(_("Run by"))})

FACTOR = {"type": choice(_("Kind of second step"), FACTORS)}
verb("person.enrolment_code_issued", _("%(actor)s handed %(person)s an enrolment code"), {"until": moment(_("Works until"))})
verb("person.enrolment_confirmed", _("%(person)s used an enrolment code"))
verb("person.second_factor_added", _("%(actor)s set up a second step"), FACTOR)
verb("person.second_factor_removed", _("%(actor)s removed a second step"), FACTOR)
verb(
    "person.second_factor_reset", _("%(actor)s reset the second step of %(person)s"), {"types": choice(_("Kinds of second step"), FACTORS)}
)

# Of someone yet to come, nobody's record: the name stands in the proposal.
concerns(Proposal, person="employee", dealer="dealer", page="proposal", needs="people.manage_people")
ASKED = {
    "kind": choice(_("What"), Proposal.Kind.choices),
    "what": choice(_("What is to come"), Proposal.Kind.choices),
    "number": text(_("Employee number")),
    "person_kind": choice(_("What the person is"), Employee.Kind.choices),
    "sign_in_name": text(_("Sign-in name")),
    "staff_number": text(_("Employee number as staff")),
    "to": record(_("Dealer"), "people.dealer"),
    "position": record(_("Position"), "people.position"),
    "reports_to": text(_("Line manager")),
    "hired_on": day(_("Hired on")),
    "on": day(_("Takes effect on")),
    "left_on": day(_("Last day")),
    "hand_over_to": record(_("Who takes over the team"), "people.employee"),
    "status": choice(_("Status"), Employee.Status.choices),
    "email": text(_("E-mail")),
    "was": text(_("E-mail so far")),
    "phone": text(_("Phone")),
    "move": choice(_("Kind"), EmploymentEvent.Kind.choices),
    "reason": text(_("Reason")),
    **DATES,
    **LEAVING,
}
room("proposal", _("Two signatures"))
WHEN = {"kind": choice(_("What"), Proposal.Kind.choices), "on": day(_("On"))}
verb("person.change_planned", _("%(actor)s entered a change of %(person)s for a coming day"), WHEN, own=False)
verb("person.change_withdrawn", _("%(actor)s withdrew a coming change of %(person)s"), WHEN, own=False)
# What may never come to pass, a departure above all, the person concerned reads once it is confirmed.
verb("proposal.made", _("%(actor)s proposed: %(target)s"), ASKED, own=False)
verb("proposal.taken_up", _("%(actor)s took up what the console proposed: %(target)s"), own=False)
verb(
    "proposal.confirmed",
    _("%(actor)s confirmed: %(target)s"),
    {
        "kind": choice(_("What"), Proposal.Kind.choices),
        "number": text(_("Employee number")),
        "proposed_by": record(_("Proposed by"), "accounts.user"),
        "run_by": text(_("Run by")),
    },
)
verb(
    "proposal.declined", _("%(actor)s declined: %(target)s"), {"number": text(_("Employee number")), "reason": text(_("Reason"))}, own=False
)

room("dealer", _("Dealers"))
studio(Dealer, "group", "code", "name_zh", "name_en", "city", "time_zone", lines={"brands": (_("Brands"), str)}, dealer="pk")
room("dealergroup", _("Dealer groups"))
studio(DealerGroup, "code", "name_zh", "name_en")
room("brand", _("Brands"))
studio(Brand, "code", "name_zh", "name_en")
room("department", _("Departments"))
studio(Department, "code", "name_zh", "name_en")
room("position", _("Positions"))
studio(Position, "code", "name_zh", "name_en", "department", "track", "role", "is_leading", "is_outside", "order")
room("holiday", _("Holidays"))
studio(Holiday, "on", "name", "is_workday")
was_called("training.holiday", Holiday)
