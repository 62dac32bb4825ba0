"""A response is a list of texts for every kind of question: "2" becomes ["2"], true becomes ["true"]."""

import json
from collections import defaultdict

from django.db import migrations

BATCH = 5000


def one_shape(raw):
    if isinstance(raw, list) and all(isinstance(one, str) for one in raw):
        return raw or None
    if raw is None:
        return None
    if isinstance(raw, bool):
        return ["true" if raw else "false"]
    if isinstance(raw, (str, int, float)):
        return [str(raw)]
    return [json.dumps(raw)]  # nothing that was ever asked for; it earned nothing and earns nothing


def rewrite(apps, schema_editor):
    answers = apps.get_model("checks", "CheckAnswer").objects.using(schema_editor.connection.alias)
    changed, waiting = defaultdict(list), 0
    for pk, response in answers.order_by("pk").values_list("pk", "response").iterator(BATCH):
        shaped = one_shape(response)
        if shaped != response:
            changed[json.dumps(shaped)].append(pk)
            waiting += 1
        if waiting == BATCH:
            write(answers, changed)
            changed, waiting = defaultdict(list), 0
    write(answers, changed)


def write(answers, changed):
    for text, ids in changed.items():
        for start in range(0, len(ids), 500):
            answers.filter(pk__in=ids[start : start + 500]).update(response=json.loads(text))


class Migration(migrations.Migration):

    dependencies = [
        ("checks", "0002_number_the_tries"),
    ]

    operations = [
        migrations.RunPython(rewrite, migrations.RunPython.noop),
    ]
