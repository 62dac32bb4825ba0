from django import forms
from django.utils.translation import gettext_lazy as _

from lms.common.shown import ShownForm
from lms.common.typed import TextField

BESIDE = 5  # a scale this long still fits beside the words on a tablet


class SheetForm(ShownForm):
    """One choice of 0..max for each criterion of a rubric, a comment; fields in the rubric's order."""

    comment = TextField(label=_("Comment"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, criteria, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for criterion in criteria:
            choices = [(n, n) for n in range(criterion.max_points + 1)]
            self.fields[f"c{criterion.pk}"] = forms.TypedChoiceField(
                label=criterion.name, choices=choices, coerce=int, required=False, empty_value=None
            )

    @property
    def rows(self):
        """What the page shows: each criterion with its scale and the points chosen so far."""
        for criterion in self.criteria:
            chosen = self[f"c{criterion.pk}"].value()
            yield {
                "criterion": criterion,
                "name": f"c{criterion.pk}",
                "scale": [{"points": n, "chosen": str(n) == str(chosen)} for n in range(criterion.max_points + 1)],
                "is_long": criterion.max_points > BESIDE,  # its numbers go below the words, not beside them
                "errors": self.errors.get(f"c{criterion.pk}") if self.is_bound else None,
            }

    @property
    def given(self):
        """{criterion id: points} of the criteria scored so far."""
        found = {criterion.pk: self.cleaned_data.get(f"c{criterion.pk}") for criterion in self.criteria}
        return {pk: points for pk, points in found.items() if points is not None}


def initial_of(sheet, marks):
    """What a marker gave before, as a form's initial values."""
    return {"comment": sheet.comment if sheet else "", **{f"c{pk}": int(points) for pk, points in marks.items()}}
