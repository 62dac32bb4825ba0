from django.db.models import F

from lms.common.integrity import invariant
from talent_pool.labour.models import Finding, Threshold
from talent_pool.labour.rules.checking import RULES


@invariant("Each finding and each threshold is of a rule that there is (C5)")
def rules_are_declared():
    yield from Finding.objects.exclude(rule__in=RULES)
    yield from Threshold.objects.exclude(rule__in=RULES)


@invariant("A finding says what was found, in cases that its rule knows (C5)")
def findings_can_be_said():
    for finding in Finding.objects.filter(rule__in=RULES).iterator():
        cases = [case for case, _figures in finding.particulars]
        if not cases or not set(cases) <= RULES[finding.rule].cases.keys():
            yield finding


@invariant("A threshold is set by somebody at work in the group that it is for (C5)")
def thresholds_are_the_groups_own():
    return Threshold.objects.exclude(set_by__employee__group=F("group"))


@invariant("A threshold has a number where its rule has one, and nowhere else (C5)")
def numbers_fit_rules():
    with_number = [code for code, rule in RULES.items() if rule.number is not None]
    return Threshold.objects.filter(rule__in=with_number, value=None) | Threshold.objects.exclude(rule__in=with_number).exclude(value=None)
