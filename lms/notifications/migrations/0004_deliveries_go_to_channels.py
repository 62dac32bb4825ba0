from django.db import migrations
from django.db.models import OuterRef, Subquery


def give_channels(apps, schema_editor):
    """Every mail went to its reader's own address, or to the one they had before, which its delivery names."""
    Channel, Delivery = (apps.get_model("notifications", name) for name in ("Channel", "Delivery"))
    places = Delivery.objects.order_by().values_list("notice__recipient", "way", "address").distinct()
    Channel.objects.bulk_create(
        [Channel(transport="mail", user_id=user, address=address, is_on=way == "mail") for user, way, address in places],
        ignore_conflicts=True,
        batch_size=500,
    )
    own = Channel.objects.filter(transport="mail", user__notices=OuterRef("notice_id"), address=OuterRef("address"))
    Delivery.objects.filter(channel=None).update(channel=Subquery(own.values("pk")[:1]))


class Migration(migrations.Migration):

    dependencies = [("notifications", "0003_channels_of_people_and_groups")]

    operations = [migrations.RunPython(give_channels, migrations.RunPython.noop)]
