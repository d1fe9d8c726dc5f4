"""Asking the token with the agency's seal, at the clerk's machine, for its signatures: of documents with their
enclosures, of files that were added since, of a copy (Decree 30/2020, Articles 17, 25, 32; Annex I, II.8–9).

What stands in the file is part of what is sealed, so the number is taken first, and a document whose seal did not come
keeps it. Everything that can be refused is refused before that: whose token it is, whether its certificate holds, how
many files it would be.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office import config
from lienthong.office.config import blobs
from lienthong.office.copies import making, rules
from lienthong.office.errors import IllegalMove
from lienthong.office.models import (
    OPEN_REMOTE,
    Copy,
    CopyState,
    Enclosure,
    KeyKind,
    Medium,
    Organization,
    OutgoingDocument,
    OutgoingState,
    Person,
    RemoteRequest,
    RemoteState,
    Role,
    Sealing,
    SigningKey,
)
from lienthong.office.outgoing import batch, issuing, signing
from lienthong.office.outgoing.batch import Chosen, Outcome
from lienthong.office.outgoing.remote_requests import PATIENCE, by_subject, sealings_of
from lienthong.office.outgoing.seal_texts import corner_lines, is_sealed_apart, kept_texts
from lienthong.office.people import own_tokens
from lienthong.office.people.access import require
from lienthong.office.people.actors import record
from lienthong.office.people.seal_errors import NothingToSeal, SealAsked, SealOnServer, TooManyFiles
from lienthong.office.sealing.putting_in import COMPLETED, outcomes_of
from lienthong.office.workflow.together import Clock
from lienthong.standards.signatures import sign as acts
from lienthong.standards.signatures.agreed import MOST_SIGNED
from lienthong.standards.signatures.engine import Prepared
from lienthong.standards.signatures.keys import FarKey

Open = Sealing.State.OPEN
TO_SEAL = (OutgoingState.SIGNED, OutgoingState.NUMBERED)


@dataclass(frozen=True)
class _Seal:
    """The agency's seal, whose key is not at hand."""

    registered: SigningKey
    key: FarKey


@dataclass(frozen=True)
class _File:
    """A file that is ready but for its seal: a document, an enclosure of it, or a copy."""

    prepared: Prepared
    document: OutgoingDocument | None = None
    enclosure: Enclosure | None = None
    copy: Copy | None = None


def ask(chosen: Sequence[Chosen], *, sends: bool = False, actor: Person, clock: Clock) -> list[Outcome]:
    """The clerk numbers each document; all of them, with their enclosures, wait for one use of the token.

    Args:
        sends: each is sent as soon as it is sealed; what is sealed already is sent now.

    Raises:
        Forbidden, NothingChosen, TooManyFiles; what `_opened` raises: then nothing was done, and no number was taken.
    """
    require(actor, Role.CLERK)
    batch.require_some(chosen)
    seal = _opened(actor.organization, actor, clock())
    _require_few_enough([one.document for one in chosen])
    ready: list[_File] = []

    def go_on(document: OutgoingDocument) -> None:
        if sends and document.state == OutgoingState.SEALED:
            issuing.issue(document, actor=actor, at=clock())
        else:
            ready.extend(_prepared(document, seal, actor, clock(), sends=sends))

    outcomes = batch.each(chosen, go_on)
    if not ready:
        return outcomes
    try:
        request = _keep(ready, seal.registered, actor, clock(), sends=sends)
    except SealAsked as problem:  # for some of them, by another clerk at this moment: it holds up no other
        taken = _asked_among(ready)
        ready = [one for one in ready if one.document not in taken]
        outcomes = [Outcome(one.document, problem) if one.document in taken else one for one in outcomes]
        if not ready:
            return outcomes
        request = _keep(ready, seal.registered, actor, clock(), sends=sends)
    return outcomes_of(request, outcomes)


def _asked_among(files: Sequence[_File]) -> set[OutgoingDocument | None]:
    asked = Sealing.objects.filter(state=Open, document__in=[one.document for one in files])
    return {one.document for one in asked.select_related("document")}


def ask_for_files(document: OutgoingDocument, *, actor: Person, clock: Clock) -> RemoteRequest:
    """The files that were added to a document since it was sent wait for the token; it is sent again with them after
    that.

    Raises:
        Forbidden, IllegalMove, NothingToSeal, SealAsked, TooManyFiles, and what `_opened` raises.
    """
    require(actor, Role.CLERK)
    if document.state not in COMPLETED:
        raise IllegalMove(state=document.get_state_display())
    seal, at = _opened(document.organization, actor, clock()), clock()
    files = to_be_sealed(document)
    if not files:
        raise NothingToSeal()
    _require_at_most(len(files))
    ready = [_File(_prepared_enclosure(document, one, seal, at), document, one) for one in files]
    return _keep(ready, seal.registered, actor, at)


def ask_for_copy(copy: Copy, *, actor: Person, clock: Clock) -> RemoteRequest:
    """An electronic copy that has its number waits for the token.

    Raises:
        Forbidden, IllegalMove, NotToBeCopied, Frozen, NotCopySigner, SealAsked, BadCopySource, and what `_opened`
        raises.
    """
    making.require_to_finish(copy, actor, clock())
    seal, at = _opened(copy.organization, actor, clock()), clock()
    return _keep([_File(making.prepare_seal(copy, seal.key, at), copy=copy)], seal.registered, actor, at)


def seals_at_desk(copy: Copy) -> bool:
    """Whether a copy waits for a seal that is a token at the clerk's machine."""
    waits = copy.state == CopyState.NUMBERED and copy.form == Medium.ELECTRONIC
    return waits and own_tokens.seal_of(copy.organization) is not None


def to_be_sealed(document: OutgoingDocument) -> list[Enclosure]:
    """The enclosures that still have to be sealed by themselves."""
    return [one for one in document.enclosures.all() if is_sealed_apart(one)]


def waiting_of(person: Person) -> QuerySet[RemoteRequest]:
    """What a clerk has asked the token for that is not there yet."""
    asked = RemoteRequest.objects.filter(person=person, key__organization__isnull=False, state__in=OPEN_REMOTE)
    return asked.select_related("key", "person")


def question_of(request: RemoteRequest) -> dict[str, Any] | None:
    """What the page asks the helper, while the seal is awaited: each file in words, and what is signed for it."""
    if request.key.kind != KeyKind.OWN_TOKEN or request.state != RemoteState.WAITING:
        return None
    return {
        "documents": [
            {"words": _words(row), "attributes": b64encode(bytes(cast("bytes", row.attributes))).decode()}
            for row in sealings_of(request)
        ]
    }


def _words(row: Sealing) -> str:
    if row.copy is not None:
        return f"{rules.NAMES[row.copy.kind]} {row.copy.printed_number}: {row.subject.subject}"
    document = cast("OutgoingDocument", row.document)
    if row.enclosure is not None:
        return f"Tệp kèm theo {document.printed_number}: {row.enclosure.name}"
    return f"{document.type_name} {document.printed_number}: {document.subject}"


def _opened(organization: Organization, actor: Person, at: datetime) -> _Seal:
    """Raises `SealOnServer`; what `own_tokens.require_sealer` raises."""
    registered = own_tokens.seal_of(organization)
    if registered is None:
        raise SealOnServer(owner=organization.name)
    holder = own_tokens.require_sealer(registered, actor, at)
    return _Seal(registered, FarKey(bytes(cast("bytes", registered.certificate)), holder.chain))


def _require_few_enough(documents: Iterable[OutgoingDocument]) -> None:
    _require_at_most(sum(1 + len(to_be_sealed(one)) for one in documents if one.state in TO_SEAL))


def _require_at_most(amount: int) -> None:
    if amount > MOST_SIGNED:
        raise TooManyFiles(amount=amount, most=MOST_SIGNED)


def _prepared(document: OutgoingDocument, seal: _Seal, actor: Person, at: datetime, *, sends: bool) -> list[_File]:
    """A document and its enclosures up to their seals; it has its number from now on."""
    if document.sealings.filter(state=Open).exists():
        raise SealAsked()
    if sends and document.state == OutgoingState.SIGNED:
        issuing.require_whole(document)
    signed = signing.begin_sealing(document, actor=actor, at=at)
    whole = acts.prepare_seal(
        blobs().read(signed.digest), **kept_texts(document), key=seal.key, timestamps=config.timestamps(),
        at=at, image=signing.image_of(seal.registered),
    )  # fmt: skip
    apart = to_be_sealed(document)
    enclosed = [_File(_prepared_enclosure(document, one, seal, at), document, one) for one in apart]
    return [_File(whole, document), *enclosed]


def _prepared_enclosure(document: OutgoingDocument, enclosure: Enclosure, seal: _Seal, at: datetime) -> Prepared:
    return acts.prepare_enclosure(
        blobs().read(enclosure.digest), key=seal.key, lines=corner_lines(document, at),
        timestamps=config.timestamps(), at=at,
    )  # fmt: skip


def _keep(
    files: Sequence[_File], key: SigningKey, actor: Person, at: datetime, *, sends: bool = False
) -> RemoteRequest:
    """Everything that is needed to go on lies on the disk before the page asks the helper. Raises `SealAsked`."""
    digests = [blobs().put(one.prepared.pdf).digest for one in files]
    expires = at + PATIENCE
    request = RemoteRequest(
        person=actor, key=key, state=RemoteState.WAITING, asked_at=at, expires_at=expires, claimed_until=expires,
        sends=sends,
    )  # fmt: skip
    try:
        with transaction.atomic():
            request.save()
            rows = Sealing.objects.bulk_create(
                Sealing(
                    request=request, document=one.document, enclosure=one.enclosure, copy=one.copy, prepared=digest,
                    start=one.prepared.start, end=one.prepared.end, attributes=one.prepared.attributes,
                )
                for one, digest in zip(files, digests, strict=True)
            )  # fmt: skip
            for group in by_subject(rows):
                record(
                    OfficeEvent.SEALING_ASKED, actor, group[0].subject, at, request=request.pk, files=len(group)
                )  # fmt: skip
    except IntegrityError as reason:  # asked for in another window at this moment
        raise SealAsked() from reason
    return request
