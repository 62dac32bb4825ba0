"""The course studio: Wagtail's admin in our name and colours, its menu in the order in which an author works."""

from django.db.models import Q
from django.http import Http404
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.catalogue.forms import TopicForm
from courses.catalogue.models import CataloguePage, CoursePage, LessonPage, Topic
from courses.catalogue.permissions import may_see
from lms.audit.studio import ToldEditView
from lms.common.studio import SearchedList, WorkList

# Courses 100, topics 110, question bank 120, blueprints 130, rubrics 140; then files; then reference data.
# Of Wagtail's own texts, what its Chinese lacks on the first page.
FRAMEWORK = [_("Search all pages…")]
ORDER_OF_FILES = {"images": 200, "documents": 210}
FOR_ADMINISTRATORS = {"explorer", "reports", "help", "settings", "snippets"}


class TopicViewSet(SnippetViewSet):
    model = Topic
    edit_view_class = ToldEditView
    icon = "tag"
    menu_label = _("Topics")
    menu_name = "topics"
    menu_order = 110
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["name", Column("get_track_display", label=_("Track"), sort_key="track"), "code"]
    list_filter = ["track"]
    search_fields = ["name_zh", "name_en", "code"]
    index_view_class = SearchedList
    search_backend_name = None
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name_zh"), FieldPanel("name_en")]),
            FieldPanel("code"),
            FieldPanel("track"),
            FieldPanel("kinds"),
            FieldPanel("order"),
        ],
        base_form_class=TopicForm,
    )


register_snippet(TopicViewSet)


@hooks.register("insert_global_admin_css")
def our_colours():
    return format_html('<link rel="stylesheet" href="{}">', static("lms/css/admin.css"))


@hooks.register("before_serve_document", order=-1)
def not_for_this_person(document, request):
    """Whoever asks has signed in already; Wagtail would send them to a sign-in of its own, which there is none of."""
    if not may_see(request, document.collection):
        raise Http404


@hooks.register("register_admin_menu_item")
def back_to_pitlane():
    # The question mark keeps the menu from taking every address, which all begin with a slash, for a part of this one.
    return MenuItem(_("Back to Pitlane"), f"{reverse('today')}?", name="back-to-pitlane", icon_name="home", order=1)


@hooks.register("construct_homepage_summary_items")
def counts_say_little(request, summary_items):
    """How many pages and files there are helps no author; the menu leads to them."""
    summary_items.clear()


class UnpublishedPages(WorkList):
    """Courses and lessons that readers do not see as their authors left them."""

    heading = _("Not published as it stands")
    empty = _("Everything that was written is published.")

    def rows(self, user):
        editable = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
        pages = editable.type(CoursePage, LessonPage).filter(Q(live=False) | Q(has_unpublished_changes=True))
        for page in pages.order_by("-latest_revision_created_at", "pk"):
            note = _("changed since it was published") if page.live else _("draft")
            yield page.draft_title, note, reverse("wagtailadmin_pages:edit", args=[page.pk])


@hooks.register("construct_homepage_panels")
def what_there_is_to_do(request, panels):
    """Our own lists before Wagtail's of what waits for an approval; what one edited last says nothing of what is to be done."""
    panels[:] = [UnpublishedPages(), *(panel for panel in panels if panel.name not in {"recent_edits", "locked_pages"})]


@hooks.register("construct_main_menu")
def order_for_authors(request, menu_items):
    """Courses first; what only an administrator needs is left to administrators."""
    if any(item.name == "explorer" for item in menu_items):
        menu_items.append(_courses())
    if not request.user.is_superuser:
        menu_items[:] = [item for item in menu_items if item.name not in FOR_ADMINISTRATORS]
    for item in menu_items:
        item.order = ORDER_OF_FILES.get(item.name, item.order)


def _courses():
    """The way to the shelf in the reader's language."""
    shelves = dict(CataloguePage.objects.values_list("locale__language_code", "pk"))
    shelf = shelves.get(get_language()) or next(iter(shelves.values()), None)
    url = reverse("wagtailadmin_explore", args=[shelf]) if shelf else reverse("wagtailadmin_explore_root")
    return MenuItem(_("Courses"), url, name="courses", icon_name="folder-open-inverse", order=100)
