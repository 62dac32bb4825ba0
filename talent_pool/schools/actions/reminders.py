"""What the sweep tells HR. Each reminder has a key of its own, so that however often this runs it goes out once."""

from collections import defaultdict

from django.urls import reverse
from django.utils import timezone

from lms.common.bilingual import names_of
from lms.notifications.actions import Telling, notify_all
from lms.people.models import Employee
from lms.people.roles import HR_ROLES
from talent_pool.schools.models import Agreement, Duty
from talent_pool.schools.queries.agreements import ending_soon
from talent_pool.schools.terms import stage_of

DUTIES_AHEAD = 7  # days before an obligation is due


def remind_of_agreements(*, at):
    """Part of the nightly sweep: agreements that end in 90, 30 or 7 days, obligations due within a week or overdue. Returns how many were
    told now."""
    on = timezone.localdate(at)
    agreements = list(ending_soon(Agreement.objects.select_related("school"), on))
    duties = list(Duty.objects.filter(done_on=None, due_on__isnull=False).select_related("agreement__school"))
    duties = [one for one in duties if (one.due_on - on).days <= DUTIES_AHEAD and one.agreement.last_day >= on]
    hr = _hr_of({one.dealer_id for one in agreements} | {one.agreement.dealer_id for one in duties})
    tellings = [_of_agreement(one, on, hr[one.dealer_id]) for one in agreements]
    return notify_all(tellings + [_of_duty(one, on, hr[one.agreement.dealer_id]) for one in duties])


def _hr_of(dealers):
    """{dealer id: its HR}. One statement."""
    found = defaultdict(list)
    people = Employee.objects.filter(dealer__in=dealers, user__is_active=True, user__groups__name__in=HR_ROLES)
    for person in people.exclude(status=Employee.Status.LEFT).select_related("user").distinct():
        found[person.dealer_id].append(person)
    return found


def _of_agreement(agreement, on, people):
    context = {
        "id": agreement.pk, "number": agreement.number, "school": names_of(agreement.school),
        "ends_on": agreement.ends_on.isoformat(),
    }  # fmt: skip
    key = f"{agreement.pk}:{agreement.ends_on}:{stage_of((agreement.ends_on - on).days)}"
    return Telling(kind="agreement_ending", people=people, key=key, context=context, url=reverse("agreement", args=[agreement.pk]))


def _of_duty(duty, on, people):
    agreement, stage = duty.agreement, "overdue" if duty.due_on < on else "soon"
    context = {
        "id": duty.pk, "words": duty.words, "number": agreement.number, "school": names_of(agreement.school), "side": duty.side,
        "due_on": duty.due_on.isoformat(), "overdue": stage == "overdue",
    }  # fmt: skip
    url = reverse("agreement", args=[agreement.pk])
    return Telling(kind="duty_due", people=people, key=f"{duty.pk}:{duty.due_on}:{stage}", context=context, url=url)
