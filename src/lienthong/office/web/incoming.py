"""Văn bản đến: the list, and one document with everything that can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lienthong.journal.record import history
from lienthong.journal.vocabulary import Access
from lienthong.look.language import choose
from lienthong.office.errors import Missing, NotFound, OfficeProblem
from lienthong.office.incoming import acts, amendments, recalls
from lienthong.office.incoming.checks import main_file
from lienthong.office.models import Amendment, Assignment, IncomingDocument, IncomingState, Origin, Person, Role, Unit
from lienthong.office.people import access, standing_in
from lienthong.office.people.actors import log_opened, readers_of, subject_of
from lienthong.office.web import copies, given
from lienthong.office.web.frame import todo_incoming
from lienthong.office.web.guards import now, page, show
from lienthong.standards.statuses import RefusalReason

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

PAGE_ROWS = 50
TABS: dict[str, tuple[StrPromise, list[str]]] = {
    "cho-tiep-nhan": (_("Chờ tiếp nhận"), [IncomingState.ARRIVED]),
    "cho-chi-dao": (_("Chờ chỉ đạo"), [IncomingState.ACCEPTED]),
    "dang-xu-ly": (_("Đang xử lý"), [IncomingState.ASSIGNED, IncomingState.IN_PROCESS]),
    "hoan-thanh": (_("Hoàn thành"), [IncomingState.FINISHED]),
    "da-tra-lai": (_("Đã trả lại"), [IncomingState.REFUSED]),
    "thu-hoi": (_("Thu hồi"), [IncomingState.CANCELLED]),
    "ban-khac": (_("Bản khác"), [IncomingState.SET_ASIDE]),
    "tat-ca": (_("Tất cả"), list(IncomingState.values)),
}


@page()
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """The list, by what is to be done."""
    visible = access.incoming_of(person)
    tab = request.GET.get("muc", "")
    if tab not in TABS:
        tab = next((key for key, (_, states) in TABS.items() if visible.filter(state__in=states).exists()), "tat-ca")
    rows = visible.filter(state__in=TABS[tab][1]).order_by("-urgency", "-arrived_at")
    rows = rows.prefetch_related("assignments__unit", "assignments__person")
    tabs = [
        {"key": key, "title": title, "count": visible.filter(state__in=states).count(), "current": key == tab}
        for key, (title, states) in TABS.items()
    ]
    shown = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("trang"))
    mark_away(person, shown.object_list)
    return show(request, person, "incoming_list.html", {"tabs": tabs, "rows": shown, "tab": tab})


def mark_away(person: Person, rows: Iterable[IncomingDocument]) -> None:
    """Say on each of these in whose place it is this person's to work on; `assignments` were fetched before."""
    if not standing_in.for_whom(person):
        return
    led = access.units_led(person)
    for row in rows:
        found = [one for one in row.assignments.all() if one.ended_at is None and one.finished_at is None]
        if not any(one.person_id == person.pk or one.unit_id in led for one in found):
            row.away = next(filter(None, (access.instead_of(person, one) for one in found)), None)  # type: ignore[attr-defined]


@page(acts=True)
def document(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """One document: read it, check it, act on it."""
    found, refused = access.incoming(person, pk), None
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        try:
            if act is None:
                raise NotFound()
            act(request, found, person)
            return redirect(_next(person, found))
        except OfficeProblem as problem:
            found.refresh_from_db()
            refused = problem
    if recalls.pending(found) is None:  # the page of a refused act shows the document as well
        log_opened(Access.OPENED, person, found, now())
    return show(request, person, "incoming.html", _context(request, found, person), problem=refused)


def _next(person: Person, done: IncomingDocument) -> str:
    """A finished act stays with the document while it is still this person's; the list leads on from there."""
    return f"/van-ban-den/{done.pk}/"


def _context(request: HttpRequest, found: IncomingDocument, person: Person) -> dict[str, Any]:
    held = access.roles(person)
    order = recalls.pending(found)
    current = list(found.assignments.filter(ended_at__isnull=True).select_related("unit", "person"))
    led = access.units_led(person)
    away = {one.pk: access.instead_of(person, one) for one in current}
    mine = [one for one in current if one.person_id == person.pk or one.unit_id in led or away[one.pk]]
    open_mine = [one for one in mine if one.finished_at is None and one.kind != Assignment.Kind.INFORM]
    leads = any(one.kind == Assignment.Kind.LEAD for one in open_mine)
    frozen = order is not None or found.state == IncomingState.CANCELLED
    working = found.state in (IncomingState.ASSIGNED, IncomingState.IN_PROCESS)
    files = list(found.files.all())
    main = main_file(file for file in files if file.present)
    return {
        "document": found,
        **copies.listed(found, person),
        "order": order,
        "frozen": frozen,
        "files": files,
        "main": None if frozen else main,
        "signatures": [one for report in found.signatures for one in report.get("signatures", ())],
        "assignments": current,
        "instructions": found.instructions.select_related("person", "instead_of").order_by("at"),
        "further": _further(found),
        "gone": gettext("đã hủy") if found.state == IncomingState.CANCELLED else "–",
        "events": history(subject_of(found)),
        "readers": readers_of(found, person),
        "replies": found.replies.select_related("outgoing"),
        "reasons": [(reason.value, choose(*reason.words)) for reason in RefusalReason],
        "units": Unit.objects.filter(organization=found.organization),
        **_amending(found, frozen),
        "origins": Origin.choices,
        "can_set_origin": not frozen and Role.CLERK in held,
        "can_accept": not frozen and found.state == IncomingState.ARRIVED and Role.CLERK in held,
        "can_instruct": not frozen and Role.LEADER in held
        and found.state in (IncomingState.ACCEPTED, IncomingState.ASSIGNED, IncomingState.IN_PROCESS),
        "can_work": not frozen and working and bool(open_mine),
        "can_finish": not frozen and working and leads,
        "open_mine": open_mine,
        "in_place_of": _in_place_of(person, open_mine, led),
        "hands": [
            (one, _people_of(one.unit))
            for one in open_mine
            if one.person_id is None and (one.unit_id in led or one.unit_id in access.units_led_instead(person))
        ],
        "position": _position(person, found),
    }  # fmt: skip


def _in_place_of(person: Person, open_mine: list[Assignment], led: set[int]) -> Person | None:
    """Who is away, where all that this person may do here is in another's place."""
    if any(one.person_id == person.pk or one.unit_id in led for one in open_mine):
        return None
    return next((access.instead_of(person, one) for one in open_mine), None)


def _amending(found: IncomingDocument, frozen: bool) -> dict[str, Any]:
    """What updates or replaces the document, what it replaces, and its other versions; only what is still here."""
    amendment = None if frozen else amendments.pending(found)
    update = amendment is not None and amendment.kind == Amendment.Kind.UPDATE
    target = amendment.targets.order_by("-arrived_at").first() if amendment else None
    own = Amendment.objects.filter(document=found, kind=Amendment.Kind.REPLACE).first()
    return {
        "amendment": amendment,
        "target": target,
        "changes": amendments.changes(target, amendment.document) if amendment and target and update else [],
        "replaced_by": [one.document for one in found.amendments.filter(kind="replace", state="agreed")],
        "replaces": list(own.targets.all()) if own else [],
        "versions": found.other_versions.order_by("-arrived_at"),
    }


FURTHER = {"reason": _("Lý do"), "pages": _("Số trang"), "places": _("Nơi nhận ghi trên văn bản")}
"""Words for what the packet format knows beyond the fifteen items; anything else is shown under its own name."""


def _further(found: IncomingDocument) -> list[tuple[str, str]]:
    """Other information (Article 10.2q): (name, text), nothing that is empty."""
    said = {key: value for key, value in found.other.items() if key not in ("answers", "paper") and value}
    listed = {key: _in_a_row(value) if isinstance(value, list) else str(value) for key, value in said.items()}
    rows = [(str(FURTHER.get(key, key)), text) for key, text in listed.items()]
    if found.other.get("paper"):
        rows.append((gettext("Bản giấy"), gettext("bên gửi gửi kèm; xử lý ngay, không chờ bản giấy (Điều 6.2)")))
    return rows


def _in_a_row(lines: list[str]) -> str:
    """Lines as a document prints them, with their dashes and stops, in one sentence."""
    return "; ".join(line.strip().removeprefix("-").strip().rstrip(";.") for line in lines)


def _people_of(unit: Unit) -> list[Person]:
    return list(access.works_in(unit))


def _position(person: Person, found: IncomingDocument) -> dict[str, Any]:
    """Where the document stands among what waits for this person, and what is next."""
    waiting = list(todo_incoming(person).values_list("pk", flat=True)[:200])
    if found.pk not in waiting:
        return {"next": waiting[0] if waiting else None}
    index = waiting.index(found.pk)
    later = waiting[index + 1] if index + 1 < len(waiting) else None
    return {"index": index + 1, "count": len(waiting), "next": later, "before": waiting[index - 1] if index else None}


# -- acts ------------------------------------------------------------------------------------------------------------


def _accept(_request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    acts.accept(found, actor=person, at=now())


def _set_origin(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    acts.set_origin(found, origin=request.POST.get("origin", ""), actor=person, at=now())


def _refuse(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    try:
        reason = RefusalReason(request.POST.get("reason", ""))
    except ValueError:
        raise Missing(what="lý do từ chối", what_en="the reason") from None
    acts.refuse(found, reason=reason, text=request.POST.get("text", ""), actor=person, at=now())


def _instruct(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    tasks = []
    due = _due(request.POST.get("due", ""))
    for unit in Unit.objects.filter(organization=found.organization):
        kind = request.POST.get(f"unit-{unit.pk}", "")
        if kind in Assignment.Kind.values:
            tasks.append(acts.Task(Assignment.Kind(kind), unit, due))
    acts.instruct(found, text=request.POST.get("text", ""), tasks=tasks, actor=person, at=now())


def _hand(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    receiver = Person.objects.filter(pk=_number(request, "person"), organization=found.organization).first()
    if receiver is None:
        raise Missing(what="người xử lý", what_en="the person")
    acts.hand_to_person(
        _assignment(request, found), person=receiver, due_at=_due(request.POST.get("due", "")),
        text=request.POST.get("text", ""), actor=person, at=now(),
    )  # fmt: skip


def _start(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    acts.start(_assignment(request, found), actor=person, at=now())


def _contribute(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    acts.contribute(_assignment(request, found), result=request.POST.get("result", ""), actor=person, at=now())


def _finish(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    acts.finish(found, outcome=request.POST.get("outcome", ""), actor=person, at=now())


def _obey(_request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    order = recalls.pending(found)
    if order is None:
        raise NotFound()
    recalls.obey(order, actor=person, at=now())


def _decline(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    order = recalls.pending(found)
    if order is None:
        raise NotFound()
    recalls.decline(order, reason=request.POST.get("reason", ""), actor=person, at=now())


def _pending_amendment(found: IncomingDocument) -> Amendment:
    amendment = amendments.pending(found)
    if amendment is None:
        raise NotFound()
    return amendment


def _agree(_request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    amendments.agree(_pending_amendment(found), actor=person, at=now())


def _decline_change(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    amendments.decline(
        _pending_amendment(found), reason=request.POST.get("reason", ""), actor=person, at=now()
    )  # fmt: skip


ACTS: dict[str, Callable[[HttpRequest, IncomingDocument, Person], None]] = {
    "accept": _accept,
    "origin": _set_origin,
    "refuse": _refuse,
    "instruct": _instruct,
    "hand": _hand,
    "start": _start,
    "contribute": _contribute,
    "finish": _finish,
    "obey": _obey,
    "decline": _decline,
    "agree": _agree,
    "decline_change": _decline_change,
}


def _assignment(request: HttpRequest, found: IncomingDocument) -> Assignment:
    one = found.assignments.filter(pk=_number(request, "assignment"), ended_at__isnull=True).first()
    if one is None:
        raise NotFound()
    return one


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return given.number(text)


def _due(text: str) -> datetime | None:
    """A deadline as browsers send it: local, without a zone."""
    if not text:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise Missing(what="hạn xử lý đúng dạng", what_en="a deadline in its form") from None
    return timezone.make_aware(parsed) if timezone.is_naive(parsed) else parsed
