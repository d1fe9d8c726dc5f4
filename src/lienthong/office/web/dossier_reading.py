"""On the page of an archived dossier: who may read it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from lienthong.office.dossiers import reading
from lienthong.office.models import Dossier, Person
from lienthong.office.people import staff
from lienthong.office.web import given
from lienthong.office.web.guards import now


def let_read(request: HttpRequest, found: Dossier, person: Person) -> None:
    """Somebody of the agency reads it from now on."""
    reading.let_read(found, of_agency(request, found), actor=person, at=now())


def end_reading(request: HttpRequest, found: Dossier, person: Person) -> None:
    """They read it no more."""
    reading.end_reading(found, of_agency(request, found), actor=person, at=now())


def of_agency(request: HttpRequest, found: Dossier) -> Person | None:
    """Whom the form names, if it is one of the agency."""
    return staff.everyone(found.organization).filter(pk=given.number(request.POST.get("person", ""))).first()


ACTS: dict[str, Callable[[HttpRequest, Dossier, Person], None]] = {"let_read": let_read, "end_reading": end_reading}
