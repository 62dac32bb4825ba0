"""What a rubric may be for: the parts of an exam that examiners score. Whoever has people examined by one names it here."""

from django.utils.translation import gettext_lazy as _

PRACTICAL = "practical"
_parts = {PRACTICAL: _("Practical exam")}


def scored_by_rubric(name, label):
    _parts[name] = label


def part_choices():
    """A function, so that another part changes nothing in the table."""
    return list(_parts.items())
