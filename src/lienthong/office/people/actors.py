"""People in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lienthong.journal.record import Actor, Reader, Subject, last_opened, log_access, readers
from lienthong.journal.record import record as write
from lienthong.journal.vocabulary import Access, OfficeEvent
from lienthong.office.models import IncomingDocument, Organization, OutgoingDocument, Person, Role
from lienthong.office.people.access import roles

SERVICE = "lienthong"


def actor_of(person: Person) -> Actor:
    """A person as the journal names them."""
    return Actor("person", person.user.get_username(), person.full_name, person.organization.code)


def service_of(organization: Organization) -> Actor:
    """The office itself, for what happens without a person."""
    return Actor("service", SERVICE, "Hệ thống", organization.code)


def subject_of(document: IncomingDocument | OutgoingDocument) -> Subject:
    """A document as the journal names it."""
    kind = "incoming" if isinstance(document, IncomingDocument) else "outgoing"
    return Subject(kind, str(document.pk))


def in_place_of(away: Person | None) -> dict[str, str]:
    """Who was away, as the journal says it beside who acted."""
    return {"instead_of": away.full_name, "instead_of_account": away.user.get_username()} if away else {}


def record(
    event: OfficeEvent,
    actor: Person | Actor,
    document: IncomingDocument | OutgoingDocument,
    at: datetime,
    **data: object,
) -> None:
    """Write what happened to a document, in the caller's transaction."""
    who = actor_of(actor) if isinstance(actor, Person) else actor
    write(event, actor=who, subject=subject_of(document), at=at, **data)


def opened_at(person: Person, documents: Sequence[IncomingDocument | OutgoingDocument]) -> dict[int, datetime]:
    """When this person last opened or took away each of these documents of one kind, by their keys; those never opened
    are left out."""
    if not documents:
        return {}
    keys = {subject_of(one).id: one.pk for one in documents}
    found = last_opened(actor_of(person), subject_of(documents[0]).kind, list(keys))
    return {keys[name]: at for name, at in found.items()}


READ_BY = (Role.CLERK, Role.LEADER, Role.AUDITOR)
"""Who is told who has opened a document: those who answer for the whole agency."""


def readers_of(document: IncomingDocument | OutgoingDocument, person: Person) -> list[Reader]:
    """Who opened a document and took its files, the latest first (Annex VI, 5a); for who is not told, nobody."""
    return readers(subject_of(document)) if roles(person) & {role.value for role in READ_BY} else []


def log_opened(
    access: Access, person: Person, document: IncomingDocument | OutgoingDocument, at: datetime, detail: str = ""
) -> None:
    """Note who opened or took away a document's content."""
    log_access(access, actor=actor_of(person), subject=subject_of(document), at=at, detail=detail)
