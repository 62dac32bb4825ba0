from django.utils.functional import Promise
from wagtail.admin.ui.components import Component
from wagtail.snippets.views.snippets import IndexView

from lms.common.search import holding


class SearchedList(IndexView):
    """The studio's list of records that Wagtail keeps no index of: searched as every list of ours is."""

    def search_queryset(self, queryset):
        return queryset.filter(holding(self.search_query, *self.search_fields)) if self.is_searching else queryset


class WorkList(Component):
    """A part of the studio's first page: what there is to do of one kind, with the way to each. `rows` gives [(words, note, address)]."""

    template_name = "wagtailadmin/home/work_list.html"
    order = 100
    most = 8
    heading: str | Promise = ""
    empty: str | Promise = ""

    def rows(self, user):
        raise NotImplementedError

    def get_context_data(self, parent_context):
        found = list(self.rows(parent_context["request"].user))
        return {"heading": self.heading, "empty": self.empty, "rows": found[: self.most], "count": len(found)}
