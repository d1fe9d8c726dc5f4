"""Difficulties that the agency reports to the hub's operators (Decision 28/2018/QĐ-TTg, Article 19.5): what is written
waits here, durably, until the hub has it (`exchange.tickets`). The journal never holds what was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from lienthong.journal.record import Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import Missing, NotFound
from lienthong.office.models import (
    Carrier,
    IncomingDocument,
    OutboxPacket,
    OutgoingDocument,
    Person,
    Role,
    Ticket,
    TicketEntry,
    TicketState,
)
from lienthong.office.people.access import incoming_of, outgoing_of, require
from lienthong.office.people.actors import actor_of
from lienthong.office.people.ticket_errors import NoDesk, NoSuchTicket, NotAtHub, TicketEnded
from lienthong.office.people.typed import line_of, text_of
from lienthong.protocol.support import LONGEST_SUBJECT, LONGEST_TEXT
from lienthong.standards.statuses import Words

WRITERS = (Role.CLERK, Role.ADMINISTRATOR)
"""Who keeps the exchange going, and so reports what hinders it."""
READERS = (*WRITERS, Role.LEADER, Role.AUDITOR)
ENDED = (TicketState.CLOSED, TicketState.REJECTED)


@dataclass(frozen=True)
class About:
    """What a difficulty is about: a document of the agency's, or the exchange as a whole."""

    outgoing: OutgoingDocument | None = None
    incoming: IncomingDocument | None = None

    @property
    def packet_id(self) -> str:
        """The packet by which the document last went to the hub; empty for none."""
        if self.outgoing is None:
            return ""
        sent = OutboxPacket.objects.filter(document=self.outgoing, state=OutboxPacket.State.SENT, carrier=Carrier.HUB)
        return sent.order_by("-id").values_list("packet_id", flat=True).first() or ""

    @property
    def delivery_id(self) -> str:
        """The delivery by which the document came from the hub; empty for none."""
        packet = self.incoming.packet if self.incoming else None
        return packet.delivery_id if packet and packet.carrier == Carrier.HUB else ""


def about(person: Person, *, outgoing: int = 0, incoming: int = 0) -> About:
    """The document that somebody reports a difficulty with, or none.

    Raises:
        NotFound: it is not theirs to see.
        NotAtHub: it never was at the hub, so its operators know nothing of it.
    """
    if outgoing:
        found = About(outgoing=outgoing_of(person).filter(pk=outgoing).first())
    elif incoming:
        found = About(incoming=incoming_of(person).filter(pk=incoming).select_related("packet").first())
    else:
        return About()
    if found == About():
        raise NotFound()
    if not (found.packet_id or found.delivery_id):
        raise NotAtHub()
    return found


def open_ticket(subject: str, text: str, concerning: About, *, actor: Person, at: datetime) -> Ticket:
    """Report a difficulty; it goes to the hub by itself. Raises `Forbidden`, `NoDesk`, `Missing`,
    `TextTooLong`."""
    require(actor, *WRITERS)
    if not has_desk():
        raise NoDesk()
    subject = line_of(subject, LONGEST_SUBJECT, Words("Vướng mắc, nói ngắn gọn", "The difficulty in a line"))
    text = _worded(text)
    if not subject:
        raise Missing(what="tóm tắt vướng mắc", what_en="the difficulty in a line")
    with transaction.atomic():
        ticket = Ticket.objects.create(
            organization=actor.organization, subject=subject, outgoing=concerning.outgoing,
            incoming=concerning.incoming, packet_id=concerning.packet_id, delivery_id=concerning.delivery_id,
            opened_at=at, opened_by=actor, asked_at=at,
        )  # fmt: skip
        _queue(ticket, actor, text, at)
        record(OfficeEvent.TICKET_OPENED, actor=actor_of(actor), subject=subject_of(ticket), at=at)
    return ticket


def write(ticket: Ticket, text: str, *, actor: Person, at: datetime) -> None:
    """Write more: an answer to the operators, or what came to light since. Raises `Forbidden`, `Missing`,
    `TextTooLong`, `TicketEnded`."""
    require(actor, *WRITERS)
    _add(ticket, actor, _worded(text), at)


def close(ticket: Ticket, *, actor: Person, at: datetime) -> None:
    """Say that nothing more is needed. Raises `Forbidden`, `TicketEnded`."""
    require(actor, *WRITERS)
    _add(ticket, actor, "", at, closes=True)


def of_agency(person: Person) -> QuerySet[Ticket]:
    """The agency's tickets, the newest first."""
    return Ticket.objects.filter(organization_id=person.organization_id).order_by("-id").select_related("opened_by")


def find(person: Person, pk: int) -> Ticket:
    """A ticket of the agency. Raises `NoSuchTicket`."""
    found = of_agency(person).filter(pk=pk).select_related("outgoing", "incoming").first()
    if found is None:
        raise NoSuchTicket()
    return found


def has_desk() -> bool:
    """Whether the door by which this office goes to the hub takes tickets: that of existing software does not."""
    return bool(settings.LIENTHONG.hub_door != "vxp")


def subject_of(ticket: Ticket) -> Subject:
    """What the journal calls it."""
    return Subject("ticket", str(ticket.pk))


def _add(ticket: Ticket, actor: Person, text: str, at: datetime, *, closes: bool = False) -> None:
    with transaction.atomic():
        held = Ticket.objects.select_for_update().get(pk=ticket.pk)
        if held.state in ENDED or held.entries.filter(closes=True).exists():
            raise TicketEnded(state=held.get_state_display())
        _queue(held, actor, text, at, closes=closes)
        event = OfficeEvent.TICKET_CLOSED if closes else OfficeEvent.TICKET_WRITTEN_TO
        record(event, actor=actor_of(actor), subject=subject_of(held), at=at)


def _queue(ticket: Ticket, actor: Person, text: str, at: datetime, *, closes: bool = False) -> None:
    TicketEntry.objects.create(
        ticket=ticket, person=actor, text=text, closes=closes, at=at, key=uuid4().hex, next_at=at
    )


def _worded(text: str) -> str:
    text = text_of(text, LONGEST_TEXT, Words("Nội dung vướng mắc", "What is wrong"))
    if not text:
        raise Missing(what="nội dung vướng mắc", what_en="what is wrong")
    return text
