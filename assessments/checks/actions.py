import math
from fractions import Fraction

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.answers.actions import add_marks, fill_sheet, mark_of
from assessments.checks.models import Check
from assessments.questions.marking import mark, note
from courses.learning.actions import record_check_passed
from courses.learning.queries import canonical
from lms.common.bilingual import listed
from lms.common.states import Refused, require
from lms.people.permissions import is_self

PASS_MARK = 60  # of 100


@transaction.atomic
def take_check(*, employee, lesson, versions, responses, number, by, at):
    """Mark the questions that end a lesson and keep the try; passing ends the lesson. Sending the same try again changes nothing.

    `lesson` is the page that was read, `responses` are by version, `number` tells this try from the person's others.
    """
    require(is_self(by, employee), _("Everyone takes the checks of their lessons themselves."))
    _check_whole(versions, responses)
    known = {"employee": employee, "lesson": canonical(lesson), "number": number}
    check = Check.objects.filter(**known).first()
    if check:
        return check
    shares = {version.pk: mark(version.content, responses[version.pk]) for version in versions}
    score = score_of(list(shares.values()))
    try:
        with transaction.atomic():
            sheet, rows = fill_sheet(person=employee, responses={version.pk: responses[version.pk] for version in versions}, at=at)
            check = Check.objects.create(**known, sheet=sheet, score=score, passed=score >= PASS_MARK, taken_at=at)
    except IntegrityError:  # pressed twice: the other press was quicker
        return Check.objects.get(**known)
    add_marks([mark_of(row.pk, version.pk, version.content, shares[version.pk], at) for row, version in zip(rows, versions, strict=True)])
    if check.passed:
        record_check_passed(employee=employee, lesson=lesson, score=score, by=by, at=at)
    return check


def _check_whole(versions, responses):
    """Refuse what lacks an answer, or holds one that its author can still mend."""
    missing = [place for place, version in enumerate(versions, start=1) if not responses.get(version.pk)]
    if missing:
        sentence = ngettext("Question %(list)s has no answer yet.", "Questions %(list)s have no answer yet.", len(missing))
        raise Refused(sentence % {"list": listed(missing)})
    notes = [(place, note(version.content, responses[version.pk])) for place, version in enumerate(versions, start=1)]
    amiss = [_("Question %(number)d:") % {"number": place} + f" {words}" for place, words in notes if words]
    if amiss:
        raise Refused(" ".join(amiss))


def score_of(marks):
    """0 to 100 for shares of 0 to 1, half points up; but the pass mark only for what reached it."""
    exact = 100 * sum(marks, Fraction(0)) / len(marks)
    whole = math.floor(exact + Fraction(1, 2))
    return PASS_MARK - 1 if exact < PASS_MARK <= whole else whole
