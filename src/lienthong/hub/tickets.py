"""Tickets: a member reports a difficulty, the operators answer, times are kept (R-19.5-1).

One place moves a ticket: `_move`, a guarded UPDATE on the old state, with its entry and its event. The journal never
holds what was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import connection, transaction
from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Coalesce

from lienthong.hub.agencies import Member
from lienthong.hub.models import Agency, Delivery, Packet, Ticket, TicketEntry
from lienthong.hub.refusals import RegistryRefused
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol import support
from lienthong.protocol.problems import (
    BadRequest,
    IdempotencyKeyReused,
    NotYourAgency,
    TicketClosed,
    TicketFull,
    TooManyTickets,
    UnknownDelivery,
    UnknownPacket,
    UnknownTicket,
)
from lienthong.protocol.support import LONGEST_SUBJECT, LONGEST_TEXT

State = Ticket.State
OPEN_AT_ONCE = 100
"""Tickets of one member that are not closed."""
MOST = 200
MOST_ENTRIES = 200
"""Of one ticket: what its reporter writes ends here; the operators may still answer, and either side close it."""
SHOWN_ENTRIES = 3
"""Of each ticket of a list, the last."""
NAMES = UUID("6f0c9a5e-2f0b-5b53-9d0e-3f6c2b1d7a42")
"""From a member's key comes the id of its ticket: the same key is the same ticket."""

OPERATORS_MOVES: Mapping[State, frozenset[State]] = {
    State.IN_PROGRESS: frozenset({State.OPEN, State.IN_PROGRESS, State.WAITING, State.SOLVED}),
    State.WAITING: frozenset({State.OPEN, State.IN_PROGRESS, State.WAITING}),
    State.SOLVED: frozenset({State.OPEN, State.IN_PROGRESS, State.WAITING}),
    State.CLOSED: frozenset({State.OPEN, State.IN_PROGRESS, State.WAITING, State.SOLVED}),
}
"""Where an operator may bring a ticket, and from where."""


@dataclass(frozen=True)
class Reporter:
    """Who reports: a system, or an officer of an agency.

    Attributes:
        system: code, None for an officer of an agency without one.
        agency: for which agency, None for the system as a whole.
    """

    actor: Actor
    system: str | None
    agency: str | None


def of_member(member: Member, agency: str) -> Reporter:
    """A system as a reporter. Raises `NotYourAgency`."""
    if agency and agency not in member.agencies:
        raise NotYourAgency(system=member.code, agency=agency)
    return Reporter(Actor("system", member.code), member.code, agency or None)


def of_officer(actor: Actor, agency: str) -> Reporter:
    """An officer as a reporter, for his own agency."""
    system = Agency.objects.filter(pk=agency).values_list("system_id", flat=True).first()
    return Reporter(actor, system, agency)


# -- the member's side -------------------------------------------------------------------------------------------------


def open_ticket(
    reporter: Reporter,
    *,
    subject: str,
    text: str,
    packet: UUID | None = None,
    delivery: UUID | None = None,
    key: str = "",
    at: datetime,
) -> Ticket:
    """Report a difficulty.

    Args:
        packet, delivery: what it is about; the caller has made sure that it is the reporter's own.
        key: the member's own for this ticket; a repeat with it gets the same ticket.

    Raises:
        BadRequest, TooManyTickets; IdempotencyKeyReused: the key stands for another ticket.
    """
    _require_text(text)
    if not 0 < len(subject.strip()) <= LONGEST_SUBJECT:
        raise BadRequest(reason=f"cần subject, tối đa {LONGEST_SUBJECT} ký tự")
    own = Ticket.objects.filter(system_id=reporter.system, agency_id=reporter.agency)
    identity = uuid5(NAMES, f"{reporter.system}\n{key}") if key else uuid4()
    with transaction.atomic():
        number = _next_number()
        if key and (before := Ticket.objects.filter(pk=identity).first()):
            _require_same(before, key, text, subject=subject)
            return before
        if own.exclude(state=State.CLOSED).count() >= OPEN_AT_ONCE:
            raise TooManyTickets(limit=OPEN_AT_ONCE)
        ticket = Ticket.objects.create(
            id=identity, number=number, system_id=reporter.system, agency_id=reporter.agency, subject=subject.strip(),
            packet=packet, delivery=delivery, opened_at=at, moved_at=at,
        )  # fmt: skip
        _write(ticket, False, reporter.actor, text, State.OPEN, at, key)
        record(HubEvent.TICKET_OPENED, actor=reporter.actor, subject=_of(ticket), at=at, number=ticket.number)
    return ticket


def add(ticket: Ticket, actor: Actor, *, text: str, key: str = "", at: datetime) -> None:
    """The reporter writes more; a solved or waiting ticket goes on. A repeat with the same key adds nothing.

    Raises:
        BadRequest, TicketClosed, TicketFull; IdempotencyKeyReused: the key stands for other words.
    """
    _require_text(text)
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
        if key and _require_same(ticket, key, text):
            return
        if ticket.state != State.CLOSED and ticket.entries.count() >= MOST_ENTRIES:
            raise TicketFull(number=ticket.number, limit=MOST_ENTRIES)
        to = State.OPEN if ticket.state == State.OPEN else State.IN_PROGRESS
        sources = {State.OPEN} if to is State.OPEN else {State.IN_PROGRESS, State.WAITING, State.SOLVED}
        if not _move(ticket, sources, to, False, actor, text, at, key=key, solved_at=None):
            raise TicketClosed(number=ticket.number)


def close_own(ticket: Ticket, actor: Actor, *, at: datetime) -> None:
    """The reporter needs nothing more; a repeat changes nothing."""
    live = {State.OPEN, State.IN_PROGRESS, State.WAITING, State.SOLVED}
    _move(ticket, live, State.CLOSED, False, actor, "", at, closed_at=at)


def find(member: Member, ticket_id: str) -> Ticket:
    """A ticket of this system. Raises `UnknownTicket` for another's as for none at all."""
    try:
        key = UUID(ticket_id)
    except ValueError:
        raise UnknownTicket() from None
    found = Ticket.objects.filter(pk=key, system_id=member.code).first()
    if found is None:
        raise UnknownTicket()
    return found


def own_reference(member: Member, packet_id: str, delivery_id: str) -> tuple[UUID | None, UUID | None]:
    """What a ticket is about: a packet that the member sent, a delivery to it.

    Raises:
        UnknownPacket, UnknownDelivery: another's, or none at all.
    """
    packet = delivery = None
    if packet_id:
        packet = _uuid(packet_id)
        row = Packet.objects.filter(pk=packet).first() if packet else None
        if row is None or not (row.system_id == member.code or row.sender_id in member.agencies):
            raise UnknownPacket()
    if delivery_id:
        delivery = _uuid(delivery_id)
        if delivery is None or not Delivery.objects.filter(pk=delivery, agency__in=member.agencies).exists():
            raise UnknownDelivery()
    return packet, delivery


def of_system(member: Member, *, before: int | None = None, limit: int = 50) -> list[support.Ticket]:
    """The system's tickets, the newest first, from below a number, each with its last entries."""
    query = Ticket.objects.filter(system_id=member.code)
    query = query if before is None else query.filter(number__lt=before)
    last = Prefetch("entries", TicketEntry.objects.order_by("-pk")[:SHOWN_ENTRIES], to_attr="last")
    return [_told(one, one.last) for one in query.prefetch_related(last).order_by("-number")[: min(limit, MOST)]]


def told(ticket: Ticket) -> support.Ticket:
    """A ticket as its reporter sees it, with everything that was written."""
    return _told(ticket, ticket.entries.all())


def _told(ticket: Ticket, entries: Iterable[TicketEntry]) -> support.Ticket:
    return support.Ticket(
        ticket_id=str(ticket.pk), number=ticket.number, agency=ticket.agency_id, subject=ticket.subject,
        state=ticket.state, packet_id=str(ticket.packet or ""), delivery_id=str(ticket.delivery or ""),
        opened_at=ticket.opened_at, answered_at=ticket.answered_at, solved_at=ticket.solved_at,
        closed_at=ticket.closed_at,
        entries=tuple(
            support.TicketEntry(one.at, one.by_operator, one.author, one.text, one.state)
            for one in sorted(entries, key=lambda row: row.pk)
        ),
    )  # fmt: skip


# -- the operators' side -----------------------------------------------------------------------------------------------


def visible(scope: frozenset[str] | None) -> QuerySet[Ticket]:
    """The tickets that somebody at the console may see: all, or those of the agencies of a scope."""
    return Ticket.objects.all() if scope is None else Ticket.objects.filter(agency__in=scope)


def answer(ticket: Ticket, *, text: str, to: State, actor: Actor, at: datetime) -> None:
    """An operator answers, and says where the ticket stands then. Raises `RegistryRefused`."""
    if len(text) > LONGEST_TEXT or (not text.strip() and to is not State.CLOSED):
        raise RegistryRefused("ticket_text", most=LONGEST_TEXT)
    if to not in OPERATORS_MOVES:
        raise RegistryRefused("ticket_state", number=ticket.number)
    changes: dict[str, Any] = {"answered_at": Coalesce("answered_at", at)} if text.strip() else {}
    if to is State.CLOSED:
        changes["closed_at"] = at
    else:
        changes["solved_at"] = at if to is State.SOLVED else None
    if not _move(ticket, OPERATORS_MOVES[to], to, True, actor, text, at, key="", **changes):
        raise RegistryRefused("ticket_state", number=ticket.number)


@dataclass(frozen=True)
class Figures:
    """How tickets fared in a span of time.

    Attributes:
        response, solution: median time until the first answer and until solved; None where there was none.
    """

    opened: int
    unanswered: int
    unsolved: int
    response: timedelta | None
    solution: timedelta | None


def figures(since: datetime, until: datetime) -> Figures:
    """The figures of tickets opened in a span."""
    rows = list(
        Ticket.objects.filter(opened_at__gte=since, opened_at__lt=until).values_list(
            "opened_at", "answered_at", "solved_at", "state"
        )
    )
    return Figures(
        opened=len(rows),
        unanswered=sum(answered is None and state != State.CLOSED for _, answered, _, state in rows),
        unsolved=sum(solved is None and state != State.CLOSED for _, _, solved, state in rows),
        response=_median(answered - opened for opened, answered, _, _ in rows if answered),
        solution=_median(solved - opened for opened, _, solved, _ in rows if solved),
    )


def _median(spans: Iterable[timedelta]) -> timedelta | None:
    known = [span.total_seconds() for span in spans]
    return timedelta(seconds=median(known)) if known else None


# -- shared ------------------------------------------------------------------------------------------------------------


def _move(
    ticket: Ticket,
    sources: Iterable[State],
    to: State,
    by_operator: bool,
    actor: Actor,
    text: str,
    at: datetime,
    *,
    key: str = "",
    **changes: Any,
) -> bool:
    with transaction.atomic():
        mine = Ticket.objects.filter(pk=ticket.pk, state__in=list(sources))
        if not mine.update(state=to, moved_at=at, **changes):
            return False
        _write(ticket, by_operator, actor, text, to, at, key)
        event = HubEvent.TICKET_CLOSED if to is State.CLOSED else HubEvent.TICKET_ANSWERED
        record(event, actor=actor, subject=_of(ticket), at=at, number=ticket.number, state=to.value)
    ticket.refresh_from_db()
    return True


def _write(
    ticket: Ticket, by_operator: bool, actor: Actor, text: str, state: State, at: datetime, key: str = ""
) -> None:
    TicketEntry.objects.create(
        ticket=ticket, by_operator=by_operator, author=(actor.name or actor.id)[:100], text=text.strip(), state=state,
        at=at, key=key,
    )  # fmt: skip


def _require_same(ticket: Ticket, key: str, text: str, *, subject: str = "") -> bool:
    """Whether this was written under its key before. Raises `IdempotencyKeyReused` where something else was."""
    written = ticket.entries.filter(key=key).values_list("text", flat=True).first()
    if written is not None and (written != text.strip() or (subject and subject.strip() != ticket.subject)):
        raise IdempotencyKeyReused(key=key)
    return written is not None


def _next_number() -> int:
    """The next number for people; one ticket is opened at a time, so that none is used twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lienthong.tickets'))")
        cursor.execute("SELECT COALESCE(max(number), 0) + 1 FROM hub_ticket")
        row = cursor.fetchone()
    return int(row[0])


def _require_text(text: str) -> None:
    if not 0 < len(text.strip()) <= LONGEST_TEXT:
        raise BadRequest(reason=f"cần text, tối đa {LONGEST_TEXT} ký tự")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _of(ticket: Ticket) -> Subject:
    return Subject("ticket", str(ticket.pk))
