"""Đề nghị về chứng thư số: the requests to the provider of certificates, and one of them with its next step."""

from __future__ import annotations

from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from lienthong.journal.record import history, log_access
from lienthong.journal.vocabulary import Access
from lienthong.office.errors import OfficeProblem
from lienthong.office.models import CertificateRequest, Person, RequestKind, RequestState, Role, SigningKey
from lienthong.office.outgoing import certificate_letter
from lienthong.office.people import access, certificate_requests
from lienthong.office.people.actors import actor_of
from lienthong.office.people.certificate_errors import NotListed
from lienthong.office.web import given
from lienthong.office.web.certificates import PAGE_ROWS
from lienthong.office.web.guards import now, page, show


@page()
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """The requests that this person may see; what waits for them stands in the home screen as well."""
    rows = certificate_requests.seen_by(person)
    shown = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("trang"))
    return show(request, person, "certificate_requests.html", {"shown": shown})


@page(acts=True)
def one(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """One request: where it stands, and what its reader may do next."""
    found = certificate_requests.find(person, pk)
    problem = None
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        try:
            if act is None:
                raise NotListed()
            act(request, found, person)
            return redirect(f"/chung-thu/de-nghi/{found.pk}/")
        except OfficeProblem as refused:
            problem = refused
            found.refresh_from_db()
    held = access.roles(person)
    leads, sends = Role.LEADER in held, Role.ADMINISTRATOR in held
    state = RequestState(found.state)
    context = {
        "one": found,
        "decides": leads and state == RequestState.FILED,
        "sends": sends and state == RequestState.APPROVED,
        "receives": sends and state == RequestState.SENT,
        "printed": state in (RequestState.APPROVED, RequestState.SENT)
        and bool(held & {Role.ADMINISTRATOR, Role.LEADER, Role.CLERK}),
        "revocation": found.kind == RequestKind.REVOKE,
        "results": certificate_requests.results_for(found) if sends and state == RequestState.SENT else [],
        "events": history(certificate_requests.subject_of(found)),
        "given": request.POST,
    }
    return show(request, person, "certificate_request.html", context, problem=problem)


@page(Role.ADMINISTRATOR, Role.LEADER, Role.CLERK)
def letter(_request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """The letter to the provider, to be printed and signed; who took it is noted."""
    found = certificate_requests.find(person, pk)
    answer = HttpResponse(certificate_letter.letter(found, at=now()), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="de-nghi-{found.pk}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    subject = certificate_requests.subject_of(found)
    log_access(Access.DOWNLOADED, actor=actor_of(person), subject=subject, at=now(), detail="letter")
    return answer


def _approve(_request: HttpRequest, found: CertificateRequest, person: Person) -> None:
    certificate_requests.approve(found, actor=person, at=now())


def _refuse(request: HttpRequest, found: CertificateRequest, person: Person) -> None:
    certificate_requests.refuse(found, reason=request.POST.get("reason", ""), actor=person, at=now())


def _send(request: HttpRequest, found: CertificateRequest, person: Person) -> None:
    form = request.POST
    certificate_requests.send(
        found,
        sent_on=given.day_of(form.get("sent_on", "")),
        reference=form.get("reference", ""),
        actor=person,
        at=now(),
    )


def _receive(request: HttpRequest, found: CertificateRequest, person: Person) -> None:
    result = SigningKey.objects.filter(pk=given.number(request.POST.get("result", ""))).first()
    certificate_requests.receive(found, result=result, actor=person, at=now())


ACTS: dict[str, Callable[[HttpRequest, CertificateRequest, Person], None]] = {
    "approve": _approve, "refuse": _refuse, "send": _send, "receive": _receive,
}  # fmt: skip
