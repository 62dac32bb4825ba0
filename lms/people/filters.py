"""What lists of people's records are narrowed by, wherever they stand."""

import django_filters

from lms.people.fields import DealerFilter


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
