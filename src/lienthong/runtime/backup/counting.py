"""What a database holds, in a few figures that any change would change: to compare a restored one with what it was."""

from __future__ import annotations

import psycopg
from psycopg import sql

Figures = dict[str, list[str]]
"""Of each table: how many rows, and the sum of the hashes of their texts."""

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"


def figures(connection: psycopg.Connection) -> Figures:
    """The figures as the connection's transaction sees the tables."""
    connection.execute("SET LOCAL timezone = 'UTC'")
    connection.execute("SET LOCAL extra_float_digits = 1")
    return {name: _of(connection, name) for (name,) in connection.execute(TABLES).fetchall()}


def _of(connection: psycopg.Connection, table: str) -> list[str]:
    statement = sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {} t")
    row = connection.execute(statement.format(sql.Identifier(table))).fetchone()
    assert row is not None  # noqa: S101 - an aggregate has a row
    return [str(row[0]), str(row[1])]


def differing(before: Figures, after: Figures) -> list[str]:
    """Names of the tables that are not as they were."""
    return [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]


LAST_NUMBERS = """
SELECT o.code, CASE s.key WHEN 'arrival' THEN 'đến' ELSE s.key END, s.year, s.last
FROM office_sequence s JOIN office_organization o ON o.id = s.organization_id ORDER BY 1, 3, 2
"""


def last_numbers(connection: psycopg.Connection) -> list[list[object]]:
    """Of each book of an office – agency, sequence, year –, the number that was given last: after a restore the next
    one is given again, although a document may bear it by then."""
    return [list(row) for row in connection.execute(LAST_NUMBERS)]
