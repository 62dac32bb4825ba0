"""On Today: a coordinator's students, the way to them; HR's places."""

from django.urls import reverse
from django.utils.translation import gettext as _

from lms.common.registries import tile
from lms.people.models import Employee
from talent_pool.schools.permissions import COORDINATE
from talent_pool.schools.queries.visible import students_visible_to


@tile(order=50, needs=[COORDINATE])
def my_students(user, employee, at):
    here = students_visible_to(user).exclude(person__status=Employee.Status.LEFT)
    yield {"label": _("My students"), "value": here.count(), "url": reverse("my_students")}
