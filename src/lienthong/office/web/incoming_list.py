"""Văn bản đến: the list by what is to be done; many accepted, or urged, in one act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F, Min, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from lienthong.look.paging import beyond, counted, counted_by, planned_anew
from lienthong.office.errors import NotFound, OfficeProblem
from lienthong.office.incoming import direct, together, urging
from lienthong.office.incoming.act_errors import NoneChosen
from lienthong.office.models import (
    Assignment,
    IncomingDocument,
    IncomingState,
    LegalValue,
    Organization,
    Person,
    Role,
)
from lienthong.office.people import access, standing_in
from lienthong.office.people import habits as own
from lienthong.office.web import given, habits
from lienthong.office.web.guards import as_words, now, page, show

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NEWEST = ("urgency", "arrived_at", "id")
"""The order of a list, downwards; by deadline it goes up: `FIRST_DUE`."""
FIRST_DUE = ("first_due", "id")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TABS: dict[str, tuple[StrPromise, list[str]]] = {
    "cho-tiep-nhan": (_("Chờ tiếp nhận"), [IncomingState.ARRIVED]),
    "cho-chi-dao": (_("Chờ chỉ đạo"), [IncomingState.ACCEPTED]),
    "dang-xu-ly": (_("Đang xử lý"), [IncomingState.ASSIGNED, IncomingState.IN_PROCESS]),
    "sap-den-han": (_("Sắp đến hạn"), []),
    "qua-han": (_("Quá hạn"), []),
    "hoan-thanh": (_("Hoàn thành"), [IncomingState.FINISHED]),
    "da-tra-lai": (_("Đã trả lại"), [IncomingState.REFUSED]),
    "thu-hoi": (_("Thu hồi"), [IncomingState.CANCELLED]),
    "ban-khac": (_("Bản khác"), [IncomingState.SET_ASIDE]),
    "tat-ca": (_("Tất cả"), list(IncomingState.values)),
}
BY_DEADLINE = {"sap-den-han": urging.due_soon, "qua-han": urging.overdue}
URGED = ("dang-xu-ly", "sap-den-han", "qua-han")
"""Where the work is urged."""
MIXED = (*URGED, "tat-ca")
"""Where state and holder differ from row to row; elsewhere the tab says it, and the summary has the room."""
DONE = "incoming_done_together"
"""Where a session keeps what became of the last act, until it is shown: keys and problems, nothing of the documents."""


@page(acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The list, by what is to be done."""
    if request.method != "POST":
        return _shown(request, person)
    try:
        if request.POST.get("act") == habits.CHOOSE:
            habits.chosen(request, person, own.INCOMING)
            return redirect(f"/van-ban-den/?muc={_known(request)}")
        outcomes, away = _done(request, person)
    except OfficeProblem as problem:
        return _shown(request, person, problem=problem)
    told = [{"pk": one.document.pk, "problem": as_words(one.problem) if one.problem else None} for one in outcomes]
    request.session[DONE] = {
        "act": request.POST.get("act"), "lines": told + [{"pk": 0, "problem": as_words(NotFound())}] * away,
    }  # fmt: skip
    counts = _counts(access.incoming_of(person), person.organization, now())
    return redirect(f"/van-ban-den/?muc={_tab(request, counts)}")


def _done(request: HttpRequest, person: Person) -> tuple[list[together.Outcome], int]:
    """What became of each that the form names, and how many of them are not there for this person."""
    wanted = list(dict.fromkeys(given.number(value) for value in request.POST.getlist("document")))
    if len(wanted) > together.MOST:
        raise NoneChosen(most=together.MOST)
    visible = access.incoming_of(person).select_related("organization").filter(pk__in=wanted)
    found = sorted(visible, key=lambda one: wanted.index(one.pk))  # told in the order of the list
    if wanted and not found:
        raise NotFound()
    away = len(wanted) - len(found)
    match request.POST.get("act"):
        case "accept":
            return together.accept_each(found, actor=person, clock=now), away
        case "pass_on":
            return together.pass_on_each(found, actor=person, clock=now), away
        case "urge":
            return together.urge_each(found, text=request.POST.get("text", ""), actor=person, clock=now), away
    raise NotFound()


def _of_tab(visible: QuerySet[IncomingDocument], tab: str, agency: Organization, at: datetime) -> Any:
    if tab in BY_DEADLINE:
        return visible.filter(BY_DEADLINE[tab](agency, at))
    return visible if tab == "tat-ca" else visible.filter(state__in=TABS[tab][1])


def _tab(request: HttpRequest, counts: Mapping[str, int]) -> str:
    """The one that is asked for; else the first that has something."""
    return _known(request) or next((key for key in TABS if counts[key]), "tat-ca")


def _counts(visible: QuerySet[IncomingDocument], agency: Organization, at: datetime) -> dict[str, int]:
    """How many there are in each tab."""
    counts = counted_by(visible, "state", {key: states for key, (_title, states) in TABS.items() if states})
    with planned_anew():
        return counts | {key: counted(_of_tab(visible, key, agency, at)) for key in BY_DEADLINE}


def _known(request: HttpRequest) -> str:
    tab = request.GET.get("muc", "")
    return tab if tab in TABS else ""


def _shown(request: HttpRequest, person: Person, *, problem: OfficeProblem | None = None) -> HttpResponseBase:
    agency, at, habit = person.organization, now(), own.of(person, own.INCOMING)
    visible = access.incoming_of(person).filter(own.narrowed(habit))
    counts = _counts(visible, agency, at)
    tab = _tab(request, counts)
    found, following = _page(_of_tab(visible, tab, agency, at), tab, request.GET.get("sau", ""), habit.rows)
    tabs = [
        {"key": key, "title": title, "count": counts[key], "current": key == tab}
        for key, (title, _states) in TABS.items()
    ]
    if tab in URGED:
        _note_deadlines(found)
    mark_away(person, found)
    own.show_marks(person, found)
    clerk = Role.CLERK in access.roles(person)
    accepts, passes = clerk and tab == "cho-tiep-nhan", clerk and tab == "cho-chi-dao"
    choosable = _sound(found) if accepts else _to_pass_on(found) if passes else set()
    context = {
        "tabs": tabs, "rows": found, "tab": tab, "by_deadline": tab in URGED,
        "beyond": "sau" in request.GET, "next": following,
        "narrow": _as_search(tab), "mixed": tab in MIXED, "numbered": tab != "cho-tiep-nhan",
        "accepts": accepts and bool(choosable), "passes": passes and bool(choosable),
        "urges": tab in URGED and urging.may_urge(person),
        "choosable": choosable,
        "may_register": Role.CLERK in access.roles(person),
        "names_monitor": Role.LEADER in access.roles(person) and tab in URGED,
        "told": _told(request, person) if request.method == "GET" else {},
        **habits.shown(person, habit),
    }  # fmt: skip
    return show(request, person, "incoming_list.html", context, problem=problem)


def _as_search(tab: str) -> str:
    """The tab as a search, where every item filters, columns are chosen and what was found is given out."""
    states = TABS[tab][1]
    return "muc=den" + (f"&trang-thai=den-{states[0]}" if len(states) == 1 else "")


def _page(rows: QuerySet[IncomingDocument], tab: str, after: str, most: int) -> tuple[list[Any], str]:
    """The rows of a page, and where the next one begins."""
    by_deadline = tab in BY_DEADLINE
    ordered: QuerySet[IncomingDocument] = _with_deadline(rows) if by_deadline else rows
    columns = FIRST_DUE if by_deadline else NEWEST
    start = given.row_of(after, len(columns))
    if start:
        *first, moment, pk = start
        values = (*first, _EPOCH + timedelta(microseconds=moment), pk)
        ordered = ordered.filter(beyond(columns, values, down=not by_deadline))
    ordered = ordered.order_by(*(name if by_deadline else f"-{name}" for name in columns)).defer("signatures")
    with planned_anew() if by_deadline else nullcontext():
        found = list(with_open_work(ordered)[: most + 1])
    return found[:most], _place(found[most - 1], columns) if len(found) > most else ""


def _place(row: Any, columns: Iterable[str]) -> str:
    """Where a row stands in the order of the list, as an address says it."""
    values = (getattr(row, name) for name in columns)
    return "-".join(
        str((value - _EPOCH) // timedelta(microseconds=1) if isinstance(value, datetime) else value) for value in values
    )


def _with_deadline(rows: QuerySet[IncomingDocument]) -> Any:
    """Each with the first deadline of its open work; of what is not presented, that of the presentation."""
    still = Assignment.objects.filter(document=OuterRef("pk"), ended_at=None, finished_at=None)
    ends = still.order_by().values("document").annotate(first=Min(Coalesce("person_due_at", "due_at"))).values("first")
    return rows.annotate(first_due=Coalesce(Subquery(ends), F("present_due_at")))


def with_open_work(rows: QuerySet[IncomingDocument]) -> QuerySet[IncomingDocument]:
    """Each with its open assignments as `open_work`: of what is finished, which is most, there is none to be read."""
    still = Assignment.objects.filter(ended_at=None, finished_at=None).select_related("unit", "person")
    return rows.prefetch_related(Prefetch("assignments", still, to_attr="open_work"))


def mark_away(person: Person, rows: Iterable[Any]) -> None:
    """Say on each of these documents `with_open_work` in whose place it is this person's to work on."""
    if not standing_in.for_whom(person):
        return
    led = access.units_led(person)
    for row in rows:
        if not any(one.person_id == person.pk or one.unit_id in led for one in row.open_work):
            row.away = next(filter(None, (access.instead_of(person, one) for one in row.open_work)), None)


def _note_deadlines(documents: Iterable[Any]) -> None:
    """Beside each of a page its first deadline."""
    for one in documents:
        known = [task.ends_at for task in one.open_work if task.ends_at is not None]
        waits = one.present_due_at if one.presented_at is None else None
        one.first_due = min(known, default=waits)


def _sound(documents: Iterable[IncomingDocument]) -> set[int]:
    """The documents that can be accepted together with others: those that passed every check."""
    return {
        one.pk
        for one in documents
        if one.legal_value == LegalValue.EQUIVALENT and all(check["result"] == "passed" for check in one.checks)
    }


def _to_pass_on(documents: Sequence[Any]) -> set[int]:
    """The documents that the clerk still has to present, or may hand to the unit that the regulation names, which is
    said on each."""
    straight = direct.rules_of(documents)
    for one in documents:
        one.direct = straight.get(one.pk)
    return {one.pk for one in documents if one.direct or one.presented_at is None}


def _told(request: HttpRequest, person: Person) -> dict[str, Any]:
    """What became of the last act on the list, said once, with the documents as they are now."""
    kept = request.session.pop(DONE, None)
    if kept is None:
        return {}
    found = access.incoming_of(person).in_bulk([line["pk"] for line in kept["lines"]])
    return {"act": kept["act"], "lines": [{**line, "document": found.get(line["pk"])} for line in kept["lines"]]}
