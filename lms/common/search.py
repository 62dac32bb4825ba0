"""Looking for words: inside of others too, since Chinese has no blanks between them, and however wide they are written.

A name among 50,000 is found by an index of the signs in it, each as one entry (`SIGNS`; PostgreSQL): one of three signs in a row, as its
extension makes it, would find no Chinese name, which has two or three in all.

The text indexes of SQLite and PostgreSQL take a run of Chinese for one word, of which they find only the beginning. A studio's pages and
files are few, so they are looked through instead; with this module as Wagtail's search backend there is no index to keep.
"""

from django.db.models import CharField, Q, TextField
from django.db.models.lookups import IContains
from wagtail.search.backends.database.fallback import DatabaseSearchBackend, DatabaseSearchQueryCompiler
from wagtail.search.index import RelatedFields, SearchField

from lms.common.typed import spellings

SIGNS = "string_to_array(upper({}::text), NULL)"


class Holds(IContains):
    """`icontains` that enters the index of signs where there is one."""

    lookup_name = "holds"

    def as_sql(self, compiler, connection):
        return IContains(self.lhs, self.rhs).as_sql(compiler, connection)

    def as_postgresql(self, compiler, connection):
        sql, params = self.as_sql(compiler, connection)
        column, column_params = compiler.compile(self.lhs)
        signs = f"{SIGNS.format(column)} @> {SIGNS.format('%s')}"
        return f"({signs} AND {sql})", (*column_params, str(self.rhs), *params)


def register():
    for kind in (CharField, TextField):
        kind.register_lookup(Holds)


def holding(words, *fields, how="holds"):
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
        return holding(term, *self.fields_names, how="icontains")


def _searched(fields, before=""):
    for field in fields:
        if isinstance(field, RelatedFields):
            yield from _searched(field.fields, f"{before}{field.field_name}__")
        elif isinstance(field, SearchField):
            yield before + field.field_name


class SearchBackend(DatabaseSearchBackend):
    query_compiler_class = autocomplete_query_compiler_class = _Compiler
