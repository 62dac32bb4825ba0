"""The demo, and N further dealers beside it (`tests/load/scale`), in the migrated database of LMS_DATABASE_URL.

    .venv/bin/python -m tests.load.scale 1000

Run again, it goes on where it was interrupted.
"""

import argparse
import os

import django


def main():
    parser = argparse.ArgumentParser(prog="tests.load.scale", description=__doc__.splitlines()[0])
    parser.add_argument("dealers", type=int, help="how many dealers: SC0001, SC0002, …")
    parser.add_argument("--seed", type=int, default=1, help="same seed and day, same dealers")
    asked = parser.parse_args()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    django.setup()
    from django.core.management import call_command

    from lms.people.models import Employee
    from tests.load.scale.build import build_dealers

    if not Employee.objects.exists():
        call_command("seed_demo", seed=asked.seed, verbosity=0)
    made = build_dealers(asked.dealers, seed=asked.seed, progress=lambda done, count: print(f"{done} of {count}", flush=True))
    print(f"{made} dealers made.")


if __name__ == "__main__":
    main()
