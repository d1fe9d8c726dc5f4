"""Đánh dấu, and how a person looks at the lists of documents: the same form on each."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from lienthong.office.errors import Missing
from lienthong.office.models import IncomingDocument, ListHabit, MarkKind, OutgoingDocument, Person
from lienthong.office.people import habits, units
from lienthong.office.web import given

CHOOSE = "filter"
"""The act of the form above a list."""


def shown(person: Person, habit: ListHabit) -> dict[str, Any]:
    """What the form above a list shows."""
    return {
        "habit": habit, "narrowed": bool(habit.mark or habit.unit_id), "mark_kinds": MarkKind.choices,
        "any_mark": ListHabit.ANY_MARK, "unit_tree": units.tree(person.organization), "chosen_unit": habit.unit_id,
        "page_rows": habits.PAGE_ROWS, "markable": habit.list != habits.DOSSIERS,
    }  # fmt: skip


def chosen(request: HttpRequest, person: Person, which: str) -> None:
    """Keep what the form above a list says. Raises `Missing`."""
    form = request.POST
    wanted = given.number(form.get("don-vi", ""))
    unit = person.organization.units.filter(pk=wanted).first() if wanted else None
    if wanted and unit is None:
        raise Missing(what="đơn vị của cơ quan", what_en="a unit of the agency")
    habits.choose(person, which, kind=form.get("mark", ""), unit=unit, rows=given.number(form.get("rows", "")))


def box(document: IncomingDocument | OutgoingDocument, person: Person) -> dict[str, Any]:
    """The person's mark, at the head of a document's page."""
    return {"own_mark": habits.mark_of(person, document), "mark_kinds": MarkKind.choices}


def mark(request: HttpRequest, document: IncomingDocument | OutgoingDocument, person: Person) -> None:
    """The form at the head of a document's page. Raises `Missing`."""
    habits.mark(person, document, request.POST.get("mark", ""))
