"""Looking for words: inside of others too, since Chinese has no blanks between them, and however wide they are written.

The indexes of SQLite and PostgreSQL take a run of Chinese for one word, of which they find only the beginning. A studio's pages and
files are few, so they are looked through instead; with this module as Wagtail's search backend there is no index to keep.
"""

from django.db.models import Q
from wagtail.search.backends.database.fallback import DatabaseSearchBackend, DatabaseSearchQueryCompiler
from wagtail.search.index import RelatedFields, SearchField

from lms.common.typed import spellings


def holding(words, *fields, how="icontains"):
    """Those in any of whose `fields` the words stand, in whichever spelling."""
    found = Q()
    for field in fields:
        for spelling in spellings(words):
            found |= Q(**{f"{field}__{how}": spelling})
    return found


class _Compiler(DatabaseSearchQueryCompiler):
    def get_fields_names(self):
        """Those of related records too, such as the tags of a picture."""
        return self.fields or list(_searched(self.queryset.model.get_search_fields()))

    def build_single_term_filter(self, term):
        return holding(term, *self.fields_names)


def _searched(fields, before=""):
    for field in fields:
        if isinstance(field, RelatedFields):
            yield from _searched(field.fields, f"{before}{field.field_name}__")
        elif isinstance(field, SearchField):
            yield before + field.field_name


class SearchBackend(DatabaseSearchBackend):
    query_compiler_class = autocomplete_query_compiler_class = _Compiler
