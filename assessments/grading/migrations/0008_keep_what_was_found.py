from django.db import migrations

CUT = 500


def keep_findings(apps, schema_editor):
    """What the last computation found becomes the first that is kept: by the rules as they were then, without the records."""
    Candidacy, Finding = apps.get_model("grading", "Candidacy"), apps.get_model("grading", "Finding")
    computed = Candidacy.objects.exclude(computed_at=None).filter(computations=0)
    rows = []
    for candidacy in computed.only("findings", "computed_at").order_by("pk").iterator():
        rows += [_row(Finding, candidacy, finding) for finding in candidacy.findings]
        if len(rows) >= CUT:
            Finding.objects.bulk_create(rows, batch_size=CUT)
            rows = []
    Finding.objects.bulk_create(rows, batch_size=CUT)
    computed.update(computations=1)


def _row(Finding, candidacy, finding):
    return Finding(
        candidacy_id=candidacy.pk,
        number=1,
        rule=finding["rule"],
        version=1,
        met=finding["met"],
        have=finding["have"],
        need=finding["need"],
        records={"courses": finding["courses"]} if "courses" in finding else {},
        found_at=candidacy.computed_at,
    )


def keep_waivers(apps, schema_editor):
    """Who was let sit was let sit although all of this was open."""
    Finding, Waiver = apps.get_model("grading", "Finding"), apps.get_model("grading", "Waiver")
    waived = Finding.objects.filter(met=False, waiver=None).exclude(candidacy__waived_at=None).exclude(rule__in=["post", "level"])
    rows = [
        Waiver(
            finding=finding,
            reason=finding.candidacy.waived_reason or "–",
            waived_at=finding.candidacy.waived_at,
            waived_by_id=finding.candidacy.waived_by_id,
        )
        for finding in waived.select_related("candidacy")
    ]
    Waiver.objects.bulk_create(rows, batch_size=CUT)


class Migration(migrations.Migration):
    dependencies = [("grading", "0007_findings_and_waivers")]
    operations = [
        migrations.RunPython(keep_findings, migrations.RunPython.noop),
        migrations.RunPython(keep_waivers, migrations.RunPython.noop),
    ]
