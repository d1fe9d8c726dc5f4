"""One incoming document with everything that can be done with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lienthong.journal.record import history
from lienthong.journal.vocabulary import Access
from lienthong.look.language import choose
from lienthong.office.errors import NotFound, OfficeProblem
from lienthong.office.incoming import amendments, direct, extensions, papers, presenting, recalls, urging
from lienthong.office.incoming.checks import main_file
from lienthong.office.models import (
    Amendment,
    Assignment,
    Carrier,
    IncomingDocument,
    IncomingState,
    Origin,
    Person,
    Role,
    Unit,
)
from lienthong.office.people import access, tickets
from lienthong.office.people.actors import log_opened, readers_of, subject_of
from lienthong.office.people.notices import note_read
from lienthong.office.web import copies, deadlines, dossier_box, habits
from lienthong.office.web.frame import todo_incoming
from lienthong.office.web.guards import now, page, show
from lienthong.office.web.incoming_acts import ACTS
from lienthong.standards.statuses import RefusalReason


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
            return redirect(f"/van-ban-den/{found.pk}/")  # it stays in sight; the list leads on from there
        except OfficeProblem as problem:
            found.refresh_from_db()
            refused = problem
    if recalls.pending(found) is None:  # the page of a refused act shows the document as well
        log_opened(Access.OPENED, person, found, now())
        note_read(person, found, at=now())
    return show(request, person, "incoming.html", _context(found, person), problem=refused)


def _context(found: IncomingDocument, person: Person) -> dict[str, Any]:
    held = access.roles(person)
    order = recalls.pending(found)
    current = sorted(
        found.assignments.filter(ended_at__isnull=True).select_related("unit", "person"),
        key=lambda one: (Assignment.Kind.values.index(one.kind), one.pk),
    )  # who leads stands first
    led = access.units_led(person)
    away = {one.pk: access.instead_of(person, one) for one in current}
    mine = [one for one in current if one.person_id == person.pk or one.unit_id in led or away[one.pk]]
    open_mine = [one for one in mine if one.finished_at is None and one.kind != Assignment.Kind.INFORM]
    leads = any(one.kind == Assignment.Kind.LEAD for one in open_mine)
    frozen = order is not None or found.state == IncomingState.CANCELLED
    working = found.state in (IncomingState.ASSIGNED, IncomingState.IN_PROCESS)
    tasks = [one for one in current if one.finished_at is None and one.kind != Assignment.Kind.INFORM]
    tasks = tasks if working and not frozen else []
    files = list(found.files.all())
    main = main_file(file for file in files if file.present)
    return {
        "document": found,
        **copies.listed(found, person),
        **dossier_box.box(found, person),
        **habits.box(found, person),
        "desk": tickets.has_desk() and (found.packet is None or found.packet.carrier == Carrier.HUB),
        "order": order,
        "frozen": frozen,
        "files": files,
        "main": None if frozen else main,
        "signatures": [one for report in found.signatures for one in report.get("signatures", ())],
        "assignments": current,
        "instructions": found.instructions.select_related("person", "instead_of", "on_assignment__unit").order_by("at"),
        "further": _further(found),
        "gone": gettext("đã hủy") if found.state == IncomingState.CANCELLED else "–",
        "events": history(subject_of(found)),
        "readers": readers_of(found, person),
        "replies": found.replies.select_related("outgoing"),
        "reasons": [(reason.value, choose(*reason.words)) for reason in RefusalReason],
        "units": Unit.objects.filter(organization=found.organization),
        **_amending(found, frozen),
        **_correcting(found, person),
        "origins": Origin.choices,
        "can_set_origin": not frozen and Role.CLERK in held,
        "can_accept": not frozen and found.state == IncomingState.ARRIVED and Role.CLERK in held,
        **_presenting(found, frozen or Role.CLERK not in held),
        **_instructing(found, not frozen and Role.LEADER in held),
        "can_work": not frozen and working and bool(open_mine),
        "can_finish": not frozen and working and leads,
        "open_mine": open_mine,
        **_handling(found, person, tasks, [one for one in tasks if one in mine], frozen),
        "in_place_of": _in_place_of(person, tasks, led),
        "position": _position(person, found),
    }  # fmt: skip


def _presenting(found: IncomingDocument, closed: bool) -> dict[str, Any]:
    """What the clerk does between acceptance and presentation."""
    waits = not closed and found.state == IncomingState.ACCEPTED and found.presented_at is None
    rule = None if closed else direct.rule_for(found)
    return {
        "direct": rule,
        "direct_due": direct.due_at(rule, found, now()) if rule else None,
        "can_present": waits,
        "can_undo": waits and presenting.can_undo(found, now()),
        "undo_until": presenting.undoable_until(found) if waits else None,
    }


def _instructing(found: IncomingDocument, may: bool) -> dict[str, Any]:
    """Whom a leader may name, and until when by one choice."""
    may = may and found.state in (IncomingState.ACCEPTED, IncomingState.ASSIGNED, IncomingState.IN_PROCESS)
    people = access.people_by_unit(found.organization) if may else []
    dues = deadlines.quick(found.organization) if may else []
    return {"can_instruct": may, "people_by_unit": people, "quick_dues": dues}


def _handling(
    found: IncomingDocument, person: Person, tasks: list[Assignment], mine: list[Assignment], frozen: bool
) -> dict[str, Any]:
    """What whoever has work on the document, or gave it, does beside the work itself; of the open tasks, `mine` are the
    person's to work on."""
    asked = extensions.waiting_for(found)
    led = access.units_led(person) | access.units_led_instead(person).keys()
    waits = {one.assignment_id for one in asked}
    led_mine = [one for one in tasks if one.unit_id in led]
    open_work = found.assignments.filter(ended_at=None, finished_at=None).exclude(kind=Assignment.Kind.INFORM)
    return {
        "hands": [(one, _people_of(one.unit), deadlines.quick(found.organization, one.due_at)) for one in led_mine],
        "to_hand": any(one.person_id is None for one in led_mine),
        "backs": led_mine,
        "asks": [one for one in mine if one.ends_at and one.pk not in waits],
        "proposes": [one for one in mine if one.kind == Assignment.Kind.LEAD],
        "extensions": [(one, not frozen and extensions.may_decide(one, person)) for one in asked]
        if Role.LEADER in access.roles(person)
        else [(one, False) for one in asked],
        "can_urge": not frozen and urging.may_urge(person) and open_work.exists(),
        "late": found.present_due_at is not None and found.presented_at is None
        and found.state in (IncomingState.ARRIVED, IncomingState.ACCEPTED) and found.present_due_at <= now(),
        "holdings": papers.holdings_of(found),
        "paper_expected": papers.is_expected(found),
        "can_hand_paper": papers.can_hand(found, person),
        "can_take_paper": papers.can_take(found, person),
        "prints": found.prints.select_related("unit", "printed_by"),
        "voided": found.voided_numbers.select_related("voided_by"),
    }  # fmt: skip


def _in_place_of(person: Person, tasks: list[Assignment], led: set[int]) -> Person | None:
    """Who is away, where all that this person may do here is in another's place."""
    if any(one.person_id == person.pk or one.unit_id in led for one in tasks):
        return None
    heads = access.units_led_instead(person)
    return next(filter(None, (access.instead_of(person, one) or heads.get(one.unit_id) for one in tasks)), None)


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


def _correcting(found: IncomingDocument, person: Person) -> dict[str, Any]:
    """What a letter corrects, and the letters that correct the document, each with whether the person may open it."""
    letter, by = amendments.correction(found), amendments.corrected_by(found)
    corrects = list(letter.targets.all()) if letter else []
    others = [one.pk for one in (*corrects, *by)]
    seen = set(access.incoming_of(person).filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    return {
        "correction": letter,
        "corrects": [(one, one.pk in seen) for one in corrects],
        "corrected_by": [(one, one.pk in seen) for one in by],
    }


FURTHER = {
    "reason": _("Lý do"),
    "pages": _("Số trang"),
    "places": _("Nơi nhận ghi trên văn bản"),
    "envelope": _("Bì, dấu niêm phong"),
}
"""Words for what the packet format knows beyond the fifteen items; anything else is shown under its own name."""


def _further(found: IncomingDocument) -> list[tuple[str, str]]:
    """Other information (Article 10.2q): (name, text), nothing that is empty."""
    said = {key: value for key, value in found.other.items() if key not in ("answers", "paper", "original") and value}
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
