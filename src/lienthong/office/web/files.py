"""Files of documents: streamed to who may see the document, and to nobody else; every download is noted."""

from __future__ import annotations

from urllib.parse import quote

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase

from lienthong.journal.vocabulary import Access
from lienthong.office.config import blobs
from lienthong.office.errors import Frozen, NotFound
from lienthong.office.incoming import recalls
from lienthong.office.models import CopyState, IncomingState, Person, Role, Stage
from lienthong.office.packets import file_name
from lienthong.office.people import access
from lienthong.office.people import regulation as regulations
from lienthong.office.people.actors import log_opened
from lienthong.office.web.guards import now, page
from lienthong.storage import BlobMissing

CHUNK = 1 << 18
SHOWN = {"application/pdf"}
"""What a browser may show inside the page; everything else is only ever offered for download."""


@page()
def version(request: HttpRequest, person: Person, pk: int, ordinal: int) -> HttpResponseBase:
    """One version of an outgoing document."""
    document = access.outgoing(person, pk)
    found = document.versions.filter(ordinal=ordinal).first()
    if found is None or (found.stage != Stage.SEALED and not access.takes_part(person, document)):
        raise NotFound()
    log_opened(Access.DOWNLOADED, person, document, now(), f"version {ordinal}")
    return stream(request, found.digest, file_name(document), "application/pdf")


@page()
def enclosure(request: HttpRequest, person: Person, pk: int, enclosure_pk: int) -> HttpResponseBase:
    """An enclosure of an outgoing document, sealed where it is."""
    document = access.outgoing(person, pk)
    found = document.enclosures.filter(pk=enclosure_pk).first()
    if found is None:
        raise NotFound()
    # By its key, not its name: a name may be longer than the log's line, and tells of the content.
    log_opened(Access.DOWNLOADED, person, document, now(), f"enclosure {found.pk}")
    return stream(request, found.sealed_digest or found.digest, found.name, found.media_type)


@page()
def received(request: HttpRequest, person: Person, pk: int, file_pk: int) -> HttpResponseBase:
    """A file of an incoming document. A recall closes it at once (Article 9.2)."""
    document = access.incoming(person, pk)
    if recalls.pending(document) is not None:
        raise Frozen()
    found = document.files.filter(pk=file_pk, present=True).first()
    if found is None or document.state == IncomingState.CANCELLED:
        raise NotFound()
    # By its place, not its name: the log outlives a recall, and names go with the content.
    log_opened(Access.DOWNLOADED, person, document, now(), f"file {found.ordinal}")
    return stream(request, found.digest, found.name, found.media_type)


@page()
def copy(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """A copy of a document. A recall of the document closes its copies as well."""
    found = access.copy(person, pk)
    if found.incoming is not None and recalls.pending(found.incoming) is not None:
        raise Frozen()
    destroyed = found.incoming is not None and found.incoming.state == IncomingState.CANCELLED
    if found.state != CopyState.MADE or destroyed:
        raise NotFound()
    log_opened(Access.DOWNLOADED, person, found.document, now(), f"copy {found.printed_number}")
    return stream(request, found.digest, f"{found.printed_number.replace('/', '-')}.pdf", "application/pdf")


@page(Role.CLERK, Role.ADMINISTRATOR, Role.LEADER, Role.AUDITOR)
def regulation(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """A regulation of the agency: no document of the exchange, so the log of readers knows nothing of it."""
    found = regulations.of_agency(person.organization).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return stream(request, found.digest, f"quy-che-{found.valid_from.isoformat()}.pdf", "application/pdf")


def stream(request: HttpRequest, digest: str, name: str, media_type: str) -> HttpResponseBase:
    """A file piece by piece, shown only where a browser may show it. Raises `NotFound` when it is gone."""
    try:
        file = blobs().open(digest)
    except BlobMissing:
        raise NotFound() from None

    shown = media_type in SHOWN and "tai" not in request.GET
    response = FileResponse(file, content_type=media_type if shown else "application/octet-stream")
    response.block_size = CHUNK
    response["Content-Disposition"] = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
