"""Bản in có đánh dấu: a document to print, each page of which says that it is a print, whose and when (Decree 30/2020,
Annex VI, III.6k). The original stays as it is."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from lienthong.journal.vocabulary import Access
from lienthong.office.config import blobs
from lienthong.office.errors import Frozen, NotFound, NotPdf, TooLargeToRead
from lienthong.office.incoming import recalls
from lienthong.office.incoming.checks import main_file
from lienthong.office.models import IncomingDocument, IncomingState, OutgoingDocument, Person, Stage
from lienthong.office.outgoing import drafting
from lienthong.office.packets import file_name
from lienthong.office.people import access
from lienthong.office.people.actors import log_opened
from lienthong.office.typeset import TypesetProblem, prints
from lienthong.office.web.given import LARGEST
from lienthong.office.web.guards import now, page

WORD = "BẢN IN"


@page()
def outgoing(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """The newest version of an outgoing document, marked."""
    document = access.outgoing(person, pk)
    version = drafting.current_version(document)
    if version.stage != Stage.SEALED and not access.takes_part(person, document):
        raise NotFound()
    return _marked(document, person, version.digest, version.size, file_name(document))


@page()
def incoming(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """The main file of an incoming document, marked. A recall closes it at once (Decision 28, Article 9.2)."""
    document = access.incoming(person, pk)
    if recalls.pending(document) is not None:
        raise Frozen()
    main = main_file(document.files.filter(present=True))
    if main is None or document.state == IncomingState.CANCELLED:
        raise NotFound()
    return _marked(document, person, main.digest, main.size, f"{document.printed_number.replace('/', '-')}.pdf")


def _marked(
    document: IncomingDocument | OutgoingDocument, person: Person, digest: str, size: int, name: str
) -> HttpResponse:  # fmt: skip
    """Raises `NotPdf`, `TooLargeToRead`."""
    if size > LARGEST:
        raise TooLargeToRead(name=name[:100], most=LARGEST >> 20)
    try:
        content = prints.marked(blobs().read(digest), prints.Mark(WORD, _line(document, person)))
    except TypesetProblem as reason:
        raise NotPdf(name=name[:100], reason=reason.vi, reason_en=reason.en) from reason
    log_opened(Access.DOWNLOADED, person, document, now(), "marked print")
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote('Ban in ' + name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _line(document: IncomingDocument | OutgoingDocument, person: Person) -> str:
    """Whose print it is, of what, and when; what it is good for stands there as well."""
    moment = timezone.localtime(now())
    return (
        f"In từ hệ thống để tham khảo, không thay bản gốc · {document.printed_number} · {person.full_name}, "
        f"{document.organization.short_name} · {moment:%H:%M %d/%m/%Y}"
    )
