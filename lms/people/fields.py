"""Form fields by which a dealer or a person is chosen: a group has too many of either for a select."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from lms.common.bilingual import clauses
from lms.common.outside import whole_number
from lms.common.search import holding
from lms.common.typed import CodeField, folded
from lms.people.called import numbered
from lms.people.models import Dealer, Employee
from lms.people.queries import dealers_visible_to, employees_visible_to

FEW = 30  # so many dealers stand in a select; of more, one is named
NAMED = 8  # so many are named by a refusal
BETWEEN = " · "  # the code and the name of a dealer


class EmployeeField(CodeField):
    """A person by their number, with the likely ones offered by the page."""

    def __init__(self, **options):
        super().__init__(**{"required": False, "max_length": 20, "widget": forms.TextInput(attrs={"list": "leaders"}), **options})
        self.by = None

    def clean(self, value):
        number = super().clean(value)
        if not number:
            return None
        found = numbered(employees_visible_to(self.by).exclude(status=Employee.Status.LEFT), number)
        if found is None:
            raise forms.ValidationError(
                _("Nobody here that you can see has the number “%(number)s”. Give the employee number, not the name."),
                params={"number": number},
            )
        return found


class SuggestingInput(forms.TextInput):
    """A line to type in that offers `options`, texts, as the browser does it."""

    options: list = []

    def render(self, name, value, attrs=None, renderer=None):
        if not self.options:
            return super().render(name, value, attrs, renderer)
        offered = f"{(attrs or {}).get('id', name)}_options"
        line = super().render(name, value, {**(attrs or {}), "list": offered}, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', line, offered, _options(self.options))


def _options(texts):
    return format_html_join("", '<option value="{}"></option>', ((text,) for text in texts))


class DealerField(CodeField):
    """A dealer: a select while there are few to choose from, else a line for its code or name, which says why it knows none.

    It has to be told by `offer` who may be chosen. An address may also hold the record's number, as those of older releases do.
    """

    says_why = True

    def __init__(self, *, empty_label=None, **options):
        super().__init__(**{"label": _("Dealer"), "max_length": 120, **options})
        self.empty_label = empty_label
        self.dealers, self.few, self._known = Dealer.objects.none(), [], {}

    def __deepcopy__(self, memo):
        """A form has a copy of its class's field: what was found for one person is told to no other."""
        copied = super().__deepcopy__(memo)
        copied._known = {}
        return copied

    def offer(self, dealers):
        self.dealers, self.few, self._known = dealers, list(dealers[: FEW + 1]), {}
        if len(self.few) <= FEW:
            blank = [] if self.empty_label is None else [("", self.empty_label)]
            self.widget = forms.Select(choices=[*blank, *((dealer.code, str(dealer)) for dealer in self.few)])
        else:
            self.widget = SuggestingInput(attrs={"placeholder": _("Code or name"), "autocomplete": "off", "maxlength": self.max_length})
        self.widget.is_required = self.required

    @property
    def is_named(self):
        """Whether the dealer is typed."""
        return isinstance(self.widget, SuggestingInput)

    def clean(self, value):
        asked = super().clean(value)
        if not asked:
            return None
        found = self._exactly(asked)
        if len(found) != 1:
            raise self._refusal(asked, found or self._nearly(asked))
        self._known[asked] = found[0]
        return found[0]

    def _exactly(self, asked):
        """By code, alone or with the name beside it as it is shown, by number of the record, by whole name: namesakes have other codes."""
        number, (code, _between, name) = whole_number(asked), asked.partition(BETWEEN)
        for condition in [Q(code__iexact=code), *([Q(pk=number)] if number else []), Q(name_zh=asked) | Q(name_en__iexact=asked)]:
            if found := [one for one in self.dealers.filter(condition)[:FEW] if not name or _is_called(one, asked, name)]:
                return found
        return []

    def _nearly(self, asked):
        near = holding(asked, "code", "name_zh", "name_en") | Q(city=asked) | Q(code__iexact=asked.partition(BETWEEN)[0])
        return list(self.dealers.filter(near)[:FEW])

    def _refusal(self, asked, near):
        texts = [_called(dealer) for dealer in near]
        if self.is_named:
            self.widget.options = texts
        if not texts:
            words = _("There is no dealer “%(asked)s” that you can see. Give its code or its whole name.")
            return forms.ValidationError(words, params={"asked": asked}, code="unknown")
        dealers = clauses(texts[:NAMED]) + (" …" if len(texts) > NAMED else "")
        words = _("“%(asked)s” is not the code or the whole name of one dealer. Perhaps one of these: %(dealers)s")
        return forms.ValidationError(words, params={"asked": asked, "dealers": dealers}, code="several")

    def prepare_value(self, value):
        """As it is shown: what was found stands there with code and name, what was not as it was typed."""
        dealer = self._dealer_of(value)
        if dealer is None:
            return value
        return _called(dealer) if self.is_named else dealer.code

    def _dealer_of(self, value):
        if isinstance(value, Dealer):
            return value
        if isinstance(value, int):
            return next((one for one in self.few if one.pk == value), None) or self.dealers.filter(pk=value).first()
        return self._known.get(self.to_python(value)) if isinstance(value, str) else None


def _is_called(dealer, *names):
    """Whether one of `names` is its own in either language; both in their plainest form, as a code field has them."""
    own = {folded(one).casefold() for one in (dealer.name_zh, dealer.name_en) if one}
    return not own.isdisjoint(name.casefold() for name in names)


def _called(dealer):
    return f"{dealer.code}{BETWEEN}{dealer.name}"


class DealerFilter(django_filters.Filter):
    """Narrows a list to a dealer; whoever sees one only is not asked."""

    field_class = DealerField

    def __init__(self, *args, **options):
        super().__init__(*args, **{"label": _("Dealer"), "empty_label": _("All"), **options})

    @property
    def field(self):
        is_new = not hasattr(self, "_field")
        field = super().field
        if is_new:
            field.offer(dealers_visible_to(self.parent.request.user))
        return field

    @property
    def is_needed(self):
        return len(self.field.few) > 1


class DealerForm(forms.Form):
    """Which dealer, of `dealers`, a query."""

    dealer = DealerField()

    def __init__(self, *args, dealers, **options):
        super().__init__(*args, **options)
        self.fields["dealer"].offer(dealers)
