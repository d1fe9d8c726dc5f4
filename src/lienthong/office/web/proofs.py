"""What others signed about a document, shown to whoever may see it, and given out to be checked elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from lienthong.evidence.proving import FAULTS, Fault
from lienthong.journal.vocabulary import Access
from lienthong.look.language import choose
from lienthong.office import proofs
from lienthong.office.errors import NotFound
from lienthong.office.models import Carrier, IncomingDocument, OutgoingDocument, Person, SignedStatement
from lienthong.office.people import access
from lienthong.office.people.actors import log_opened
from lienthong.office.web.guards import now, page, show
from lienthong.standards.statuses import StatusCode


@page()
def of_outgoing(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """What the hub and the recipients' systems signed about a document that was sent."""
    document = access.outgoing(person, pk)
    if not access.takes_part(person, document):
        raise NotFound()
    return _show(request, person, document, proofs.of_outgoing(document))


@page()
def of_incoming(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """What the sender's system and the hub signed about a document that came in."""
    document = access.incoming(person, pk)
    return _show(request, person, document, proofs.of_incoming(document))


def _show(
    request: HttpRequest,
    person: Person,
    document: OutgoingDocument | IncomingDocument,
    statements: Sequence[SignedStatement],
) -> HttpResponse:
    if "tai" in request.GET:
        log_opened(Access.DOWNLOADED, person, document, now(), "proofs")
        answer = JsonResponse(proofs.taken_away(statements), json_dumps_params={"ensure_ascii": False, "indent": 1})
        answer["Content-Disposition"] = f'attachment; filename="bang-chung-{document.pk}.json"'
        return answer
    log_opened(Access.OPENED, person, document, now(), "proofs")
    outgoing = isinstance(document, OutgoingDocument)
    names = proofs.names_of(one.agency for one in statements)
    context = {
        "document": document,
        "inside": _was_inside(document),
        "back": f"/van-ban-{'di' if outgoing else 'den'}/{document.pk}/",
        "rows": [{**described(one), "name": names[one.agency]} for one in statements],
    }
    return show(request, person, "proofs.html", context)


def _was_inside(document: OutgoingDocument | IncomingDocument) -> bool:
    """Whether it went, to anybody, or came inside this installation: then its proofs are of another kind."""
    if isinstance(document, OutgoingDocument):
        return document.packets.filter(carrier=Carrier.LOCAL).exists()
    return document.packet is not None and document.packet.carrier == Carrier.LOCAL


def described(one: SignedStatement) -> dict[str, Any]:
    """A statement in words: what it is worth, and why it is worth nothing."""
    status = StatusCode(one.status_code).words if one.status_code else None
    return {
        "one": one,
        "standing": one.standing,
        "worth": one.get_standing_display(),
        "status": choose(status.vi, status.en) if status else "",
        "fault": choose(FAULTS[Fault(one.fault)].vi, FAULTS[Fault(one.fault)].en) if one.fault else "",
    }
