"""What the style page shows: sample values for every component. Plain data; nothing from the database."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django import forms, template
from django.contrib.staticfiles import finders
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from lms.common.paging import Page

register = template.Library()

NOW = datetime(2026, 11, 26, 16, 30, tzinfo=timezone.get_fixed_timezone(480))


class SampleJob:
    """What `components/job_progress.html` reads of a job."""

    pk, status, done, total, is_open = 1, "done", 38, 38, False

    def get_status_display(self):
        return _("Done")


def sample_form(prefix):
    class SampleForm(forms.Form):
        topic = forms.CharField(label=_("Topic"), help_text=_("What colleagues will be able to do afterwards."))
        minutes = forms.IntegerField(label=_("Minutes"), min_value=10, initial=45)
        on = forms.DateField(label=_("Date"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
        position = forms.ChoiceField(label=_("Position"), choices=[("sa", _("Service advisor")), ("te", _("Technician"))])
        outline = forms.CharField(label=_("Outline"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
        material = forms.FileField(label=_("Material"), required=False)
        kind = forms.ChoiceField(
            label=_("Kind"),
            widget=forms.RadioSelect,
            initial="weekly",
            choices=[("weekly", _("Weekly session")), ("guest", _("Guest lecture"))],
        )
        agreed = forms.BooleanField(label=_("Both presenters agree to the swap"))

    given = {"minutes": "5", "position": "sa", "kind": "weekly", "topic": _("Brake noise diagnosis"), "agreed": "on"}
    return SampleForm({f"{prefix}-{name}": value for name, value in given.items()}, prefix=prefix)


def filter_form(prefix):
    class FilterForm(forms.Form):
        name = forms.CharField(label=_("Name"), required=False)
        position = forms.ChoiceField(label=_("Position"), required=False, choices=[("", _("All")), ("sa", _("Service advisor"))])
        state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), ("open", _("Still open"))])

    return FilterForm(prefix=f"{prefix}-filter")


def sample_certificates():
    held = {"title": _("Service advisor"), "number": "PL-2026-000142", "level": 2, "url": "#", "pdf_url": "#"}
    held |= {"status": "valid", "state": _("Valid")}
    expiring = {"title": _("High-voltage authorisation"), "number": "PL-2025-000031", "level": 0, "url": "#"}
    expiring |= {"status": "expiring", "state": _("Expires soon")}
    dated = {"holder": _("Holder A"), "issued_on": NOW.date()}
    return [held | dated, expiring | dated | {"expires_on": (NOW + timedelta(days=1)).date()}]


def sample_chart():
    bars = [("Q1", 42, 3), ("Q2", 55, 5), ("Q3", 61, 6), ("Q4", 84, 9)]
    title = _("Certified technicians by quarter")
    parts = [
        f'<svg viewBox="0 0 560 200" role="img"><title>{title}</title>',
        '<line class="grid-line" x1="0" x2="560" y1="70" y2="70"/><line class="target" x1="0" x2="560" y1="40" y2="40"/>',
    ]
    for index, (label, height, value) in enumerate(bars):
        x = 30 + index * 135
        parts.append(
            f'<rect class="mark-1" x="{x}" y="{170 - height * 1.5}" width="90" height="{height * 1.5}" rx="4"/>'
            f'<text class="value" x="{x + 45}" y="{162 - height * 1.5}" text-anchor="middle">{value}</text>'
            f'<text x="{x + 45}" y="190" text-anchor="middle">{label}</text>'
        )
    parts.append('<line class="axis" x1="0" x2="560" y1="170" y2="170"/></svg>')
    return mark_safe("".join(parts))  # noqa: S308 - made above from constants


def sprite_names():
    """Every symbol there is, read from the sprite itself."""
    sprite = Path(finders.find("lms/icons.svg")).read_text(encoding="utf-8")
    return re.findall(r'id="icon-([\w-]+)"', sprite)


@register.simple_tag
def style_samples(pane):
    """Everything one pane shows; the pane's name keeps the two forms' ids apart."""
    steps = [_("Draft"), _("Candidates named"), _("Locked"), _("Sitting"), _("Marking"), _("Ratification"), _("Published"), _("Closed")]
    return {
        "now": NOW,
        "later": NOW + timedelta(days=1),
        "pay": Decimal("5400"),
        "rise": Decimal("700"),
        "steps": [
            {"label": label, "state": "done" if index < 4 else "here" if index == 4 else "todo"} for index, label in enumerate(steps)
        ],
        "checks": [
            {"ok": True, "text": _("Attendance this quarter 92 %"), "note": _("80 % is asked for")},
            {"ok": False, "text": _("One reflection is not handed in"), "url": "#", "action": _("Write it")},
            {"ok": None, "text": _("Required courses 3 / 3")},
        ],
        "crumbs": [{"label": _("Grading"), "url": "#"}, {"label": _("Fourth quarter 2026"), "url": "#"}, {"label": _("Panel")}],
        "tabs": [
            {"label": _("Week"), "url": "#", "current": True},
            {"label": _("Quarter"), "url": "#"},
            {"label": _("Conflicts"), "url": "#", "count": 2},
        ],
        "page": Page(rows=[], first=80, last=99, has_previous=True, has_next=True),
        "form": sample_form(pane),
        "filter": filter_form(pane),
        "job": SampleJob(),
        "failures": [{"label": _("Row 17, column “hire date”"), "why": _("“31 Feb” is not a date.")}],
        "certificates": sample_certificates(),
        "chart": sample_chart(),
        "chart_headers": [_("Quarter"), _("Certified"), _("Share")],
        "chart_rows": [["Q1", 3, "17 %"], ["Q2", 5, "28 %"], ["Q3", 6, "33 %"], ["Q4", 9, "50 %"]],
        "items": [_("9 awards are recorded and 9 certificates issued"), _("6 pay changes are proposed"), _("18 people are told")],
        "matrix": [
            (_("Technician A"), [3, 3, 2, 2]),
            (_("Technician B"), [2, 1, 2, 0]),
            (_("Intern"), [1, 0, 0, 0]),
        ],
        "topics": [_("Brakes"), _("Electrics"), _("High voltage"), _("Air conditioning")],
        "numbers": range(1, 15),
        "icons": sprite_names(),
    }
