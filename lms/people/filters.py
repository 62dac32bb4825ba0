"""What lists of people's records are narrowed by, wherever they stand."""

import django_filters
from django.utils.translation import gettext_lazy as _

from lms.people.models import Dealer
from lms.people.queries import dealers_visible_to, sees_several_dealers


class OfDealers(django_filters.FilterSet):
    """By dealer, for whoever sees several: others need no filter that has one choice. `dealer_path` leads to it."""

    dealer_path = "dealer"

    dealer = django_filters.ModelChoiceFilter(label=_("Dealer"), queryset=Dealer.objects.none(), method="of_dealer", empty_label=_("All"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if sees_several_dealers(self.request.user):
            self.filters["dealer"].queryset = dealers_visible_to(self.request.user)
        else:
            del self.filters["dealer"]

    def of_dealer(self, queryset, name, value):
        return queryset.filter(**{self.dealer_path: value})
