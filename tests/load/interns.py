"""How long the rule check takes and how much memory: 200 interns over 10 dealers against 2,000 over 100.

    .venv/bin/python tests/load/interns.py [interns …]

On SQLite databases of its own in a temporary folder. Each check is a process of its own (`manage.py check_interns --json`), and the night's
(`record_findings`, which keeps what is found); time and peak memory include starting Django.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
A_DEALER = 20  # interns, beside as many staff
MOST_SECONDS = 30  # for 2,000 interns

BUILD = """
import sys
from datetime import date, datetime, timedelta, UTC
from decimal import Decimal
from lms.people.models import Dealer, DealerGroup, Employee, Position
from lms.people.reference import load_reference
from talent_pool.interns.models import Batch, Paper, Placement, Rotation, Station
from talent_pool.pay.models import Band, BandTable
from talent_pool.schools.models import School, Student

interns, a_dealer = {interns}, {a_dealer}
load_reference()
posts = {{post.code: post for post in Position.objects.all()}}
now, first, last = datetime(2026, 11, 1, tzinfo=UTC), date(2026, 11, 2), date(2027, 4, 30)
group = DealerGroup.objects.create(code="load", name_zh="负载")
school = School.objects.create(group=group, code="LJ", name_zh="学院")
for number in range(interns // a_dealer):
    dealer = Dealer.objects.create(group=group, code=f"L{{number:03}}", name_zh=f"店{{number}}")
    table = BandTable.objects.create(dealer=dealer, effective_on=date(2025, 1, 1))
    Band.objects.bulk_create(
        Band(table=table, track="technical", level=level, code=f"T{{level}}", base_pay=4000 + 800 * level) for level in range(4)
    )
    batch = Batch.objects.create(dealer=dealer, school=school, name="批", starts_on=first, ends_on=last, made_at=now)
    station = Station.objects.create(dealer=dealer, code="mech", name_zh="机修", position=posts["technician"], capacity=a_dealer)
    Employee.objects.bulk_create(
        Employee(group=group, dealer=dealer, position=posts["technician"], name="师傅", number=f"{{number:03}}{{one:03}}",
                 hired_on=date(2020, 1, 1))
        for one in range(a_dealer)
    )
    people = Employee.objects.bulk_create(
        Employee(group=group, dealer=dealer, position=posts["intern"], kind="intern", name=f"学生{{one}}", hired_on=date(2025, 9, 1))
        for one in range(a_dealer)
    )
    Student.objects.bulk_create(
        Student(person=person, school=school, code=f"{{number:03}}{{one:02}}", entered_on=date(2024, 9, 1), born_on=date(2008, 1, 1 + one))
        for one, person in enumerate(people)
    )
    placements = Placement.objects.bulk_create(
        Placement(batch=batch, person=person, stage="placed", starts_on=first, ends_on=last, monthly_pay=Decimal(3000 + 100 * one))
        for one, person in enumerate(people)
    )
    Paper.objects.bulk_create(
        Paper(placement=one, kind=kind, starts_on=date(2026, 10, 20), ends_on=last if kind == "insurance" else None, recorded_at=now)
        for one in placements for kind in Paper.Kind.values
    )
    Rotation.objects.bulk_create(
        Rotation(placement=one, station=station, starts_on=first + timedelta(days=28 * turn), ends_on=first + timedelta(days=28 * turn + 27),
                 planned_hours=160, made_at=now)
        for one in placements for turn in range(6)
    )
"""

CHECK = """
import json, os, resource, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
import django
django.setup()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
start = time.perf_counter()
{what}
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({{"seconds": round(seconds, 2), "grew_mb": peak - before, "peak_mb": peak}}), file=sys.stderr)
"""

COMMAND = "from django.core.management import call_command; call_command('check_interns', '--on', '2026-11-02', '--json')"
NIGHT = (
    "from datetime import date; from django.utils import timezone; from talent_pool.labour.actions.findings import record_findings;"
    "print(json.dumps({'checked': record_findings(at=timezone.now(), on=date(2026, 11, 2)), 'findings': []}))"
)


def python(code, env):
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True, capture_output=True, text=True)


def measure(interns):
    with tempfile.TemporaryDirectory() as folder:
        env = {key: value for key, value in os.environ.items() if not key.startswith("LMS_")} | {
            "LMS_DATA_DIR": folder,
            "PYTHONPATH": str(ROOT),
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=env, check=True)
        build = BUILD.format(interns=interns, a_dealer=A_DEALER)
        subprocess.run([sys.executable, "manage.py", "shell", "-v0", "-c", build], cwd=ROOT, env=env, check=True)
        for name, what in (("check_interns", COMMAND), ("the night's check", NIGHT)):
            started = time.perf_counter()
            done = python(CHECK.format(what=what), env)
            said, cost = json.loads(done.stdout), json.loads(done.stderr.strip().splitlines()[-1])
            whole = time.perf_counter() - started
            print(
                f"{interns} interns, {name}: {cost} (whole process {whole:.1f} s), {said['checked']} checked, {len(said['findings'])} findings"
            )
            yield name, cost["seconds"], cost["grew_mb"]


def main():
    sizes = [int(text) for text in sys.argv[1:]] or [200, 2000]
    found = {size: list(measure(size)) for size in sizes}
    slow = [(size, name) for size, rows in found.items() for name, seconds, _grew in rows if seconds > MOST_SECONDS]
    if slow:
        sys.exit(f"Over {MOST_SECONDS} s: {slow}")


if __name__ == "__main__":
    main()
