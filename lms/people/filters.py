"""What lists of people's records are narrowed by, wherever they stand."""

import django_filters
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from lms.people.fields import DealerField, DealerFilter
from lms.people.permissions import employee_of
from lms.people.queries import dealers_visible_to


class OfDealers(django_filters.FilterSet):
    """By dealer, for whoever sees several: others need no filter that has one choice. `dealer_path` leads to it."""

    dealer_path = "dealer"

    dealer = DealerFilter(method="of_dealer")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.filters["dealer"].is_needed:
            del self.filters["dealer"]

    def of_dealer(self, queryset, name, value):
        return queryset.filter(**{self.dealer_path: value})


class AtOneDealer(OfDealers):
    """Of a list that is of one dealer anyway, the own one unless another is asked for: the page chooses it (`dealer_asked_for`)."""

    dealer = DealerFilter(method="of_dealer", empty_label=_("My dealer"))

    def of_dealer(self, queryset, name, value):
        return queryset


def dealer_asked_for(request):
    """The dealer that the address names, or the own one. What nobody knows is said by the filter; whoever has none finds nothing."""
    seen, employee = dealers_visible_to(request.user), employee_of(request.user)
    field = DealerField(required=False)
    field.offer(seen)
    try:
        found = field.clean(request.GET.get("dealer") or "")
    except ValidationError:
        if len(field.few) < 2:
            raise Http404 from None
        found = None
    return found or get_object_or_404(seen, pk=employee.dealer_id if employee else None)
