"""Several documents in one act, with one PIN: the signer signs them, the clerk numbers, seals and sends them.

Each is an act of its own, whole or not at all: one that is refused holds up no other, and who is interrupted finds the
rest in the queue as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from lienthong.office.errors import Forbidden, NothingChosen, OfficeProblem, VersionChanged
from lienthong.office.models import OutgoingDocument, OutgoingState, Person, Role
from lienthong.office.outgoing import issuing, review, signing
from lienthong.office.outgoing.drafting import current_version
from lienthong.office.people.access import outgoing_of, require
from lienthong.office.people.keys import key_of_person, open_key, seal_of
from lienthong.standards.signatures.errors import SignatureProblem

MOST = 50
"""Documents in one act: some ten seconds of signing and time stamps."""

Clock = Callable[[], datetime]
S = OutgoingState


@dataclass(frozen=True)
class Chosen:
    """A document that a person chose, and the ordinal of the version that they had before their eyes."""

    document: OutgoingDocument
    ordinal: int


@dataclass(frozen=True)
class Outcome:
    """What became of a document: done, where there is no problem."""

    document: OutgoingDocument
    problem: OfficeProblem | SignatureProblem | None = None


def to_sign(person: Person) -> QuerySet[OutgoingDocument]:
    """What waits for this person's signature, the most urgent and oldest first."""
    ready = Q(state=S.IN_REVIEW, content_checked=True, presentation_checked=True)
    waiting = review.with_checks(outgoing_of(person)).filter(Q(state=S.APPROVED) | ready, signer=person)
    return waiting.order_by("-urgency", "created_at")


def to_issue(person: Person) -> QuerySet[OutgoingDocument]:
    """What is signed and not yet sent, as the clerk works it off: the most urgent, then what was signed first."""
    waiting = outgoing_of(person).filter(state__in=[S.SIGNED, S.NUMBERED, S.SEALED])
    return waiting.order_by("-urgency", "signed_at", "pk")


def sign_each(chosen: Sequence[Chosen], *, pin: str, actor: Person, clock: Clock) -> list[Outcome]:
    """The signer approves and signs each, with one opening of the key.

    Raises:
        Forbidden: one of them is another's to sign; NothingChosen; what opening a key raises. Then nothing was done.
    """
    _require_some(chosen)
    if any(one.document.signer_id != actor.pk for one in chosen):
        raise Forbidden(who="người ký văn bản", who_en="the signer of a document")
    key = open_key(key_of_person(actor), pin, actor=actor, at=clock())
    return _each(chosen, lambda one: signing.sign_next(one, key, actor=actor, at=clock()))


def issue_each(chosen: Sequence[Chosen], *, pin: str, actor: Person, clock: Clock) -> list[Outcome]:
    """The clerk numbers, seals and sends each, in this order, with one opening of the key. What is sealed and cannot be
    sent keeps its number and its seal, and waits with its reason.

    Raises:
        Forbidden, NothingChosen; and what opening a key raises: then nothing was done.
    """
    require(actor, Role.CLERK)
    _require_some(chosen)
    key = open_key(seal_of(actor.organization), pin, actor=actor, at=clock())

    def go_on(document: OutgoingDocument) -> None:
        if document.state != S.SEALED:
            signing.seal_next(document, key, actor=actor, at=clock())
        issuing.issue(document, actor=actor, at=clock())

    return _each(chosen, go_on)


def _require_some(chosen: Sequence[Chosen]) -> None:
    if not 1 <= len(chosen) <= MOST:
        raise NothingChosen(most=MOST)


def _each(chosen: Iterable[Chosen], act: Callable[[OutgoingDocument], object]) -> list[Outcome]:
    return [_outcome(one, act) for one in chosen]


def _outcome(one: Chosen, act: Callable[[OutgoingDocument], object]) -> Outcome:
    try:
        if current_version(one.document).ordinal != one.ordinal:
            raise VersionChanged()
        act(one.document)
    except (OfficeProblem, SignatureProblem) as problem:
        one.document.refresh_from_db()
        return Outcome(one.document, problem)
    return Outcome(one.document)
