"""The recipient's side: what waits, fetching it, acknowledging it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import time
from uuid import UUID

from django.db import transaction

from lienthong.evidence.receipts import EvidenceEvent, InvalidStatement, Statement, read_unverified
from lienthong.hub import lifecycle, measures, retention, rows, statements
from lienthong.hub.agencies import Member
from lienthong.hub.errors import IllegalMove
from lienthong.hub.models import Change, Delivery, Packet
from lienthong.journal.record import Actor, horizon
from lienthong.protocol import messages
from lienthong.protocol.messages import Kind
from lienthong.protocol.problems import (
    ClockAhead,
    Problem,
    StatementInvalid,
    StateSecret,
    UnknownDelivery,
    WrongState,
)
from lienthong.standards.statuses import OPEN_TRANSPORT, TransportState

LONGEST_LIST = 500
CLOCK_SKEW = timedelta(seconds=30)
"""How far a claimed time may lie off the hub's (architecture, "Times")."""
ROUND_PART = 125
"""Of a full list, the places for what goes round."""
ROUND_SECONDS = 60
GOLDEN = 0.6180339887498949
"""Steps of this part of a circle come down everywhere on it, evenly, and never where they were."""
_EVER, _NEVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_OPEN = ", ".join(f"'{state.value}'" for state in sorted(OPEN_TRANSPORT))
# Each agency, kind and state has its own place in the index, in the order of the list: from each the first few are
# taken, and of these the first. So a list costs the same whether ten or a million items wait. The literal states tell
# the planner that the index has them all.
_FIRST = f"""
JOIN (
    SELECT one.id FROM unnest(%s::text[]) AS agency (code), unnest(%s::text[]) AS kind (name),
    unnest(%s::text[]) AS state (name), LATERAL (
        SELECT id, urgency, submitted_at FROM hub_delivery
        WHERE agency_id = agency.code AND kind = kind.name AND state = state.name AND state IN ({_OPEN})
        AND submitted_at >= %s AND submitted_at < %s ORDER BY urgency DESC, submitted_at LIMIT %s
    ) one ORDER BY one.urgency DESC, one.submitted_at LIMIT %s
) first ON first.id = d.id ORDER BY d.urgency DESC, d.submitted_at
"""  # noqa: S608 - made of constants
_GOING_ROUND = f"""
JOIN (
    SELECT one.id FROM unnest(%s::text[]) AS agency (code), LATERAL (
        SELECT id FROM hub_delivery
        WHERE agency_id = agency.code AND kind = %s AND state IN ({_OPEN}) AND id >= %s AND id < %s AND id <> ALL(%s)
        AND submitted_at >= %s AND submitted_at < %s ORDER BY id LIMIT %s
    ) one ORDER BY one.id LIMIT %s
) part ON part.id = d.id ORDER BY d.urgency DESC, d.submitted_at
"""  # noqa: S608 - made of constants


def actor_of(member: Member) -> Actor:
    """A system as the journal names it."""
    return Actor("system", member.code)


def waiting(
    member: Member, *, kind: Kind | None = None, limit: int, agency: str = "", failed: bool = True
) -> list[Delivery]:
    """What is not acknowledged, by urgency, then age. An item stays listed however often it is read.

    Args:
        failed: with the items of which the recipient said that it could not take them.
    """
    states = [state.value for state in OPEN_TRANSPORT if failed or state is not TransportState.FAIL]
    agencies = member.agencies & {agency} if agency else member.agencies
    kinds = [kind.value] if kind else [each.value for each in Kind]
    return _first(agencies, kinds, states, limit=min(limit, LONGEST_LIST))


def _first(
    agencies: Iterable[str],
    kinds: Sequence[str],
    states: Sequence[str],
    *,
    limit: int,
    since: datetime = _EVER,
    until: datetime = _NEVER,
) -> list[Delivery]:
    """The first deliveries by urgency, then age."""
    return rows.deliveries(_FIRST, [sorted(agencies), kinds, states, since, until, limit, limit])


def listed(
    member: Member, kind: Kind, *, since: datetime | None = None, until: datetime | None = None
) -> list[Delivery]:
    """What is not acknowledged, for a client that knows no pages: at most `LONGEST_LIST`, whatever lies in the way.

    Some clients leave what they cannot handle unacknowledged for ever. Where more waits than a list holds, what nobody
    has fetched comes first, and a part of the list goes round among the rest, so that each of it is seen again and
    again: in every `ROUND_SECONDS` another choice of them.
    """
    open_states = [state.value for state in OPEN_TRANSPORT]
    begin, end = since or _EVER, until or _NEVER
    found = _first(member.agencies, [kind.value], open_states, limit=LONGEST_LIST + 1, since=begin, until=end)
    if len(found) <= LONGEST_LIST:
        return found
    unseen, most = [TransportState.INITIAL.value], LONGEST_LIST - ROUND_PART
    fresh = _first(member.agencies, [kind.value], unseen, limit=most, since=begin, until=end)
    return fresh + _going_round(member, kind, fresh, since=begin, until=end)


def _going_round(
    member: Member, kind: Kind, fresh: Sequence[Delivery], *, since: datetime, until: datetime
) -> list[Delivery]:
    """As many of the others as there is room for, from another place in each round.

    Ids are random, so that a place among them is a place among all that waits, however it came.
    """
    start = UUID(int=int(_round() * GOLDEN % 1 * 2**128))
    found: list[Delivery] = []
    for low, high in ((start, _LAST), (_ZERO, start)):
        room = LONGEST_LIST - len(fresh) - len(found)
        known = [each.pk for each in fresh]
        values = [sorted(member.agencies), kind.value, low, high, known, since, until, room, room]
        found += rows.deliveries(_GOING_ROUND, values, anew=True) if room else []
    return found


def _round() -> int:
    return int(time()) // ROUND_SECONDS


_ZERO, _LAST = UUID(int=0), UUID(int=2**128 - 1)


def count_waiting(member: Member, kind: Kind) -> int:
    """How many items are not acknowledged."""
    states = [state.value for state in OPEN_TRANSPORT]
    return Delivery.objects.filter(agency__in=member.agencies, kind=kind.value, state__in=states).count()


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
    except IllegalMove:
        delivery.refresh_from_db(fields=["state"])
        raise WrongState(state=TransportState(delivery.state).words.vi) from None
    return delivery


def changes(member: Member, *, after: int, limit: int) -> Sequence[Change]:
    """The feed of what became of the system's packets, after a cursor; never past a commit that is still to come.

    The cursor is the number of the hub's transaction. Whoever read on from the largest row number would pass by a row
    with a smaller one whose transaction commits later; transactions below the horizon are all over, and what comes
    later has a larger number. Entries of one transaction come together.
    """
    most = min(limit, LONGEST_LIST)
    final = Change.objects.select_related("delivery").filter(
        system_id=member.code, transaction__gt=after, transaction__lt=horizon()
    )
    rows = list(final.order_by("transaction", "id")[: most + 1])
    if len(rows) <= most:
        return rows
    last = rows[-1].transaction
    whole = [row for row in rows if row.transaction != last]
    return whole or list(final.filter(transaction=last).order_by("id"))


def sent(
    member: Member, kind: Kind, *, packet: UUID | None = None, since: datetime | None = None,
    until: datetime | None = None,
) -> list[Delivery]:  # fmt: skip
    """Deliveries of what the system has sent, of the newest packets first: at most `LONGEST_LIST`.

    The newest packets are looked for first: of a system that sends little among those that send much, the newest
    deliveries of all would be read for ever until enough of its own came.
    """
    packets = Packet.objects.filter(system_id=member.code, kind=kind.value)
    packets = packets.filter(pk=packet) if packet else packets
    packets = packets.filter(submitted_at__gte=since or _EVER, submitted_at__lt=until or _NEVER)
    newest = list(packets.order_by("-submitted_at").values_list("pk", flat=True)[:LONGEST_LIST])
    query = Delivery.objects.filter(packet__in=newest).select_related("packet").prefetch_related("reported")
    return list(query.order_by("-packet__submitted_at", "-submitted_at")[:LONGEST_LIST])


def as_item(delivery: Delivery) -> messages.InboxItem:
    """A delivery as the inbox shows it."""
    packet = delivery.packet
    return messages.InboxItem(
        delivery_id=str(delivery.id),
        packet_id=str(packet.id),
        kind=Kind(packet.kind),
        sender=packet.sender_written,
        recipient=delivery.recipient,
        routed_to=delivery.agency_id,
        document_id=packet.identifier,
        business_type=packet.business_type,
        urgency=delivery.urgency,
        size=packet.size,
        digest=packet.digest,
        submitted_at=packet.submitted_at,
        state=delivery.state,
        receipt=packet.receipt,
        statement=packet.statement,
    )
