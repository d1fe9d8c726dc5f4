"""The recipient's side: fetching what waits, acknowledging it. What waits is listed by `lists`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from lienthong.evidence.receipts import EvidenceEvent, InvalidStatement, Statement, read_unverified
from lienthong.hub import lifecycle, measures, retention, rows, statements
from lienthong.hub.agencies import Member
from lienthong.hub.errors import IllegalMove
from lienthong.hub.models import Delivery
from lienthong.journal.record import Actor
from lienthong.protocol.problems import (
    ClockAhead,
    Problem,
    StatementInvalid,
    StateSecret,
    UnknownDelivery,
    WrongState,
)
from lienthong.standards.statuses import TransportState

CLOCK_SKEW = timedelta(seconds=30)
"""How far a claimed time may lie off the hub's (architecture, "Times")."""


def actor_of(member: Member) -> Actor:
    """A system as the journal names it."""
    return Actor("system", member.code)


def find(member: Member, delivery_id: str) -> Delivery:
    """A delivery to one of the system's agencies. Raises `UnknownDelivery` for another's as for none at all."""
    try:
        found = _found(member, [UUID(delivery_id)])
    except ValueError:
        raise UnknownDelivery() from None
    if not found:
        raise UnknownDelivery()
    return found[0]


def _found(member: Member, keys: Sequence[UUID]) -> list[Delivery]:
    """Those of these deliveries that are to one of the system's agencies."""
    if len(keys) == 1:  # its plan is kept, where one for any number would be made anew each time
        found = rows.deliveries("WHERE d.id = %s", keys)
    else:
        found = rows.deliveries("WHERE d.id = ANY(%s)", [keys])
    return [one for one in found if one.agency_id in member.agencies or _begun(one, member)]


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
    return delivery.packet.digest


@dataclass(frozen=True)
class Handover:
    """A delivery, and the statement by which its recipient says that it has it."""

    delivery: Delivery
    statement: str


def acknowledge(said: Handover, member: Member, *, at: datetime) -> Delivery:
    """Take the recipient's signed hand-over; a repeat gets the old answer.

    Raises:
        StatementInvalid: it is not signed by the system, or says something else.
        ClockAhead: it is of a time to come.
        WrongState: the delivery was withdrawn, another system has taken it, or nobody has fetched it.
    """
    [answered] = acknowledge_together([said], member, at=at)
    if isinstance(answered, Problem):
        raise answered
    return answered


def acknowledge_together(said: Sequence[Handover], member: Member, *, at: datetime) -> list[Delivery | Problem]:
    """Take signed hand-overs, those that hold in one statement of the database; gives for each, in their order, its
    delivery or why it was refused, as `acknowledge` raises it: none keeps back another."""
    refusals = [_refusal_of(one, member, at) for one in said]
    _finish([one for one, refusal in zip(said, refusals, strict=True) if refusal is None], member, at=at)
    return [refusal or _taken_by(member, one.delivery) for one, refusal in zip(said, refusals, strict=True)]


def handovers(member: Member, statements: Sequence[str]) -> list[Handover | Problem]:
    """For each statement the delivery that it names, where this system may take it; else why not."""
    named = [_delivery_named_in(statement) for statement in statements]
    found = {one.pk: one for one in _found(member, [key for key in named if isinstance(key, UUID)])}
    return [
        key if isinstance(key, Problem) else Handover(found[key], statement) if key in found else UnknownDelivery()
        for key, statement in zip(named, statements, strict=True)
    ]


def _delivery_named_in(statement: str) -> UUID | Problem:
    try:
        return UUID(str(read_unverified(statement).get("delivery_id", "")))
    except InvalidStatement as reason:
        return StatementInvalid(reason=str(reason))
    except ValueError:
        return UnknownDelivery()


def _refusal_of(said: Handover, member: Member, at: datetime) -> Problem | None:
    """Why a hand-over does not hold; nothing of one that is done, for a repeat gets the old answer."""
    if said.delivery.state == TransportState.DONE:
        return None
    try:
        _require_handover(member.keys.verify(said.statement), said.delivery, member, at)
    except InvalidStatement as reason:
        return StatementInvalid(reason=str(reason))
    except (StatementInvalid, ClockAhead) as refusal:
        return refusal
    if said.delivery.state == TransportState.INITIAL:
        return WrongState(state=TransportState.INITIAL.words.vi)
    return None


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
    _finish([Handover(delivery, statements.handover(delivery, at=at, attested_for=member.code))], member, at=at)
    answered = _taken_by(member, delivery)
    if isinstance(answered, Problem):
        raise answered
    return answered


def _finish(said: Sequence[Handover], member: Member, *, at: datetime) -> None:
    """Move to `done` what is not done yet, each delivery once; what cannot be moved by now is read anew."""
    waiting = {one.delivery.pk: one for one in reversed(said) if one.delivery.state != TransportState.DONE}
    ready = [
        lifecycle.Taken(one.delivery, one.statement, statements.handover(one.delivery, at=at))
        for one in waiting.values()
    ]
    for delivery in lifecycle.hand_over(ready, actor=actor_of(member), at=at) if ready else []:
        measures.handed_over(delivery.urgency, delivery.submitted_at, at)


def _taken_by(member: Member, delivery: Delivery) -> Delivery | Problem:
    """What a system took stays its own. Where an agency was merged away, its system and the successor's may both have
    fetched a document: the first that says so has it, and the other learns that it has not."""
    if delivery.state != TransportState.DONE:
        return WrongState(state=TransportState(delivery.state).words.vi)
    said = read_unverified(delivery.statement)  # it was verified before it was written down
    if member.code in (said.get("attested_for"), said["iss"]):
        return delivery
    return WrongState(state=f"{TransportState.DONE.words.vi} (hệ thống khác đã nhận)")


def fail(delivery: Delivery, member: Member, *, code: str, detail: str, at: datetime) -> Delivery:
    """Note that the recipient could not take it; it stays listed and the sender sees why.

    The same said again is a repeat and changes nothing; another reason is news.

    Who says `state_secret` has destroyed it: so does the hub, and both sides hear of it (Article 1.2).

    Raises:
        WrongState: it was taken, or withdrawn.
    """
    reason = f"{code}: {detail}"[:400]
    try:
        with transaction.atomic():
            # Held: the same may be said twice at once.
            now = Delivery.objects.select_for_update(no_key=True).values_list("state", "failure").get(pk=delivery.pk)
            delivery.state, delivery.failure = now
            if delivery.state in (TransportState.FAIL, TransportState.WITHDRAWN) and delivery.failure == reason:
                return delivery
            lifecycle.advance(
                delivery, to=TransportState.FAIL, actor=actor_of(member), at=at, failure=reason, reason=reason,
                statement=statements.failure(delivery, reason, at=at),
            )  # fmt: skip
            if code == StateSecret.code:
                retention.destroy(delivery, actor=actor_of(member), at=at)
    except IllegalMove:
        delivery.refresh_from_db(fields=["state"])
        raise WrongState(state=TransportState(delivery.state).words.vi) from None
    return delivery
