"""On the first page of the course studio: lessons whose check is broken."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.permission_policies.pages import PagePermissionPolicy

from assessments.questions.models import Question
from courses.catalogue.models import LessonPage
from lms.common.studio import WorkList


class BrokenChecks(WorkList):
    """Published lessons that ask for questions which are not approved, or not there any more: readers are asked the others only."""

    heading = _("Lessons whose check lacks questions")
    empty = _("Every lesson check finds its questions.")

    def rows(self, user):
        editable = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
        lessons = LessonPage.objects.live().filter(pk__in=editable.values("pk"))
        asked = {lesson: lesson.check_question_ids for lesson in lessons}
        wanted = {pk for ids in asked.values() for pk in ids}
        approved = Question.objects.non_polymorphic().filter(pk__in=wanted, status=Question.Status.APPROVED)
        approved = set(approved.values_list("pk", flat=True))
        for lesson, ids in asked.items():
            if lacking := len(set(ids) - approved):
                note = ngettext("%(n)d question is not approved", "%(n)d questions are not approved", lacking) % {"n": lacking}
                yield lesson.title, note, reverse("wagtailadmin_pages:edit", args=[lesson.pk])


@hooks.register("construct_homepage_panels", order=2)
def checks_to_mend(request, panels):
    panels.append(BrokenChecks())
