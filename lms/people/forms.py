"""HR's forms for one person. They only read what was typed; the actions decide."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.common import limits
from lms.common.outside import DayField
from lms.common.registries import Change
from lms.common.shown import ShownForm, facts_of
from lms.common.typed import AddressField, CodeField, NameField, TextField
from lms.people.fields import DealerField, EmployeeField
from lms.people.models import Employee, EmploymentEvent, Leave, Position
from lms.people.permissions import employee_of
from lms.people.queries import (
    DETAILS_SHOWN,
    PLACE_SHOWN,
    contract_of,
    contract_shown,
    dealers_visible_to,
    positions_given_by,
    team_of,
)

Status = Employee.Status


def day_field(label, **options):
    return DayField(label=label, **options)


class PersonForm(ShownForm):
    """What every form about one person knows: who fills it in, and about whom (nobody yet, when someone is hired)."""

    shows: tuple[str, ...] = ()  # what its page shows of the person that it would write over

    def __init__(self, *args, by, employee=None, **kwargs):
        self.by, self.employee = by, employee
        facts = self.facts() if employee else {}
        super().__init__(*args, facts=facts, **kwargs)
        if not facts:
            del self.fields["shown"]
        for field in self.fields.values():
            if isinstance(field, EmployeeField):
                field.by = by

    def facts(self):
        return facts_of(self.employee, *self.shows)

    def change(self):
        """What would be recorded, as a `Change` that rooms say the effects of; None where none is, or no day is said yet."""
        return None

    def said(self, name):
        """What a field says so far: typed and right, or offered."""
        if self.is_bound:
            return self.cleaned_data.get(name) if self.errors is not None else None
        return self.get_initial_for_field(self.fields[name], name)


class PlaceForm(PersonForm):
    """Where someone works: what `by` may choose from."""

    shows = PLACE_SHOWN
    dealer = DealerField()
    position = forms.ModelChoiceField(label=_("Position"), queryset=Position.objects.all())
    manager = EmployeeField(label=_("Line manager"), help_text=_("Their employee number."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["dealer"].offer(dealers_visible_to(self.by))
        self.fields["position"].queryset = positions_given_by(self.by)
        own = employee_of(self.by)
        self.initial.setdefault("dealer", own and own.dealer)
        if self.employee:
            manager = self.employee.manager
            self.initial |= {
                "dealer": self.employee.dealer_id,
                "position": self.employee.position_id,
                "manager": manager.number if manager else "",
            }


class NewPersonForm(PlaceForm):
    name = NameField(label=_("Name"), max_length=60)
    person_kind = forms.ChoiceField(
        label=_("What the person is"), choices=Employee.Kind.choices, initial=Employee.Kind.STAFF, required=False
    )
    number = CodeField(label=_("Employee number"), max_length=20, required=False, help_text=_("Staff sign in by it. Others may have none."))
    sign_in_name = CodeField(
        label=_("Sign-in name"),
        max_length=20,
        required=False,
        help_text=_("Only without an employee number, such as a student code. May stay empty where there is an e-mail address."),
    )
    hired_on = day_field(_("Hired on"))
    status = forms.ChoiceField(label=_("Status"), choices=[(s.value, s.label) for s in (Status.PROBATION, Status.ACTIVE)])
    email = AddressField(label=_("E-mail"), required=False, help_text=_("To sign in with, and for notices. May stay empty."))
    phone = CodeField(label=_("Phone"), max_length=20, required=False)
    probation_until = day_field(_("Probation until"), required=False)
    contract_from = day_field(_("Contract from"), required=False)
    contract_until = day_field(_("Contract until"), required=False, help_text=_("Empty: without an end."))
    field_order = [
        "name", "person_kind", "number", "sign_in_name", "dealer", "position", "manager", "hired_on", "status",
        "probation_until", "contract_from", "contract_until", "email", "phone",
    ]  # fmt: skip


class MoveForm(PlaceForm):
    on = day_field(_("Takes effect on"), initial=timezone.localdate)
    reason = TextField(label=_("Reason"), max_length=200, required=False)

    def change(self):
        on, place = self.said("on"), {name: getattr(self.employee, name) for name in ("dealer", "position")}
        if self.is_bound:
            place = {name: self.said(name) or here for name, here in place.items()}
        return Change(Change.Kind.MOVE, self.employee, on, **place) if on else None


class StaffForm(MoveForm):
    """Whoever becomes staff: the number is asked for where there is none."""

    number = CodeField(label=_("Employee number"), max_length=20, help_text=_("From now on they sign in by it."))
    field_order = ["number", "dealer", "position", "manager", "on", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.employee.number:
            del self.fields["number"]


class DepartureForm(PersonForm):
    shows = PLACE_SHOWN
    left_on = day_field(_("Last day"), initial=timezone.localdate)
    hand_over_to = EmployeeField(
        label=_("Who takes over the team"), help_text=_("Their employee number. Empty: the manager above takes it over.")
    )
    leaving = forms.ChoiceField(label=_("Why they left"), choices=[("", "---------"), *EmploymentEvent.Leaving.choices])
    reason = TextField(label=_("In words"), max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not team_of(self.employee).exists():
            del self.fields["hand_over_to"]

    def change(self):
        last = self.said("left_on")
        return Change(Change.Kind.DEPARTURE, self.employee, last + timedelta(days=1)) if last else None


class ReturnForm(MoveForm):
    def change(self):
        return None


class LeaveForm(PersonForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "---------"), *Leave.Kind.choices])
    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"))
    reason = TextField(label=_("Reason"), max_length=200, required=False, help_text=_("Seen by HR and by the person, nobody else."))

    def change(self):
        first, last = self.said("starts_on"), self.said("ends_on")
        return Change(Change.Kind.LEAVE, self.employee, first, last) if first and last and first <= last else None


class DetailsForm(PersonForm):
    shows = DETAILS_SHOWN
    name = NameField(label=_("Name"), max_length=60)
    hired_on = day_field(_("Hired on"))
    email = AddressField(label=_("E-mail"), required=False)
    phone = CodeField(label=_("Phone"), max_length=20, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= {name: getattr(self.employee, name) for name in self.shows}


class StatusForm(PersonForm):
    shows = ("status",)
    status = forms.ChoiceField(label=_("Status"), choices=[(s.value, s.label) for s in Status if s != Status.LEFT])
    on = day_field(_("Takes effect on"), initial=timezone.localdate)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= {"status": self.employee.status}


class ContractForm(PersonForm):
    """The dates that stand now are filled in; what is handed in stands from the day `on`."""

    probation_until = day_field(_("Probation until"), required=False)
    contract_from = day_field(_("Contract from"), required=False)
    contract_until = day_field(_("Contract until"), required=False, help_text=_("Empty: without an end."))
    on = day_field(_("Holds from"), initial=timezone.localdate)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= contract_of(self.employee)

    def facts(self):
        return contract_shown(self.employee)


class DeclineForm(forms.Form):
    """Why a proposal is done away with. Only one's own needs no reason."""

    reason = TextField(label=_("Why"), max_length=200, help_text=_("It stays on record."))

    def __init__(self, *args, own, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not own


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel (.xlsx) or CSV, up to 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > limits.TABLE_FILE:
            raise forms.ValidationError(_("This file is larger than 20 MB. Split it and import the parts one after the other."))
        if not file.name.lower().endswith((".xlsx", ".csv", ".txt")):
            raise forms.ValidationError(_("This is neither an Excel file (.xlsx) nor a CSV file. Save the table as one of them."))
        return file
