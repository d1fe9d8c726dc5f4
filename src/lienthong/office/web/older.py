"""Lists of the newest, with what is older one click away: a page begins below a row, and costs the same anywhere."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from lienthong.office.web import given

PAGE_ROWS = 50
Row = TypeVar("Row", bound=Model)


def below(request: HttpRequest, rows: QuerySet[Row], most: int = PAGE_ROWS) -> tuple[list[Row], int | None]:
    """The page that the address asks for, of rows from the newest down by their keys; and the key below which the next
    one begins, where there is one: a last page that is full leads no further."""
    if start := given.number(request.GET.get("duoi", "")):
        rows = rows.filter(pk__lt=start)
    found = list(rows[: most + 1])
    shown = found[:most]
    return shown, shown[-1].pk if len(found) > most else None
