from django.db.models import F

from courses.observations.models import Observation, ObservedItem
from lms.common.integrity import invariant


@invariant("An observation is by a version of its checklist that stays")
def observations_keep_their_checklist():
    return Observation.objects.filter(checklist__frozen_at=None)


@invariant("Nobody observed themselves")
def nobody_observed_themselves():
    return Observation.objects.filter(observer=F("subject__user"))


@invariant("What was observed is an item of the observation's checklist")
def observed_items_are_of_the_checklist():
    return ObservedItem.objects.exclude(item__checklist=F("observation__checklist"))


@invariant("An observation has items, or is a correction")
def observations_say_something():
    return Observation.objects.filter(items=None, corrects=None)
