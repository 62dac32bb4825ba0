from wagtail.snippets.views.snippets import IndexView

from lms.common.search import holding


class SearchedList(IndexView):
    """The studio's list of records that Wagtail keeps no index of: searched as every list of ours is."""

    def search_queryset(self, queryset):
        return queryset.filter(holding(self.search_query, *self.search_fields)) if self.is_searching else queryset
