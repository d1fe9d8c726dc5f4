"""So sánh các bản: two versions of an outgoing document side by side."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from lienthong.journal.vocabulary import Access
from lienthong.office.errors import NotFound, OfficeProblem
from lienthong.office.models import OutgoingDocument, Person
from lienthong.office.outgoing import comparing
from lienthong.office.people import access
from lienthong.office.people.actors import log_opened
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show


@page()
def versions(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """What the later of two versions says otherwise; for who has a part in the document."""
    document, problem = access.outgoing(person, pk), None
    if not access.takes_part(person, document):
        raise NotFound()
    log_opened(Access.OPENED, person, document, now(), "versions")
    context: dict[str, Any] = {"document": document, "versions": document.versions.select_related("author")}
    try:
        context |= _compared(request, document)
    except OfficeProblem as refused:
        problem = refused
    return show(request, person, "versions.html", context, problem=problem)


def _compared(request: HttpRequest, document: OutgoingDocument) -> dict[str, Any]:
    asked = [given.number(request.GET.get(name, "")) for name in ("truoc", "sau")]
    found = comparing.pair(document, *asked)
    if found is None:
        return {}
    before, after = found
    rows = comparing.compare(before, after)
    return {"before": before, "after": after, "pair": found, "rows": rows, "same": all(one.alike for one in rows)}
