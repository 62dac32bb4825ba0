from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.urls import reverse
from wagtail.admin.admin_url_finder import AdminURLFinder

from assessments.questions.kinds.registry import kind_of
from assessments.questions.mending import ADDED, Way, part_of
from assessments.questions.models import Question, QuestionVersion
from lms.audit.actions import record_event
from lms.audit.models import Event
from lms.notifications.actions import notify
from lms.people.choices import Role
from lms.people.models import Employee

EDITS = ("question.added", "question.changed")


@transaction.atomic
def freeze_versions(questions, *, by):
    """{question's pk: its `QuestionVersion` as it reads now}. A version that is equal already is used again.

    The number of statements does not grow with the number of questions. Where two draw the same edited question at once,
    the second waits for the first and takes its version.
    """
    ids = sorted({question if isinstance(question, int) else question.pk for question in questions})
    frozen, stale = _compare(ids)
    if stale:
        list(Question.objects.non_polymorphic().select_for_update().filter(pk__in=stale).order_by("pk").values_list("pk"))
        again, edited = _compare(stale)
        frozen |= again
        frozen |= _add_versions(edited, by)
    return frozen


def _compare(ids):
    """Those whose current version is equal to the question, by pk; and the questions, by pk, that need a new one."""
    bank = {question.pk: question for question in Question.objects.filter(pk__in=ids)}
    current = QuestionVersion.objects.in_bulk({question.current_id for question in bank.values() if question.current_id})
    frozen, stale = {}, {}
    for pk, question in bank.items():
        version = current.get(question.current_id)
        if version is not None and version.content == question.content:
            frozen[pk] = version
        else:
            stale[pk] = question
    return frozen, stale


def _add_versions(questions, by):
    if not questions:
        return {}
    last = dict(QuestionVersion.objects.filter(question__in=list(questions)).values_list("question").annotate(Max("number")).order_by())
    versions = QuestionVersion.objects.bulk_create(
        [QuestionVersion(question_id=pk, number=last.get(pk, 0) + 1, content=one.content, frozen_by=by) for pk, one in questions.items()],
        batch_size=500,
    )
    newest = QuestionVersion.objects.filter(question=OuterRef("pk")).order_by("-number").values("pk")[:1]
    Question.objects.non_polymorphic().filter(pk__in=list(questions)).update(current=Subquery(newest))
    return {version.question_id: version for version in versions}


@transaction.atomic
def version_of(*, version, content, by):
    """The version of the same question that has this content, a mended key; made where there is none yet."""
    question = version.question_id
    list(Question.objects.non_polymorphic().select_for_update().filter(pk=question).values_list("pk"))
    there = [one for one in QuestionVersion.objects.filter(question=question).order_by("number") if one.content == content]
    if there:
        return there[0]
    last = QuestionVersion.objects.filter(question=question).aggregate(last=Max("number"))["last"]
    return QuestionVersion.objects.create(question_id=question, number=last + 1, content=content, frozen_by=by)


@transaction.atomic
def carry_key_over(*, version, stood, way, response, by, at):
    """Let the author's question go on as its version was mended: with the other key, or as a draft for its author to look at.

    `stood` are the contents by which the version was marked until then: a mended key may be mended again. The question takes the other
    key where it stands as one of them, whatever its stem says by now, and stays as it is where it has that key already. It becomes a
    draft where no one answer is right, and where its author changed what is right, or the words of its options, which may have changed
    places: then nothing says whether its key is right. Returns whether this made it a draft.
    """
    list(Question.objects.non_polymorphic().select_for_update().filter(pk=version.question_id).values_list("pk"))
    question = Question.objects.get(pk=version.question_id)
    now, parts = _what_is_right(question.content), [(_what_is_right(one), part_of(one, response)) for one in stood if way == Way.ANOTHER]
    if any(now == {**content, **part} for content, part in parts):
        return False
    part = next((part for content, part in parts if now == content), None)
    was_drawn_on = question.status == Question.Status.APPROVED
    if part is not None:
        kind_of(question.content).rekey(question, part)
        question.save()
        freeze_versions([question], by=by)
    elif question.status != Question.Status.RETIRED:
        question.status = Question.Status.DRAFT
        question.save(update_fields=["status"])
    record_event("question.key_mended", target=question, by=by, at=at, after={"status": question.status})
    is_draft = was_drawn_on and question.status == Question.Status.DRAFT
    if is_draft:
        _tell_author(question, at)
    return is_draft


def _tell_author(question, at):
    """That it is theirs to look at: whoever edited it last; where they have gone or nobody is known, all authors."""
    edits = Event.objects.filter(target_type=question._meta.label_lower, target_id=str(question.pk), verb__in=EDITS)
    last = edits.exclude(actor=None).order_by("-pk").values("actor")[:1]
    here = Employee.objects.exclude(status=Employee.Status.LEFT).filter(user__is_active=True)
    authors = here.filter(user__groups__name=Role.AUTHOR)
    people = authors.filter(user__in=last) or authors
    url = AdminURLFinder().get_edit_url(question) or reverse("wagtailadmin_home")
    notify(kind="question_is_a_draft", people=people, key=f"{question.pk}:{at.isoformat()}", context={"question": question.key}, url=url)


def _what_is_right(content):
    """What an answer is held against: neither what was asked and why, nor what a mend added, which no question of an author has."""
    return {name: value for name, value in content.items() if name not in ("stem", "explanation", *ADDED)}
