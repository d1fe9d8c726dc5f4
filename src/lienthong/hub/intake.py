"""Taking a packet in: one procedure for both doors.

Nothing is acknowledged before it is durable: the blob is synced, then one transaction writes packet, deliveries,
journal and keys, then the receipt goes out. Everything or nothing: one bad recipient refuses the packet.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from lienthong.evidence.receipts import EvidenceEvent, InvalidStatement
from lienthong.hub import (
    amendments,
    maintenance,
    measures,
    mode,
    policy,
    quarantine,
    relations,
    retention,
    rows,
    secrecy,
    statements,
)
from lienthong.hub.agencies import Directory, Listed, Member, directory
from lienthong.hub.blobs import blobs
from lienthong.hub.delivery import CLOCK_SKEW, actor_of
from lienthong.hub.models import Delivery, Packet
from lienthong.hub.routing import Route, reason, route_all
from lienthong.hub.wakeup import ring_after_commit
from lienthong.journal.record import Subject, record_all, row_of
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.messages import DeliveryPromise, Kind, Submission
from lienthong.protocol.problems import (
    BadRequest,
    BodyTruncated,
    ClockAhead,
    ClosedSender,
    DigestMismatch,
    FromMismatch,
    IdempotencyKeyReused,
    NoStorage,
    NotYourAgency,
    PacketInvalid,
    Problem,
    RecipientNotInPacket,
    StatementInvalid,
    StateSecret,
    TooLarge,
    TwinDocument,
)
from lienthong.standards import edxml
from lienthong.standards.statuses import BusinessType, StatusCode
from lienthong.standards.times import VIETNAM
from lienthong.storage import BlobWriter


@dataclass(frozen=True)
class Request:
    """What a system asks when it submits a packet.

    Attributes:
        member: the authenticated system.
        door: `native` or `vxp`.
        sender: agency code as the request names it.
        recipients: codes to reach; empty for all that the packet names.
        length: bytes announced, None where the door has no announcement.
        statement: the sender's signed request (native door).
        idempotency_key: the client's own key (native door).
        fits: whether a computed digest is the one that the client announced (VXP door).
    """

    member: Member
    door: str
    sender: str
    recipients: tuple[str, ...] = ()
    length: int | None = None
    statement: str = ""
    idempotency_key: str = ""
    fits: Callable[[str], bool] | None = None

    def overrides(self, message: edxml.Document | edxml.StatusReport) -> bool:
        """Whether the packet goes where the request says, instead of where it says itself."""
        return self.door == "vxp" and bool(self.recipients) and isinstance(message, edxml.Document)


@dataclass
class _Taken:
    """A packet whose bytes are here and whose header was read, and the directory by which all of it is decided."""

    packet: edxml.Packet
    writer: BlobWriter
    copy: Directory
    sender: str = ""
    routes: list[Route] = field(default_factory=list)
    about: Packet | None = None
    concerned: list[Delivery] = field(default_factory=list)

    @property
    def message(self) -> edxml.Document | edxml.StatusReport:
        return self.packet.message

    @property
    def kind(self) -> Kind:
        return Kind.STATUS if isinstance(self.message, edxml.StatusReport) else Kind.DOCUMENT

    @property
    def earlier(self) -> bool:
        """Whether it speaks of a document that was sent before."""
        return isinstance(self.message, edxml.StatusReport) or self.message.business.type is not BusinessType.NEW

    @property
    def carries(self) -> bool:
        """Whether it carries a document: a status and a recall do not."""
        message = self.message
        return isinstance(message, edxml.Document) and message.business.type is not BusinessType.RECALL

    @property
    def identifier(self) -> str:
        message = self.message
        return message.about.identifier if isinstance(message, edxml.StatusReport) else message.identifier

    @property
    def number(self) -> str:
        message = self.message
        return (message.about.number if isinstance(message, edxml.StatusReport) else message.printed_number)[:60]

    @property
    def issued_on(self) -> date | None:
        message = self.message
        return message.about.issued_on if isinstance(message, edxml.StatusReport) else message.issued_on

    @property
    def names(self) -> list[str]:
        """The documents that are spoken of, in a fixed order, so that two who name the same ones wait in turn."""
        message, own = self.message, self.identifier or f"{self.sender}|{self.number}"
        business = message.business.identifier if isinstance(message, edxml.Document) else ""
        return sorted({own, business or own})


def accept(request: Request, body: Iterable[bytes], *, at: datetime) -> Submission:
    """Take a packet in and answer with the hub's signed receipt; a repeat gets the old answer, however late.

    Raises:
        Problem: by name; nothing is kept then but what the quarantine shows to the system's owner.
    """
    maintenance.require_intake()
    taken: _Taken | None = None
    with blobs().writer() as writer:
        try:
            # 1. The bytes, hashed and read as they come.
            packet = _receive(request, body, writer)
            taken = _Taken(packet, writer, directory())
            # 2. No state secret travels here.
            _require_no_secret(taken)
            # 3. What was announced is what came.
            _require_digest(request, packet.digest, at)
            _require_plain(request)
            # 4. The sender may speak for this agency.
            taken.sender = _require_sender(request, taken)
            # 5. Everyone it is for can receive it.
            recipients = _effective_recipients(request, taken)
            mode.require_known(*recipients)
            taken.routes = route_all(recipients, taken.copy, earlier=taken.earlier)
            # 6. What it speaks of is known, and may be spoken of by this agency.
            _find_subject(taken)
            # 7. All of it, or nothing.
            return _commit(request, taken, at)
        except Problem as found:
            problem = _secret(taken) if taken and _was_destroyed(taken, found) else found
            asked = quarantine.Asked(request.door, request.sender, request.recipients, request.statement)
            quarantine.keep(request.member, asked, writer, problem, at=at)
            if problem is found:
                raise
            raise problem from found


# -- 1. the bytes ----------------------------------------------------------------------------------------------------


def _receive(request: Request, body: Iterable[bytes], writer: BlobWriter) -> edxml.Packet:
    limit = policy.of(request.member.code).packet_limit()
    if request.length is not None and request.length > limit:
        raise TooLarge(limit=limit)
    reader = edxml.PacketReader(digest_of=lambda: writer.digest, decodes=False)
    refusal: edxml.PacketRefused | None = None
    for chunk in _written(body, writer, limit):
        if refusal is None:
            try:
                reader.feed(chunk)
            except edxml.PacketRefused as reason:
                refusal = reason  # read on: the client listens only after it has sent everything
    if request.length is not None and writer.size < request.length:
        # A client that vanishes looks like the end of a body: only the length tells.
        raise BodyTruncated(received=writer.size, announced=request.length)
    try:
        if refusal is not None:
            raise refusal
        return reader.close()
    except edxml.PacketRefused as reason:
        if secrecy.declares_degree(writer.read_back()):
            raise StateSecret(digest=writer.digest, identifier="") from reason
        raise _invalid(reason) from reason


def _written(body: Iterable[bytes], writer: BlobWriter, limit: int) -> Iterator[bytes]:
    for chunk in body:
        if writer.size + len(chunk) > limit:
            raise TooLarge(limit=limit)
        try:
            writer.write(chunk)
        except OSError as reason:
            if reason.errno in (errno.ENOSPC, errno.EDQUOT):
                raise NoStorage() from reason
            raise
        yield chunk


def _invalid(refusal: edxml.PacketRefused) -> PacketInvalid:
    first = refusal.problems[0]
    return PacketInvalid(
        summary=first.vi, summary_en=first.en, problems=[problem.as_dict() for problem in refusal.problems[:50]]
    )


# -- 2. state secrets ------------------------------------------------------------------------------------------------


def _require_no_secret(taken: _Taken) -> None:
    message = taken.message
    if isinstance(message, edxml.Document) and message.secrecy_degree:
        raise _secret(taken)
    if retention.is_known_as_destroyed(taken.packet.digest):
        raise _secret(taken)


def _was_destroyed(taken: _Taken, problem: Problem) -> bool:
    """Whether a recipient saw a mark on these very bytes where the packet does not say it: whatever other fault they
    have, they are not kept for it."""
    return not isinstance(problem, StateSecret) and retention.was_destroyed(taken.packet.digest)


def _destroyed(taken: _Taken) -> StateSecret:
    """A recipient saw the mark only a moment ago: the bytes are in the store already, and leave it again."""
    blobs().destroy(taken.packet.digest)
    return _secret(taken)


def _secret(taken: _Taken) -> StateSecret:
    """What remains of it: digest and ids, also of those for whom it was."""
    message = taken.message
    named = [message.about.organ] if isinstance(message, edxml.StatusReport) else [to.code for to in message.recipients]
    return StateSecret(
        digest=taken.packet.digest, identifier=taken.identifier, sender=message.sender.code, addressed=named
    )


# -- 3. what was announced -------------------------------------------------------------------------------------------


def _require_digest(request: Request, digest: str, at: datetime) -> None:
    if request.fits is not None and not request.fits(digest):
        raise DigestMismatch()
    if request.door != "native":
        return
    try:
        said = request.member.keys.verify(request.statement)
    except InvalidStatement as reason:
        raise mode.refusal_of(request.statement, StatementInvalid(reason=str(reason))) from reason
    if said.event is not EvidenceEvent.SUBMISSION_REQUEST or said.issuer != request.member.code:
        not_its_own = StatementInvalid(reason="không phải xác nhận gửi của hệ thống này")
        raise mode.refusal_of(request.statement, not_its_own)
    if said.digest != digest:
        raise DigestMismatch()
    if said.at > at + CLOCK_SKEW:
        raise ClockAhead(seconds=int(CLOCK_SKEW.total_seconds()))


def _require_plain(request: Request) -> None:
    if not all(map(rows.can_hold, (request.sender, *request.recipients))):
        raise BadRequest(reason="mã cơ quan có ký tự không dùng được")


# -- 4. the sender ---------------------------------------------------------------------------------------------------


def _require_sender(request: Request, taken: _Taken) -> str:
    copy = taken.copy
    written = taken.message.sender.code
    mode.require_known(written)
    agency = copy.find(written)
    claimed = copy.find(request.sender) if request.sender else agency
    member = request.member
    if agency is None or not (agency.code in member.agencies or agency.code in member.former):
        raise NotYourAgency(system=member.code, agency=written)
    if claimed is None or claimed.code != agency.code:
        raise FromMismatch(header=request.sender, packet=written)
    _require_not_ended(agency, taken)
    return agency.code


def _require_not_ended(agency: Listed, taken: _Taken) -> None:
    """What was issued before the end still goes out under the old code; nothing is issued under it afterwards."""
    message = taken.message
    if agency.ended_at is None or isinstance(message, edxml.StatusReport) or taken.earlier:
        return
    ended_on = agency.ended_at.astimezone(VIETNAM).date()
    if message.issued_on is None or message.issued_on >= ended_on:
        raise ClosedSender(agency=agency.code, ended_on=ended_on.isoformat(), successor=agency.successor or "")


# -- 5. the recipients -----------------------------------------------------------------------------------------------


def _effective_recipients(request: Request, taken: _Taken) -> list[str]:
    """All that the packet names, or those of them that the request asks for.

    At the door of existing client software the request's list stands in place of the packet's (`wire.md` 3.4): a
    hand-over by another way may have reached the others. A status goes where it belongs, whatever list an earlier call
    of the client has left behind.
    """
    message = taken.message
    if request.overrides(message):
        return list(request.recipients)
    named = (
        [message.about.organ]
        if isinstance(message, edxml.StatusReport)
        else [recipient.code for recipient in message.recipients]
    )
    if not request.recipients or request.door == "vxp":
        return named

    def same(code: str) -> str:
        found = taken.copy.find(code)
        return found.code if found else code

    by_agency = {same(code): code for code in named}
    strangers = [code for code in request.recipients if same(code) not in by_agency]
    if strangers:
        raise RecipientNotInPacket(codes=", ".join(strangers))
    return [by_agency[same(code)] for code in dict.fromkeys(request.recipients)]


# -- 6. what it speaks of --------------------------------------------------------------------------------------------


def _find_subject(taken: _Taken) -> None:
    message = taken.message
    if isinstance(message, edxml.StatusReport):
        taken.about, taken.concerned = amendments.document_of_status(message, taken.sender, taken.copy)
    elif message.business.type is not BusinessType.NEW:
        taken.about = amendments.document_of_amendment(message, taken.sender, taken.copy)


# -- 7. the transaction ----------------------------------------------------------------------------------------------


def _commit(request: Request, taken: _Taken, at: datetime) -> Submission:
    try:
        taken.writer.keep()
    except OSError as reason:
        if reason.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoStorage() from reason
        raise
    submitted = _submitted(request, taken, at)
    # 7a. A document that speaks of no other, and of which nothing is known: nearly every one.
    alone = submitted.new and not relations.told_by(taken.message, taken.sender, taken.copy)
    if alone and rows.write_unknown(submitted, taken.names, at=at):
        return _accepted(request, taken, submitted)
    with transaction.atomic():
        # 7b. One submission of a document at a time: twins, repeats, and a recall beside its document are decided on
        # what is committed.
        _lock(taken.names)
        if retention.was_destroyed(taken.packet.digest):
            raise _destroyed(taken)
        if taken.earlier and taken.about is None:
            _find_subject(taken)
            submitted = _submitted(request, taken, at)
        packet = submitted.packet
        known = rows.take_in(submitted, at=at)
        if known.key_digest not in (None, packet.digest):
            raise IdempotencyKeyReused()
        if known.packet is not None:
            return _extend(request, taken, Packet.objects.get(pk=known.packet), at)
        if not known.written:
            _require_no_holder(taken)
            rows.take_in(submitted, at=at, beside_twin=True)
        _apply(request, taken, packet, submitted.deliveries, at)
        if known.awaited:
            _apply_what_waited(request, taken, packet, at)
        return _accepted(request, taken, submitted)


def _accepted(request: Request, taken: _Taken, submitted: rows.Submitted) -> Submission:
    """It is written: who waits hears of it once it is durable."""
    packet = submitted.packet
    measures.accepted(request.door, taken.kind.value, packet.size)
    _ring_for(submitted.deliveries, taken.copy)
    return _submission(packet, submitted.deliveries, taken.copy, repeated=False)


def _ring_for(deliveries: Sequence[Delivery], copy: Directory) -> None:
    """For the systems in whose inboxes these lie."""
    ring_after_commit(*{system for one in deliveries if (system := copy.agencies[one.agency_id].system)})


def _submitted(request: Request, taken: _Taken, at: datetime) -> rows.Submitted:
    packet = _new_packet(request, taken, at)
    deliveries = _deliveries(packet, taken.routes, at)
    message = taken.message
    event, subject, facts = _event(request, taken, packet, deliveries)
    return rows.Submitted(
        packet=packet,
        deliveries=deliveries,
        key=_submission_key(request.member.code, taken),
        client_key=request.idempotency_key,
        new=isinstance(message, edxml.Document) and message.business.type is BusinessType.NEW,
        carries=taken.carries,
        issued_on=taken.issued_on,
        number=taken.number,
        event=row_of(event, actor=actor_of(request.member), subject=subject, at=at, data=facts),
    )


def _submission_key(system: str, taken: _Taken) -> str:
    # The agencies that were named, not those that receive in the end: a repeat across a merger is still a repeat.
    agencies = ",".join(sorted(code for route in taken.routes for code in route.named))
    text = "|".join((system, taken.kind.value, agencies, taken.packet.digest))
    return hashlib.sha256(text.encode()).hexdigest()


def _extend(request: Request, taken: _Taken, packet: Packet, at: datetime) -> Submission:
    """Deliver a known packet anew to the recipients that refused it; the others are not bothered. Raises `StateSecret`:
    it was destroyed at this moment."""
    if packet.content_removed_for == "secret":
        raise _destroyed(taken)
    again = amendments.without_it([packet])
    routes = [route for route in taken.routes if again & taken.copy.lineage(route.agency)]
    if not routes:
        return _submission(packet, _newest_deliveries(packet), taken.copy, repeated=True)
    # Its bytes are here again, should they have gone; not those that were destroyed, be it at this moment.
    kept = Packet.objects.filter(pk=packet.pk).exclude(content_removed_for="secret")
    until = at + timedelta(days=settings.LIENTHONG.content_days)
    if not kept.update(content_removed_at=None, content_removed_for="", keep_until=until):
        raise _destroyed(taken)
    deliveries = _deliveries(packet, routes, at)
    rows.insert_deliveries(deliveries)
    record_all([_event(request, taken, packet, deliveries)], actor=actor_of(request.member), at=at)
    _ring_for(deliveries, taken.copy)
    return _submission(packet, _newest_deliveries(packet), taken.copy, repeated=False)


def _lock(names: list[str]) -> None:
    rows.execute("SELECT pg_advisory_xact_lock(hashtextextended(one, 28)) FROM unnest(%s::text[]) AS one", [names])


def _require_no_holder(taken: _Taken) -> None:
    """A new document under a known identifier, with other bytes, reaches only who has not the first."""
    same = list(
        Packet.objects.filter(
            kind=Kind.DOCUMENT.value,
            business_type=BusinessType.NEW,
            sender_id=taken.sender,
            identifier=taken.identifier,
        ).exclude(digest=taken.packet.digest)
    )
    reached = frozenset().union(*(taken.copy.lineage(route.agency) for route in taken.routes))
    having = amendments.holders(same) & reached
    if having:
        raise TwinDocument(identifier=taken.identifier, codes=", ".join(sorted(having)))


def _new_packet(request: Request, taken: _Taken, at: datetime) -> Packet:
    message = taken.message
    packet = Packet(
        id=uuid4(),
        system_id=request.member.code,
        door=request.door,
        kind=taken.kind.value,
        sender_id=taken.sender,
        sender_written=message.sender.code,
        identifier=taken.identifier,
        about=taken.about,
        digest=taken.packet.digest,
        size=taken.packet.size,
        submitted_at=at,
        statement=request.statement,
    )
    packet.number, packet.issued_on = taken.number, taken.issued_on
    packet.keep_until = at + timedelta(days=settings.LIENTHONG.content_days)
    if isinstance(message, edxml.StatusReport):
        packet.status_code = message.code.value
    else:
        packet.business_type = int(message.business.type)
        packet.kind_name = message.kind_name[:100]
        packet.urgency = int(message.urgency)
    packet.receipt = statements.acceptance(packet, tuple(route.written for route in taken.routes), at=at)
    return packet


def _deliveries(packet: Packet, routes: list[Route], at: datetime) -> list[Delivery]:
    return [rows.new_delivery(packet, recipient=route.written, agency=route.agency, at=at) for route in routes]


def _event(
    request: Request, taken: _Taken, packet: Packet, deliveries: Sequence[Delivery]
) -> tuple[HubEvent, Subject, dict[str, object]]:
    facts: dict[str, object] = {
        "digest": packet.digest,
        "kind": packet.kind,
        "deliveries": [str(delivery.pk) for delivery in deliveries],
    }
    message = taken.message
    if isinstance(message, edxml.Document) and request.overrides(message):
        facts["asked_for"] = list(request.recipients)
        facts["written"] = [recipient.code for recipient in message.recipients]
    return HubEvent.PACKET_ACCEPTED, Subject("packet", str(packet.pk)), facts


def _apply(request: Request, taken: _Taken, packet: Packet, deliveries: Sequence[Delivery], at: datetime) -> None:
    """What the packet says of other documents, and what it does to them."""
    actor, message, copy = actor_of(request.member), taken.message, taken.copy
    if told := relations.told_by(message, taken.sender, copy):
        amendments.ask(relations.keep(packet, told, copy), deliveries, copy, actor=actor, at=at)
    if isinstance(message, edxml.StatusReport):
        if message.code is not StatusCode.TAKE_BACK:
            amendments.note_status(message, packet, taken.concerned, copy, actor=actor, at=at)
    elif message.business.type is BusinessType.UPDATE and taken.about is not None:
        amendments.withdraw_from_removed(message, taken.about, copy, actor=actor, at=at)


def _apply_what_waited(request: Request, taken: _Taken, packet: Packet, at: datetime) -> None:
    """Packets that spoke of this document before it came find it; a recall among them takes effect now."""
    met = relations.meet(packet, taken.copy)
    amendments.apply_early(met, taken.copy, actor=actor_of(request.member), at=at)


def _newest_deliveries(packet: Packet) -> list[Delivery]:
    newest: dict[str, Delivery] = {}
    for delivery in packet.deliveries.order_by("submitted_at", "id"):
        newest[delivery.agency_id] = delivery
    return list(newest.values())


def _submission(packet: Packet, deliveries: Sequence[Delivery], copy: Directory, *, repeated: bool) -> Submission:
    return Submission(
        packet_id=str(packet.id),
        digest=packet.digest,
        accepted_at=packet.submitted_at,
        deliveries=tuple(
            DeliveryPromise(
                str(delivery.id),
                delivery.recipient,
                delivery.agency_id,
                reason(delivery.recipient, delivery.agency_id, copy),
            )
            for delivery in deliveries
        ),
        receipt=packet.receipt,
        repeated=repeated,
    )
