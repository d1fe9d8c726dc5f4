"""Pages of long lists: they begin after a row, never at a count of rows, and nothing long is counted to its end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections, transaction
from django.db.models import BooleanField, F, Func, QuerySet, Value

COUNTED = 9_999
"""As far as a list is counted; beyond, that there are more is enough."""

FEW = 3_000
"""So many rows are gone through as quickly as an index is asked for each group of them."""


def beyond(columns: Sequence[str], values: Sequence[Any], *, down: bool) -> Func:
    """Whether a row comes after the row with these values, in the order of these columns, which all go one way: as one
    comparison of rows, which an index answers wherever the page begins."""
    return Func(
        Func(*(F(column) for column in columns), function="ROW"),
        Func(*(Value(value) for value in values), function="ROW"),
        template="%(expressions)s", arg_joiner=" < " if down else " > ", output_field=BooleanField(),
    )  # fmt: skip


@contextmanager
def planned_anew() -> Iterator[None]:
    """What is asked here the database plans for the values that are asked for.

    A statement that came several times it else plans once for any values. Where few of a million are meant (what is
    late among all that came), such a plan goes through the million.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        yield


def counted(rows: QuerySet[Any]) -> int:
    """How many rows there are; `COUNTED` + 1 stands for more."""
    return rows.order_by()[: COUNTED + 1].count()


def counted_by(rows: QuerySet[Any], column: str, groups: Mapping[str, Collection[str]]) -> dict[str, int]:
    """How many rows have one of the values of a group in this text column, for each group, counted as far as `counted`
    does: one statement, where one for each would say again and again which rows are meant.

    `FEW` rows, which are often found by a condition that costs more than they do, are gone through once for all groups;
    of many each group has its own stretch of an index.
    """
    among = Func(F(column), template='%(expressions)s = ANY("wanted"."values")', output_field=BooleanField())
    try:
        few, of_few = rows.order_by().values(column)[: FEW + 1].query.sql_with_params()
        chosen, given = rows.order_by().filter(among).values("pk")[: COUNTED + 1].query.sql_with_params()
    except EmptyResultSet:
        return dict.fromkeys(groups, 0)
    listed = ", ".join(["(%s, %s::text[])"] * len(groups))
    with connections[rows.db].cursor() as cursor:
        cursor.execute(
            f'WITH "few" ("value") AS MATERIALIZED ({few})'  # noqa: S608 - Django's own words
            ' SELECT "wanted"."name", CASE WHEN (SELECT count(*) FROM "few") <= %s'
            ' THEN (SELECT count(*) FROM "few" WHERE "value" = ANY("wanted"."values"))'
            f' ELSE (SELECT count(*) FROM ({chosen}) AS "found") END'
            f' FROM (VALUES {listed}) AS "wanted" ("name", "values")',
            [*of_few, FEW, *given, *(part for name, values in groups.items() for part in (name, list(values)))],
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
