"""Forms of HR about schools. They only read what was typed; the actions decide."""

import re

from django import forms
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.catalogue.models import CoursePage
from courses.learning.queries import main_language
from courses.training.uploads import kind_of, safe_content
from lms.common import limits
from lms.common.outside import DayField, ManyRecordsField
from lms.common.shown import ShownForm
from lms.common.typed import AddressField, CodeField, NameField, TextField
from lms.people.fields import DealerField
from talent_pool.schools.models import Duty, TargetedClass

FILES = {"pdf", "docx", "png", "jpg"}
CODE = re.compile(r"[A-Za-z0-9_.\u4e00-\u9fff-]{1,20}")


class SchoolForm(ShownForm):
    """Of one that is on record the code stays: files name the school by it."""

    code = CodeField(
        label=gettext_lazy("School code"), max_length=20, help_text=gettext_lazy("Short, such as LJ. Files name the school by it.")
    )
    name_zh = NameField(label=gettext_lazy("Name in Chinese"), max_length=80)
    name_en = NameField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    city = TextField(label=gettext_lazy("City"), max_length=40, required=False)

    def __init__(self, *args, school=None, **kwargs):
        super().__init__(*args, **kwargs)
        if school:
            del self.fields["code"]
            self.initial |= {name: getattr(school, name) for name in ("name_zh", "name_en", "city")}
        else:
            del self.fields["shown"]

    def clean_code(self):
        if not CODE.fullmatch(self.cleaned_data["code"]):
            raise forms.ValidationError(_("A code has letters, digits, “.”, “-” or “_”, and no spaces."))
        return self.cleaned_data["code"]


class ContactForm(ShownForm):
    name = NameField(label=gettext_lazy("Name"), max_length=60)
    duty = TextField(label=gettext_lazy("What for"), max_length=60, required=False)
    phone = CodeField(label=gettext_lazy("Phone"), max_length=20, required=False)
    email = AddressField(label=gettext_lazy("E-mail"), required=False)

    def __init__(self, *args, contact=None, **kwargs):
        super().__init__(*args, **kwargs)
        if contact:
            self.initial |= {name: getattr(contact, name) for name in ("name", "duty", "phone", "email")}
        else:
            del self.fields["shown"]


class ContactEndForm(forms.Form):
    ended_on = DayField(label=gettext_lazy("Last day"), initial=timezone.localdate)


class LetInForm(forms.Form):
    dealer = DealerField()
    sign_in_name = CodeField(
        label=gettext_lazy("Sign-in name"), max_length=20, required=False, help_text=gettext_lazy("Empty: they sign in by e-mail address.")
    )

    def __init__(self, *args, contact, dealers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["dealer"].offer(dealers)
        self.fields["sign_in_name"].required = not contact.email


class AgreementForm(forms.Form):
    """What was signed. A renewal is filled in with the terms of the old one."""

    dealer = DealerField()
    number = CodeField(label=gettext_lazy("Number"), max_length=40)
    signed_on = DayField(label=gettext_lazy("Signed on"))
    starts_on = DayField(label=gettext_lazy("Starts on"))
    ends_on = DayField(label=gettext_lazy("Ends on"))
    quota = forms.IntegerField(label=gettext_lazy("Places a year"), min_value=0, max_value=500)
    majors = TextField(
        label=gettext_lazy("Majors"), max_length=200, required=False, help_text=gettext_lazy("Several with a comma between.")
    )
    weight_internship = forms.IntegerField(label=gettext_lazy("Weight of the internship, %"), min_value=0, max_value=100, initial=50)
    weight_coursework = forms.IntegerField(label=gettext_lazy("Weight of coursework, %"), min_value=0, max_value=100, initial=30)
    weight_graduation = forms.IntegerField(
        label=gettext_lazy("Weight of graduation, %"), min_value=0, max_value=100, initial=20,
        help_text=gettext_lazy("The three make 100: by them whoever passes the internship is ranked."),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("File"), required=False, help_text=gettext_lazy("PDF, Word (.docx), PNG or JPEG, 10 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.png,.jpg,.jpeg"}),
    )  # fmt: skip

    def __init__(self, *args, dealers=None, **kwargs):
        super().__init__(*args, **kwargs)
        if dealers is None:
            del self.fields["dealer"]
        else:
            self.fields["dealer"].offer(dealers)

    def clean_majors(self):
        return [one.strip() for one in re.split(r"[,，、;；]", self.cleaned_data["majors"]) if one.strip()]

    def clean_file(self):
        file = self.cleaned_data.get("file")
        if not file:
            return None
        if file.size > limits.EVIDENCE_FILE:
            raise forms.ValidationError(_("The file is larger than 10 MB. A smaller scan will do."))
        content = file.read()
        kind = kind_of(content)
        if kind not in FILES:
            raise forms.ValidationError(_("This is not a PDF, Word, PNG or JPEG file, whatever its name says."))
        return ContentFile(safe_content(content, kind), name=f"agreement.{kind}")


class DutyForm(forms.Form):
    side = forms.ChoiceField(label=gettext_lazy("Who owes it"), choices=Duty.Side.choices, initial=Duty.Side.DEALER)
    words = TextField(label=gettext_lazy("What"), max_length=200)
    due_on = DayField(label=gettext_lazy("Due on"), required=False)


DutyFormSet = forms.formset_factory(DutyForm, extra=4, max_num=20, absolute_max=20)


class AgreementEndForm(forms.Form):
    ended_on = DayField(label=gettext_lazy("Last day"), initial=timezone.localdate)
    reason = TextField(
        label=gettext_lazy("Why"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}), help_text=gettext_lazy("It stays on record.")
    )


class ClassForm(forms.Form):
    code = CodeField(label=gettext_lazy("Class code"), max_length=30, help_text=gettext_lazy("Files name the class by it."))
    name = NameField(label=gettext_lazy("Name of the class"), max_length=80)
    major = TextField(label=gettext_lazy("Major"), max_length=60, required=False)
    entered_on = DayField(label=gettext_lazy("Began school on"))
    graduates_on = DayField(label=gettext_lazy("Graduates on"))


class ClassCoursesForm(forms.Form):
    courses = ManyRecordsField(
        label=gettext_lazy("Courses"), queryset=None, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one course.")},
    )  # fmt: skip
    due_on = DayField(label=gettext_lazy("Due on"), required=False, help_text=gettext_lazy("Leave empty for no date."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        live = CoursePage.objects.live().filter(locale__language_code=main_language()).select_related("locale")
        self.fields["courses"].queryset = live.order_by("track", "level", "path")
        self.fields["courses"].label_from_instance = lambda course: f"{course.title} · {course.get_level_display()}"
        self.fields["due_on"].widget.attrs["min"] = timezone.localdate().isoformat()


class _OfClasses(forms.ModelChoiceField):
    def __init__(self, **options):
        super().__init__(queryset=TargetedClass.objects.none(), label=gettext_lazy("Class"), empty_label=gettext_lazy("None"), **options)


class StudentForm(forms.Form):
    """Someone who is added by hand."""

    targeted_class = _OfClasses(required=False, help_text=gettext_lazy("They follow its courses."))
    dealer = DealerField(label=gettext_lazy("Dealer"), required=False, help_text=gettext_lazy("For whoever is in no class."))
    code = CodeField(label=gettext_lazy("Student code"), max_length=20, help_text=gettext_lazy("They sign in by it."))
    name = NameField(label=gettext_lazy("Name"), max_length=60)
    major = TextField(label=gettext_lazy("Major"), max_length=60, required=False)
    entered_on = DayField(label=gettext_lazy("Began school on"))
    graduates_on = DayField(label=gettext_lazy("Graduates on"), required=False)
    born_on = DayField(
        label=gettext_lazy("Date of birth"), required=False,
        help_text=gettext_lazy("Held for age checks alone, and erased once none asks for it any more."),
    )  # fmt: skip
    email = AddressField(label=gettext_lazy("E-mail"), required=False)
    phone = CodeField(label=gettext_lazy("Phone"), max_length=20, required=False)

    def __init__(self, *args, classes: QuerySet, dealers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["targeted_class"].queryset = classes  # type: ignore[attr-defined]
        self.fields["dealer"].offer(dealers)  # type: ignore[attr-defined]


class StudentCorrectionForm(ShownForm):
    major = TextField(label=gettext_lazy("Major"), max_length=60, required=False)
    entered_on = DayField(label=gettext_lazy("Began school on"))
    graduates_on = DayField(label=gettext_lazy("Graduates on"), required=False)
    born_on = DayField(
        label=gettext_lazy("Date of birth"), required=False,
        help_text=gettext_lazy("Held for age checks alone, and erased once none asks for it any more."),
    )  # fmt: skip

    def __init__(self, *args, student, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= {name: getattr(student, name) for name in ("major", "entered_on", "graduates_on", "born_on")}


class StudentMoveForm(ShownForm):
    targeted_class = _OfClasses(required=False, help_text=gettext_lazy("They stay enrolled in what they have begun."))

    def __init__(self, *args, classes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["targeted_class"].queryset = classes


class TableForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("Excel (.xlsx) or CSV, up to 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )  # fmt: skip

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > limits.TABLE_FILE:
            raise forms.ValidationError(_("This file is larger than 20 MB. Split it and import the parts one after the other."))
        if not file.name.lower().endswith((".xlsx", ".csv", ".txt")):
            raise forms.ValidationError(_("This is neither an Excel file (.xlsx) nor a CSV file. Save the table as one of them."))
        return file
