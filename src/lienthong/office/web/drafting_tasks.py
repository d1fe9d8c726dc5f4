"""Giao soạn thảo: what somebody is given to write, who has it, how far it is; handing it over before one leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from lienthong.journal.record import history
from lienthong.look.language import choose
from lienthong.look.paging import counted_together
from lienthong.office.errors import Missing, NotFound, OfficeProblem
from lienthong.office.models import DraftingState, DraftingTask, Person, Unit
from lienthong.office.outgoing import drafting_hand_over, drafting_parts, drafting_tasks, drafting_urging
from lienthong.office.outgoing.drafting_task_errors import NoDraftingTask
from lienthong.office.people import access, staff
from lienthong.office.people.notices import note_link_read
from lienthong.office.web import deadlines, given, older
from lienthong.office.web.guards import now, page, show
from lienthong.standards.doctypes import LETTER, TYPES, by_name
from lienthong.standards.statuses import Urgency

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

S = DraftingState
WHOLE_UNIT = "don-vi"
"""How the form says that the head of the unit names who writes it."""
OVERDUE = "qua-han"
TABS: dict[str, StrPromise] = {
    "": _("Đang thực hiện"), OVERDUE: _("Quá hạn"), "da-xong": _("Đã kết thúc"), "tat-ca": _("Tất cả"),
}  # fmt: skip


@page(acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """What this person gave, has to write, or has in the units that they head, the newest first; giving something."""
    problem = None
    if request.method == "POST":
        try:
            return redirect(drafting_parts.link(_given(request, person)))
        except OfficeProblem as refused:
            problem = refused
    seen, tab = drafting_parts.seen_by(person), request.GET.get("muc", "")
    parts = {
        "": Q(state__in=[S.TO_DO, S.RETURNED]), OVERDUE: drafting_urging.overdue(now()),
        "da-xong": Q(state__in=[S.DONE, S.DROPPED]), "tat-ca": Q(),
    }  # fmt: skip
    tab = tab if tab in TABS else ""
    counts = counted_together({key: seen.filter(parts[key]) for key in ("", OVERDUE)})
    shown, below = older.below(request, seen.filter(parts[tab]).order_by("-pk"))
    drafting_parts.mark_away(person, shown)
    context = {
        "rows": shown, "below": below, "tab": tab,
        "may_give": drafting_parts.may_give(person), "given": request.POST,
        "tabs": [
            {"key": key, "title": title, "current": key == tab, **({"count": counts[key]} if key in counts else {})}
            for key, title in TABS.items()
        ],
        "types": TYPES, "urgencies": [(str(int(each)), choose(*each.words)) for each in Urgency],
        "chosen_type": request.POST.get("type") or LETTER.name, **_choices(person),
    }  # fmt: skip
    return show(request, person, "drafting_tasks.html", context, problem=problem)


def _choices(person: Person) -> dict[str, object]:
    """Whom the person may name, and until when."""
    if not drafting_parts.may_give(person):
        return {}
    return {
        "leads": access.roles(person) & {"leader"}, "writers": drafting_parts.writers(person),
        "whole_unit": WHOLE_UNIT, "quick_dues": deadlines.quick(person.organization),
    }  # fmt: skip


def _given(request: HttpRequest, person: Person) -> DraftingTask:
    form = request.POST
    if form.get("act") != "give":
        raise NotFound()
    unit, writer = _to(form.get("to", ""), person)
    wish = drafting_tasks.Wish(
        by_name(form.get("type", "")) or LETTER, form.get("subject", ""), unit, writer, form.get("guidance", ""),
        given.urgency(form.get("urgency", "0")), deadlines.chosen(request),
    )  # fmt: skip
    return drafting_tasks.give(wish, actor=person, at=now())


def _to(value: str, person: Person) -> tuple[Unit, Person | None]:
    """Unit and person, as the form names them. Raises `Missing` for what is none of the agency."""
    of_unit, _dash, of_person = value.partition(":")
    unit = person.organization.units.filter(pk=given.number(of_unit)).first()
    writer = _colleague(of_person, person)
    if unit is None or (writer is None and of_person != WHOLE_UNIT):
        raise Missing(what="đơn vị hoặc người soạn thảo", what_en="the unit or the person who writes it")
    return unit, writer


def _colleague(value: str, person: Person) -> Person | None:
    return Person.objects.filter(pk=given.number(value), organization=person.organization).first()


@page(acts=True)
def one(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """What was given to write: begin it, pass it on, give it back or to others, urge, end it."""
    found, problem = drafting_parts.one(person, pk), None
    if request.method == "POST":
        try:
            _act(request, found, person)
            left = (
                not drafting_parts.seen_by(person).filter(pk=pk).exists()
            )  # who passed it on for another may not see it
            return redirect(drafting_parts.LISTED if left else drafting_parts.link(found))
        except OfficeProblem as refused:
            problem = refused
            found = drafting_parts.one(person, pk)
    note_link_read(person, drafting_parts.link(found), at=now())
    can_pass_on, can_give_anew = drafting_parts.can_pass_on(person, found), drafting_parts.can_give_anew(person, found)
    opens = found.document_id and access.outgoing_of(person).filter(pk=found.document_id).exists()
    context = {
        "task": found, "opens": opens, "events": history(drafting_parts.subject_of(found)),
        "turn": drafting_parts.turn_in_words(found), "away": drafting_parts.instead_of(person, found),
        "can_begin": drafting_parts.can_begin(person, found), "can_pass_on": can_pass_on,
        "can_give_back": drafting_parts.can_give_back(person, found), "can_give_anew": can_give_anew,
        "can_urge": drafting_urging.can_urge(person, found), "can_drop": drafting_parts.can_drop(person, found),
        "own_writers": drafting_parts.writers_of(found.unit) if can_pass_on else [],
        **(_choices(person) if can_give_anew else {}),
    }  # fmt: skip
    return show(request, person, "drafting_task.html", context, problem=problem)


def _act(request: HttpRequest, found: DraftingTask, person: Person) -> None:
    act, reason = request.POST.get("act"), request.POST.get("reason", "")
    if act == "pass_on":
        writer = _colleague(request.POST.get("person", ""), person)
        drafting_tasks.pass_on(found, writer, actor=person, at=now())
    elif act == "give_anew":
        unit, named = _to(request.POST.get("to", ""), person)
        drafting_tasks.give_anew(found, unit, named, deadlines.chosen(request), actor=person, at=now())
    elif act == "urge":
        drafting_urging.urge(found, actor=person, at=now())
    elif act == "give_back":
        drafting_tasks.give_back(found, reason=reason, actor=person, at=now())
    elif act == "drop":
        drafting_tasks.drop(found, reason=reason, actor=person, at=now())
    else:
        raise NotFound()


@page(acts=True)
def hand_over(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Bàn giao: what somebody has to write, or gave others to write, and giving it to another (Article 31.3đ)."""
    wanted = given.number(request.POST.get("before", "") or request.GET.get("nguoi", ""), person.pk)
    before = staff.everyone(person.organization).filter(pk=wanted).first()
    rows = drafting_hand_over.held_by(person, before) if before else None
    if before is None or rows is None or (before.pk != person.pk and not rows.exists()):
        raise NoDraftingTask()
    problem = None
    if request.method == "POST":
        try:
            chosen = rows.filter(pk__in=[given.number(one) for one in request.POST.getlist("task")])
            receiver = _colleague(request.POST.get("receiver", ""), person)
            drafting_hand_over.hand_over(
                list(chosen), before, receiver, reason=request.POST.get("reason", ""), actor=person, at=now()
            )
            return redirect(drafting_parts.LISTED)
        except OfficeProblem as refused:
            problem = refused
    context = {
        "before": before, "own": before.pk == person.pk, "rows": rows[: older.PAGE_ROWS], "given": request.POST,
        "receivers": drafting_hand_over.receivers(person).exclude(pk=before.pk),
        "holders": drafting_hand_over.holders(person),
    }  # fmt: skip
    return show(request, person, "drafting_hand_over.html", context, problem=problem)
