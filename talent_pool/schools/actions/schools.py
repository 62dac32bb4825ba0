"""Schools and whom to call there; a coordinator gets a sign-in of their own."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.audit.actions import record_event
from lms.audit.meanwhile import check_shown
from lms.common.days import day
from lms.common.shown import facts_of
from lms.common.states import Refused, require
from lms.people.actions.departures import record_departure
from lms.people.actions.hiring import hire_employee
from lms.people.choices import Role
from lms.people.models import Employee, EmploymentEvent, Position
from lms.people.permissions import employee_of
from talent_pool.schools.models import Contact, School
from talent_pool.schools.permissions import may_keep_school

SCHOOL_SHOWN = ("name_zh", "name_en", "city")
CONTACT_SHOWN = ("name", "duty", "phone", "email")


def whose_school():
    return _("Schools are kept by HR of the group's dealers. Ask your HR officer.")


@transaction.atomic
def make_school(*, group, code, name_zh, name_en="", city="", by, at):
    """A school with which dealers of the group work; its code is unique in the group."""
    require(may_keep_school(by, group.pk), whose_school())
    try:
        with transaction.atomic():
            school = School.objects.create(group=group, code=code, name_zh=name_zh, name_en=name_en, city=city)
    except IntegrityError:
        raise Refused(
            _("A school with the code %(code)s is on record already. Choose another code.") % {"code": code}, field="code"
        ) from None
    after = {"code": code, "name_zh": name_zh, "name_en": name_en, "city": city}
    record_event("schools.school_made", target=school, by=by, at=at, after=after)
    return school


@transaction.atomic
def correct_school(*, school, by, at, shown=None, **values):
    """Correct names and city. The code stays: files name the school by it."""
    require(may_keep_school(by, school.group_id), whose_school())
    school = School.objects.select_for_update(of=("self",)).get(pk=school.pk)
    check_shown(shown, facts_of(school, *SCHOOL_SHOWN), school)
    return _correct(school, "schools.school_corrected", SCHOOL_SHOWN, values, by, at)


def _correct(record, verb, names, values, by, at):
    before = {name: getattr(record, name) for name in names}
    changes = {name: values[name] for name in names if name in values and values[name] != before[name]}
    if changes:
        for name, value in changes.items():
            setattr(record, name, value)
        record.save(update_fields=list(changes))
        record_event(verb, target=record, by=by, at=at, before={name: before[name] for name in changes}, after=changes)
    return record


@transaction.atomic
def make_contact(*, school, name, duty="", phone="", email="", by, at):
    require(may_keep_school(by, school.group_id), whose_school())
    contact = Contact.objects.create(school=school, name=name, duty=duty, phone=phone, email=email)
    after = {"school": school.pk, "name": name, "duty": duty, "phone": phone, "email": email}
    record_event("schools.contact_made", target=contact, by=by, at=at, after=after)
    return contact


@transaction.atomic
def correct_contact(*, contact, by, at, shown=None, **values):
    """Correct how someone is called and reached. Of a coordinator, the name and address to sign in by stand on the person's own record."""
    contact = _held(contact, by)
    check_shown(shown, facts_of(contact, *CONTACT_SHOWN), contact)
    return _correct(contact, "schools.contact_corrected", CONTACT_SHOWN, values, by, at)


def _held(contact, by):
    contact = Contact.objects.select_for_update(of=("self",)).select_related("school__group", "person").get(pk=contact.pk)
    require(may_keep_school(by, contact.school.group_id), whose_school())
    return contact


@transaction.atomic
def end_contact(*, contact, ended_on, by, at):
    """Someone is no longer whom to call after `ended_on`. A coordinator signs in no more after it: their person leaves on that day."""
    contact = _held(contact, by)
    if contact.ended_on:
        raise Refused(_("%(name)s is no longer a contact already.") % {"name": contact.name})
    if ended_on > timezone.localdate(at):
        raise Refused(_("The last day can't be ahead. Record it on that day."), field="ended_on")
    person = contact.person
    if person and person.is_here:
        if ended_on < person.hired_on:
            words = _("%(name)s was let in on %(day)s. Choose that day or a later one.")
            raise Refused(words % {"name": contact.name, "day": day(person.hired_on)}, field="ended_on")
        record_departure(employee=person, left_on=ended_on, leaving=EmploymentEvent.Leaving.OTHER, by=by, at=at)
    contact.ended_on = ended_on
    contact.save(update_fields=["ended_on"])
    record_event("schools.contact_ended", target=contact, by=by, at=at, after={"ended_on": ended_on})
    return contact


@transaction.atomic
def let_coordinator_in(*, contact, dealer=None, sign_in_name="", by, at):
    """Give a contact a record of a person and a way to sign in: by the contact's e-mail address, or by a name given for it.

    They see the students of their school and nobody else. The first password is handed over like anyone's.
    """
    contact = _held(contact, by)
    if contact.person_id:
        raise Refused(_("%(name)s can sign in already.") % {"name": contact.name})
    if not contact.is_here:
        raise Refused(_("%(name)s is no longer a contact, so there is nobody to let in.") % {"name": contact.name})
    contact.person = hire_employee(
        dealer=dealer or employee_of(by).dealer, position=post_of(Role.COORDINATOR), name=contact.name,
        hired_on=timezone.localdate(at), person_kind=Employee.Kind.COORDINATOR, sign_in_name=sign_in_name, email=contact.email,
        phone=contact.phone, by=by, at=at,
    )  # fmt: skip
    contact.save(update_fields=["person"])
    record_event("schools.coordinator_let_in", target=contact, by=by, at=at, after={"person": contact.person_id})
    return contact


def post_of(role):
    """The post that gives this role; an installation may have called it as it likes."""
    post = Position.objects.filter(role=role).order_by("order").first()
    if post is None:
        raise Refused(
            _("There is no position with the role “%(role)s”. Group HR adds one in the course studio.") % {"role": Role(role).label}
        )
    return post
