"""Batches as they are read: with how many are in them and how far, and how many places an agreement has left."""

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from lms.people.models import Employee
from lms.people.permissions import dealer_scope
from talent_pool.interns.models import BEFORE, STANDING, Batch, Placement
from talent_pool.interns.permissions import batches_scope
from talent_pool.interns.queries.placements import counts, under_way
from talent_pool.schools.models import Agreement, School, Student, TargetedClass

Stage = Placement.Stage


def batches_visible_to(user):
    """Batches with `students`, `waiting` (not started yet) and `under_way`, each counted without those taken out."""
    found = Batch.objects.filter(batches_scope(user)).select_related("dealer", "school", "agreement", "targeted_class")
    return found.annotate(
        students=Count("placements", filter=counts("placements__")),
        waiting=Count("placements", filter=Q(placements__stage__in=BEFORE)),
        under_way=Count("placements", filter=under_way(prefix="placements__")),
    )


def schools_for(dealers):
    """The schools of the groups that these dealers are of."""
    return School.objects.filter(group__in=dealers.order_by().values("group"))


def batches_to_move_to(placement, user):
    """Batches of the same school that are not over, for whoever may place there."""
    found = batches_visible_to(user).filter(school=placement.batch.school_id, ends_on__gte=timezone.localdate())
    return found.exclude(pk=placement.batch_id).order_by("dealer__code", "-starts_on")


def agreements_for(dealers):
    """Agreements of these dealers, with their schools."""
    return Agreement.objects.filter(dealer__in=dealers).select_related("school", "dealer")


def classes_for(dealers):
    return TargetedClass.objects.filter(agreement__dealer__in=dealers).select_related("agreement__school")


def places_taken(agreement, year):
    """How many students have a place of the agreement in a year: each counts once, by the first day of a placement."""
    placed = Placement.objects.filter(counts(), batch__agreement=agreement, starts_on__year=year)
    return placed.order_by().values("person").distinct().count()


def students_to_add(batch, user):
    """Students of the batch's school, its class where it has one, who are here and not in it yet; of the dealers that `user` sees."""
    inside = Placement.objects.filter(counts(), batch=batch, person=OuterRef("person"))
    found = Student.objects.filter(
        dealer_scope(user, "person__dealer"), school=batch.school_id, person__kind__in=[Employee.Kind.STUDENT, Employee.Kind.INTERN]
    )
    found = found.exclude(person__status=Employee.Status.LEFT).filter(~Exists(inside))
    if batch.targeted_class_id:
        found = found.filter(targeted_class=batch.targeted_class_id)
    return found.select_related("person").order_by("code")


def placed_elsewhere(people, starts_on, ends_on, *, but=None):
    """{person id: a placement of theirs that has these days already}; `but`: not this one. One statement."""
    found = Placement.objects.filter(person__in=people, stage__in=STANDING, starts_on__lte=ends_on)
    found = found.filter(Q(ended_on=None, ends_on__gte=starts_on) | Q(ended_on__gte=starts_on))
    if but is not None:
        found = found.exclude(pk=but.pk)
    return {one.person_id: one for one in found.select_related("batch__dealer", "person")}
