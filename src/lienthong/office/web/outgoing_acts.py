"""What is done on the page of an outgoing document: each act of its forms, read and handed to the room that decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Manager, Model
from django.http import HttpRequest

from lienthong.office.errors import Missing, NotFound
from lienthong.office.models import Enclosure, OutgoingDocument, Person, Recipient
from lienthong.office.outgoing import circulation, drafting, issuing, paper, resending, review, signing
from lienthong.office.web import dossier_box, given, habits, remote, sealing
from lienthong.office.web.guards import now

Act = Callable[[HttpRequest, OutgoingDocument, Person], object]
Chosen = TypeVar("Chosen", bound=Model)


def _pin(request: HttpRequest) -> str:
    return request.POST.get("pin", "")


def _note(request: HttpRequest) -> str:
    return request.POST.get("note", "")


def _enclose(request: HttpRequest, found: OutgoingDocument, person: Person) -> None:
    files = request.FILES.getlist("file")
    if not files:
        raise Missing(what="tệp kèm theo", what_en="the file")
    for file in files:
        drafting.add_enclosure(
            found,
            name=str(file.name),
            media_type=file.content_type or "",
            content=file.chunks(),
            actor=person,
            at=now(),
        )


def _remove_enclosure(request: HttpRequest, found: OutgoingDocument, person: Person) -> None:
    wanted = given.number(request.POST.get("enclosure", ""))
    enclosure = Enclosure.objects.filter(document=found, pk=wanted).first()
    if enclosure is None:
        raise NotFound()
    drafting.remove_enclosure(found, enclosure, actor=person, at=now())


def _put_on_paper(request: HttpRequest, found: OutgoingDocument, person: Person) -> None:
    issuing.put_on_paper(_recipient(request, found), reason=request.POST.get("reason", ""), actor=person, at=now())


def _paper_sent(request: HttpRequest, found: OutgoingDocument, person: Person) -> None:
    wanted = _recipient(request, found)
    task = next((one for one in paper.tasks_of(found) if one.recipient_id == wanted.pk), None)
    if task is None:
        raise NotFound()
    dispatch = paper.Dispatch(
        way=request.POST.get("way", ""), sent_on=given.day_of(request.POST.get("sent_on", "")),
        copies=given.number(request.POST.get("copies", "")),
        envelopes=given.number(request.POST.get("envelopes", "")),
        receipt=request.POST.get("receipt", ""),
    )  # fmt: skip
    paper.mark_sent(task, dispatch, actor=person, at=now())


def _paper_dropped(request: HttpRequest, found: OutgoingDocument, person: Person) -> None:
    issuing.drop_paper(
        _recipient(request, found), reason=request.POST.get("reason", ""),
        authority=request.POST.get("authority", ""), actor=person, at=now(),
    )  # fmt: skip


def _send_again(request: HttpRequest, found: OutgoingDocument, person: Person) -> None:
    newest = _recipient(request, found).transmissions.order_by("-attempt").first()
    if newest is None:
        raise NotFound()
    resending.send_again(
        newest, pin=_pin(request), actor=person, at=now(), incomplete=request.POST.get("incomplete", "")
    )


def _recall(request: HttpRequest, found: OutgoingDocument, person: Person) -> None:
    wanted = {given.number(pk) for pk in request.POST.getlist("recipient")}
    issuing.recall(
        found, list(found.recipients.filter(pk__in=wanted)), reason=request.POST.get("reason", ""),
        authority=request.POST.get("authority", ""), actor=person, at=now(),
    )  # fmt: skip


def _update(request: HttpRequest, found: OutgoingDocument, person: Person) -> None:
    wanted = {given.number(pk) for pk in request.POST.getlist("recipient")}
    resending.update(
        found, list(found.recipients.filter(pk__in=wanted)), due_on=given.day_of(request.POST.get("due_on", "")),
        reason=request.POST.get("reason", ""), authority=request.POST.get("authority", ""), pin=_pin(request),
        actor=person, at=now(),
    )  # fmt: skip


def _void(request: HttpRequest, found: OutgoingDocument, person: Person) -> None:
    issuing.void(
        found,
        reason=request.POST.get("reason", ""),
        authority=request.POST.get("authority", ""),
        actor=person,
        at=now(),
    )


def _circulate(request: HttpRequest, found: OutgoingDocument, person: Person) -> None:
    circulation.add(found, _chosen(request, "unit", found.organization.units), actor=person, at=now())


def _pass_on(request: HttpRequest, found: OutgoingDocument, person: Person) -> None:
    circulation.pass_on(found, _chosen(request, "person", found.organization.people), actor=person, at=now())


def _chosen(request: HttpRequest, name: str, own: Manager[Chosen]) -> list[Chosen]:
    """Those of the agency that were ticked. Raises `NotFound`: one is another's, or there is no such."""
    wanted = {given.number(pk) for pk in request.POST.getlist(name)}
    found = list(own.filter(pk__in=wanted))
    if len(found) < len(wanted):
        raise NotFound()
    return found


def _recipient(request: HttpRequest, found: OutgoingDocument) -> Recipient:
    one = found.recipients.filter(pk=given.number(request.POST.get("recipient", ""))).first()
    if one is None:
        raise NotFound()
    return one


ACTS: dict[str, Act] = {
    "submit": lambda r, d, p: review.submit(d, actor=p, at=now(), note=_note(r)),
    "check_content": lambda r, d, p: review.check_content(d, actor=p, at=now(), note=_note(r)),
    "check_presentation": lambda r, d, p: review.check_presentation(
        d, actor=p, at=now(), note=_note(r), reason=r.POST.get("reason", "")
    ),
    "give_back": lambda r, d, p: review.give_back(d, actor=p, at=now(), note=_note(r)),
    "hand_down": lambda r, d, p: review.hand_down(d, actor=p, at=now(), note=_note(r)),
    "comment": lambda r, d, p: review.comment(d, actor=p, at=now(), note=_note(r)),
    "approve": lambda _r, d, p: review.approve(d, actor=p, at=now()),
    "approve_and_sign": remote.or_here(lambda r, d, p: signing.approve_and_sign(d, pin=_pin(r), actor=p, at=now())),
    "sign": remote.or_here(lambda r, d, p: signing.sign(d, pin=_pin(r), actor=p, at=now())),
    "cancel_remote": remote.cancel_of,
    "take_signature": remote.take_of,
    "sub_number": lambda r, d, p: signing.take_sub_number_and_date(
        d, reason=r.POST.get("reason", ""), authority=r.POST.get("authority", ""), actor=p, at=now()
    ),
    "number": lambda _r, d, p: signing.take_number_and_date(d, actor=p, at=now()),
    "number_and_seal": sealing.or_on_server(lambda r, d, p: signing.number_and_seal(d, pin=_pin(r), actor=p, at=now())),
    "seal": sealing.or_on_server(lambda r, d, p: signing.seal(d, pin=_pin(r), actor=p, at=now())),
    "seal_files": sealing.ask_for_files,
    "cancel_seal": sealing.cancel_here,
    "take_seal": sealing.take_here,
    "issue": lambda r, d, p: issuing.issue(d, actor=p, at=now(), incomplete=r.POST.get("incomplete", "")),
    "enclose": _enclose,
    "remove_enclosure": _remove_enclosure,
    "paper": _put_on_paper,
    "paper_sent": _paper_sent,
    "paper_dropped": _paper_dropped,
    "send_again": _send_again,
    "send_anew": lambda r, d, p: resending.send_anew(d, pin=_pin(r), actor=p, at=now()),
    "circulate": _circulate,
    "pass_on": _pass_on,
    "recall": _recall,
    "update": _update,
    "void": _void,
    "file": dossier_box.put,
    "mark": habits.mark,
}
