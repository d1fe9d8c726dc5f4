"""What the hub says under its signature."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from lienthong.evidence.receipts import MOST_NAMED, EvidenceEvent, Statement, digest_of_codes
from lienthong.hub import hubkeys
from lienthong.hub.models import Delivery, Packet


def acceptance(packet: Packet, recipients: tuple[str, ...], *, at: datetime) -> str:
    """The hub has the packet, durably; for a system that cannot sign, the hub also attests that it was sent."""
    few = len(recipients) <= MOST_NAMED
    return _say(
        EvidenceEvent.SUBMISSION_ACCEPTANCE,
        at,
        digest=packet.digest,
        packet_id=str(packet.id),
        identifier=packet.identifier,
        sender=packet.sender_written,
        recipients=recipients if few else (),
        recipients_digest="" if few else digest_of_codes(recipients),
        attested_for="" if packet.statement else packet.system_id,
    )


def handover(delivery: Delivery, *, at: datetime, attested_for: str = "") -> str:
    """The recipient's system has the packet; `attested_for` names it when it cannot say so itself."""
    return _say(
        EvidenceEvent.CONTENT_HANDOVER,
        at,
        digest=delivery.packet.digest,
        packet_id=str(delivery.packet_id),
        delivery_id=str(delivery.id),
        identifier=delivery.packet.identifier,
        sender=delivery.packet.sender_written,
        recipients=(delivery.recipient,),
        attested_for=attested_for,
    )


def failure(delivery: Delivery, reason: str, *, at: datetime) -> str:
    """The recipient's system could not take the packet."""
    return _say(
        EvidenceEvent.CONTENT_HANDOVER_FAILURE,
        at,
        digest=delivery.packet.digest,
        packet_id=str(delivery.packet_id),
        delivery_id=str(delivery.id),
        identifier=delivery.packet.identifier,
        recipients=(delivery.recipient,),
        reason=reason,
    )


def _say(event: EvidenceEvent, at: datetime, **facts: object) -> str:
    told = settings.LIENTHONG
    statement = Statement(event, told.hub_id, at, sandbox=told.sandbox, **facts)  # type: ignore[arg-type]
    return hubkeys.current(at).sign(statement)
