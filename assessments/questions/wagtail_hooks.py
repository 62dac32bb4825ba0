"""The question bank in the course studio: one list of all questions, and a form for each kind."""

from django import forms
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from assessments.questions.kinds.registry import kinds
from assessments.questions.models import Question
from courses.catalogue.models import Topic
from lms.audit.studio import ToldEditView
from lms.common.search import holding
from lms.common.studio import SearchedList, WorkList
from lms.common.typed import TextField


def _panels(*answer):
    """The form of one type: what is asked, the answer, why, and where it belongs."""
    return [
        MultiFieldPanel([FieldPanel("stem_zh"), FieldPanel("stem_en")], heading=_("Question")),
        MultiFieldPanel([FieldPanel(name) for name in answer], heading=_("Answer")),
        MultiFieldPanel([FieldPanel("explanation_zh"), FieldPanel("explanation_en")], heading=_("Explanation")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("topic"), FieldPanel("level"), FieldPanel("difficulty")]),
                FieldRowPanel([FieldPanel("status"), FieldPanel("key")]),
                FieldPanel("in_exams"),
            ],
            heading=_("Where it belongs"),
        ),
    ]


class _Bank(SnippetViewSet):
    edit_view_class = ToldEditView
    icon = "help"
    copy_view_enabled = False
    list_display = [
        "__str__",
        "topic",
        Column("get_level_display", label=_("Level"), sort_key="level"),
        Column("type_name", label=_("Type")),
        Column("get_status_display", label=_("State"), sort_key="status"),
    ]
    list_filter = ["topic", "level", "status", "in_exams"]
    search_fields = ["stem_zh", "stem_en", "key"]
    index_view_class = SearchedList
    search_backend_name = None


class _AddedByType(ModelPermissionPolicy):
    """A question is always of one type: nothing is added to the list of all."""

    def user_has_permission(self, user, action):
        return action != "add" and super().user_has_permission(user, action)


class _AllQuestions(SearchedList):
    def get_edit_url(self, instance):
        return AdminURLFinder(self.request.user).get_edit_url(instance)


class _FormOfItsType(ToldEditView):
    """The chooser in a lesson links to the question as such; its form is that of its type."""

    def dispatch(self, request, *args, **kwargs):
        url = AdminURLFinder(request.user).get_edit_url(self.object)
        return redirect(url) if url and url != request.path else super().dispatch(request, *args, **kwargs)


class _OfOneKind(ToldEditView):
    @cached_property
    def header_more_buttons(self):
        """To where the question was asked, and a key that proved wrong is mended: a page of the room above, known by its name."""
        url = reverse("question_mends", args=[self.object.pk])
        return [*super().header_more_buttons, Button(_("Where it was asked; mend a wrong key"), url=url, icon_name="history", priority=5)]


class _QuestionFilter(BaseFilterForm):
    """For a lesson one looks by words and topic; the bank holds hundreds."""

    q = TextField(label=_("Words of the question"), required=False)
    topic = forms.ModelChoiceField(
        Topic.objects.all(),
        label=_("Topic"),
        required=False,
        empty_label=_("All topics"),
        widget=forms.Select(attrs={"data-chooser-modal-search-filter": True}),
    )

    def filter(self, objects):
        words, topic = self.cleaned_data.get("q"), self.cleaned_data.get("topic")
        if words:
            self.is_searching, self.search_query = True, words
            objects = objects.filter(holding(words, "stem_zh", "stem_en", "key"))
        return super().filter(objects.filter(topic=topic) if topic else objects)


class _Choose(ChooseView):
    filter_form_class = _QuestionFilter


class _ChooseResults(ChooseResultsView):
    filter_form_class = _QuestionFilter


class _QuestionChooser(SnippetChooserViewSet):
    page_title = _("Choose")
    choose_view_class = _Choose
    choose_results_view_class = _ChooseResults


class OpenQuestions(WorkList):
    """Questions that are drawn into no paper yet: those in review before drafts."""

    heading = _("Questions in review, and drafts")
    empty = _("Every question is approved or retired.")

    def rows(self, user):
        if not user.has_perm("questions.change_question"):
            return
        waiting = Question.objects.filter(status__in=[Question.Status.IN_REVIEW, Question.Status.DRAFT]).select_related("topic")
        finder = AdminURLFinder(user)
        for question in waiting.order_by("-status", "topic__order", "pk"):
            yield str(question), f"{question.get_status_display()} · {question.topic}", finder.get_edit_url(question)


@hooks.register("construct_homepage_panels", order=1)
def questions_to_do(request, panels):
    panels.append(OpenQuestions())


class AllQuestions(_Bank):
    model = Question
    menu_label = _("All questions")
    menu_name = "all-questions"
    index_view_class = _AllQuestions
    edit_view_class = _FormOfItsType
    chooser_viewset_class = _QuestionChooser
    panels = _panels()

    @property
    def permission_policy(self):
        return _AddedByType(self.model)


def bank_of(kind):
    """The studio's list and form of one kind."""
    values = {"model": kind.model, "menu_label": kind.label, "menu_name": f"questions-{kind.name}", "panels": _panels(*kind.fields)}
    values["edit_view_class"] = _OfOneKind
    return type(f"{kind.model.__name__}Bank", (_Bank,), values)


class QuestionBank(SnippetViewSetGroup):
    items = (AllQuestions, *map(bank_of, kinds()))
    menu_label = _("Question bank")
    menu_name = "question-bank"
    menu_icon = "help"
    menu_order = 120


register_snippet(QuestionBank)


@hooks.register("insert_editor_js")
def options_that_stay_last():
    return format_html('<script src="{}"></script>', static("lms/js/options.js"))
