"""Hỗ trợ của Trục: difficulties reported to the hub's operators, and what they answer (Article 19.5)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from lienthong.journal.record import history
from lienthong.office.errors import Missing, OfficeProblem
from lienthong.office.models import Person, Ticket, TicketState
from lienthong.office.people import access, tickets
from lienthong.office.people.ticket_errors import NoDesk
from lienthong.office.web import given
from lienthong.office.web.guards import as_words, now, page, show
from lienthong.protocol.support import LONGEST_SUBJECT, LONGEST_TEXT

PAGE_ROWS = 50


@page(*tickets.READERS)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """The agency's tickets, the newest first."""
    begin = given.row_of(request.GET.get("sau", ""), 1)
    rows = tickets.of_agency(person)
    rows = rows.filter(pk__lt=begin[0]) if begin else rows
    shown = list(rows[: PAGE_ROWS + 1])
    context = {
        "rows": shown[:PAGE_ROWS],
        "next": shown[PAGE_ROWS - 1].pk if len(shown) > PAGE_ROWS else "",
        "beyond": begin is not None,
        "writes": _writes(person),
        "without": None if tickets.has_desk() else as_words(NoDesk()),
    }
    return show(request, person, "tickets.html", context)


@page(*tickets.WRITERS, acts=True)
def new(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Write a ticket, about a document that went by the hub or about the connection as a whole; at a door
    without tickets the page of all tickets says why none can be written."""
    if request.method != "POST" and not tickets.has_desk():
        return redirect("office:tickets")
    problem: OfficeProblem | None = None
    concerning = _about(request, person)
    if request.method == "POST":
        try:
            form = request.POST
            made = tickets.open_ticket(
                form.get("subject", ""), form.get("text", ""), concerning, actor=person, at=now()
            )
            return redirect("office:ticket", made.pk)
        except OfficeProblem as refused:
            problem = refused
    context = {
        "about": concerning, "typed": request.POST, "desk": tickets.has_desk(),
        "longest_subject": LONGEST_SUBJECT, "longest_text": LONGEST_TEXT,
    }  # fmt: skip
    return show(request, person, "ticket_new.html", context, problem=problem)


@page(*tickets.READERS, acts=True)
def one(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """A ticket with everything that was written; who may, writes more or closes it."""
    found, problem = tickets.find(person, pk), None
    if request.method == "POST":
        try:
            _do(request, found, person)
            return redirect("office:ticket", found.pk)
        except OfficeProblem as refused:
            problem = refused
            found.refresh_from_db()
    entries = list(found.entries.select_related("person").order_by("pk"))
    ended = found.state in tickets.ENDED or any(entry.closes for entry in entries)
    context: dict[str, Any] = {
        "one": found,
        "document": _document(found, person),
        "entries": entries,
        "writes": _writes(person) and not ended,
        "theirs": found.state in (TicketState.WAITING, TicketState.SOLVED),
        "events": history(tickets.subject_of(found)),
        "typed": request.POST if problem else {},
        "longest_text": LONGEST_TEXT,
    }
    return show(request, person, "ticket.html", context, problem=problem)


def _do(request: HttpRequest, found: Ticket, person: Person) -> None:
    match request.POST.get("act"):
        case "write":
            tickets.write(found, request.POST.get("text", ""), actor=person, at=now())
        case "close":
            tickets.close(found, actor=person, at=now())
        case _:
            raise Missing(what="việc cần làm", what_en="what is to be done")


def _about(request: HttpRequest, person: Person) -> tickets.About:
    """What the address names, or the form that was posted to it."""
    outgoing, incoming = (given.number(request.GET.get(name, "")) for name in ("di", "den"))
    return tickets.about(person, outgoing=outgoing, incoming=incoming)


def _document(found: Ticket, person: Person) -> dict[str, str] | None:
    """The document that it is about, for those who may see it."""
    if found.outgoing_id and access.outgoing_of(person).filter(pk=found.outgoing_id).exists():
        return {"url": f"/van-ban-di/{found.outgoing_id}/", "number": found.outgoing.printed_number}  # type: ignore[union-attr]
    if found.incoming_id and access.incoming_of(person).filter(pk=found.incoming_id).exists():
        return {"url": f"/van-ban-den/{found.incoming_id}/", "number": found.incoming.printed_number}  # type: ignore[union-attr]
    return None


def _writes(person: Person) -> bool:
    return bool(access.roles(person) & {role.value for role in tickets.WRITERS})
