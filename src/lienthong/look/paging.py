"""Pages of long lists: they begin after a row, never at a count of rows, and nothing long is counted to its end."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import BooleanField, F, Func, QuerySet, Value

COUNTED = 9_999
"""As far as a list is counted; beyond, that there are more is enough."""


def beyond(columns: Sequence[str], values: Sequence[Any], *, down: bool) -> Func:
    """Whether a row comes after the row with these values, in the order of these columns, which all go one way: as one
    comparison of rows, which an index answers wherever the page begins."""
    return Func(
        Func(*(F(column) for column in columns), function="ROW"),
        Func(*(Value(value) for value in values), function="ROW"),
        template="%(expressions)s", arg_joiner=" < " if down else " > ", output_field=BooleanField(),
    )  # fmt: skip


def counted(rows: QuerySet[Any]) -> int:
    """How many rows there are; `COUNTED` + 1 stands for more."""
    return rows.order_by()[: COUNTED + 1].count()


def counted_by(rows: QuerySet[Any], column: str, groups: Mapping[str, Collection[str]]) -> dict[str, int]:
    """How many rows have one of the values of a group in this text column, for each group, counted as far as `counted`
    does: one statement, where one for each would say again and again which rows are meant."""
    among = Func(F(column), template='%(expressions)s = ANY("wanted"."values")', output_field=BooleanField())
    try:
        chosen, given = rows.order_by().filter(among).values("pk")[: COUNTED + 1].query.sql_with_params()
    except EmptyResultSet:
        return dict.fromkeys(groups, 0)
    listed = ", ".join(["(%s, %s::text[])"] * len(groups))
    with connections[rows.db].cursor() as cursor:
        cursor.execute(
            f'SELECT "wanted"."name", (SELECT count(*) FROM ({chosen}) AS "found")'  # noqa: S608 - Django's own words
            f' FROM (VALUES {listed}) AS "wanted" ("name", "values")',
            [*given, *(part for name, values in groups.items() for part in (name, list(values)))],
        )
        return dict(cursor.fetchall())


def counted_together(lists: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """How many rows each of these lists has, by their names: one statement for all of them."""
    counts, asked, given = dict.fromkeys(lists, 0), list[str](), list[Any]()
    for name, rows in lists.items():
        with suppress(EmptyResultSet):  # it stays at nothing
            chosen, values = rows.order_by().values("pk").query.sql_with_params()
            asked.append(f'SELECT %s, count(*) FROM ({chosen}) AS "found"')  # noqa: S608 - Django's own words
            given += [name, *values]
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(asked), given)
            counts |= dict(cursor.fetchall())
    return counts
