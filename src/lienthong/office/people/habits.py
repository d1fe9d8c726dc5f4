"""What a person keeps for themselves: marks on documents, and how they look at the lists. It is nobody else's business:
no other person sees it, and no journal tells of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from lienthong.office.errors import Missing
from lienthong.office.models import (
    Assignment,
    IncomingDocument,
    ListHabit,
    MarkKind,
    OutgoingDocument,
    Person,
    PersonalMark,
    Unit,
)
from lienthong.office.people import units

PAGE_ROWS = (20, 30, 50)
"""How many rows a page may have; never more than can be accepted in one act."""
INCOMING, OUTGOING, DOSSIERS = "in", "out", "dos"
Document = IncomingDocument | OutgoingDocument


def mark(person: Person, document: Document, kind: str) -> None:
    """Put a person's mark on a document that they see, in place of the one before; "" takes it away. Raises
    `Missing`."""
    if kind and kind not in MarkKind.values:
        raise Missing(what="dấu cần đặt", what_en="the mark")
    on: dict[str, Any] = {_field(document): document}
    if kind:
        PersonalMark.objects.update_or_create(person=person, **on, defaults={"kind": kind})
    else:
        PersonalMark.objects.filter(person=person, **on).delete()


def mark_of(person: Person, document: Document) -> PersonalMark | None:
    """The person's mark on a document."""
    return PersonalMark.objects.filter(person=person, **{_field(document): document}).first()


def show_marks(person: Person, documents: Iterable[Document]) -> None:
    """Say on each of a page's documents the person's own mark (`mark`), where there is one."""
    rows = {one.pk: one for one in documents}
    if not rows:
        return
    field = _field(next(iter(rows.values())))
    for one in PersonalMark.objects.filter(person=person, **{f"{field}__in": list(rows)}):
        rows[getattr(one, f"{field}_id")].mark = one  # type: ignore[union-attr]


def of(person: Person, which: str) -> ListHabit:
    """How this person looks at a list; as everybody does, until they choose."""
    known = ListHabit.objects.filter(person=person, list=which).select_related("unit").first()
    return known or ListHabit(person=person, list=which)


def choose(person: Person, which: str, *, kind: str, unit: Unit | None, rows: int) -> None:
    """Look at a list so from now on. Raises `Missing` for a mark or a number of rows that there is not, or a unit of
    another agency."""
    known = kind in ("", ListHabit.ANY_MARK, *MarkKind.values) and rows in PAGE_ROWS
    if (
        not known
        or (kind and which == DOSSIERS)
        or (unit is not None and unit.organization_id != person.organization_id)
    ):
        raise Missing(what="cách xem danh sách", what_en="how the list is looked at")
    chosen = {"mark": kind, "unit": unit, "rows": rows}
    ListHabit.objects.update_or_create(person=person, list=which, defaults=chosen)


def narrowed(habit: ListHabit) -> Q:
    """What of a list is shown to who looks at it so. A document that came in is of the units that have, or had, work
    on it; one that goes out, of the unit that wrote it; a dossier, of the unit that keeps it."""
    wanted = Q()
    if habit.mark:
        marked = PersonalMark.objects.filter(person=habit.person)
        if habit.mark != ListHabit.ANY_MARK:
            marked = marked.filter(kind=habit.mark)
        wanted &= Q(pk__in=marked.exclude(**{_column(habit): None}).values(_column(habit)))
    if habit.unit is not None:
        those = units.with_those_below(habit.person.organization, habit.unit.pk)
        at_work = Assignment.objects.filter(unit__in=those).values("document")
        wanted &= Q(pk__in=at_work) if habit.list == INCOMING else Q(unit__in=those)
    return wanted


def _column(habit: ListHabit) -> str:
    return "incoming" if habit.list == INCOMING else "outgoing"


def _field(document: Document) -> str:
    return "incoming" if isinstance(document, IncomingDocument) else "outgoing"
