from django.db import migrations
from django.utils import timezone

PLACE = ("dealer_id", "position_id", "manager_id")


def last_lines(EmploymentEvent):
    """{employee: what their latest line says}: until now each line held the whole place."""
    return {line.employee_id: line for line in EmploymentEvent.objects.order_by("on", "pk").iterator()}


def say_what_was_not_said(apps, schema_editor):
    """A new manager alone was no line of history. Where the record says other than the latest line, a line of today says so from now on:
    since when it is so, nobody wrote down."""
    Employee, EmploymentEvent = apps.get_model("people", "Employee"), apps.get_model("people", "EmploymentEvent")
    lines, today = last_lines(EmploymentEvent), timezone.localdate()
    new = [missing(EmploymentEvent, person, lines[person.pk], today) for person in Employee.objects.filter(pk__in=lines)]
    EmploymentEvent.objects.bulk_create([line for line in new if line], batch_size=500)


def missing(EmploymentEvent, person, line, today):
    others = [name for name in PLACE if getattr(person, name) != getattr(line, name)]
    gone, is_gone = line.kind == "left", person.status == "left"
    if not others and gone == is_gone:
        return None
    says = {f"says_{name.removesuffix('_id')}": name in others for name in PLACE}
    place = {name: getattr(person, name) for name in PLACE}
    on = max(today, line.on, person.hired_on)
    return EmploymentEvent(
        employee_id=person.pk, kind="on_record", on=on, status=person.status if gone != is_gone else "", **place, **says
    )


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0005_dated_facts"),
    ]

    operations = [
        migrations.RunPython(say_what_was_not_said, migrations.RunPython.noop),
    ]
