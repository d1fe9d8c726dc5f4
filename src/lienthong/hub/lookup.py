"""Asking the directory: as one types, and what changed since one last asked (R-16.1-1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from lienthong.hub.agencies import Listed, read_listed
from lienthong.journal.record import horizon
from lienthong.protocol.problems import BadRequest
from lienthong.standards.plaintext import plain_words

MOST_FOUND = 50
MOST_WORDS = 8
MOST_WEIGHED = 3000
"""Of a question that half the country answers, so many are weighed: who asked it types on."""
MOST_CHANGED = 1000


def search(text: str, *, limit: int = 20) -> list[Listed]:
    """Agencies by the beginnings of words of their names and codes, with diacritics or without, the likeliest first."""
    words = plain_words(text)[:MOST_WORDS]
    if not words:
        return []
    like = " AND ".join(["search_key LIKE %s"] * len(words))
    patterns = [f"% {word}%" for word in words]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH met AS MATERIALIZED (SELECT * FROM hub_agency WHERE {like} LIMIT {MOST_WEIGHED}) "  # noqa: S608
            f"SELECT code FROM (SELECT * FROM met UNION SELECT * FROM hub_agency WHERE code = %s) found {_LIKELIEST}",
            [*patterns, text.strip().upper(), text.strip().upper(), text.strip().lower(), min(limit, MOST_FOUND)],
        )
        found = [row[0] for row in cursor.fetchall()]
    return _in_order(found)


# The code itself, then who goes on, then who is written with these very diacritics, then the shorter name.
_LIKELIEST = """
ORDER BY (code = %s) DESC, (ended_at IS NOT NULL), (position(%s IN lower(name)) > 0) DESC, length(search_key), code
LIMIT %s
"""


@dataclass(frozen=True)
class Changed:
    """A page of the directory's changes, and where the next one begins."""

    agencies: list[Listed]
    cursor: str
    more: bool


def changed_since(cursor: str, *, limit: int = MOST_CHANGED) -> Changed:
    """Agencies as they are now that changed after a cursor (empty: all); never past a commit that is still to come.

    Raises:
        BadRequest: the cursor is none of this hub's.
    """
    transaction, code = _read_cursor(cursor)
    end = horizon()
    if transaction >= end and transaction:
        raise BadRequest(reason="con trỏ không thuộc Trục này, hãy đọc lại từ đầu (bỏ after)")
    most = min(limit, MOST_CHANGED)
    with connection.cursor() as database:
        database.execute(_CHANGED, [transaction, code, end, most + 1])
        rows = database.fetchall()
    page = rows[:most]
    last = f"{page[-1][0]}-{page[-1][1]}" if page else cursor
    return Changed(_in_order([code for _, code in page]), last, len(rows) > most)


_CHANGED = """
SELECT changed, code FROM hub_agency WHERE (changed, code) > (%s, %s) AND changed < %s ORDER BY changed, code LIMIT %s
"""


def _read_cursor(cursor: str) -> tuple[int, str]:
    if not cursor:
        return 0, ""
    number, _, code = cursor.partition("-")
    if not number.isdigit() or len(number) > 18 or not code or len(code) > 35:
        raise BadRequest(reason="after không phải con trỏ của danh mục")
    return int(number), code


def _in_order(codes: Iterable[str]) -> list[Listed]:
    wanted = list(codes)
    rows = {row.code: row for row in read_listed(wanted)}
    return [rows[code] for code in wanted]
