"""Several documents in one act, with one PIN: the signer signs them, the clerk numbers, seals and sends them.

Each is an act of its own: one that is refused holds up no other, and stands in the queue where its last step left it.
Where the fault is not the document's (no time stamp, no key, no disk) nothing further is begun, for it would only take
numbers that nobody can seal. Who is interrupted finds the rest in the queue as before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog
from django.db import DatabaseError
from django.db.models import Exists, OuterRef, Q, QuerySet

from lienthong.office.errors import Forbidden, OfficeProblem
from lienthong.office.models import OutgoingDocument, OutgoingState, Person, RemoteSigning, Role, Sealing
from lienthong.office.outgoing import issuing, review, signing
from lienthong.office.outgoing.act_errors import NotBegun, NothingChosen, VersionChanged
from lienthong.office.outgoing.drafting import current_version
from lienthong.office.people.access import agency_outgoing, require, roles
from lienthong.office.people.keys import key_of_person, open_key
from lienthong.office.workflow.together import Clock, NotDone
from lienthong.standards.signatures.errors import (
    KeyUnusable,
    MaterialUnavailable,
    SignatureProblem,
    TimeStampRefused,
)
from lienthong.storage import BlobMissing

MOST = 50
"""Documents in one act: some ten seconds of signing and time stamps."""
NOT_ITS_OWN = (TimeStampRefused, MaterialUnavailable, KeyUnusable, NotDone)
"""Faults that the next document would meet as well."""

log = structlog.get_logger("office.batch")

S = OutgoingState


@dataclass(frozen=True)
class Chosen:
    """A document that a person chose, and the ordinal of the version that they had before their eyes."""

    document: OutgoingDocument
    ordinal: int


@dataclass(frozen=True)
class Outcome:
    """What became of a document: done, where there is no problem, unless it `waits` for a signature from afar."""

    document: OutgoingDocument
    problem: OfficeProblem | SignatureProblem | None = None
    waits: bool = False


def to_sign(person: Person) -> QuerySet[OutgoingDocument]:
    """What waits for this person's signature, the most urgent and oldest first; what is asked for already, elsewhere,
    is not among it."""
    ready = Q(state=S.IN_REVIEW, content_checked=True, presentation_checked=True)
    asked = Exists(RemoteSigning.objects.filter(document=OuterRef("pk"), state=RemoteSigning.State.OPEN))
    own = agency_outgoing(person).filter(~asked, signer=person, state__in=[S.IN_REVIEW, S.APPROVED])
    waiting = review.with_checks(own).filter(Q(state=S.APPROVED) | ready)
    return waiting.order_by("-urgency", "created_at")


def to_issue(person: Person) -> QuerySet[OutgoingDocument]:
    """What is signed and not yet sent, as the clerk works it off: the most urgent, then what was signed first; what
    waits for the token with the seal is not among it."""
    own = agency_outgoing(person) if Role.CLERK in roles(person) else OutgoingDocument.objects.none()
    asked = Exists(Sealing.objects.filter(document=OuterRef("pk"), state=Sealing.State.OPEN))
    waiting = own.filter(~asked, state__in=[S.SIGNED, S.NUMBERED, S.SEALED])
    return waiting.order_by("-urgency", "signed_at", "pk")


def sign_each(chosen: Sequence[Chosen], *, pin: str, actor: Person, clock: Clock) -> list[Outcome]:
    """The signer approves and signs each, with one opening of the key.

    Raises:
        Forbidden: all of them are others' to sign; NothingChosen; what opening a key raises. Then nothing was done.
    """
    require_to_sign(chosen, actor)
    key = open_key(key_of_person(actor), pin, actor=actor, at=clock())
    return each(chosen, lambda one: signing.sign_next(one, key, actor=actor, at=clock()))


def issue_each(chosen: Sequence[Chosen], *, pin: str, actor: Person, clock: Clock) -> list[Outcome]:
    """The clerk numbers, seals and sends each, in this order, with one opening of the key. What could not be sent gets
    no number; what is sealed already and cannot be sent waits with its reason.

    Raises:
        Forbidden, NothingChosen; and what opening a key raises: then nothing was done.
    """
    require(actor, Role.CLERK)
    require_some(chosen)
    seal = signing.Seal.opened(actor.organization, pin, actor=actor, at=clock())

    def go_on(document: OutgoingDocument) -> None:
        if document.state == S.SIGNED:
            issuing.require_whole(document)
        if document.state != S.SEALED:
            signing.seal_next(document, seal, actor=actor, at=clock())
        issuing.issue(document, actor=actor, at=clock())

    return each(chosen, go_on)


def require_to_sign(chosen: Sequence[Chosen], actor: Person) -> None:
    """Raises `NothingChosen`; `Forbidden`: all of them are others' to sign."""
    require_some(chosen)
    if all(one.document.signer_id != actor.pk for one in chosen):
        raise Forbidden(who="người ký văn bản", who_en="the signer of a document")


def require_some(chosen: Sequence[Chosen]) -> None:
    """Raises `NothingChosen`: none, or more than can be done at once."""
    if not 1 <= len(chosen) <= MOST:
        raise NothingChosen(most=MOST)


def each(chosen: Sequence[Chosen], act: Callable[[OutgoingDocument], object]) -> list[Outcome]:
    """Do an act to each, in the version that was shown; a fault that is no document's own stops the rest."""
    outcomes: list[Outcome] = []
    for one in chosen:
        outcome = _outcome(one, act)
        outcomes.append(outcome)
        if isinstance(outcome.problem, NOT_ITS_OWN):
            break
    rest = chosen[len(outcomes) :]
    return outcomes + [Outcome(one.document, NotBegun()) for one in rest]


def _outcome(one: Chosen, act: Callable[[OutgoingDocument], object]) -> Outcome:
    problem: OfficeProblem | SignatureProblem
    try:
        if current_version(one.document).ordinal != one.ordinal:
            raise VersionChanged()
        act(one.document)
        return Outcome(one.document)
    except (OfficeProblem, SignatureProblem) as reason:
        problem = reason
    except (DatabaseError, OSError, BlobMissing) as reason:
        log.error("a document of several was not done", document=one.document.pk, exc_info=reason)
        problem = NotDone()
    with suppress(DatabaseError):
        one.document.refresh_from_db()
    return Outcome(one.document, problem)
