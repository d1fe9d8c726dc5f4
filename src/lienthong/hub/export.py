"""The directory given out as a table, CSV or XLSX, line by line: nothing of it is ever whole in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.db import connection, transaction

from lienthong.hub.sheets import COLUMNS
from lienthong.look.tables import LINES_AT_ONCE, as_csv, as_xlsx

GIVEN_OUT = (*COLUMNS, "system", "open", "successor", "ended_on")
"""Columns of what is given out; those that `hub.sheets` takes in come first."""


def give_out(path: Path) -> int:
    """Write the directory as a table; gives the number of agencies."""
    count = 0

    def counted() -> Iterator[Sequence[str]]:
        nonlocal count
        for row in lines():
            yield row
            count += 1

    with path.open("wb") as file:
        file.writelines(
            as_xlsx(counted(), GIVEN_OUT) if path.suffix.lower() == ".xlsx" else as_csv(counted(), GIVEN_OUT)
        )
    return count


def lines() -> Iterator[Sequence[str]]:
    """Every agency, in the columns of `GIVEN_OUT`, as of one moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DECLARE given_out NO SCROLL CURSOR FOR " + _ALL)
        while True:
            cursor.execute(f"FETCH {LINES_AT_ONCE} FROM given_out")
            rows = cursor.fetchall()
            yield from rows
            if len(rows) < LINES_AT_ONCE:
                return


_ALL = """
SELECT a.code, a.name, coalesce(a.parent_id, ''),
       coalesce(
           (SELECT string_agg(s.spelling, ' ' ORDER BY s.spelling) FROM hub_alias s WHERE s.agency_id = a.code), ''
       ),
       a.category, coalesce(a.system_id, ''), CASE WHEN a.open THEN 'yes' ELSE 'no' END, coalesce(a.successor_id, ''),
       coalesce(to_char(a.ended_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD'), '')
FROM hub_agency a ORDER BY a.code
"""
