"""That somebody who leaves or moves away raises the share of interns past its limit."""

from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from lms.common.registries import Effect, effect
from talent_pool.labour.gatherers import are_any, facts_for
from talent_pool.labour.permissions import VIEW
from talent_pool.labour.queries import terms_of
from talent_pool.labour.rules.checking import RULES, check
from talent_pool.labour.rules.facts import DealerFacts


@effect
def share_of_interns(change, user):
    """As the dealer stands on that day, with one less of the staff."""
    if change.is_leave or not change.leaves_dealer or not change.person.is_staff or not user.has_perm(VIEW) or not are_any():
        return
    terms, dealer = terms_of(change.person.group_id, change.first), change.person.dealer_id
    for facts in facts_for(dealers=[dealer], on=change.first):
        if isinstance(facts, DealerFacts):
            before = {one.rule for one in check(facts, change.first, terms)}
            for one in check(without(facts, change.person.position.code), change.first, terms):
                if one.rule not in before:
                    title = _("The share of interns passes its limit: %(rule)s") % {"rule": RULES[one.rule].title}
                    yield Effect(title, str(one.found), reverse("labour_rule", args=[one.rule]))


def without(facts, post):
    """The same dealer with one less of the staff of a post."""
    posts = tuple(replace(one, staff=max(0, one.staff - 1)) if one.post == post else one for one in facts.posts)
    return replace(facts, staff=max(0, facts.staff - 1), posts=posts)
