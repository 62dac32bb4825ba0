from django.utils.translation import gettext_lazy as _

from assessments.questions.models import Question
from lms.notifications.kinds import about, notice_kind


def looked_at(keys):
    """Their author has put them back to use, or out of it."""
    drafts = Question.objects.non_polymorphic().filter(key__in=keys, status=Question.Status.DRAFT)
    return keys - set(drafts.values_list("key", flat=True))


notice_kind("question_is_a_draft", title=_("A question to look at again"), done_when=about("question", looked_at))
