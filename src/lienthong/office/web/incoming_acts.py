"""What is done on the page of an incoming document: each act of its forms, read and handed to the room that decides."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from lienthong.office.errors import Missing, NotFound
from lienthong.office.exchange import directory
from lienthong.office.incoming import acts, amendments, direct, extensions, papers, presenting, recalls, urging
from lienthong.office.models import Amendment, Assignment, Extension, IncomingDocument, Person, Unit
from lienthong.office.web import deadlines, dossier_box, given, habits
from lienthong.office.web.guards import now
from lienthong.standards.statuses import RefusalReason


def _accept(_request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    acts.accept(found, actor=person, at=now())


def _undo(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    presenting.undo(found, reason=request.POST.get("reason", ""), actor=person, at=now())


def _present(_request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    presenting.present(found, actor=person, at=now())


def _direct(_request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    direct.hand_over(found, actor=person, at=now())


def _set_origin(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    acts.set_origin(found, origin=request.POST.get("origin", ""), actor=person, at=now())


def _refuse(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    try:
        reason = RefusalReason(request.POST.get("reason", ""))
    except ValueError:
        raise Missing(what="lý do từ chối", what_en="the reason") from None
    typed = request.POST.get("belongs_to", "").strip() if reason is RefusalReason.WRONG_ADDRESSEE else ""
    belongs_to = directory.the_one(typed, besides=found.organization.code) if typed else None
    acts.refuse(
        found, reason=reason, text=request.POST.get("text", ""), belongs_to=belongs_to, actor=person, at=now()
    )  # fmt: skip


def _instruct(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    """Each unit may have a deadline of its own; without one it has that of the whole. Somebody who is named is of the
    lead."""
    tasks, whole = [], deadlines.chosen(request)
    named = _named(request, found)
    for unit in Unit.objects.filter(organization=found.organization):
        kind = request.POST.get(f"unit-{unit.pk}", "")
        if kind in Assignment.Kind.values:
            own = deadlines.read(request.POST.get(f"due-{unit.pk}", ""))
            due = None if kind == Assignment.Kind.INFORM else own or whole
            person_of = named if kind == Assignment.Kind.LEAD else None
            tasks.append(acts.Task(Assignment.Kind(kind), unit, due, person_of))
    acts.instruct(found, text=request.POST.get("text", ""), tasks=tasks, actor=person, at=now())


def _named(request: HttpRequest, found: IncomingDocument) -> Person | None:
    """Whom the leader names, if anybody. Raises `NotFound`: nobody of the agency."""
    wanted = _number(request, "named")
    person = Person.objects.filter(pk=wanted, organization=found.organization).first()
    if wanted and person is None:
        raise NotFound()
    return person


def _hand(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    receiver = Person.objects.filter(pk=_number(request, "person"), organization=found.organization).first()
    if receiver is None:
        raise Missing(what="người xử lý", what_en="the person")
    acts.hand_to_person(
        _assignment(request, found), person=receiver, due_at=deadlines.chosen(request),
        text=request.POST.get("text", ""), actor=person, at=now(),
    )  # fmt: skip


def _start(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    acts.start(_assignment(request, found), actor=person, at=now())


def _contribute(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    acts.contribute(_assignment(request, found), result=request.POST.get("result", ""), actor=person, at=now())


def _propose(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    acts.propose(_assignment(request, found), text=request.POST.get("text", ""), actor=person, at=now())


def _hand_back(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    acts.hand_back(_assignment(request, found), reason=request.POST.get("reason", ""), actor=person, at=now())


def _ask_more(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    extensions.ask(
        _assignment(request, found), due_at=deadlines.read(request.POST.get("due", "")),
        reason=request.POST.get("reason", ""), actor=person, at=now(),
    )  # fmt: skip


def _grant(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    extensions.decide(_extension(request, found), granted=True, actor=person, at=now())


def _deny(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    extensions.decide(_extension(request, found), granted=False, actor=person, at=now())


def _urge(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    urging.urge(found, text=request.POST.get("text", ""), actor=person, at=now())


def _hand_paper(request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    unit = Unit.objects.filter(pk=_number(request, "unit"), organization=found.organization).first()
    if unit is None:
        raise Missing(what="đơn vị nhận bản giấy", what_en="the unit that takes the paper")
    papers.hand(found, unit=unit, actor=person, at=now())


def _take_paper(_request: HttpRequest, found: IncomingDocument, person: Person) -> None:
    papers.take(found, actor=person, at=now())


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
    "undo": _undo,
    "present": _present,
    "direct": _direct,
    "origin": _set_origin,
    "refuse": _refuse,
    "instruct": _instruct,
    "hand": _hand,
    "start": _start,
    "contribute": _contribute,
    "propose": _propose,
    "hand_back": _hand_back,
    "ask_more": _ask_more,
    "grant": _grant,
    "deny": _deny,
    "urge": _urge,
    "hand_paper": _hand_paper,
    "take_paper": _take_paper,
    "finish": _finish,
    "file": dossier_box.put,
    "mark": habits.mark,
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


def _extension(request: HttpRequest, found: IncomingDocument) -> Extension:
    wanted = Extension.objects.filter(pk=_number(request, "extension"), assignment__document=found)
    one = wanted.select_related("assignment__instruction__person", "assignment__document", "asked_by").first()
    if one is None:
        raise NotFound()
    return one


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return given.number(text)
