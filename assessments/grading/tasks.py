from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.grading.actions.publication import publish_cycle
from assessments.grading.actions.sittings import draw_sitting_papers
from assessments.grading.models import ComponentSitting, Cycle
from lms.jobs.kinds import NOTHING_STAYS, job_kind


def _console(job):
    return reverse("cycle", args=[job.params["cycle_id"]])


@job_kind("grading.publish_cycle", title=_("Publishing the results"), then=_console, stopped=NOTHING_STAYS)
def publish(progress):
    """Params: cycle_id. Found published by the same person, it was done before a worker died: nothing is left to do."""
    cycle = Cycle.objects.select_related("dealer").get(pk=progress.params["cycle_id"])
    done = cycle.published_by_id == (progress.by and progress.by.pk) and cycle.published_at is not None
    if not done:
        publish_cycle(cycle=cycle, by=progress.by, at=timezone.now(), progress=progress)
    progress.settle()
    progress.result(awards=cycle.candidacies.filter(outcome="passed").count())


@job_kind("grading.draw_papers", title=_("Drawing papers"), then=_console)
def draw(progress):
    """Params: cycle_id, sitting_id, seed. Run again, it goes on with those who have no paper yet."""
    arranged = ComponentSitting.objects.select_related("component__cycle__dealer", "sitting__blueprint").get(
        pk=progress.params["sitting_id"]
    )
    drawn = draw_sitting_papers(arranged=arranged, by=progress.by, at=timezone.now(), seed=int(progress.params["seed"]), progress=progress)
    progress.result(drawn=drawn)
