"""Tickets to the hub's operators (Decision 28/2018/QĐ-TTg, Article 19.5): what waits goes there, answers come back.

Each entry has a key, so whoever is killed between sending and noting sends it again and the hub writes nothing twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from operator import or_

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from lienthong.journal.record import record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.exchange.outbox import LEASE, LONGEST_PAUSE, OF_THE_SYSTEM
from lienthong.office.models import Person, Role, Ticket, TicketEntry, TicketState
from lienthong.office.people.access import people_with
from lienthong.office.people.actors import service_of
from lienthong.office.people.notices import ring
from lienthong.office.people.tickets import subject_of
from lienthong.protocol import support
from lienthong.protocol.client.interface import TicketDesk
from lienthong.protocol.problems import HubUnreachable, Problem
from lienthong.standards.statuses import Words

ASKED = (
    (timedelta(hours=1), timedelta(seconds=15)),
    (timedelta(days=1), timedelta(minutes=2)),
    (timedelta(days=7), timedelta(minutes=15)),
    (timedelta(days=3650), timedelta(hours=2)),
)
"""How often the hub is asked about a ticket in which something was written so lately."""
SOLVED_IS_ASKED = timedelta(days=7)
"""For so long the hub is asked about a solved ticket: it changes by what is written here, and by being closed."""
MOST_ASKED = 20
"""Tickets asked about in a round: those that were asked about longest ago."""

log = structlog.get_logger("tickets")


def send_one(desk: TicketDesk, *, at: datetime) -> bool:
    """Send the entry that has waited longest; False when none waits.

    Raises:
        HubUnreachable: the hub did not answer; the entry stays, with its key.
    """
    entry = _claim(at)
    if entry is None:
        return False
    try:
        told = _send(desk, entry)
    except HubUnreachable:
        _put_back(entry, at)
        raise
    except Problem as problem:
        if problem.retryable or isinstance(problem, OF_THE_SYSTEM):
            _put_back(entry, at)
        else:
            _give_up(entry, problem, at)
        return True
    with transaction.atomic():
        TicketEntry.objects.filter(pk=entry.pk).update(sent_at=at, next_at=None)
        take_in(entry.ticket_id, told, at=at)
    return True


def ask(desk: TicketDesk, *, at: datetime) -> int:
    """Ask how the tickets stand that were not asked about for a while; gives how many were. Raises `HubUnreachable`."""
    rows = list(_to_ask(at).order_by("asked_at")[:MOST_ASKED])
    for ticket in rows:
        try:
            told = desk.ticket(ticket.hub_ticket)
        except Problem as problem:
            log.warning("a ticket is not told", ticket=ticket.pk, problem=problem.code)
            Ticket.objects.filter(pk=ticket.pk).update(asked_at=at)
            continue
        with transaction.atomic():
            take_in(ticket.pk, told, at=at)
    return len(rows)


def take_in(pk: int, told: support.Ticket, *, at: datetime) -> None:
    """Note what the hub says of a ticket, and ring where its operators wrote; in the caller's transaction."""
    ticket = Ticket.objects.select_for_update().select_related("organization").get(pk=pk)
    before = ticket.state
    ticket.hub_ticket, ticket.number, ticket.state = told.ticket_id, told.number, _state_of(ticket, told)
    ticket.answered_at, ticket.solved_at, ticket.closed_at = told.answered_at, told.solved_at, told.closed_at
    ticket.asked_at = at
    ticket.save()
    written = [one for one in told.entries if one.by_operator]
    fresh = written[ticket.entries.filter(by_operator=True).count() :]
    TicketEntry.objects.bulk_create(
        TicketEntry(
            ticket=ticket, by_operator=True, author=one.author[:100], text=one.text[: support.LONGEST_TEXT],
            at=one.at, sent_at=at, closes=one.state == TicketState.CLOSED,
        )
        for one in fresh
    )  # fmt: skip
    if fresh or (before != ticket.state and ticket.state == TicketState.CLOSED and written):
        record(
            OfficeEvent.TICKET_ANSWERED, actor=service_of(ticket.organization), subject=subject_of(ticket), at=at,
            number=ticket.number, state=ticket.state,
        )  # fmt: skip
    if fresh:
        words = Words(
            f"Trục trả lời phiếu số {ticket.number}: {ticket.get_state_display()}",
            f"The hub's operators answered ticket {ticket.number}",
        )
        _ring(ticket, words, at)


def _to_ask(at: datetime) -> QuerySet[Ticket]:
    """The tickets that it is time to ask about: the longer nothing was written, the less often."""
    written = TicketEntry.objects.filter(ticket=OuterRef("pk")).order_by("-at").values("at")[:1]
    open_ones = Ticket.objects.exclude(hub_ticket="").exclude(state=TicketState.CLOSED).annotate(written=written)
    over = Q(state=TicketState.SOLVED, solved_at__lte=at - SOLVED_IS_ASKED)
    due = [Q(written__gt=at - age, asked_at__lte=at - pause) for age, pause in ASKED]
    return open_ones.exclude(over).filter(reduce(or_, due))


def _state_of(ticket: Ticket, told: support.Ticket) -> TicketState:
    """The state that the hub names; where a newer hub has one that is unknown here, the last one that was known."""
    if told.state in TicketState.values:
        return TicketState(told.state)
    log.warning("a state of a ticket is unknown", ticket=ticket.pk, state=told.state[:20])
    return TicketState.OPEN if ticket.state == TicketState.QUEUED else TicketState(ticket.state)


def _claim(at: datetime) -> TicketEntry | None:
    """Take the entry that has waited longest; what belongs to one ticket goes in its order."""
    earlier = TicketEntry.objects.filter(ticket=OuterRef("ticket"), next_at__isnull=False, pk__lt=OuterRef("pk"))
    with transaction.atomic():
        waiting = TicketEntry.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            ~Exists(earlier), next_at__lte=at
        )
        entry = waiting.select_related("ticket__organization").order_by("next_at", "id").first()
        if entry is not None:
            TicketEntry.objects.filter(pk=entry.pk).update(next_at=at + LEASE, attempts=F("attempts") + 1)
            entry.refresh_from_db(fields=["next_at", "attempts"])
    return entry


def _send(desk: TicketDesk, entry: TicketEntry) -> support.Ticket:
    ticket = entry.ticket
    if not ticket.hub_ticket:
        new = support.NewTicket(
            ticket.subject, entry.text, agency=ticket.organization.code, packet_id=ticket.packet_id,
            delivery_id=ticket.delivery_id,
        )  # fmt: skip
        return desk.open_ticket(new, key=entry.key)
    if entry.closes:
        return desk.close_ticket(ticket.hub_ticket)
    return desk.write_to_ticket(ticket.hub_ticket, entry.text, key=entry.key)


def _waiting(entry: TicketEntry) -> QuerySet[TicketEntry]:
    """The entry while nobody has noted what became of it."""
    return TicketEntry.objects.filter(pk=entry.pk, next_at=entry.next_at)


def _put_back(entry: TicketEntry, at: datetime) -> None:
    _waiting(entry).update(next_at=at + min(LONGEST_PAUSE, timedelta(seconds=0.5 * 2 ** min(entry.attempts, 10))))


def _give_up(entry: TicketEntry, problem: Problem, at: datetime) -> None:
    """The hub will not take it: it is shown with the reason, and who wrote it is told."""
    with transaction.atomic():
        if not _waiting(entry).update(next_at=None, refused_for=problem.detail[:500], closes=False):
            return
        ticket = entry.ticket
        if not ticket.hub_ticket:
            Ticket.objects.filter(pk=ticket.pk, state=TicketState.QUEUED).update(state=TicketState.REJECTED)
            ticket.entries.filter(next_at__isnull=False).update(next_at=None, refused_for=problem.detail[:500])
        record(
            OfficeEvent.TICKET_REFUSED, actor=service_of(ticket.organization), subject=subject_of(ticket), at=at,
            problem=problem.code,
        )  # fmt: skip
        _ring(
            ticket,
            Words(
                f"Trục không nhận phiếu «{ticket.subject}»: {problem.detail}",
                f"The hub does not take the ticket «{ticket.subject}»: {problem.detail_en}",
            ),
            at,
        )


def _ring(ticket: Ticket, words: Words, at: datetime) -> None:
    """Ring for those who wrote to it, and for the administrators, who keep the connection."""
    writers = Person.objects.filter(pk__in=ticket.entries.filter(by_operator=False).values("person"))
    people = [*writers, *people_with(ticket.organization_id, Role.ADMINISTRATOR)]
    ring(people, words, link=f"/co-quan/ho-tro/{ticket.pk}/", at=at)
