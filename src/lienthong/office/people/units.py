"""The units of an agency as a tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lienthong.office.models import Organization, Unit


def tree(organization: Organization) -> list[tuple[Unit, int]]:
    """The units of an agency from the top down, each with its depth (0: below none); sisters by their names."""
    below: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in organization.units.order_by("name", "pk"):
        below[unit.parent_id].append(unit)
    return list(_walk(below, None, 0))


def with_those_below(organization: Organization, pk: int) -> set[int]:
    """A unit of the agency and all below it, by their keys; none, where the agency has no such unit."""
    found, deep = set[int](), None
    for unit, depth in tree(organization):
        if deep is not None and depth <= deep:
            break
        if unit.pk == pk:
            deep = depth
        if deep is not None:
            found.add(unit.pk)
    return found


def _walk(below: dict[int | None, list[Unit]], parent: int | None, depth: int) -> Iterator[tuple[Unit, int]]:
    for unit in below.get(parent, ()):
        yield unit, depth
        yield from _walk(below, unit.pk, depth + 1)
