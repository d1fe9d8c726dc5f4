"""Signing by a key that is not on this server, on the pages: asking for it, seeing that it waits, bringing what a token
made, calling it off; and whose key is at which service."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from lienthong.look.language import choose
from lienthong.look.policy import content_policy
from lienthong.office import config
from lienthong.office.errors import Forbidden, Missing, NotFound, OfficeProblem
from lienthong.office.models import (
    KeyKind,
    Organization,
    OutgoingDocument,
    OutgoingState,
    Person,
    RemoteRequest,
    RemoteSigning,
)
from lienthong.office.outgoing import batch, own_token, remote, remote_consent
from lienthong.office.outgoing.drafting import current_version
from lienthong.office.people import access, certificates, own_tokens, remote_keys
from lienthong.office.people.certificate_errors import NotListed
from lienthong.office.people.csc import Going
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show

Act = Callable[[HttpRequest, OutgoingDocument, Person], object]
LONGEST_CODE = 40
LONGEST_ANSWER = 2048
"""Characters of what a service gives a browser to come back with."""
GOING = "consents"
"""Of a session: by request, the ways to a service that were begun in this browser."""
MOST_WAYS = 5
PAGE_ROWS = 50


def or_here(act: Act) -> Act:
    """An act of signing: by the service that keeps the person's key, by the token at their machine, or, where it is
    at neither, the act given."""

    def signs(request: HttpRequest, found: OutgoingDocument, person: Person) -> None:
        outcomes = _elsewhere(request, [batch.Chosen(found, current_version(found).ordinal)], person)
        if outcomes is None:
            act(request, found, person)
            return
        outcome = outcomes[0]
        if outcome.problem is not None:
            raise outcome.problem

    return signs


def sign_each(request: HttpRequest, chosen: Sequence[batch.Chosen], person: Person) -> list[batch.Outcome]:
    """Several documents with one consent, or with one PIN."""
    outcomes = _elsewhere(request, chosen, person)
    if outcomes is not None:
        return outcomes
    return batch.sign_each(chosen, pin=request.POST.get("pin", ""), actor=person, clock=now)


def _elsewhere(request: HttpRequest, chosen: Sequence[batch.Chosen], person: Person) -> list[batch.Outcome] | None:
    """Signing by a key that is not on this server; None where the person's is."""
    if remote_keys.of_person(person) is not None:
        return remote.ask(chosen, _typed(request), actor=person, clock=now)
    if own_tokens.of_person(person) is not None:
        return own_token.ask(chosen, actor=person, clock=now)
    return None


def cancel(request: HttpRequest, person: Person) -> list[batch.Outcome]:
    """Call off a request of one's own. Raises `NotFound`, `NothingWaits`."""
    remote.cancel(_own(request, person), actor=person, at=now())
    return []


def take(request: HttpRequest, person: Person) -> list[batch.Outcome]:
    """Take the signatures that the token at the person's machine made. Raises `NotFound`, and what `own_token.take`
    raises."""
    return own_token.take(_own(request, person), request.POST.get("answer", ""), actor=person, clock=now)


def came_back(request: HttpRequest, person: Person) -> list[batch.Outcome]:
    """The person's browser comes back from the service, where they agreed or not; what became of each document.

    Raises:
        NotFound: it is not this browser that went there; what `remote_consent.agreed` raises.
    """
    begun = request.session.get(GOING, {})
    found = next((pk for pk, one in begun.items() if constant_time_compare(one["state"], request.GET["state"])), None)
    if found is None:
        raise NotFound()
    going = _going(begun[found])
    asked = person.remote_requests.filter(pk=int(found)).first()
    request.session[GOING] = {pk: one for pk, one in begun.items() if pk != found}
    if asked is None:
        raise NotFound()
    return remote_consent.agreed(asked, request.GET.get("code", "")[:LONGEST_ANSWER], going, actor=person, clock=now)


def _way(request: HttpRequest, asked: RemoteRequest) -> str:
    """Where this browser goes for a consent; the same way, as often as the page is opened, of the newest few."""
    begun = request.session.get(GOING, {})
    kept = begun.get(str(asked.pk)) or {name: secrets.token_urlsafe(32) for name in ("state", "verifier")}
    place = remote_consent.consent_at(asked, _going(kept))
    if place and str(asked.pk) not in begun:
        newest = sorted({**begun, str(asked.pk): kept}.items(), key=lambda one: int(one[0]))[-MOST_WAYS:]
        request.session[GOING] = dict(newest)
    return place


def _going(kept: dict[str, str]) -> Going:
    back = f"{settings.LIENTHONG.address}{reverse('office:to-sign')}"
    return Going(kept["state"], kept["verifier"], back)


def take_of(request: HttpRequest, found: OutgoingDocument, person: Person) -> None:
    """The same, on the page of a document. Raises `Forbidden` too."""
    if found.signer_id != person.pk:
        raise Forbidden(who="người ký văn bản", who_en="the signer of a document")
    take(request, person)


def _own(request: HttpRequest, person: Person) -> RemoteRequest:
    asked = person.remote_requests.filter(key__organization=None)
    wanted = asked.filter(pk=given.number(request.POST.get("request", ""))).first()
    if wanted is None:
        raise NotFound()
    return wanted


def cancel_of(_request: HttpRequest, found: OutgoingDocument, person: Person) -> None:
    """Call off the request in which a document waits. Raises `NothingWaits`, `Forbidden`."""
    remote.cancel_of(found, actor=person, at=now())


def of_document(request: HttpRequest, found: OutgoingDocument, person: Person) -> dict[str, Any]:
    """What a document's page shows: where the signer's key is, what waits, and why the last signature did not come."""
    if found.state not in (OutgoingState.IN_REVIEW, OutgoingState.APPROVED):
        return {}
    newest = remote.newest_of(found)
    context: dict[str, Any] = {}
    if found.signer_id == person.pk:
        context |= _key_of(person)
    if newest is not None and newest.state == RemoteSigning.State.OPEN:
        mine = newest.request.person_id == person.pk
        context["awaited"] = _waiting(request, newest.request, mine=mine)
    elif newest is not None and newest.state == RemoteSigning.State.DROPPED and found.signer_id == person.pk:
        context["missed"] = choose(newest.why, newest.why_en)
    return context


def of_queue(request: HttpRequest, person: Person) -> dict[str, Any]:
    """What the signer's queue shows: where their key is, and the requests that wait."""
    waiting = [
        {**_waiting(request, one, mine=True), "documents": [row.document for row in one.signings.all()]}
        for one in remote.waiting_of(person)
    ]
    goes_on = any(one.get("question") or one.get("consent_at") for one in waiting)  # what is begun comes first
    return {**_key_of(person), "waiting": waiting, "goes_on": goes_on}


def let_call(answer: HttpResponse, shown: Iterable[dict[str, Any]]) -> HttpResponse:
    """A page that waits for a token at its reader's machine may call the helper there; no other page may."""
    helper = next((one["helper"] for one in shown if one.get("question")), None)
    if helper is not None:
        answer["Content-Security-Policy"] = content_policy(helper)
    return answer


def _key_of(person: Person) -> dict[str, Any]:
    """Where a person's key is, if it is not on this server: both are nothing otherwise."""
    return {"credential": remote_keys.of_person(person), "own_token": own_tokens.of_person(person)}


def _waiting(request: HttpRequest, asked: RemoteRequest, *, mine: bool) -> dict[str, Any]:
    """A request as pages show it; whose it is may go on with it."""
    shown: dict[str, Any] = {"request": asked, "code": remote.code_of(asked), "mine": mine}
    shown["at_token"] = asked.key.kind == KeyKind.OWN_TOKEN
    if mine and (question := own_token.question_of(asked)) is not None:
        shown |= {"question": json.dumps(question), "helper": own_tokens.address_of(asked.key)}
    if mine:
        shown["consent_at"] = _way(request, asked)
    return shown


@page(asks_by_itself=True)
def state(_request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """How far a request of one's own has come: the page that shows it asks every few seconds."""
    found = person.remote_requests.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return JsonResponse({"state": found.state})


@page(*certificates.READERS, acts=True)
def keys(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Ký số từ xa: the services of the agency, and whose key is at which."""
    problem = None
    if request.method == "POST":
        try:
            (_detach if request.POST.get("act") == "detach" else _attach)(request, person)
            return redirect("office:remote-keys")
        except OfficeProblem as refused:
            problem = refused
    context = {
        "services": remote_keys.services_of(person.organization),
        "shown": Paginator(remote_keys.credentials_of(person.organization), PAGE_ROWS).get_page(
            request.GET.get("trang")
        ),
        "keeps": bool(access.roles(person) & {role.value for role in certificates.KEEPERS}),
        "people": _people(person.organization),
        "given": request.POST,
    }
    return show(request, person, "remote_keys.html", context, problem=problem)


def _people(organization: Organization) -> QuerySet[Person]:
    """Whose key may be attached: nobody signs by a closed account."""
    return organization.people.filter(user__is_active=True)


def _attach(request: HttpRequest, person: Person) -> None:
    access.require(person, *certificates.KEEPERS)
    form = request.POST
    owner = _people(person.organization).filter(pk=given.number(form.get("person", ""))).first()
    service = remote_keys.services_of(person.organization).filter(pk=given.number(form.get("service", ""))).first()
    if owner is None:
        raise Missing(what="người của cơ quan", what_en="somebody of the agency")
    if service is None:
        raise NotListed()
    remote_keys.attach(owner, service, form.get("user", ""), trust=config.trust(), actor=person, at=now())


def _detach(request: HttpRequest, person: Person) -> None:
    access.require(person, *certificates.KEEPERS)
    wanted = given.number(request.POST.get("credential", ""))
    found = remote_keys.credentials_of(person.organization).filter(pk=wanted).first()
    if found is None:
        raise NotListed()
    remote_keys.detach(found, actor=person, at=now())


def _typed(request: HttpRequest) -> dict[str, str]:
    """What the service asks the owner of the key for, by its ids."""
    marked = {name.removeprefix("code-"): value for name, value in request.POST.items() if name.startswith("code-")}
    return {name: str(value)[:LONGEST_CODE] for name, value in marked.items()}
