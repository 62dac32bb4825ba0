from django.db.models import Exists, F, OuterRef, Subquery
from django.utils import timezone

from courses.observations.models import Checklist, Observation
from lms.accounts.models import User
from lms.common.integrity import invariant
from lms.people.choices import Role
from talent_pool.onboarding.models import HandOver, Mentor, TaskBook
from talent_pool.onboarding.progress import all_alone_on
from talent_pool.onboarding.queries.books import KIND, standings_of

MANY = 500


@invariant("A task book is all alone on the day that its sign-offs say")
def books_agree_with_their_sign_offs():
    found, books = [], TaskBook.objects.select_related("dealer", "checklist").order_by("pk")
    last = 0
    while batch := list(books.filter(pk__gt=last)[:MANY]):
        standings, last = standings_of(batch, timezone.now()), batch[-1].pk
        found += [book for book in batch if all_alone_on(standings[book.pk].tasks) != book.alone_on]
    return found


@invariant("A task book is by a version of a checklist of tasks")
def books_keep_their_checklist():
    return TaskBook.objects.exclude(checklist__frozen_at__isnull=False, checklist__scale=Checklist.Scale.STEPS)


@invariant("What was signed off in a task book is of its newcomer and its checklist")
def sign_offs_are_of_their_book():
    books = {str(pk): (newcomer, checklist) for pk, newcomer, checklist in TaskBook.objects.values_list("pk", "newcomer", "checklist")}
    rows = Observation.objects.filter(occasion=KIND).values_list("pk", "reference", "subject", "checklist")
    return [
        f"observations.observation {pk}: of task book {reference}"
        for pk, reference, subject, checklist in rows.iterator()
        if books.get(reference) != (subject, checklist)
    ]


@invariant("The mentor of a task book is the one whom it was last handed on to")
def books_agree_with_their_hand_overs():
    latest = HandOver.objects.filter(book=OuterRef("pk")).order_by("-pk")
    books = TaskBook.objects.annotate(last_to=Subquery(latest.values("to_mentor")[:1]))
    return books.filter(last_to__isnull=False).exclude(last_to=F("mentor"))


@invariant("Whoever has the role of mentor besides their post is named as one")
def mentors_are_named():
    named = Mentor.objects.filter(employee__user=OuterRef("pk"), ended_at=None)
    holders = User.objects.filter(groups__name=Role.MENTOR).exclude(employee__position__role=Role.MENTOR)
    return holders.filter(~Exists(named))


@invariant("Whoever is named as a mentor has the role")
def named_mentors_have_the_role():
    holders = User.objects.filter(pk=OuterRef("employee__user"), groups__name=Role.MENTOR)
    return Mentor.objects.filter(~Exists(holders), ended_at=None, employee__user__isnull=False)
