from django import forms
from django.forms import CheckboxSelectMultiple, MultipleChoiceField
from django.utils.translation import gettext_lazy as _

from lms.audiences.conditions import kinds
from lms.audiences.models import Audience
from lms.audiences.queries import rule_shown
from lms.audiences.rule import Rule, Since
from lms.common.outside import ManyRecordsField
from lms.common.shown import ShownForm
from lms.people.queries import present_people

LONGEST = 480  # forty years in months


class AudienceForm(ShownForm):
    """Who is meant. Each condition offers what `user` may choose; the dealer is given where the record belongs to one.

    A condition that is `named_only` is a way to name people: whoever it holds for now is named when the form is read, and the form
    that is shown next has them among the others.
    """

    def __init__(self, *args, user, rule, dealer, **kwargs):
        self.rule_before, self.dealer = rule, dealer
        self.kinds = {name: kind for name, kind in kinds().items() if name != "dealer"}
        super().__init__(*args, facts=rule_shown(rule, user), **kwargs)
        for name, kind in self.kinds.items():
            self._offer(name, kind, user)
        self._ask_time()
        self.fields["people"] = ManyRecordsField(
            label=_("And by name"),
            required=False,
            queryset=present_people(dealer).order_by("position__order", "number"),
            widget=CheckboxSelectMultiple,
            initial=list(rule.people),
            help_text=_("Always, whatever is chosen above. If you only choose people here, nobody else is meant."),
        )
        self.fields["people"].label_from_instance = lambda one: f"{one.name} · {one.position.name}"

    def _offer(self, name, kind, user):
        choices = kind.choices(user)
        if not choices:
            return
        before = list(self.rule_before.asked.get(name, ()))
        self.fields[name] = MultipleChoiceField(
            label=kind.label, choices=choices, required=False, widget=CheckboxSelectMultiple, initial=before
        )

    def _ask_time(self):
        since = self.rule_before.since or Since()
        for name, label in (("least", _("Hired at least … ago")), ("most", _("Hired less than … ago"))):
            self.fields[name] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=LONGEST, initial=getattr(since, name)
            )
        self.fields["unit"] = forms.ChoiceField(label=_("Counted in"), choices=Audience.Unit.choices, initial=since.unit)

    def clean(self):
        said = super().clean()
        least, most = said.get("least"), said.get("most")
        if least is not None and most is not None and least >= most:
            self.add_error("most", _("Nobody was hired at least %(least)s and less than %(most)s ago. Choose a larger number here.") % said)
        if most == 0:
            self.add_error("most", _("Nobody was hired less than 0 ago. Choose a larger number, or leave this empty."))
        return said

    @property
    def conditions(self):
        """The fields of conditions, as they are drawn."""
        return [self[name] for name in self.kinds if name in self.fields]

    @property
    def time(self):
        return [self[name] for name in ("least", "most", "unit")]

    @property
    def names_people(self):
        """Whether the list of people is to be open: someone is named, or it has to be mended."""
        return bool(self["people"].value() or self["people"].errors)

    @property
    def rule(self):
        """Who is meant, of a valid form."""
        said = self.cleaned_data
        asked = {name: said[name] for name, kind in self.kinds.items() if not kind.named_only and said.get(name)}
        unit = said["unit"]
        return Rule(asked, Since(said["least"], said["most"], unit), frozenset(one.pk for one in said["people"]) | self._named())

    def _named(self):
        """Those of the dealer's staff for whom a condition holds that is never kept."""
        chosen = [
            kind.people(self.cleaned_data[name]) for name, kind in self.kinds.items() if kind.named_only and self.cleaned_data.get(name)
        ]
        staff = present_people(self.dealer)
        return frozenset(pk for found in chosen for pk in staff.filter(found).values_list("pk", flat=True))
