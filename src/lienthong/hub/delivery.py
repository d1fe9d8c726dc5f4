"""The recipient's side: fetching what waits, acknowledging it. What waits is listed by `lists`."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from lienthong.evidence.receipts import EvidenceEvent, InvalidStatement, Statement, read_unverified
from lienthong.hub import lifecycle, measures, retention, rows, statements
from lienthong.hub.agencies import Member
from lienthong.hub.errors import IllegalMove
from lienthong.hub.models import Delivery
from lienthong.hub.wakeup import ring_after_commit
from lienthong.journal.record import Actor
from lienthong.protocol.problems import ClockAhead, StatementInvalid, StateSecret, UnknownDelivery, WrongState
from lienthong.standards.statuses import TransportState

CLOCK_SKEW = timedelta(seconds=30)
"""How far a claimed time may lie off the hub's (architecture, "Times")."""


def actor_of(member: Member) -> Actor:
    """A system as the journal names it."""
    return Actor("system", member.code)


def find(member: Member, delivery_id: str) -> Delivery:
    """A delivery to one of the system's agencies. Raises `UnknownDelivery` for another's as for none at all."""
    try:
        key = UUID(delivery_id)
    except ValueError:
        raise UnknownDelivery() from None
    found = rows.deliveries("WHERE d.id = %s", [key])
    if not found or not (found[0].agency_id in member.agencies or _begun(found[0], member)):
        raise UnknownDelivery()
    return found[0]


def _begun(delivery: Delivery, member: Member) -> bool:
    """What a system had fetched when its agency was merged away, it may finish; the successor's may as well."""
    return delivery.agency_id in member.former and delivery.state != TransportState.INITIAL


def begin_fetch(delivery: Delivery, member: Member, *, at: datetime) -> str:
    """Note that the recipient fetches; gives the digest of the bytes to send.

    Raises:
        ContentGone: withdrawn, or removed long after delivery.
    """
    if delivery.state == TransportState.WITHDRAWN or delivery.packet.content_removed_at:
        raise retention.gone(delivery)
    if delivery.state == TransportState.INITIAL:
        try:
            lifecycle.advance(delivery, to=TransportState.PROCESSING, actor=actor_of(member), at=at, fetched_at=at)
        except IllegalMove:
            delivery.refresh_from_db(fields=["state"])
            if delivery.state == TransportState.WITHDRAWN:
                raise retention.gone(delivery) from None
        else:
            measures.fetched(delivery.urgency, delivery.submitted_at, at)
            ring_after_commit()
    return delivery.packet.digest


def acknowledge(delivery: Delivery, member: Member, *, statement: str, at: datetime) -> Delivery:
    """Take the recipient's signed hand-over; a repeat gets the old answer.

    Raises:
        StatementInvalid: it is not signed by the system, or says something else.
        ClockAhead: it is of a time to come.
        WrongState: the delivery was withdrawn, another system has taken it, or nobody has fetched it.
    """
    if delivery.state == TransportState.DONE:
        return _as_taken_by(delivery, member)
    try:
        said = member.keys.verify(statement)
    except InvalidStatement as reason:
        raise StatementInvalid(reason=str(reason)) from reason
    _require_handover(said, delivery, member, at)
    if delivery.state == TransportState.INITIAL:
        raise WrongState(state=TransportState.INITIAL.words.vi)
    return _finish(delivery, member, statement=statement, at=at)


def _require_handover(said: Statement, delivery: Delivery, member: Member, at: datetime) -> None:
    """The statement becomes proof as it stands: nothing in it may be of another packet, agency or time."""
    packet = delivery.packet
    fits = (
        said.event is EvidenceEvent.CONTENT_HANDOVER
        and said.issuer == member.code
        and said.digest == packet.digest
        and said.delivery_id == str(delivery.id)
        and said.packet_id in ("", str(packet.id))
        and said.identifier in ("", packet.identifier)
        and said.sender in ("", packet.sender_written)
        and said.recipients in ((), (delivery.recipient,))
        and not said.attested_for
    )
    if not fits:
        raise StatementInvalid(reason="nội dung xác nhận không khớp với văn bản")
    if said.at > at + CLOCK_SKEW:
        raise ClockAhead(seconds=int(CLOCK_SKEW.total_seconds()))
    if said.at < delivery.submitted_at - CLOCK_SKEW:
        raise StatementInvalid(reason="thời điểm xác nhận trước khi văn bản được gửi; cần đồng bộ giờ với Trục")


def acknowledge_attested(delivery: Delivery, member: Member, *, at: datetime) -> Delivery:
    """Take the hand-over of a system that cannot sign: the hub attests it, and says so.

    Raises:
        WrongState: the delivery was withdrawn, or another system has taken it.
    """
    if delivery.state == TransportState.DONE:
        return _as_taken_by(delivery, member)
    statement = statements.handover(delivery, at=at, attested_for=member.code)
    return _finish(delivery, member, statement=statement, at=at)


def _finish(delivery: Delivery, member: Member, *, statement: str, at: datetime) -> Delivery:
    receipt = statements.handover(delivery, at=at)
    try:
        lifecycle.advance(
            delivery, to=TransportState.DONE, actor=actor_of(member), at=at, statement=statement,
            done_at=at, receipt=receipt,
        )  # fmt: skip
        measures.handed_over(delivery.urgency, delivery.submitted_at, at)
        ring_after_commit()
    except IllegalMove:
        delivery.refresh_from_db()
        if delivery.state == TransportState.DONE:
            return _as_taken_by(delivery, member)
        raise WrongState(state=TransportState(delivery.state).words.vi) from None
    return delivery


def _as_taken_by(delivery: Delivery, member: Member) -> Delivery:
    """What a system took stays its own. Where an agency was merged away, its system and the successor's may both have
    fetched a document: the first that says so has it, and the other learns that it has not. Raises `WrongState`."""
    said = read_unverified(delivery.statement)  # it was verified before it was written down
    if member.code in (said.get("attested_for"), said["iss"]):
        return delivery
    raise WrongState(state=f"{TransportState.DONE.words.vi} (hệ thống khác đã nhận)")


def fail(delivery: Delivery, member: Member, *, code: str, detail: str, at: datetime) -> Delivery:
    """Note that the recipient could not take it; it stays listed and the sender sees why.

    The same said again is a repeat and changes nothing; another reason is news.

    Who says `state_secret` has destroyed it: so does the hub, and both sides hear of it (Article 1.2).

    Raises:
        WrongState: it was taken, or withdrawn.
    """
    reason = f"{code}: {detail}"[:400]
    if delivery.state in (TransportState.FAIL, TransportState.WITHDRAWN) and delivery.failure == reason:
        return delivery
    try:
        with transaction.atomic():
            lifecycle.advance(
                delivery, to=TransportState.FAIL, actor=actor_of(member), at=at, failure=reason, reason=reason,
                statement=statements.failure(delivery, reason, at=at),
            )  # fmt: skip
            if code == StateSecret.code:
                retention.destroy(delivery, actor=actor_of(member), at=at)
            ring_after_commit()
    except IllegalMove:
        delivery.refresh_from_db(fields=["state"])
        raise WrongState(state=TransportState(delivery.state).words.vi) from None
    return delivery
