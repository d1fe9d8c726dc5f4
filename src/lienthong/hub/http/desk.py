"""Notices, incidents and tickets below `/api/v1`: what operators and members say to each other."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lienthong.hub import notices, tickets
from lienthong.hub.agencies import Member
from lienthong.hub.delivery import actor_of
from lienthong.hub.http.described import LIMIT, described, header, query
from lienthong.hub.http.edge import answer, authenticated, body_json, now, route, text_of, whole
from lienthong.protocol import support
from lienthong.protocol.messages import Header
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

KEY = header(
    Header.IDEMPOTENCY_KEY, "Yours, for what you write: a repeat with it writes nothing twice.", minLength=8,
    maxLength=100,
)  # fmt: skip


@described(
    query("after", "The `cursor` of the page before; nothing for all.", type="string"),
    LIMIT,
    answers={200: support.Notices},
    problems=(BadRequest,),
)
@authenticated
def list_notices(request: HttpRequest, _member: Member) -> HttpResponseBase:
    """Notices of the operators that were published or withdrawn after a cursor."""
    limit = whole(request, "limit", default=notices.MOST, least=1, most=notices.MOST)
    return answer(notices.changed_since(request.GET.get("after", ""), limit=limit))


@described(answers={200: support.Incidents})
@authenticated
def list_incidents(_request: HttpRequest, _member: Member) -> HttpResponseBase:
    """Disturbances that go on, and those that ended within 90 days, with what was told of each."""
    return answer(notices.told_incidents(now()))


@described(
    query(
        "before",
        "Only tickets with smaller numbers: the last one of the page before; 0 for all.",
        type="integer",
        minimum=0,
    ),
    LIMIT,
    answers={200: support.Tickets},
    problems=(BadRequest,),
)
@authenticated
def list_tickets(request: HttpRequest, member: Member) -> HttpResponseBase:
    """This system's tickets, the newest first, each with what was written last: the whole of it is the ticket's own."""
    before = whole(request, "before", default=0) or None
    limit = whole(request, "limit", default=50, least=1, most=tickets.MOST)
    return answer(support.Tickets(tuple(tickets.of_system(member, before=before, limit=limit))))


@described(
    KEY,
    body=("application/json", support.NewTicket),
    answers={201: support.Ticket},
    problems=(BadRequest, NotYourAgency, UnknownPacket, UnknownDelivery, TooManyTickets, IdempotencyKeyReused),
)
@authenticated
def open_ticket(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Report a difficulty to the hub's operators; about a packet or delivery of this system's own, if about any."""
    body = body_json(request)
    packet, delivery = tickets.own_reference(
        member, text_of(body, "packet_id", default=""), text_of(body, "delivery_id", default="")
    )
    made = tickets.open_ticket(
        tickets.of_member(member, text_of(body, "agency", default="")), subject=text_of(body, "subject"),
        text=text_of(body, "text"), packet=packet, delivery=delivery, key=_key_of(request), at=now(),
    )  # fmt: skip
    return answer(tickets.told(made), status=201)


@described(answers={200: support.Ticket}, problems=(UnknownTicket,))
@authenticated
def show_ticket(_request: HttpRequest, member: Member, ticket_id: str) -> HttpResponseBase:
    """A ticket of this system's, with everything that was written."""
    return answer(tickets.told(tickets.find(member, ticket_id)))


@described(
    KEY,
    body=("application/json", support.TicketText),
    answers={200: support.Ticket},
    problems=(BadRequest, UnknownTicket, TicketClosed, TicketFull, IdempotencyKeyReused),
)
@authenticated
def add_to_ticket(request: HttpRequest, member: Member, ticket_id: str) -> HttpResponseBase:
    """Write more; a ticket that was solved or waited is in progress again."""
    found = tickets.find(member, ticket_id)
    text = text_of(body_json(request), "text")
    tickets.add(found, actor_of(member), text=text, key=_key_of(request), at=now())
    return answer(tickets.told(tickets.find(member, ticket_id)))


@described(answers={200: support.Ticket}, problems=(UnknownTicket,))
@authenticated
def close_ticket(_request: HttpRequest, member: Member, ticket_id: str) -> HttpResponseBase:
    """Nothing more is needed; a repeat changes nothing."""
    found = tickets.find(member, ticket_id)
    tickets.close_own(found, actor_of(member), at=now())
    return answer(tickets.told(found))


def _key_of(request: HttpRequest) -> str:
    """The member's key, empty for none. Raises `BadRequest`."""
    key = request.headers.get(Header.IDEMPOTENCY_KEY)
    if key is None:
        return ""
    if not (8 <= len(key) <= 100 and key.isascii() and key.isprintable()):
        raise BadRequest(reason=f"{Header.IDEMPOTENCY_KEY}: 8 đến 100 ký tự ASCII")
    return key


DESCRIBED = {
    "notices": route(get=list_notices),
    "incidents": route(get=list_incidents),
    "tickets": route(get=list_tickets, post=open_ticket),
    "tickets/<str:ticket_id>": route(get=show_ticket),
    "tickets/<str:ticket_id>/entries": route(post=add_to_ticket),
    "tickets/<str:ticket_id>/close": route(post=close_ticket),
}
