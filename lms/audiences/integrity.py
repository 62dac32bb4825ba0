from django.db.models import Count, Exists, F, OuterRef, Q

from lms.audiences.conditions import kept
from lms.audiences.models import Audience, Condition, NamedPerson
from lms.common.integrity import invariant


@invariant("An audience says of itself how many conditions it asks, and whether it only names people")
def audiences_know_their_rows():
    counted = Audience.objects.annotate(
        number=Count("conditions__name", distinct=True), names=Exists(NamedPerson.objects.filter(audience=OuterRef("pk")))
    )
    nothing_asked = Q(asks=0, since_least=None, since_most=None)
    only_named = Q(names=True) & nothing_asked
    return counted.filter(~Q(asks=F("number")) | Q(by_name=True) & ~only_named | Q(by_name=False) & only_named)


@invariant("Every condition of an audience is one that there is and that may be kept")
def conditions_are_known():
    return Condition.objects.exclude(name__in=kept())
