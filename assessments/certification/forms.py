import django_filters
from django import forms
from django.core.files.base import ContentFile
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.certification.models import Certificate, OEMCertificate, State
from courses.training.uploads import kind_of, safe_content
from lms.common import limits
from lms.common.lists import WordsFilter
from lms.common.outside import DayField
from lms.common.search import holding
from lms.common.typed import CodeField, TextField, folded
from lms.people.choices import Level, Track
from lms.people.filters import OfDealers
from lms.people.models import Employee, Position
from lms.people.permissions import dealer_scope
from lms.people.queries import employees_visible_to

MOST_BYTES = limits.EVIDENCE_FILE
KINDS = {"pdf", "png", "jpg"}
STATES = [choice for choice in State.choices if choice[0] != State.REVOKED]


class OEMCertificateForm(forms.ModelForm):
    """A maker's certificate. The people offered are those of the person who records it."""

    class Meta:
        model = OEMCertificate
        fields = ["employee", "brand", "name", "level", "number", "issued_on", "expires_on", "evidence"]
        field_classes = {"name": TextField, "number": CodeField, "issued_on": DayField, "expires_on": DayField}
        widgets = {
            "evidence": forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        }
        help_texts = {
            "evidence": gettext_lazy("A scan or a photo: PDF, PNG or JPEG, 10 MB at most."),
            "expires_on": gettext_lazy("Empty: it does not expire."),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        people = employees_visible_to(user).exclude(status=Employee.Status.LEFT).filter(position__is_outside=False)
        people = people.filter(dealer_scope(user)).exclude(user=user)  # nobody records their own, nor another dealer's people
        self.fields["employee"].queryset = people
        self.fields["employee"].label_from_instance = lambda person: f"{person.number} {person.name} · {person.position.name}".strip()
        if not self.fields["brand"].queryset.exists():
            del self.fields["brand"]
        self.fields["level"].min_value = 1
        self.fields["level"].widget = forms.NumberInput(attrs={"min": 1, "max": 9})

    def clean_level(self):
        level = self.cleaned_data["level"]
        if not 1 <= level <= 9:
            raise forms.ValidationError(_("OEM levels are 1 to 9."))
        return level

    def clean_evidence(self):
        file = self.cleaned_data.get("evidence")
        if not file:
            return None
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB. A smaller scan will do."))
        content = file.read()
        kind = kind_of(content)
        if kind not in KINDS:
            raise forms.ValidationError(_("This is not a PDF, PNG or JPEG file, whatever its name says."))
        return ContentFile(safe_content(content, kind), name=f"evidence.{kind}")

    def clean(self):
        cleaned = super().clean()
        issued, expires = cleaned.get("issued_on"), cleaned.get("expires_on")
        if issued and issued > timezone.localdate():
            self.add_error("issued_on", _("The day of issue lies in the future."))
        if issued and expires and expires <= issued:
            self.add_error("expires_on", _("It would expire before it was issued."))
        return cleaned


class RevokeForm(forms.Form):
    reason = TextField(
        label=gettext_lazy("Why revoked"),
        max_length=200,
        help_text=gettext_lazy("It stays on record. The public page says that the certificate is revoked, not why."),
    )


class _CertificateFilter(OfDealers):
    dealer_path = "employee__dealer"

    q = WordsFilter(label=gettext_lazy("Name or number"), method="search")
    position = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Position"), field_name="employee__position", queryset=Position.objects.filter(is_outside=False)
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=STATES, field_name="state")

    def search(self, queryset, name, value):
        plain = folded(value)
        return queryset.filter(holding(value, "employee__name") | Q(number__icontains=plain) | Q(employee__number__iexact=plain))


class CertificateFilter(_CertificateFilter):
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=State.choices, field_name="state")
    track = django_filters.ChoiceFilter(label=gettext_lazy("Track"), choices=Track.choices)
    level = django_filters.ChoiceFilter(label=gettext_lazy("Level"), choices=Level.choices[1:])

    class Meta:
        model = Certificate
        fields: list = []


class OEMCertificateFilter(_CertificateFilter):
    class Meta:
        model = OEMCertificate
        fields: list = []


class CertifiedStaffFilter(OfDealers):
    q = WordsFilter(label=gettext_lazy("Name or number"), method="called")
    position = django_filters.ModelChoiceFilter(label=gettext_lazy("Position"), queryset=Position.objects.exclude(track=""))
    holds = django_filters.ChoiceFilter(
        label=gettext_lazy("OEM certificate"),
        method="who_holds",
        choices=[("yes", gettext_lazy("Certified")), ("no", gettext_lazy("None"))],
    )

    def called(self, queryset, name, value):
        return queryset.filter(holding(value, "name") | Q(number__iexact=folded(value)))

    def who_holds(self, queryset, name, value):
        return queryset.filter(holds=value == "yes")
