"""«Hồ sơ» on a document's page: in which dossiers it is, and putting it into one of one's own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from lienthong.office.dossiers import contents, rules
from lienthong.office.errors import Missing
from lienthong.office.models import IncomingDocument, OutgoingDocument, Person
from lienthong.office.people import access
from lienthong.office.web import given
from lienthong.office.web.guards import now

CHOICES = 100
"""Open dossiers that the box offers, the newest first."""


def box(document: IncomingDocument | OutgoingDocument, person: Person) -> dict[str, Any]:
    """What the box shows."""
    places = list(contents.places_of(document, rules.seen_by(person)))
    within = {place.dossier_id for place in places}
    own = contents.open_for(person).exclude(pk__in=within)[:CHOICES]
    return {"dossier_places": places, "own_dossiers": own, "may_share": access.may_share(person, document)}


def put(request: HttpRequest, document: IncomingDocument | OutgoingDocument, person: Person) -> None:
    """The form of the box."""
    pk = given.number(request.POST.get("dossier", ""))
    dossier = contents.open_for(person).select_related("organization", "keeper").filter(pk=pk).first()
    if dossier is None:
        raise Missing(what="hồ sơ đang mở của anh/chị", what_en="an open dossier of yours")
    contents.put_in(dossier, document, share="share" in request.POST, actor=person, at=now())
