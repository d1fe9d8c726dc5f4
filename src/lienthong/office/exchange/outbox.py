"""Sending what waits: most urgent first, each packet until the hub has answered for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from lienthong.evidence.proving import Claim
from lienthong.evidence.receipts import EvidenceEvent
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office import proofs
from lienthong.office.config import blobs
from lienthong.office.models import Carrier, OutboxPacket, Role, SignedStatement
from lienthong.office.outgoing import board
from lienthong.office.packets import wire_codes
from lienthong.office.people.actors import record, service_of
from lienthong.office.people.notices import notify_role
from lienthong.protocol.client.interface import PacketCarrier
from lienthong.protocol.messages import Kind, Submission
from lienthong.protocol.problems import (
    DoorClosed,
    ForeignNetwork,
    HubUnreachable,
    Problem,
    Suspended,
    Unauthenticated,
    WrongKindOfHub,
)
from lienthong.standards.statuses import Words

LEASE = timedelta(seconds=90)
"""How long a packet is this worker's: one that was killed gives it back after that."""
LONGEST_PAUSE = timedelta(minutes=5)
LONGEST_HELD = timedelta(hours=3)
"""Longer than anything is held back on purpose: an acceptance can be undone for two hours at most."""
OF_THE_SYSTEM = (Unauthenticated, DoorClosed, Suspended, ForeignNetwork, WrongKindOfHub)
"""Refusals that speak of this system, not of the packet: it waits until they are mended."""


@dataclass
class Hand:
    """The packet that is being sent."""

    packet: OutboxPacket | None = None

    def let_go(self, *, at: datetime) -> None:
        """Who stops while the hub has not answered, or could not note its answer because the database was away, gives
        the packet back: whoever comes next need not wait until the lease is over. It is sent again under the same key,
        which the hub knows if it has it."""
        packet = self.packet  # it may be put down meanwhile
        if packet is not None:
            OutboxPacket.objects.filter(
                pk=packet.pk, state=OutboxPacket.State.WAITING, leased_until=packet.leased_until
            ).update(next_at=at, leased_until=None)


def send_one(
    connection: PacketCarrier, *, at: datetime, hand: Hand | None = None, carrier: Carrier = Carrier.HUB
) -> bool:
    """Send the most urgent packet that waits for this carrier; False when none does. It lies in the `hand` until that
    has answered.

    Raises:
        HubUnreachable: the hub did not answer; the packet stays, with the same key, so nothing is sent twice.
    """
    hand = hand or Hand()
    hand.let_go(at=at)  # of a round that broke off
    hand.packet = claim(at, carrier)
    if hand.packet is None:
        return False
    _send(connection, hand.packet, at)
    hand.packet = None
    return True


def _send(connection: PacketCarrier, packet: OutboxPacket, at: datetime) -> None:
    try:
        submission = _submit(connection, packet)
    except HubUnreachable as reason:
        put_back(packet, str(reason), at)
        raise
    except Problem as problem:
        if problem.retryable or isinstance(problem, OF_THE_SYSTEM):
            put_back(packet, problem.detail, at)
        else:
            _give_up(packet, problem, at)
        return
    _note_sent(packet, submission, at)


def claim(at: datetime, carrier: Carrier) -> OutboxPacket | None:
    """Take the most urgent packet that waits for a carrier, then the oldest; nobody else gets it while the lease lasts.

    What speaks of the same document goes in its order, by the same carrier: a recall never overtakes what it recalls.
    """
    waits = OutboxPacket.objects.filter(state=OutboxPacket.State.WAITING, carrier=carrier)
    if not waits.exists():  # asked several times a second, and nearly always so
        return None
    earlier = OutboxPacket.objects.filter(
        Q(document=OuterRef("document")) | Q(incoming=OuterRef("incoming")),
        state=OutboxPacket.State.WAITING, carrier=carrier, pk__lt=OuterRef("pk"),
    )  # fmt: skip
    with transaction.atomic():
        waiting = waits.select_for_update(skip_locked=True, of=("self",)).filter(_due(at), ~Exists(earlier))
        packet = waiting.select_related("organization", "document").order_by("-urgency", "created_at", "id").first()
        if packet is None:
            return None
        packet.leased_until, packet.next_at = at + LEASE, at + LEASE
        packet.attempts += 1
        packet.save(update_fields=["leased_until", "next_at", "attempts"])
    return packet


def _due(at: datetime) -> Q:
    """What may leave now. What waits for a moment further ahead than any is ever set was set by a clock that was put
    back since: it does not wait for that."""
    tried_or_new = Q(attempts__gt=0) | Q(kind=Kind.DOCUMENT.value)  # never put off by more than the pause
    ahead = Q(next_at__gt=at + LONGEST_HELD) | Q(tried_or_new, next_at__gt=at + LONGEST_PAUSE)
    return Q(next_at__lte=at) | ahead


def _submit(connection: PacketCarrier, packet: OutboxPacket) -> Submission:
    organization = packet.organization
    return connection.submit(
        partial(blobs().open, packet.digest),
        digest=packet.digest,
        size=packet.size,
        sender=organization.alias or organization.code,
        recipients=wire_codes(packet.recipients),
        document_id=packet.identifier,
        idempotency_key=packet.idempotency_key,
        kind=Kind(packet.kind),
    )


def _note_sent(packet: OutboxPacket, submission: Submission, at: datetime) -> None:
    with transaction.atomic():
        moved = OutboxPacket.objects.filter(pk=packet.pk, state=OutboxPacket.State.WAITING).update(
            state=OutboxPacket.State.SENT, packet_id=submission.packet_id, receipt=submission.receipt, sent_at=at,
            leased_until=None, problem=None,
        )  # fmt: skip
        if not moved:
            return
        board.apply_submission(packet, submission, at=submission.accepted_at)
        _keep_receipt(packet, submission, at)
        if packet.document is not None:
            actor = service_of(packet.organization)
            event = OfficeEvent.PACKET_SENT if packet.carrier == Carrier.HUB else OfficeEvent.PACKET_MOVED
            record(event, actor, packet.document, at, packet=submission.packet_id)


def _keep_receipt(packet: OutboxPacket, submission: Submission, at: datetime) -> None:
    """Keep the hub's receipt. Inside this installation nobody gives one: there it is what this system signed for the
    sender, which is kept as that."""
    if packet.carrier == Carrier.HUB:
        kind, claim = SignedStatement.Kind.ACCEPTANCE, Claim(
            EvidenceEvent.SUBMISSION_ACCEPTANCE, packet.digest, submission.accepted_at,
            facts={"packet_id": submission.packet_id}, named=frozenset({"packet_id"}),
        )  # fmt: skip
    else:
        sender = frozenset({packet.organization.code})
        kind, claim = SignedStatement.Kind.SUBMISSION, Claim(
            EvidenceEvent.SUBMISSION_REQUEST, packet.digest, submission.accepted_at, sender
        )  # fmt: skip
    proofs.keep(
        submission.receipt, kind, claim, agency=packet.organization.code,
        organization=packet.organization, document=packet.document,
        received=packet.incoming.packet if packet.incoming else None, status_code=packet.status_code, at=at,
    )  # fmt: skip


def _waiting(packet: OutboxPacket) -> QuerySet[OutboxPacket]:
    """The packet while nobody has noted how its sending ended: another may have sent it when the lease was over."""
    return OutboxPacket.objects.filter(pk=packet.pk, state=OutboxPacket.State.WAITING)


def put_back(packet: OutboxPacket, reason: str, at: datetime) -> None:
    """Let a packet wait a while, the longer the more often that was done."""
    pause = min(LONGEST_PAUSE, timedelta(seconds=0.5 * 2 ** min(packet.attempts, 10)))
    _waiting(packet).update(next_at=at + pause, leased_until=None, problem={"detail": reason[:500], "final": False})


def _give_up(packet: OutboxPacket, problem: Problem, at: datetime) -> None:
    """The hub refuses for good: the packet is shown as failed, and somebody is told."""
    words = {**problem.as_json(), "final": True}
    with transaction.atomic():
        if not _waiting(packet).update(state=OutboxPacket.State.FAILED, problem=words, leased_until=None):
            return
        document = packet.document or packet.incoming
        if document is not None:
            record(OfficeEvent.PACKET_REFUSED, service_of(packet.organization), document, at, problem=problem.code)
            notify_role(
                document,
                Role.CLERK,
                Words(
                    f"Trục từ chối {document.printed_number}: {problem.detail}",
                    f"The hub refused {document.printed_number}: {problem.detail}",
                ),
                at=at,
            )
