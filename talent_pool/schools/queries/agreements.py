"""Agreements as pages and lists show them: their state on a day, their places, what is owed."""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, ExtractYear

from lms.people.models import Employee
from talent_pool.schools.models import Agreement, Duty, Student
from talent_pool.schools.queries.visible import agreements_visible_to
from talent_pool.schools.terms import SOON, graduation_year, places_of

GRADUATES = ExtractYear(Coalesce("graduates_on", "targeted_class__graduates_on"))


def in_force_on(on):
    """A condition on agreements: their term covers the day."""
    return Q(starts_on__lte=on, ends_on__gte=on) & (Q(ended_on=None) | Q(ended_on__gte=on))


def students_of(agreements):
    """Those who take a place of these agreements: in one of their classes, and here."""
    return Student.objects.filter(targeted_class__agreement__in=agreements).exclude(person__status=Employee.Status.LEFT)


def places_by_agreement(agreements):
    """{agreement id: [`Places` by year]}. One statement."""
    years = defaultdict(list)
    rows = students_of([one.pk for one in agreements]).annotate(year=GRADUATES)
    for agreement, year in rows.values_list("targeted_class__agreement", "year"):
        years[agreement].append(year)
    return {one.pk: places_of(one.quota, years[one.pk]) for one in agreements}


def with_agreements(schools, user, on):
    """Schools with `in_force`, `quota` and `taken`: of the agreements that the user sees and that are in force on the day; `next_end` is
    the first last day of those. `taken` counts who takes a place of the year that graduates next."""
    ours = agreements_visible_to(user).filter(in_force_on(on), school=OuterRef("pk")).order_by()
    per_school = ours.values("school")
    last = per_school.annotate(found=Coalesce("ended_on", "ends_on")).order_by("found").values("found")[:1]
    seen = agreements_visible_to(user).filter(in_force_on(on)).values("pk")
    graduating = students_of(seen).annotate(year=GRADUATES).filter(year=graduation_year(on), school=OuterRef("pk"))
    return schools.annotate(
        in_force=_number(per_school.annotate(found=Count("pk"))),
        quota=_number(per_school.annotate(found=Sum("quota"))),
        taken=_number(graduating.order_by().values("school").annotate(found=Count("pk"))),
        next_end=Subquery(last),
    )


def _number(query):
    return Coalesce(Subquery(query.values("found")[:1], output_field=IntegerField()), Value(0))


def duties_open(user):
    """Obligations of either side that are not done, of agreements that the user sees; those with a date first."""
    found = Duty.objects.filter(agreement__in=agreements_visible_to(user), done_on=None).select_related("agreement__school")
    return found.order_by(F("due_on").asc(nulls_last=True), "pk")


def ending_soon(agreements, on):
    """Those in force whose last day is at most 90 days away and that nobody has renewed."""
    return agreements.filter(in_force_on(on), ended_on=None, ends_on__lte=on + SOON, renewal=None)


def duties_due(duties, on, days=30):
    return duties.filter(due_on__lte=on + timedelta(days=days))


def chain_of(agreement):
    """The agreement with those before it and after it, the newest first. One statement: those of the same school and dealer."""
    known = {one.pk: one for one in Agreement.objects.filter(school=agreement.school_id, dealer=agreement.dealer_id)}
    after = {one.renews_id: one for one in known.values() if one.renews_id}
    found = [known[agreement.pk]]
    while found[-1].renews_id in known:
        found.append(known[found[-1].renews_id])
    while found[0].pk in after:
        found.insert(0, after[found[0].pk])
    return found
