from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.exams.actions.sittings import draw_papers
from assessments.exams.models import Sitting
from lms.jobs.kinds import job_kind
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
