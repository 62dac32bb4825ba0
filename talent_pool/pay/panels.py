"""Pay on *My growth*, and on a person's page the way to it. Every look is logged; a page opened for something else is none."""

from lms.common.registries import GROWTH, NARROW, PERSON, panel
from lms.people.permissions import is_self, is_technical
from talent_pool.pay.permissions import VIEW
from talent_pool.pay.queries import pay_of


@panel("talent_pool/pay/_growth.html", order=10, sees=is_self, on={GROWTH: NARROW})
def my_pay(person, user, at):
    return pay_of(person, by=user, at=at, where="growth")


def may_look(user, person):
    """HR at others'; one's own stands on *My growth*."""
    return user.has_perm(VIEW) and not is_technical(user) and not is_self(user, person)


@panel("talent_pool/pay/_way_to_pay.html", order=60, sees=may_look, on={PERSON: NARROW})
def way_to_pay(person, user, at):
    return {}
