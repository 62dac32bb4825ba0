from django.db.models import OuterRef, Subquery

from lms.common.shown import fact, said
from lms.people.choices import Role
from lms.people.models import Dealer, Employee, EmploymentEvent
from talent_pool.labour.gatherers import facts_for
from talent_pool.labour.models import Finding, MinimumWage, Threshold
from talent_pool.labour.permissions import findings_scope
from talent_pool.labour.rules.checking import DECLARED, check
from talent_pool.labour.rules.declared import Limit, Terms

AT_ONCE = 20  # dealers whose facts are gathered together


def findings_visible_to(user):
    return Finding.objects.filter(findings_scope(user)).select_related("dealer", "person")


def terms_by_group(on):
    """{group id: the `Terms` in force on the day}; a group that set nothing is not in it. One statement."""
    rows: dict = {}
    for row in Threshold.objects.filter(from_on__lte=on).order_by("from_on", "pk"):
        rows.setdefault(row.group_id, {})[row.rule] = Limit(row.value, row.severity)
    return {group: Terms(limits) for group, limits in rows.items()}


def terms_of(group_id, on):
    return terms_by_group(on).get(group_id, DECLARED)


def thresholds_of(group_id):
    """{rule: its rows, oldest first}"""
    found: dict = {}
    for row in Threshold.objects.filter(group=group_id).select_related("set_by__employee").order_by("from_on", "pk"):
        found.setdefault(row.rule, []).append(row)
    return found


def threshold_on(rows, on):
    """Which of a rule's rows, oldest first, is in force on the day; None: the declared limit."""
    begun = [row for row in rows if row.from_on <= on]
    return begun[-1] if begun else None


def minimum_wages(dealers, on):
    """{dealer id: CNY a month} on the day; a dealer without one is not in it. One statement."""
    rows = MinimumWage.objects.filter(dealer__in=dealers, from_on__lte=on).order_by("from_on", "pk")
    return dict(rows.values_list("dealer_id", "amount"))


def wages_of(dealers):
    """{dealer id: its minimum wages, newest first}"""
    found: dict = {}
    for row in MinimumWage.objects.filter(dealer__in=dealers).select_related("set_by__employee").order_by("-from_on", "-pk"):
        found.setdefault(row.dealer_id, []).append(row)
    return found


def checked_facts(*, on, dealers=None):
    """(facts, what they break) for the placements, contracts and posts of these dealers (ids), or of all; a few dealers at a time."""
    groups = dict(Dealer.objects.values_list("pk", "group_id"))
    in_force = terms_by_group(on)
    wanted = sorted(groups if dealers is None else set(dealers) & groups.keys())
    for some in in_parts(wanted):
        for facts in facts_for(dealers=some, on=on):
            yield facts, check(facts, on, in_force.get(groups[facts.dealer], DECLARED))


def dealers_of_people(people):
    """The ids of the dealers where these people (ids) are, have been, or have something found about them."""
    now = Employee.objects.filter(pk__in=people).values_list("dealer", flat=True).order_by()
    before = EmploymentEvent.objects.filter(employee__in=people).values_list("dealer", flat=True).order_by()
    found = Finding.objects.filter(person__in=people, gone_at=None).values_list("dealer", flat=True).order_by()
    return set(now.union(before, found))


def hr_of(dealer):
    """HR of the dealer, or group HR where there is none."""
    here = Employee.objects.filter(user__is_active=True)
    own = here.filter(dealer=dealer, user__groups__name=Role.HR)
    return own if own.exists() else here.filter(group=dealer.group_id, user__groups__name=Role.GROUP_HR)


def in_parts(dealers):
    """Lists of a few."""
    return (dealers[start : start + AT_ONCE] for start in range(0, len(dealers), AT_ONCE))


def with_another_limit(rule, group, *, value, severity, on):
    """What a rule finds in a group on the day, as its limit is in force and as it would be: {what: found}, {what: found}.

    Of all dealers in one reading: a page asks for it.
    """
    dealers = list(group.dealers.values_list("pk", flat=True))
    now = terms_of(group.pk, on)
    then = Terms({**now.limits, rule: Limit(value, severity)})
    before: dict = {}
    after: dict = {}
    for facts in facts_for(dealers=dealers, on=on) if dealers else ():
        for terms, found in ((now, before), (then, after)):
            found.update({(one.dealer, one.person, one.place): one for one in check(facts, on, terms, only=rule)})
    return before, after


def names_of_people(people):
    """{id: name}"""
    return dict(Employee.objects.filter(pk__in=people).values_list("pk", "name").order_by()) if people else {}


def with_wage(dealers, on):
    """Dealers with the minimum wage in force on the day: `wage`, `wage_from_on`, `wage_source`."""
    newest = MinimumWage.objects.filter(dealer=OuterRef("pk"), from_on__lte=on).order_by("-from_on", "-pk")
    return dealers.annotate(
        wage=Subquery(newest.values("amount")[:1]),
        wage_from_on=Subquery(newest.values("from_on")[:1]),
        wage_source=Subquery(newest.values("source")[:1]),
    )


def threshold_shown(group_id, rule):
    """Which row of a rule a page was made from, for `lms.common.shown`."""
    row = Threshold.objects.filter(group=group_id, rule=rule).order_by("-pk").first()
    words = f"{row.value if row.value is not None else row.get_severity_display()} · {said(row.from_on)}" if row else None
    return {f"threshold-{rule}": fact(Threshold._meta.verbose_name, row and row.pk, words)}


def wage_shown(dealer):
    row = MinimumWage.objects.filter(dealer=dealer).order_by("-pk").first()
    words = f"{row.amount} · {said(row.from_on)}" if row else None
    return {f"wage-{dealer.pk}": fact(MinimumWage._meta.verbose_name, row and row.pk, words)}
