"""Pages of long lists: they begin after a row, never at a count of rows, and nothing long is counted to its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
