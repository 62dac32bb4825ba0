import json
import sys
from datetime import date

from django.core.management.base import BaseCommand
from django.utils import timezone

from lms.people.models import Dealer
from talent_pool.labour.queries import checked_facts
from talent_pool.labour.rules.facts import PlacementFacts, ProbationFacts

COUNTED = (PlacementFacts, ProbationFacts)


class Command(BaseCommand):
    help = (
        "Check every placement of an intern and every probation by the rules (C5). It writes nothing: the sweep keeps what it finds. "
        "Exit code 1 where the day or the dealer is not understood."
    )

    def add_arguments(self, parser):
        parser.add_argument("--on", help="as of which day, YYYY-MM-DD; today unless given")
        parser.add_argument("--dealer", help="the code of the only dealer to check")
        parser.add_argument("--json", action="store_true", help='print {"checked", "findings"} on one line and nothing else')

    def handle(self, *, on, dealer, **options):
        day, dealers, wrong = _asked(on, dealer)
        checked, found = (0, []) if wrong else _checked(day, dealers)
        if options["json"]:
            self.stdout.write(json.dumps({"checked": checked, "findings": [_as_json(one) for one in found]}, ensure_ascii=False))
        elif not wrong:
            self._tell(checked, found)
        if wrong:
            self.stderr.write(self.style.ERROR(wrong))
            sys.exit(1)

    def _tell(self, checked, found):
        for one in found:
            style = self.style.ERROR if one.blocks else self.style.WARNING
            self.stdout.write(style(f"{one.intern or '–'}  {one.place or '–'}  {one.rule}  {one.severity}  {one.confidence}"))
            for line in (one.clause, one.found, one.cure):
                self.stdout.write(f"    {line}")
        blocking = sum(one.blocks for one in found)
        self.stdout.write(f"{checked} checked, {len(found)} findings, {blocking} of them block.")


def _asked(on, code):
    """(day, ids of dealers or None, what is wrong)"""
    try:
        day = date.fromisoformat(on) if on else timezone.localdate()
    except ValueError:
        return None, None, f"“{on}” is no day. Write it as 2027-03-01."
    if code is None:
        return day, None, ""
    dealer = Dealer.objects.filter(code__iexact=code).first()
    return day, [dealer.pk] if dealer else None, "" if dealer else f"There is no dealer “{code}”."


def _checked(on, dealers):
    checked, found = 0, []
    for facts, broken in checked_facts(on=on, dealers=dealers):
        checked += isinstance(facts, COUNTED)
        found += broken
    return checked, found


def _as_json(one):
    """`intern` and `placement` are empty where a dealer as a whole breaks the rule: its share of interns."""
    return {
        "intern": one.intern,
        "placement": one.place,
        "rule": one.rule,
        "clause": str(one.clause),
        "severity": one.severity,
        "confidence": one.confidence,
        "found": str(one.found),
        "cure": str(one.cure),
    }
