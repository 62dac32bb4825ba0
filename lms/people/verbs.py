from django.utils.translation import gettext_lazy as _

from lms.audit.verbs import choice, concerns, day, moment, record, room, studio, text, verb
from lms.people.models import Dealer, DealerGroup, Department, Employee, Position

concerns(Employee, person="pk", dealer="dealer", page="person", related=("dealer",))

PARTICULARS = {
    "name": text(_("Name")),
    "dealer": record(_("Dealer"), "people.dealer", by="code"),
    "position": record(_("Position"), "people.position", by="code"),
    "manager": record(_("Line manager"), "people.employee", by="number"),
    "hired_on": day(_("Hired on")),
    "status": choice(_("Status"), Employee.Status.choices),
    "email": text(_("E-mail")),
    "phone": text(_("Phone")),
}
LEAVE = {"from": day(_("From")), "to": day(_("To")), "reason": text(_("Reason"))}

room("person", _("People"))
verb("person.hired", _("%(actor)s brought in %(person)s"), PARTICULARS)
verb("person.moved", _("%(actor)s transferred %(person)s"), PARTICULARS)
verb("person.changed", _("%(actor)s changed the record of %(person)s by an import"), PARTICULARS)
verb("person.corrected", _("%(actor)s corrected the details of %(person)s"), PARTICULARS)
verb("person.status_changed", _("%(actor)s changed the status of %(person)s"), PARTICULARS)
verb("person.left", _("%(actor)s recorded the departure of %(person)s"), PARTICULARS)
verb("person.returned", _("%(actor)s recorded the return of %(person)s"), PARTICULARS)
verb("person.leave_recorded", _("%(actor)s recorded leave for %(person)s"), LEAVE)
verb("person.leave_withdrawn", _("%(actor)s withdrew leave of %(person)s"), LEAVE)
verb("person.sign_in_granted", _("%(actor)s gave %(person)s a way to sign in"), {"username": text(_("Sign-in name"))})
verb("person.first_password_issued", _("%(actor)s made a first password for %(person)s"), {"until": moment(_("Works until"))})

room("dealer", _("Dealers"))
studio(Dealer, "group", "code", "name_zh", "name_en", "city", "time_zone", dealer="pk")
room("dealergroup", _("Dealer groups"))
studio(DealerGroup, "code", "name_zh", "name_en")
room("department", _("Departments"))
studio(Department, "code", "name_zh", "name_en")
room("position", _("Positions"))
studio(Position, "code", "name_zh", "name_en", "department", "track", "role", "is_leading", "is_outside", "order")
