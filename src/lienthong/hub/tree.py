"""The directory as a tree of any depth, opened branch by branch: what is shown costs the same at 123,000 agencies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

AT_ONCE = 200
"""Agencies of one branch that are shown at once."""


@dataclass(frozen=True)
class Node:
    """An agency in the tree.

    Attributes:
        units: agencies directly below that have not ended.
        connected: a system serves it.
        successor: who follows it, where it has ended.
    """

    code: str
    name: str
    units: int
    connected: bool
    open: bool
    ended_at: datetime | None
    successor: str | None


@dataclass(frozen=True)
class Branch:
    """Agencies of one branch, and how many come after them."""

    nodes: tuple[Node, ...]
    left: int

    @property
    def last(self) -> str:
        """Where the next part of the branch begins."""
        return self.nodes[-1].code if self.nodes else ""


def branch(parent: str | None, *, after: str = "", ended: bool = False, most: int = AT_ONCE) -> Branch:
    """Agencies directly below one (None: the first level), shorter codes first.

    Args:
        after: the last code of the part before.
        ended: with those that were merged, split or closed.
    """
    where = "a.parent_id IS NULL" if parent is None else "a.parent_id = %(parent)s"
    going_on = "" if ended else " AND a.ended_at IS NULL"
    values = {"parent": parent, "after": after, "most": most + 1}
    beyond = " AND (length(a.code), a.code) > (length(%(after)s), %(after)s)" if after else ""
    order = f" ORDER BY length(a.code), a.code LIMIT {int(most)}"
    nodes = _nodes(f"WHERE {where}{going_on}{beyond}{order}", values)
    if len(nodes) < most:
        return Branch(nodes, 0)
    last = {**values, "after": nodes[-1].code}
    left = _one(
        f"SELECT count(*) FROM hub_agency a WHERE {where}{going_on} "  # noqa: S608 - constant text
        "AND (length(a.code), a.code) > (length(%(after)s), %(after)s)",
        last,
    )
    return Branch(nodes, left)


def path(code: str) -> tuple[Node, ...]:
    """The agencies above one and itself, the highest first; nothing for an unknown code."""
    return _nodes("JOIN above ON above.code = a.code ORDER BY above.height DESC", {"code": code}, _ABOVE)


def nodes(codes: Iterable[str]) -> dict[str, Node]:
    """These agencies, by their codes."""
    return {node.code: node for node in _nodes("WHERE a.code = ANY(%(codes)s)", {"codes": list(codes)})}


def size_below(code: str) -> int:
    """How many agencies lie below one, at any depth, and go on."""
    return _one(f"{_BELOW} SELECT count(*) FROM below", {"code": code})  # noqa: S608 - constant text


def counts() -> tuple[int, int, int]:
    """Agencies that go on; of these, those that a system serves; codes that have ended."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        going_on, connected, ended = cursor.fetchone()
    return going_on, connected, ended


def _nodes(condition: str, values: dict[str, Any], preface: str = "") -> tuple[Node, ...]:
    with connection.cursor() as cursor:
        cursor.execute(f"{preface}{_NODE} {condition}", values)
        return tuple(Node(*row) for row in cursor.fetchall())


def _one(statement: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])


_NODE = """
SELECT a.code, a.name, (SELECT count(*) FROM hub_agency c WHERE c.parent_id = a.code AND c.ended_at IS NULL),
       a.system_id IS NOT NULL, a.open, a.ended_at, a.successor_id
FROM hub_agency a
"""
_ABOVE = """
WITH RECURSIVE above AS (
    SELECT code, parent_id, 0 AS height FROM hub_agency WHERE code = %(code)s
    UNION ALL SELECT a.code, a.parent_id, above.height + 1 FROM hub_agency a JOIN above ON a.code = above.parent_id
    WHERE above.height < 32
)
"""
_BELOW = """
WITH RECURSIVE below AS (
    SELECT code FROM hub_agency WHERE parent_id = %(code)s AND ended_at IS NULL
    UNION SELECT a.code FROM hub_agency a JOIN below ON a.parent_id = below.code WHERE a.ended_at IS NULL
)
"""
_COUNTS = """
SELECT count(*) FILTER (WHERE ended_at IS NULL), count(system_id) FILTER (WHERE ended_at IS NULL),
       count(*) FILTER (WHERE ended_at IS NOT NULL)
FROM hub_agency
"""
