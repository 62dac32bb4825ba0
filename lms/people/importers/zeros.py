"""A spreadsheet drops the zeros before a number (0012 becomes 12): such a row means someone else's record, or nobody's."""

from lms.common.bilingual import gettext as _
from lms.people.models import Employee

ZEROS = ["0" * count for count in range(8)]  # as many as a spreadsheet may have dropped


def shortened_of(lines, known, key_of):
    """{key: person} for numbers of nobody in `known` that are someone's but for zeros before it. At most one statement."""
    new = {key_of(line): line.number for line in lines if line.number.isdecimal() and key_of(line) not in known}
    if not new:
        return {}
    whole = {number: [zeros + number.lstrip("0") for zeros in ZEROS] for number in set(new.values())}
    padded = {one for many in whole.values() for one in many} - {""}
    groups = {key_of(line)[0] for line in lines} - {None}
    found = Employee.objects.filter(group__in=groups, number__in=padded)
    people = {(person.group_id, person.number.lstrip("0")): person for person in found}
    alike = {key: people.get((key[0], number.lstrip("0"))) for key, number in new.items()}
    return {key: person for key, person in alike.items() if person}


def why_not_shortened(number, whole):
    words = _("“%(number)s” is on record as %(whole)s, %(name)s. If the spreadsheet dropped the zeros, format the column as text.")
    return words % {"number": number, "whole": whole.number, "name": whole.name}
