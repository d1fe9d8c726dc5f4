"""The carrier inside this installation: from the outbox of one of its agencies to the inbox of another, in the database
alone, so that no hub is asked (`people.local_exchange` says when it may).

It keeps the hub's rules, for the same acts stand on both sides: nothing is taken off the list before it is stored,
what nobody has fetched is withdrawn by its recall, what could not be taken stays and is tried again. It does not keep
the hub's part in the proofs: where one system has both sides nobody else can say that something happened. What that
system signs for the sender and for the recipient is all there is, and nothing is invented in place of a receipt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from lienthong.evidence.receipts import EvidenceEvent, Statement
from lienthong.office import config
from lienthong.office.exchange import outbox
from lienthong.office.models import Carrier, LocalDelivery, Organization, OutboxPacket
from lienthong.office.outgoing import board
from lienthong.protocol.messages import Acknowledgement, Change, DeliveryPromise, InboxItem, Kind, Submission
from lienthong.protocol.problems import ContentGone, DigestMismatch, NotYourAgency, UnknownRecipient
from lienthong.standards.statuses import TRANSPORT_MOVES, BusinessType, TransportState

CHUNK = 1 << 18
S = TransportState


def send_one(carrier: LocalCarrier, *, at: datetime) -> bool:
    """Hand over the most urgent packet that waits to go inside; False when none does. In one transaction: whoever is
    killed has sent nothing, or all of it with its note. One that brings a fault of ours to light lets the others go
    first the next time."""
    hand = outbox.Hand()
    try:
        with transaction.atomic():
            return outbox.send_one(carrier, at=at, hand=hand, carrier=Carrier.LOCAL)
    except (OperationalError, InterfaceError):
        raise  # the database is away: it is not the packet's fault
    except Exception as fault:
        if hand.packet is not None:
            outbox.put_back(hand.packet, type(fault).__name__, at)
        raise


class LocalCarrier:
    """Implements `PacketCarrier` between the agencies of this installation."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock

    # -- PacketCarrier --------------------------------------------------------------------------------------------

    def submit(
        self,
        open_packet: Callable[[], BinaryIO],
        *,
        digest: str,
        size: int,
        sender: str,
        recipients: Sequence[str],
        document_id: str,
        idempotency_key: str,
        kind: Kind = Kind.DOCUMENT,
    ) -> Submission:
        """As `PacketCarrier`, in the transaction of the sender's note, so that it is never repeated. Its receipt is
        what this system signs for the sender; the bytes stay where they are.

        Raises:
            UnknownRecipient: an agency is not, or no more, served here.
            NotYourAgency: what stands there for the sender is another agency's, as the directory has it.
        """
        packet = OutboxPacket.objects.select_related("document").get(idempotency_key=idempotency_key)
        _require_own(sender, packet.organization)
        at = self._clock()
        said = _signed(
            EvidenceEvent.SUBMISSION_REQUEST, at, digest=digest, identifier=document_id, sender=sender,
            recipients=tuple(recipients),
        )  # fmt: skip
        receivers = _receivers(recipients)
        untouched = self._withdraw(packet, receivers.values()) if packet.business_type == BusinessType.RECALL else set()
        deliveries = [
            LocalDelivery(
                delivery_id=uuid4().hex, packet=packet, organization=receiver, recipient=code, urgency=packet.urgency,
                submitted_at=at, state=S.WITHDRAWN if receiver.pk in untouched else S.INITIAL,
            )
            for code, receiver in receivers.items()
        ]  # fmt: skip
        LocalDelivery.objects.bulk_create(deliveries)
        promises = tuple(DeliveryPromise(one.delivery_id, one.recipient, one.organization.code) for one in deliveries)
        return Submission(idempotency_key, digest, at, promises, said)

    def inbox(self, *, wait: float = 0, limit: int = 50, failed: bool = False) -> list[InboxItem]:
        """As `PacketCarrier`; answers at once."""
        states = [S.INITIAL, S.PROCESSING, *([S.FAIL] if failed else [])]
        waiting = LocalDelivery.objects.filter(state__in=states).select_related("packet__organization", "organization")
        return [_item(one) for one in waiting.order_by("-urgency", "id")[:limit]]

    def fetch(self, item: InboxItem, into: BinaryIO) -> InboxItem:
        """As `PacketCarrier`. Raises `ContentGone`: it was withdrawn; `BlobMissing`: its bytes are lost, which is a
        fault of ours that holds up nothing behind it."""
        gone = LocalDelivery.objects.filter(delivery_id=item.delivery_id, state=S.WITHDRAWN)
        if not _advance(item.delivery_id, to=S.PROCESSING) and gone.exists():
            raise ContentGone(why="withdrawn")
        found = hashlib.sha256()
        with config.blobs().open(item.digest) as source:
            while chunk := source.read(CHUNK):
                found.update(chunk)
                into.write(chunk)
        if found.hexdigest() != item.digest:
            raise DigestMismatch()
        return item

    def acknowledge(self, item: InboxItem) -> Acknowledgement:
        """As `PacketCarrier`: what this system signs for the recipient; the sender's board tells of it at once."""
        at = self._clock()
        said = _signed(
            EvidenceEvent.CONTENT_HANDOVER, at, digest=item.digest, packet_id=item.packet_id,
            delivery_id=item.delivery_id, identifier=item.document_id, sender=item.sender, recipients=(item.recipient,),
        )  # fmt: skip
        with transaction.atomic():
            if _advance(item.delivery_id, to=S.DONE):
                board.apply_change(_change(item, S.DONE, at, statement=said), at=at)
        return Acknowledgement(item.delivery_id, S.DONE.value, receipt=said)

    def refuse(self, item: InboxItem, *, code: str, detail: str) -> None:
        """As `PacketCarrier`; it stays, and the sender sees why."""
        at, reason = self._clock(), f"{code}: {detail}"[:400]
        with transaction.atomic():
            if _advance(item.delivery_id, to=S.FAIL, failure=reason):
                board.apply_change(_change(item, S.FAIL, at, reason=reason), at=at)

    # -- steps ----------------------------------------------------------------------------------------------------

    def _withdraw(self, recall: OutboxPacket, receivers: Iterable[Organization]) -> set[int]:
        """Take back what still waits of the document, or could not be taken; gives who never had any of it, and so need
        not hear of the recall."""
        earlier = LocalDelivery.objects.filter(
            packet__document=recall.document, organization__in=[one.pk for one in receivers]
        ).exclude(packet__business_type=BusinessType.RECALL)
        for one in earlier.filter(state__in=[S.INITIAL, S.FAIL]).select_related("packet__organization", "organization"):
            if _advance(one.delivery_id, to=S.WITHDRAWN):
                at = self._clock()
                board.apply_change(_change(_item(one), S.WITHDRAWN, at), at=at)
        copies = list(earlier.values_list("organization", "state", "failure"))
        had = {owner for owner, state, failure in copies if state != S.WITHDRAWN or failure}
        return {owner for owner, *_ in copies} - had


def _require_own(sender: str, organization: Organization) -> None:
    """Raises `NotYourAgency`: the directory has another agency that is written so."""
    listed = board.canonical_of([sender, organization.code])
    if listed[sender] not in (sender, organization.code, listed[organization.code]):
        raise NotYourAgency(agency=sender, system=organization.code)


def _receivers(codes: Sequence[str]) -> dict[str, Organization]:
    """Code as a packet writes it → the agency of this installation: whom the directory says that it is, then whose code
    it is; how an agency says itself that it is written comes last, so that none gets what is another's by that. Raises
    `UnknownRecipient`."""
    listed = board.canonical_of(codes)
    spelled = Q(code__in={*codes, *listed.values()}) | Q(alias__in=codes)
    served = list(Organization.objects.filter(spelled).order_by("-pk"))
    by_code, by_alias = {one.code: one for one in served}, {one.alias: one for one in served}
    found = {code: by_code.get(listed[code]) or by_code.get(code) or by_alias.get(code) for code in codes}
    if unknown := [code for code, agency in found.items() if agency is None]:
        raise UnknownRecipient(codes=", ".join(unknown))
    return {code: agency for code, agency in found.items() if agency is not None}


def _advance(delivery_id: str, *, to: TransportState, **fields: str) -> bool:
    """The one place that moves a delivery: from where the move may start, by what the hub allows as well."""
    waiting = LocalDelivery.objects.filter(delivery_id=delivery_id, state__in=list(TRANSPORT_MOVES[to]))
    return bool(waiting.update(state=to, **fields))


def _item(one: LocalDelivery) -> InboxItem:
    packet = one.packet
    return InboxItem(
        delivery_id=one.delivery_id, packet_id=packet.packet_id, kind=Kind(packet.kind),
        sender=packet.organization.alias or packet.organization.code, recipient=one.recipient,
        routed_to=one.organization.code, document_id=packet.identifier, business_type=packet.business_type,
        urgency=one.urgency, size=packet.size, digest=packet.digest, submitted_at=one.submitted_at, state=one.state,
        receipt="", statement=packet.receipt,
    )  # fmt: skip


def _change(item: InboxItem, to: TransportState, at: datetime, *, statement: str = "", reason: str = "") -> Change:
    return Change(
        seq=0, packet_id=item.packet_id, delivery_id=item.delivery_id, recipient=item.recipient, state=to.value, at=at,
        statement=statement, reason=reason,
    )  # fmt: skip


def _signed(event: EvidenceEvent, at: datetime, **facts: object) -> str:
    """A statement of this system; empty where it has no key, for the door of existing software signs nothing. What a
    training office signs says so."""
    told = settings.LIENTHONG
    if told.hub_door == "vxp":
        return ""
    return config.system_key().sign(Statement(event, told.system, at, sandbox=config.training(), **facts))  # type: ignore[arg-type]
