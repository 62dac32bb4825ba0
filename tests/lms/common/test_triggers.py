import pytest
from django.db import IntegrityError, connection, transaction

from lms.audit.actions import record_event
from lms.audit.models import Event
from lms.common import triggers
from lms.people.models import Employee
from tests.factories import make_employee

pytestmark = pytest.mark.django_db


def test_every_registered_trigger_is_in_the_database():
    assert triggers.present() == {trigger.name for trigger in triggers.registered()}


def test_an_audit_event_cannot_be_edited_or_deleted_even_by_raw_sql():
    event = record_event("person.corrected", target=make_employee(), by=None)
    for sql in ("UPDATE audit_event SET verb = 'x' WHERE id = %s", "DELETE FROM audit_event WHERE id = %s"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [event.pk])
    assert Event.objects.get(pk=event.pk).verb == "person.corrected"


@pytest.mark.parametrize("level", [1, 2, 3])
def test_no_update_gives_a_level_without_an_award(level):
    employee = make_employee()
    with pytest.raises(IntegrityError), transaction.atomic():
        Employee.objects.filter(pk=employee.pk).update(service_level=level)


def test_nobody_arrives_with_a_level():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_employee(technical_level=2)
