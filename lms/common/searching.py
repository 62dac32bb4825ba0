"""Looking for names by a part of them, without looking at every row: 伟 finds 张伟 among 50,000 people by an index of signs.

    Employee.objects.filter(name__holds="伟")

A name is indexed by the signs in it, each as one entry (`SIGNS`). An index of three signs in a row, as PostgreSQL's extension makes it,
would find no Chinese name, which has two or three in all.
"""

from django.db.models import CharField
from django.db.models.lookups import IContains

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
    CharField.register_lookup(Holds)
