"""Packets that the office writes: built and queued in the transaction of the act that they tell of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db.models import QuerySet

from lienthong.office.config import blobs
from lienthong.office.models import (
    Carrier,
    Channel,
    DirectoryAgency,
    IncomingDocument,
    IncomingWay,
    Organization,
    OutboxPacket,
    OutgoingDocument,
    Person,
    Stage,
)
from lienthong.office.packets.carriers import grouped
from lienthong.standards import edxml
from lienthong.standards.doctypes import by_name
from lienthong.standards.identifiers import DocumentNumber
from lienthong.standards.statuses import BusinessType, StatusCode, Urgency
from lienthong.storage import Blob

LINES_AT_FOOT = 40


def wire_codes(codes: Sequence[str]) -> list[str]:
    """How agencies' codes are written in packets: the 13 characters that existing software splits, where there are
    any; a code that is not in the directory stays as it is."""
    aliases = dict(DirectoryAgency.objects.filter(code__in=set(codes)).values_list("code", "aliases"))
    return [str(aliases[code][0]) if aliases.get(code) else code for code in codes]


def own_organ(organization: Organization) -> edxml.Organ:
    """This agency as its packets name it."""
    return edxml.Organ(
        code=organization.alias or organization.code,
        name=organization.name,
        in_charge=organization.superior_name,
        address=organization.address,
        email=organization.email,
        telephone=organization.telephone,
    )


def queue_document(
    document: OutgoingDocument,
    recipients: Sequence[tuple[str, str]],
    *,
    carriers: Mapping[str, Carrier],
    actor: Person,
    at: datetime,
    business: BusinessType = BusinessType.NEW,
    reason: str = "",
    paper: bool = False,
) -> list[OutboxPacket]:
    """Write a document's packet for some of its recipients, and queue it: the same bytes once for each carrier.

    Args:
        recipients: (code, name) of each.
        carriers: code of each → who carries it there.
        business: a recall carries no files; a replacement names what the document replaces.
        reason: why, for anything but a new document.
        paper: paper follows, to every one of these recipients (Article 7.2).
    """
    message = document_message(document, recipients, actor=actor, at=at, business=business, reason=reason, paper=paper)
    files = [] if business is BusinessType.RECALL else list(_files(document))
    with blobs().writer() as out:
        edxml.write_document(message, files, out)  # type: ignore[arg-type]
        blob = out.keep()
    return [
        _queue(
            document.organization, blob, "document", at, carrier,
            business_type=int(business), document=document, recipients=codes, identifier=document.identifier,
            urgency=document.urgency,
        )
        for carrier, codes in grouped([code for code, _ in recipients], carriers).items()
    ]  # fmt: skip


def queue_status(
    document: IncomingDocument,
    code: StatusCode,
    *,
    description: str,
    at: datetime,
    staff: Person | None = None,
    hold_until: datetime | None = None,
) -> None:
    """Write a status about an incoming document to its sender, and queue it (R-6.3-1: nobody has to press anything).
    What came on paper, or otherwise beside the hub, has no sender who could be told here (Article 1.1).

    Args:
        hold_until: it does not leave before, unless something that follows it does.
    """
    if document.way != IncomingWay.HUB:
        return
    release_status(document, at=at)
    about = edxml.Related(document.sender_code, document.printed_number, document.identifier, document.promulgated_on)
    packet = queue_answer(
        document.organization, about, code, carrier=_carrier_of(document), description=description, at=at, staff=staff,
        incoming=document, urgency=document.urgency,
    )  # fmt: skip
    if hold_until is not None:
        OutboxPacket.objects.filter(pk=packet.pk).update(next_at=hold_until)


def _carrier_of(document: IncomingDocument) -> Carrier:
    """What is said of a document goes back the way that it came."""
    return Carrier(document.packet.carrier) if document.packet is not None else Carrier.HUB


def release_status(document: IncomingDocument, *, at: datetime) -> None:
    """What is held back about a document leaves now."""
    _held(document).filter(next_at__gt=at).update(next_at=at)


def withdraw_status(document: IncomingDocument, code: StatusCode) -> bool:
    """Take back a status that nobody has begun to send; False when there is none any more."""
    return bool(_held(document).filter(status_code=code.value).update(state=OutboxPacket.State.WITHDRAWN))


def _held(document: IncomingDocument) -> QuerySet[OutboxPacket]:
    return OutboxPacket.objects.filter(incoming=document, state=OutboxPacket.State.WAITING, attempts=0)


def queue_answer(
    organization: Organization,
    about: edxml.Related,
    code: StatusCode,
    *,
    carrier: Carrier,
    description: str,
    at: datetime,
    staff: Person | None = None,
    **facts: object,
) -> OutboxPacket:
    """Write a status about a document that may not be here, to the agency that sent it, and queue it."""
    report = edxml.StatusReport(own_organ(organization), about, code, description, at, _staff(staff) if staff else None)
    with blobs().writer() as out:
        edxml.write_status(report, out)  # type: ignore[arg-type]
        blob = out.keep()
    return _queue(
        organization, blob, "status", at, carrier, status_code=code.value, recipients=[about.organ],
        identifier=about.identifier, **facts,
    )  # fmt: skip


def _queue(
    organization: Organization, blob: Blob, kind: str, at: datetime, carrier: Carrier, **facts: object
) -> OutboxPacket:
    return OutboxPacket.objects.create(
        organization=organization, kind=kind, carrier=carrier, digest=blob.digest, size=blob.size,
        idempotency_key=uuid4().hex, created_at=at, next_at=at, **facts,
    )  # fmt: skip


def document_message(
    document: OutgoingDocument,
    recipients: Sequence[tuple[str, str]],
    *,
    actor: Person,
    at: datetime,
    business: BusinessType,
    reason: str,
    paper: bool = False,
) -> edxml.Document:
    """What the packet of a document says: the 16 items of Article 10.2."""
    organization = document.organization
    kind = by_name(document.type_name)
    number = DocumentNumber(document.number or 0, document.notation, document.sub_number)
    codes = wire_codes([code for code, _ in recipients])
    return edxml.Document(
        sender=own_organ(organization),
        recipients=tuple(edxml.Organ(code, name) for code, (_, name) in zip(codes, recipients, strict=True)),
        identifier=document.identifier,
        number=number.printed_number,
        notation=number.notation,
        subject=document.subject,
        issued_on=document.promulgated_on,
        place=organization.place,
        kind=kind.group if kind else 2,
        kind_detail=kind.detail if kind else None,
        kind_name=document.type_name,
        signer=edxml.Signer(document.signer_name, document.position, document.competence),
        due_on=document.due_on,
        urgency=Urgency(document.urgency),
        appendixes=tuple(document.appendixes),
        answers=tuple(_answers(document)),
        places=tuple(line for line in document.recipients_text.splitlines() if line.strip())[:LINES_AT_FOOT],
        business=_business(document, business, reason, actor, paper),
        traces=(edxml.Trace(organization.alias or organization.code, at),),
    )  # fmt: skip


def _business(
    document: OutgoingDocument, kind: BusinessType, reason: str, actor: Person, paper: bool
) -> edxml.Business:
    """What the packet is for, and which document it acts on: of a replacement the one that it replaces."""
    facts: dict[str, Any] = {"staff": _staff(actor), "paper": paper}
    replaced = document.replaces
    if kind is BusinessType.REPLACE and replaced is not None:
        to = replaced.recipients.filter(channel=Channel.ELECTRONIC).values_list("code", flat=True)
        facts["replacements"] = (edxml.Replacement(replaced.identifier, tuple(wire_codes(list(to)))),)
        return edxml.Business(kind, reason, replaced.identifier, **facts)
    if kind is BusinessType.UPDATE:
        facts["document_changed"] = True
    identifier = document.identifier if kind is not BusinessType.NEW else ""
    return edxml.Business(kind, reason or "Văn bản điện tử mới", identifier, **facts)


def _answers(document: OutgoingDocument) -> Iterable[edxml.Related]:
    reply = getattr(document, "reply_to", None)
    if reply is not None:
        incoming = reply.incoming
        yield edxml.Related(incoming.sender_code, incoming.printed_number, incoming.identifier, incoming.promulgated_on)
    if (wrong := document.corrects) is not None:
        own = document.organization.alias or document.organization.code
        yield edxml.Related(own, wrong.printed_number, wrong.identifier, wrong.promulgated_on)


def _files(document: OutgoingDocument) -> Iterable[edxml.FileToSend]:
    """The sealed document first, then its enclosures, sealed where they are PDF."""
    sealed = document.versions.filter(stage=Stage.SEALED).latest("ordinal")
    name = file_name(document)
    yield _file(name, sealed.digest, f"{document.type_name} số {document.printed_number}")
    for enclosure in document.enclosures.all():
        yield _file(enclosure.name, enclosure.sealed_digest or enclosure.digest, enclosure.name)


def _file(name: str, digest: str, description: str) -> edxml.FileToSend:
    return edxml.FileToSend(name, lambda: blobs().open(digest), description)


def file_name(document: OutgoingDocument) -> str:
    """The name of the main file: number and notation, without what file names cannot have."""
    return f"{document.printed_number.replace('/', '-')}.signed.pdf"


def _staff(person: Person) -> edxml.Staff:
    post = person.posts.select_related("unit").first()
    return edxml.Staff(department=post.unit.name if post else "", name=person.full_name)
