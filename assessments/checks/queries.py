from hashlib import sha256

from assessments.answers.queries import given
from assessments.checks.models import Check
from assessments.questions.marking import asked, note, order, solved
from assessments.questions.models import QuestionVersion
from lms.people.permissions import employee_of


def checks_visible_to(user):
    """One's own tries, nobody else's."""
    return Check.objects.filter(employee=employee_of(user)) if employee_of(user) else Check.objects.none()


def tries_of(employee, lesson):
    return Check.objects.filter(employee=employee, lesson=lesson).count()


def shown_versions(version_ids, question_ids):
    """{question id: version} for the versions that stood on the page, where they are of these questions."""
    found = QuestionVersion.objects.filter(pk__in=version_ids, question__in=question_ids)
    return {version.question_id: version for version in found}


def option_order(version, *, employee, lesson, number):
    """The ids of a question's options in an order of its own for this person and try; always the same for the same try."""

    def drawn(one):
        return sha256(f"{employee.pk}/{lesson.pk}/{number}/{version.pk}/{one}".encode()).digest()

    return order(version.content, lambda ids: sorted(ids, key=drawn))


def questions_asked(versions, *, employee, lesson, number, language, responses):
    """What the page asks: each question as its kind shows it, with the answer given so far and what is amiss with it."""
    for version in versions:
        placed = option_order(version, employee=employee, lesson=lesson, number=number)
        response = responses.get(version.pk)
        shown = asked(version.content, language, order=placed, response=response, name=f"v{version.pk}")
        yield {**shown, "version": version, "stem_id": f"s{version.pk}", "note": note(version.content, response)}


def answered(check, language):
    """Each question of a try with the answer, what is right, why, and the share of its points that was earned."""
    there = given([check.sheet_id])[check.sheet_id]
    versions = QuestionVersion.objects.in_bulk(there)
    for pk, one in there.items():
        version = versions[pk]
        placed = option_order(version, employee=check.employee, lesson=check.lesson, number=check.number)
        yield {**solved(version.content, language, order=placed, response=one.response), "share": one.share, "is_right": one.share == 1}


def responses_to(check):
    """{version's pk: response} of a try."""
    return {version: one.response for version, one in given([check.sheet_id])[check.sheet_id].items()}
