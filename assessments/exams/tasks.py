from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.exams.actions.mending import confirm_mends
from assessments.exams.actions.sittings import draw_papers
from assessments.exams.models import KeyMend, Sitting
from lms.jobs.kinds import NOTHING_STAYS, job_kind
from lms.people.models import Employee


@job_kind("exams.draw_papers", title=_("Drawing papers"), then=lambda job: reverse("sitting", args=[job.params["sitting_id"]]))
def draw(progress):
    """Params: sitting_id, candidate_ids, seed. Started again after a killed worker it goes on with those who have no paper."""
    sitting = Sitting.objects.select_related("blueprint").get(pk=progress.params["sitting_id"])
    candidates = list(Employee.objects.filter(pk__in=progress.params["candidate_ids"]).order_by("pk"))
    drawn = draw_papers(
        sitting=sitting, candidates=candidates, by=progress.by, at=timezone.now(), seed=progress.params["seed"], progress=progress
    )
    progress.result(drawn=drawn, kept=len(candidates) - drawn)


@job_kind(
    "exams.mend_key",
    title=_("Marking by the mended key"),
    then=lambda job: reverse("mend", args=[job.params["mend"]]),
    stopped=NOTHING_STAYS,
)
def mend_key(progress):
    """Params: mends, the ids of one proposal; mend, the one whose page asked. All of it or nothing: found confirmed, it was done before."""
    mends = KeyMend.objects.filter(pk__in=progress.params["mends"]).order_by("sitting")
    mends = list(mends.select_related("sitting__dealer", "version", "proposed_by__employee"))
    if not all(mend.confirmed_by_id == progress.by.pk for mend in mends):
        confirm_mends(mends=mends, by=progress.by, at=timezone.now(), progress=progress)
    progress.settle()
