"""Sealing with the agency's token at the clerk's machine, on the pages: asking for it, seeing that it waits, bringing
what the token made, calling it off."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest

from lienthong.look.language import choose
from lienthong.office.errors import NotFound
from lienthong.office.models import (
    Copy,
    CopyState,
    OutgoingDocument,
    OutgoingState,
    Person,
    RemoteRequest,
    Role,
    Sealing,
)
from lienthong.office.outgoing import batch, remote
from lienthong.office.outgoing.drafting import current_version
from lienthong.office.outgoing.remote_requests import by_subject, sealings_of
from lienthong.office.people import access, own_tokens
from lienthong.office.sealing import asking, putting_in
from lienthong.office.web import given
from lienthong.office.web.guards import now

Act = Callable[[HttpRequest, OutgoingDocument, Person], object]
S = OutgoingState
SEALED_IN = (S.SIGNED, S.NUMBERED, S.SEALED, S.ISSUED, S.PARTLY_RECALLED)
"""In which states a document's page has something to say of its seal."""


def or_on_server(act: Act) -> Act:
    """An act of sealing: by the token at the clerk's machine, or, where the seal is on the server, the act given."""

    def seals(request: HttpRequest, found: OutgoingDocument, person: Person) -> None:
        if own_tokens.seal_of(found.organization) is None:
            act(request, found, person)
            return
        outcome = asking.ask([batch.Chosen(found, current_version(found).ordinal)], actor=person, clock=now)[0]
        if outcome.problem is not None:
            raise outcome.problem

    return seals


def issue_each(request: HttpRequest, chosen: Sequence[batch.Chosen], person: Person) -> list[batch.Outcome]:
    """Several documents numbered, sealed and sent with one PIN; it is typed here where the seal is on the server."""
    if own_tokens.seal_of(person.organization) is not None:
        return asking.ask(chosen, sends=True, actor=person, clock=now)
    return batch.issue_each(chosen, pin=request.POST.get("pin", ""), actor=person, clock=now)


def ask_for_files(_request: HttpRequest, found: OutgoingDocument, person: Person) -> None:
    """The files that were added since wait for the seal. Raises what `asking.ask_for_files` raises."""
    asking.ask_for_files(found, actor=person, clock=now)


def take(request: HttpRequest, person: Person) -> list[batch.Outcome]:
    """Take what the token made; what became of each document. Raises `NotFound`, and what `putting_in.take` raises."""
    asked = _own(request, person)
    putting_in.take(asked, request.POST.get("answer", ""), actor=person, clock=now)
    return putting_in.outcomes_of(asked)


def take_here(request: HttpRequest, _found: object, person: Person) -> None:
    """The same, on the page of a document or a copy, which shows what became of it."""
    take(request, person)


def cancel(request: HttpRequest, person: Person) -> list[batch.Outcome]:
    """Call off a request of one's own. Raises `NotFound`, `NothingWaits`."""
    remote.cancel(_own(request, person), actor=person, at=now())
    return []


def cancel_here(request: HttpRequest, _found: object, person: Person) -> None:
    """The same, on the page of a document or a copy."""
    cancel(request, person)


def of_document(found: OutgoingDocument, person: Person) -> dict[str, Any]:
    """What a document's page shows of its seal: where that is, what waits, and why it did not come."""
    if found.state not in SEALED_IN:
        return {}
    newest = found.sealings.select_related("request__person", "request__key").order_by("-request_id", "id").first()
    clerk = Role.CLERK in access.roles(person)
    at_desk = clerk and own_tokens.seal_of(found.organization) is not None
    waits = newest is not None and newest.state == Sealing.State.OPEN
    added = at_desk and not waits and found.state in putting_in.COMPLETED and bool(asking.to_be_sealed(found))
    shown = _of_newest(newest, person, clerk=clerk)
    if newest is not None and (newest.state == Sealing.State.SIGNED) != (found.state == S.SEALED):
        shown.pop("missed", None)  # it was sent meanwhile, or sealed in another way
    return {"seal_token": at_desk, "can_seal_files": added, **shown}


def of_copy(found: Copy, person: Person) -> dict[str, Any]:
    """What the page of a copy shows of its seal."""
    if found.state != CopyState.NUMBERED:
        return {}
    newest = found.sealings.select_related("request__person", "request__key").order_by("-request_id").first()
    clerk = Role.CLERK in access.roles(person)
    return {"seal_token": clerk and asking.seals_at_desk(found), **_of_newest(newest, person, clerk=clerk)}


def of_queue(person: Person) -> dict[str, Any]:
    """What the clerk's queue shows: whether the seal is at their machine, and what waits for it."""
    waiting = [_waiting(one, mine=True) for one in asking.waiting_of(person)]
    goes_on = any(one.get("question") for one in waiting)  # what is begun comes first
    at_desk = own_tokens.seal_of(person.organization) is not None
    return {"seal_token": at_desk, "waiting": waiting, "goes_on": goes_on}


def _of_newest(newest: Sealing | None, person: Person, *, clerk: bool) -> dict[str, Any]:
    if newest is None:
        return {}
    if newest.state == Sealing.State.OPEN:
        return {"awaited": _waiting(newest.request, mine=newest.request.person_id == person.pk)}
    return {"missed": choose(newest.why, newest.why_en)} if clerk and newest.why else {}


def _waiting(asked: RemoteRequest, *, mine: bool) -> dict[str, Any]:
    """A request as pages show it; whose it is may go on with it."""
    rows = list(sealings_of(asked))
    shown: dict[str, Any] = {
        "request": asked, "mine": mine, "seals": True, "code": remote.code_of(asked), "files": len(rows),
        "sealed": [group[0] for group in by_subject(rows)], "stopped": choose(asked.why, asked.why_en),
    }  # fmt: skip
    if mine and (question := asking.question_of(asked)) is not None:
        shown |= {"question": json.dumps(question), "helper": own_tokens.address_of(asked.key)}
    return shown


def _own(request: HttpRequest, person: Person) -> RemoteRequest:
    wanted = given.number(request.POST.get("request", ""))
    found = person.remote_requests.filter(pk=wanted, key__organization__isnull=False).first()
    if found is None:
        raise NotFound()
    return found
