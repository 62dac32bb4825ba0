"""How long the employee import takes and how much memory: 2,000 rows against 20,000, CSV and Excel.

    .venv/bin/python tests/load/import_employees.py [--apply]

On a database of its own: SQLite in a temporary folder, or the empty PostgreSQL database that LMS_DATABASE_URL names. Each run is
a process of its own (`manage.py import_employees`); its time and peak memory include starting Django.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEALERS = 400
HEADER = ["工号", "姓名", "门店", "岗位", "直属上级", "入职日期", "邮箱", "电话"]


def rows(count):
    """Stores of 50: a general manager, a supervisor a dozen, the rest advisors and technicians."""
    for index in range(count):
        store, place = divmod(index, 50)
        number = f"{store:04}{place:03}"
        boss = "" if place == 0 else f"{store:04}{place // 12 * 12 if place % 12 else 0:03}"
        position = "总经理" if place == 0 else "服务主管" if place % 12 == 0 else "服务顾问" if place % 3 else "维修技师"
        hired = date(2015, 1, 1) + timedelta(days=index % 3000)
        yield [
            number,
            f"员工{index}",
            f"L{store % DEALERS:03}",
            position,
            boss,
            hired.isoformat(),
            f"p{number}@example.com",
            f"138{index:08}",
        ]


def write_files(folder, count):
    with (folder / f"{count}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows(count)])
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in [HEADER, *rows(count)]:
        sheet.append(row)
    book.save(folder / f"{count}.xlsx")


def prepare(env):
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=env, check=True)
    code = (
        "from lms.people.models import *; g = DealerGroup.objects.create(code='load', name_zh='负载');"
        f"Dealer.objects.bulk_create([Dealer(group=g, code=f'L{{n:03}}', name_zh=f'店{{n}}') for n in range({DEALERS})])"
    )
    subprocess.run([sys.executable, "manage.py", "shell", "-v0", "-c", code], cwd=ROOT, env=env, check=True)


def run(file, env, *options):
    """Seconds, CPU seconds, peak MB and the counts of one import."""
    code = (
        "import resource, sys; sys.argv = ['manage.py', *sys.argv[1:]];"
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'lms.settings';"
        "from django.core.management import execute_from_command_line as go; go(sys.argv);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)"
    )
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, "import_employees", str(file), "--json", *options],
        cwd=ROOT, env=env, check=True, capture_output=True, text=True,
    )  # fmt: skip
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    outcome = json.loads(done.stdout)
    counts = (
        f"{outcome['created']} created, {outcome['changed']} changed, {outcome['unchanged']} unchanged, {len(outcome['refused'])} refused"
    )
    return f"{seconds:6.1f} s  {cpu:6.1f} s CPU  {done.stderr.split()[-1]:>4} MB  {counts}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--apply", action="store_true", help="also carry the 20,000 out, and once more")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = {**os.environ, "LMS_DATA_DIR": name, "PYTHONPATH": str(ROOT)}
        prepare(env)
        for count in (2_000, 20_000):
            write_files(folder, count)
            for kind in ("csv", "xlsx"):
                sys.stdout.write(f"dry run {count:6} {kind:4} {run(folder / f'{count}.{kind}', env)}\n")
                sys.stdout.flush()
        if options.apply:
            for word in ("apply  ", "again  "):
                sys.stdout.write(f"{word}  20000 csv  {run(folder / '20000.csv', env, '--apply')}\n")
                sys.stdout.flush()
            sys.stdout.write(f"dry run  20000 xlsx {run(folder / '20000.xlsx', env)}\n")


if __name__ == "__main__":
    main()
