"""What happens when a document arrives: stored, judged, reported (01), shown to the clerk; nobody presses anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.incoming import amendments, checks, presenting, recalls
from lienthong.office.models import IncomingDocument, IncomingFile, ReceivedPacket, Role
from lienthong.office.packets import queue_status
from lienthong.office.people.actors import record, service_of
from lienthong.office.people.notices import notify_role
from lienthong.protocol.messages import InboxItem
from lienthong.standards.edxml import Document, Reference
from lienthong.standards.signatures.material import Material
from lienthong.standards.statuses import StatusCode, Urgency, Words


@dataclass(frozen=True)
class ReceivedFile:
    """A file of a packet, stored: its content id, a safe name, digest and size."""

    content_id: str
    name: str
    digest: str
    size: int


def arrive(
    message: Document,
    manifest: Sequence[Reference],
    files: Sequence[ReceivedFile],
    received: ReceivedPacket,
    item: InboxItem,
    *,
    said: Mapping[str, Material],
    at: datetime,
) -> IncomingDocument:
    """Store a document with its checks, report 01, ring for the clerks; apply a recall that overtook it. `said` is
    what `checks.ask_authorities` heard."""
    verdict = checks.examine(message, manifest, files, received.organization, said=said, at=at)
    document = _keep(message, files, received, item, verdict, at)
    _store_files(document, manifest, files)
    actor = service_of(received.organization)
    record(OfficeEvent.INCOMING_ARRIVED, actor, document, at, sender=message.sender.code, digest=received.digest)
    queue_status(document, StatusCode.ARRIVED, description="Đã đến hệ thống của nơi nhận", at=at)
    _ring(document, at)
    amendments.arrive(message, document, at=at)
    amendments.meet(document, at=at)
    recalls.apply_waiting(document, at=at)
    return document


def _keep(
    message: Document, files: Sequence[ReceivedFile], received: ReceivedPacket, item: InboxItem,
    verdict: checks.Examination, at: datetime,
) -> IncomingDocument:  # fmt: skip
    """The row of a document: what its packet says, and what the checks found."""
    return IncomingDocument.objects.create(
        organization=received.organization,
        packet=received,
        sender_code=message.sender.code,
        sender_name=message.sender.name or message.sender.code,
        addressed_to=item.recipient,
        identifier=message.identifier,
        number=message.number,
        notation=message.notation,
        promulgated_on=message.issued_on,
        place=message.place[:50],
        type_name=message.kind_name[:100],
        subject=message.subject,
        urgency=int(message.urgency),
        signer_competence=message.signer.competence[:100],
        signer_position=message.signer.position[:100],
        signer_name=message.signer.name[:100],
        due_on=message.due_on,
        business_type=int(message.business.type),
        recipients=[{"code": one.code, "name": one.name} for one in message.recipients],
        appendixes=list(message.appendixes),
        other={
            "answers": [
                {"number": one.number, "organ": one.organ, "identifier": one.identifier} for one in message.answers
            ],
            "places": list(message.places),
            "reason": message.business.reason,
            "pages": message.pages,
            "paper": message.business.paper,
            **message.other,
        },
        origin=checks.origin_of(files),
        legal_value=verdict.legal_value,
        checks=[check.as_json() for check in verdict.checks],
        signatures=list(verdict.reports),
        submitted_at=received.submitted_at,
        arrived_at=at,
        present_due_at=presenting.due_at(received.organization, int(message.urgency), at),
    )


def _ring(document: IncomingDocument, at: datetime) -> None:
    """For the clerks; of what is urgent the leaders hear as well."""
    urgent = Urgency(document.urgency).words
    vi, en = (f"[{urgent.vi}] ", f"[{urgent.en}] ") if document.urgency else ("", "")
    number, sender = document.printed_number, document.sender_name
    words = Words(f"{vi}Văn bản đến {number} của {sender}", f"{en}Incoming {number} from {sender}")
    notify_role(document, Role.CLERK, words, at=at)
    if document.urgency:
        notify_role(document, Role.LEADER, Words(f"{vi}{number} vừa đến", f"{en}{number} has arrived"), at=at)


def _store_files(document: IncomingDocument, manifest: Sequence[Reference], files: Sequence[ReceivedFile]) -> None:
    """What is declared and what is there: a file that is only declared stays visible as missing."""
    declared = {reference.content_id: reference for reference in manifest}
    rows = [
        IncomingFile(
            document=document, name=file.name, media_type=_media_type(file.name), declared=file.content_id in declared,
            present=True, digest=file.digest, size=file.size,
        )
        for file in files
    ]  # fmt: skip
    present = {file.content_id for file in files}
    rows += [
        IncomingFile(
            document=document, name=one.name[:500], media_type=_media_type(one.name), declared=True, present=False
        )
        for one in manifest
        if one.content_id not in present
    ]
    for ordinal, row in enumerate(rows):
        row.ordinal = ordinal
    IncomingFile.objects.bulk_create(rows)


def _media_type(name: str) -> str:
    return "application/pdf" if name.lower().endswith(".pdf") else "application/octet-stream"
