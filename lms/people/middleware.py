from django.utils import timezone

from lms.common.zones import zone_named
from lms.people.permissions import employee_of


class DealerTimeZoneMiddleware:
    """Times are shown in the zone of the person's dealer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        employee = employee_of(request.user)
        if employee is None:
            return self.get_response(request)
        with timezone.override(zone_named(employee.dealer.time_zone)):
            return self.get_response(request)
