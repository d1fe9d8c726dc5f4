"""Receiving: list, fetch, store with the status 01 in one transaction, then acknowledge.

Until the acknowledgement the hub lists the item again; a relisted item that is stored already is acknowledged and
nothing else. So whoever is killed at any step loses nothing and does nothing twice.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

import structlog
from django.db import InterfaceError, OperationalError, transaction

from lienthong.evidence.proving import Claim
from lienthong.evidence.receipts import EvidenceEvent
from lienthong.journal.record import Subject, history, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office import proofs
from lienthong.office.config import blobs
from lienthong.office.contents import release
from lienthong.office.exchange import statuses
from lienthong.office.incoming import arrival, checks, recalls
from lienthong.office.models import Carrier, Organization, OutgoingDocument, ReceivedPacket, Role, SignedStatement
from lienthong.office.outgoing import board
from lienthong.office.people.access import people_with
from lienthong.office.people.actors import service_of
from lienthong.office.people.notices import ring
from lienthong.protocol.client.interface import PacketCarrier
from lienthong.protocol.messages import InboxItem
from lienthong.protocol.problems import DigestMismatch, HubUnreachable, Problem
from lienthong.standards import edxml
from lienthong.standards.secrecy import mark_on_first_page
from lienthong.standards.signatures.material import Material
from lienthong.standards.statuses import BusinessType, StatusCode, Words
from lienthong.storage import Blob

log = structlog.get_logger("exchange")


class NotOurs(ValueError):
    """The hub delivered a packet for an agency that this office does not serve."""


class SecretReceived(ValueError):
    """The packet declares or bears a degree of secrecy: it is none of this system's business (Article 1.2)."""


OUR_FAULT = Words("phần mềm tại đây gặp lỗi khi lưu", "the software here has a fault in storing it")
CHANGED_ON_THE_WAY = Words("nội dung đến khác nội dung Trục đã công bố", "what arrived is not what the hub announced")
NOT_ITS_FAULT = (HubUnreachable, Problem, OperationalError, InterfaceError, OSError)
"""What ends a round, not an item: the hub, the database or the disk is away."""


def receive_or_refuse(
    connection: PacketCarrier, item: InboxItem, *, at: datetime, carrier: Carrier = Carrier.HUB
) -> None:
    """Take one delivery; one that brings a fault of ours to light is answered with `fail`, and the others go on.

    Raises:
        HubUnreachable, Problem, OperationalError, InterfaceError, OSError: it is not the item's fault; it stays listed.
    """
    try:
        receive(connection, item, at=at, carrier=carrier)
    except NOT_ITS_FAULT:
        raise
    except Exception as fault:
        log.exception("a packet brings a fault to light", delivery=item.delivery_id)
        _not_taken(item, "cannot_be_filed", OUR_FAULT, at)
        connection.refuse(item, code="cannot_be_filed", detail=f"the office has a fault: {type(fault).__name__}")


def receive(connection: PacketCarrier, item: InboxItem, *, at: datetime, carrier: Carrier = Carrier.HUB) -> None:
    """Take one delivery. What cannot be read is answered with `fail`, and the clerks are told; the hub keeps it for its
    operators.

    Raises:
        HubUnreachable, Problem: nothing was acknowledged; it will be listed again.
    """
    stored = ReceivedPacket.objects.filter(delivery_id=item.delivery_id).first()
    if stored is None:
        try:
            with ExitStack() as stack:
                stored = _take(connection, item, stack, carrier, at)
        except edxml.PacketRefused as refusal:
            first = refusal.problems[0]
            _not_taken(item, first.code, Words(first.vi, first.en), at)
            connection.refuse(item, code=first.code, detail=first.en)
            return
        except DigestMismatch:
            _not_taken(item, DigestMismatch.code, CHANGED_ON_THE_WAY, at)
            connection.refuse(item, code="digest_mismatch", detail="what arrived is not what the hub announced")
            return
        except NotOurs as reason:
            connection.refuse(item, code="not_our_agency", detail=str(reason))
            return
        except SecretReceived:
            _destroyed(item, at)
            connection.refuse(item, code="state_secret", detail="the packet bears a mark of secrecy; it was destroyed")
            return
    if stored.acknowledged_at is None:
        done = connection.acknowledge(item)
        ReceivedPacket.objects.filter(pk=stored.pk).update(acknowledged_at=at, acknowledgement=done.receipt)


@dataclass(frozen=True)
class _Taken:
    """A packet whose bytes are here."""

    packet: edxml.Packet
    blob: Blob
    files: list[arrival.ReceivedFile]


def _take(
    connection: PacketCarrier, item: InboxItem, stack: ExitStack, carrier: Carrier, at: datetime
) -> ReceivedPacket:
    organization = _organization(item)
    item, taken = _fetch(connection, item, stack)
    said = checks.ask_authorities(taken.files, at=at)
    with transaction.atomic():
        received, fresh = ReceivedPacket.objects.get_or_create(
            delivery_id=item.delivery_id,
            defaults={
                "organization": organization,
                "packet_id": item.packet_id,
                "kind": item.kind.value,
                "carrier": carrier,
                "sender": item.sender,
                "digest": item.digest,
                "size": item.size,
                "submitted_at": item.submitted_at,
                "received_at": at,
                "hub_receipt": item.receipt,
            },
        )
        if fresh:
            _file(taken, said, received, item, at)
    return received


def _organization(item: InboxItem) -> Organization:
    """Which of this office's agencies it is for: by its code, an alias, or where the hub routed it."""
    for code in (item.routed_to, item.recipient):
        found = Organization.objects.filter(code=code).first() or Organization.objects.filter(alias=code).first()
        if found is not None:
            return found
    raise NotOurs(f"{item.recipient} is not served here")


def _fetch(connection: PacketCarrier, item: InboxItem, stack: ExitStack) -> tuple[InboxItem, _Taken]:
    """Stream the packet into a blob, then read it, its files into blobs of their own; with the item as now known.

    The files of a recall are read but not kept: what is to be destroyed is not stored anew. Of what is refused nothing
    stays here.

    Raises:
        PacketRefused: it cannot be read, or a file of it cannot be unpacked; SecretReceived.
    """
    writer = stack.enter_context(blobs().writer())
    item = connection.fetch(item, cast("BinaryIO", writer))
    blob = writer.keep()
    contents: list[BinaryIO] = []

    def sink(_number: int) -> BinaryIO:
        content = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        contents.append(content)
        return content

    kept: list[str] = [blob.digest]
    files: list[arrival.ReceivedFile] = []
    try:
        with blobs().open(blob.digest) as source:
            packet = edxml.read(source, sink=sink)
        message = packet.message
        if isinstance(message, edxml.Document) and message.business.type is BusinessType.RECALL:
            release(kept)
        else:
            for attachment, content in zip(packet.attachments, contents, strict=True):
                files.append(_keep(attachment, content))
                kept.append(files[-1].digest)
        if _is_secret(message, files):
            raise SecretReceived(item.packet_id)
    except (edxml.PacketRefused, SecretReceived):
        release(kept)
        raise
    return item, _Taken(packet, blob, files)


def _is_secret(message: edxml.Document | edxml.StatusReport, files: list[arrival.ReceivedFile]) -> bool:
    """Whether a field of the packet, or the first page of one of its PDFs, says so."""
    if isinstance(message, edxml.Document) and message.secrecy_degree:
        return True
    return any(_stamped(file) for file in files if file.name.lower().endswith(".pdf"))


def _stamped(file: arrival.ReceivedFile) -> bool:
    with blobs().open(file.digest) as content:
        return bool(mark_on_first_page(content))


def _destroyed(item: InboxItem, at: datetime) -> None:
    """Keep that it came and is gone, nothing of what it said; ring for the clerks."""
    organization, subject = _organization(item), Subject("delivery", item.delivery_id)
    if _is_told(subject, OfficeEvent.INCOMING_DESTROYED):
        return  # the hub did not hear of it
    with transaction.atomic():
        record(
            OfficeEvent.INCOMING_DESTROYED, actor=service_of(organization), subject=subject, at=at,
            digest=item.digest, sender=item.sender,
        )  # fmt: skip
        words = Words(
            f"Gói tin của {item.sender} có dấu chỉ độ mật: đã hủy, không lưu. "
            "Đề nghị bên gửi thực hiện theo quy định về bảo vệ bí mật nhà nước.",
            f"A packet from {item.sender} bore a mark of secrecy: it was destroyed, not kept. "
            "Ask the sender to follow the rules for state secrets.",
        )
        ring(people_with(organization.pk, Role.CLERK), words, link="/van-ban-den/", at=at)


def _not_taken(item: InboxItem, code: str, fault: Words, at: datetime) -> None:
    """Note by its name why a delivery cannot be taken, and ring for the clerks; once, however often it is tried."""
    organization, subject = _organization(item), Subject("delivery", item.delivery_id)
    if _is_told(subject, OfficeEvent.INCOMING_NOT_TAKEN):
        return
    with transaction.atomic():
        record(
            OfficeEvent.INCOMING_NOT_TAKEN, actor=service_of(organization), subject=subject, at=at,
            problem=code, digest=item.digest, sender=item.sender,
        )  # fmt: skip
        words = Words(
            f"Không nhận được gói tin của {item.sender}: {_as_clause(fault.vi)}. "
            "Gói tin còn được giữ, bên gửi đã được báo; đề nghị bên gửi gửi lại.",
            f"A packet from {item.sender} could not be taken: {_as_clause(fault.en)}. "
            "It is kept, and its sender was told; ask for it to be sent anew.",
        )
        ring(people_with(organization.pk, Role.CLERK), words, link="/van-ban-den/", at=at)


def _is_told(subject: Subject, event: OfficeEvent) -> bool:
    return any(one.name == event for one in history(subject))


def _as_clause(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _keep(attachment: edxml.Attachment, content: BinaryIO) -> arrival.ReceivedFile:
    with blobs().writer() as out:
        edxml.unpack(content, attachment.name, cast("BinaryIO", out))
        blob = out.keep()
    return arrival.ReceivedFile(attachment.content_id, edxml.safe_name(attachment.name), blob.digest, blob.size)


def _file(taken: _Taken, said: Mapping[str, Material], received: ReceivedPacket, item: InboxItem, at: datetime) -> None:
    """Do what the packet asks for, in the transaction that stores it."""
    message = taken.packet.message
    about: OutgoingDocument | None = None
    if isinstance(message, edxml.StatusReport):
        if message.code is StatusCode.TAKE_BACK:
            recalls.arrive_take_back(message, received, at=at)
        else:
            about = statuses.apply(message, received, at=at)
    elif message.business.type is BusinessType.RECALL:
        recalls.arrive(message, received, at=at)
    else:
        arrival.arrive(message, taken.packet.manifest, taken.files, received, item, said=said, at=at)
    status_code = message.code.value if isinstance(message, edxml.StatusReport) else ""
    _keep_statements(item, received, about, status_code, at)


def _keep_statements(
    item: InboxItem, received: ReceivedPacket, about: OutgoingDocument | None, status_code: str, at: datetime
) -> None:
    """Keep what the sender's system signed, and the hub's receipt, which also speaks for a system that cannot sign."""
    sender = board.canonical(item.sender)
    packet = Claim(
        EvidenceEvent.SUBMISSION_ACCEPTANCE, item.digest, item.submitted_at, facts={"packet_id": item.packet_id},
        named=frozenset({"packet_id"}),
    )  # fmt: skip
    request = Claim(EvidenceEvent.SUBMISSION_REQUEST, item.digest, item.submitted_at, frozenset({sender}))
    kinds = SignedStatement.Kind
    for token, kind, claim in ((item.receipt, kinds.ACCEPTANCE, packet), (item.statement, kinds.SUBMISSION, request)):
        proofs.keep(
            token, kind, claim, agency=sender, organization=received.organization, document=about, received=received,
            status_code=status_code, at=at,
        )  # fmt: skip
