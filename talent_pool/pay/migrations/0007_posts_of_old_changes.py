from django.db import migrations
from django.utils import timezone

from lms.common import triggers

BATCH = 500


def name_the_posts(apps, schema_editor):
    """Each change was made for the post that the person had on the day of the proposal, as their history says."""
    alias = schema_editor.connection.alias
    PayChange = apps.get_model("pay", "PayChange")
    changes = list(PayChange.objects.using(alias).filter(position=None).select_related("employee").order_by("employee_id"))
    with triggers.lifted("pay_paychange", using=alias):
        for start in range(0, len(changes), BATCH):
            batch = changes[start : start + BATCH]
            lines = _lines(apps, alias, {change.employee_id for change in batch})
            for change in batch:
                change.position_id = _post_on(timezone.localdate(change.proposed_at), change, lines)
            PayChange.objects.using(alias).bulk_update(batch, ["position"])


def _lines(apps, alias, people):
    """{employee: [(day, position), …]} of the lines that say a position, oldest first."""
    found = {}
    lines = apps.get_model("people", "EmploymentEvent").objects.using(alias).filter(employee__in=people, says_position=True)
    for person, on, position in lines.order_by("on", "pk").values_list("employee_id", "on", "position_id"):
        found.setdefault(person, []).append((on, position))
    return found


def _post_on(day, change, lines):
    begun = [position for on, position in lines.get(change.employee_id, []) if on <= day]
    return begun[-1] if begun else change.employee.position_id


class Migration(migrations.Migration):

    dependencies = [
        ("pay", "0006_changes_name_their_post"),
    ]

    operations = [migrations.RunPython(name_the_posts, migrations.RunPython.noop, elidable=True)]
