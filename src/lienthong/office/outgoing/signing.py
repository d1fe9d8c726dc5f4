"""Signing, numbering, sealing (Decree 30/2020, Articles 13–17): intent recorded, act, outcome recorded.

The long acts (a signature, a time stamp) happen outside any lock: read, compute, then one guarded move. Whoever is
killed in between finds the document where the last outcome was recorded, and goes on from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import psycopg
from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office import config
from lienthong.office.config import blobs
from lienthong.office.errors import IllegalMove, OtherYear, require_reason
from lienthong.office.models import (
    Enclosure,
    Organization,
    OutgoingDocument,
    OutgoingState,
    Person,
    Role,
    SigningKey,
    Stage,
    Version,
)
from lienthong.office.outgoing import letters, review
from lienthong.office.outgoing.competence import require_signer
from lienthong.office.outgoing.deadlines import deadline_of
from lienthong.office.outgoing.drafting import add_version
from lienthong.office.outgoing.file_formats import require_listed
from lienthong.office.outgoing.seal_texts import corner_lines, is_sealed_apart, kept_texts
from lienthong.office.people import own_tokens
from lienthong.office.people.access import require
from lienthong.office.people.actors import record
from lienthong.office.people.agency_errors import NumberTwice
from lienthong.office.people.bodies import require_in_force
from lienthong.office.people.keys import key_of_person, open_key, seal_of
from lienthong.office.people.notices import notify_role
from lienthong.office.registers import take_number, take_sub_number
from lienthong.office.workflow import outgoing as workflow
from lienthong.standards.deadlines import send_deadline
from lienthong.standards.identifiers import DocumentIdentifier, DocumentNumber
from lienthong.standards.signatures import sign as acts
from lienthong.standards.signatures.keys import Key
from lienthong.standards.statuses import Urgency, Words

ONE_DOCUMENTS = "number_and_notation_once_a_year"
"""The constraint of Article 15.1."""


def sign(document: OutgoingDocument, *, pin: str, actor: Person, at: datetime) -> Version:
    """The competent person signs, byte for byte, what was approved (D30-11-1).

    Raises:
        Forbidden, OutsideAuthority, IllegalMove, NoKey, ServerKeyForbidden, WrongPin, and what else signing refuses.
    """
    require_signer(document, actor, at=at)
    _require_state(document, OutgoingState.APPROVED)
    return _sign(document, open_key(key_of_person(actor), pin, actor=actor, at=at), actor=actor, at=at)


def approve_and_sign(document: OutgoingDocument, *, pin: str, actor: Person, at: datetime) -> Version:
    """Approve and sign in one act, where it is the same person. The PIN is asked first: a wrong one approves nothing.

    Raises:
        What `review.approve` and `sign` raise.
    """
    require_signer(document, actor, at=at)
    review.require_ready(document)
    return sign_next(document, open_key(key_of_person(actor), pin, actor=actor, at=at), actor=actor, at=at)


def sign_next(document: OutgoingDocument, key: Key, *, actor: Person, at: datetime) -> Version:
    """With a key that is open: approve and sign what is ready, or sign what is approved already.

    Raises:
        What `review.approve` and `sign` raise.
    """
    ready_for_key(document, actor=actor, at=at)
    return _sign(document, key, actor=actor, at=at)


def _sign(document: OutgoingDocument, key: Key, *, actor: Person, at: datetime) -> Version:
    registered = key_of_person(actor)
    approved = approved_version(document)
    signed = acts.sign_person(
        blobs().read(approved.digest), key=key, timestamps=config.timestamps(), at=at, image=image_of(registered)
    )
    return keep_signed(document, approved, signed, actor=actor, at=at)


def keep_signed(
    document: OutgoingDocument, approved: Version, signed: bytes, *, actor: Person, at: datetime, **how: object
) -> Version:
    """The document is signed, by bytes that were made of the version `approved`.

    Raises:
        IllegalMove: it is not approved any more, or another version is.
    """
    with transaction.atomic():
        deadline, counted_by = deadline_of(document, at)
        workflow.advance(
            document, to=OutgoingState.SIGNED, signed_at=at, send_due=deadline.hard, send_calendar=counted_by,
            send_reminded="",
        )  # fmt: skip
        if approved_version(document).pk != approved.pk:
            raise IllegalMove(state=document.get_state_display())
        version = add_version(document, signed, Stage.SIGNED, author=actor, at=at)
        record(OfficeEvent.SIGNED, actor, document, at, approved=approved.digest, digest=version.digest, **how)
        notify_role(document, Role.CLERK, _to_seal(document), at=at)
    return version


def _to_seal(document: OutgoingDocument) -> Words:
    """What the clerks hear at once, aloud of what is urgent: it leaves at once after its signing (Article 6.2), and
    where the seal is a token at their machine nothing is sealed without them."""
    name = document.subject
    if own_tokens.seal_of(document.organization) is None:
        return Words(f"Chờ cấp số, đóng dấu: {name}", f"To number and seal: {name}")
    if not document.urgency:
        return Words(f"Chờ cấp số, đóng dấu bằng thiết bị: {name}", f"To number and seal with the token: {name}")
    return Words(
        f"Văn bản khẩn, cần thiết bị con dấu để đóng dấu và gửi ngay: {name}",
        f"Urgent: the token with the seal is needed to seal it and send it at once: {name}",
    )


def ready_for_key(document: OutgoingDocument, *, actor: Person, at: datetime) -> Version:
    """The version that the competent person signs, approved by them now where it only waited for that.

    Raises:
        What `review.approve` raises; IllegalMove.
    """
    require_signer(document, actor, at=at)
    workflow.look_again(document)
    if document.state == OutgoingState.IN_REVIEW:
        review.approve(document, actor=actor, at=at)
    _require_state(document, OutgoingState.APPROVED)
    return approved_version(document)


def approved_version(document: OutgoingDocument) -> Version:
    """What was approved last."""
    return _version(document, Stage.APPROVED)


def take_number_and_date(document: OutgoingDocument, *, actor: Person, at: datetime) -> int:
    """The clerk takes the next number of the register and today's date: one transaction, so no number is lost and none
    is given twice.

    Raises:
        Forbidden, IllegalMove, OtherYear, BodyNotInForce, NumberTwice, FormatNotListed,
        LetterAboutRecalled.
    """
    require(actor, Role.CLERK)
    with transaction.atomic():
        return _take_number_and_date(document, actor=actor, at=at)


def _take_number_and_date(document: OutgoingDocument, *, actor: Person, at: datetime) -> int:
    _require_to_number(document, at)
    number = take_number(document, actor=actor, at=at)
    _note_number(document, DocumentNumber(number, document.notation), actor, at)
    return number


def take_sub_number_and_date(
    document: OutgoingDocument, *, reason: str, authority: str, actor: Person, at: datetime
) -> str:
    """The clerk takes a sub-number of the number given last (12a), with the reason and who decided it; today's date.

    Raises:
        Forbidden, IllegalMove, ReasonNeeded, NoSubNumber, OtherYear, BodyNotInForce, NumberTwice, FormatNotListed,
        LetterAboutRecalled.
    """
    require(actor, Role.CLERK)
    why = require_reason(reason, authority)
    with transaction.atomic():
        _require_to_number(document, at)
        number, sub = take_sub_number(document, actor=actor, at=at)
        printed = DocumentNumber(number, document.notation, sub)
        _note_number(document, printed, actor, at, sub=sub, reason=why)
    return printed.printed_number


def _require_to_number(document: OutgoingDocument, at: datetime) -> None:
    """Raises `OtherYear`; `FormatNotListed`, `LetterAboutRecalled`: no number is spent on what may not go out
    (R-6.4-1)."""
    require_listed(document)
    letters.require_standing(document)
    laid_out, year = timezone.localdate(_version(document, Stage.DRAFT).made_at).year, timezone.localdate(at).year
    if laid_out != year:
        raise OtherYear(laid_out=laid_out, year=year)


def _note_number(
    document: OutgoingDocument, printed: DocumentNumber, actor: Person, at: datetime, **data: object
) -> None:
    """The move, with the number and the date. What is refused takes back the number with the transaction: of two clerks
    at once one waits for the other's number, and then learns that there is nothing to number.

    Raises:
        NumberTwice; BodyNotInForce: an advisory body dates nothing on a day on which it does not work, and since the
        number was taken its last day stays what it is; IllegalMove.
    """
    if document.body is not None:
        require_in_force(document.body, at)
    organization, day = document.organization, timezone.localdate(at)
    identifier = DocumentIdentifier.compose(organization.alias or organization.code, day, printed)
    try:
        workflow.advance(
            document, to=OutgoingState.NUMBERED, promulgated_on=day, number=printed.number, sub_number=printed.sub,
            identifier=str(identifier),
        )  # fmt: skip
    except IntegrityError as refused:  # its notation became another issuer's after it was laid out
        if _constraint(refused) != ONE_DOCUMENTS:
            raise
        raise NumberTwice(number=str(printed)) from None
    record(OfficeEvent.NUMBER_TAKEN, actor, document, at, number=printed.number, **data)


def seal(document: OutgoingDocument, *, pin: str, actor: Person, at: datetime) -> Version:
    """The clerk seals with the agency's certificate, by an act of their own: number and date go into the kept places,
    then nothing may change any more. PDF enclosures get the agency's signature at their upper right.

    Raises:
        Forbidden, IllegalMove, NoKey, WrongPin, and what else sealing refuses.
    """
    require(actor, Role.CLERK)
    _require_state(document, OutgoingState.NUMBERED)
    return seal_next(document, Seal.opened(document.organization, pin, actor=actor, at=at), actor=actor, at=at)


def number_and_seal(document: OutgoingDocument, *, pin: str, actor: Person, at: datetime) -> Version:
    """Number, then seal, in one act of the clerk; whoever is interrupted in between goes on with the same number. The
    PIN is asked first: a wrong one takes no number.

    Raises:
        What `take_number_and_date` and `seal` raise.
    """
    require(actor, Role.CLERK)
    _require_to_seal(document)
    return seal_next(document, Seal.opened(document.organization, pin, actor=actor, at=at), actor=actor, at=at)


@dataclass(frozen=True)
class Seal:
    """An agency's seal whose key is open: for one document, or for many one after another."""

    key: Key
    image: bytes | None

    @classmethod
    def opened(cls, organization: Organization, pin: str, *, actor: Person, at: datetime) -> Seal:
        """Open it with the PIN. Raises `NoKey` and what `open_key` raises."""
        registered = seal_of(organization)
        return cls(open_key(registered, pin, actor=actor, at=at), image_of(registered))


def seal_next(document: OutgoingDocument, with_seal: Seal, *, actor: Person, at: datetime) -> Version:
    """With a seal that is open: number and seal what is signed, or seal what has its number.

    Raises:
        What `take_number_and_date` and `seal` raise.
    """
    signed = begin_sealing(document, actor=actor, at=at)
    sealed = _fill_and_seal(document, blobs().read(signed.digest), with_seal, at)
    enclosures = [(one, seal_enclosure(document, one, with_seal.key, at)) for one in document.enclosures.all()]
    return keep_sealed_whole(document, signed, sealed, enclosures, actor=actor, at=at)


def begin_sealing(document: OutgoingDocument, *, actor: Person, at: datetime) -> Version:
    """The document has its number, and is about to be sealed: the signed version that gets the seal.

    Raises:
        What `take_number_and_date` raises.
    """
    require(actor, Role.CLERK)
    _require_to_seal(document)
    prefetch_related_objects([document], "enclosures")  # nobody adds any from the signature until it is issued
    with transaction.atomic():
        if document.state == OutgoingState.SIGNED:
            _take_number_and_date(document, actor=actor, at=at)
        record(OfficeEvent.SEALING_BEGUN, actor, document, at, number=document.number, sub=document.sub_number)
    return signed_version(document)


def keep_sealed_whole(
    document: OutgoingDocument,
    signed: Version,
    sealed: bytes,
    enclosures: Sequence[tuple[Enclosure, bytes | None]],
    *,
    actor: Person,
    at: datetime,
    **how: object,
) -> Version:
    """The document is sealed, and its enclosures with it. Raises `IllegalMove`."""
    with transaction.atomic():
        due = _due_once_sealed(document, at)
        reminded = document.send_reminded if due == document.send_due else ""
        workflow.advance(document, to=OutgoingState.SEALED, sealed_at=at, send_due=due, send_reminded=reminded)
        version = add_version(document, sealed, Stage.SEALED, before=signed, author=actor, at=at)
        for enclosure, content in enclosures:
            keep_sealed(enclosure, content)
        record(
            OfficeEvent.SEALED,
            actor,
            document,
            at,
            digest=version.digest,
            number=document.number,
            sub=document.sub_number,
            **how,
        )
    return version


def _require_to_seal(document: OutgoingDocument) -> None:
    workflow.look_again(document)
    if document.state not in (OutgoingState.SIGNED, OutgoingState.NUMBERED):
        raise IllegalMove(state=document.get_state_display())


def _due_once_sealed(document: OutgoingDocument, at: datetime) -> datetime | None:
    """When it must have left (Article 6.2): an urgent document soon after the seal, which completes its signing; any
    other by what was set at the person's signature."""
    if document.urgency == Urgency.NORMAL:
        return document.send_due
    return send_deadline(at, Urgency(document.urgency)).hard


def seal_enclosure(document: OutgoingDocument, enclosure: Enclosure, key: Key, at: datetime) -> bytes | None:
    """An enclosure under the agency's seal; None for what gets none (`is_sealed_apart`)."""
    if not is_sealed_apart(enclosure):
        return None
    return acts.seal_enclosure(
        blobs().read(enclosure.digest), key=key, lines=corner_lines(document, at), timestamps=config.timestamps(),
        validation=config.validation(), at=at,
    )  # fmt: skip


def keep_sealed(enclosure: Enclosure, content: bytes | None) -> None:
    """Note the sealed bytes of an enclosure."""
    if content is not None:
        blob = blobs().put(content)
        enclosure.sealed_digest, enclosure.sealed_size = blob.digest, blob.size
        enclosure.save(update_fields=["sealed_digest", "sealed_size"])


def _fill_and_seal(document: OutgoingDocument, signed: bytes, with_seal: Seal, at: datetime) -> bytes:
    return acts.fill_and_seal(
        signed, **kept_texts(document), key=with_seal.key, timestamps=config.timestamps(),
        validation=config.validation(), at=at, image=with_seal.image,
    )  # fmt: skip


def _constraint(refused: IntegrityError) -> str | None:
    """The name of the constraint that the database kept."""
    cause = refused.__cause__
    return cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None


def signed_version(document: OutgoingDocument) -> Version:
    """What gets the seal."""
    return _version(document, Stage.SIGNED)


def _version(document: OutgoingDocument, stage: Stage) -> Version:
    return document.versions.filter(stage=stage).latest("ordinal")


def _require_state(document: OutgoingDocument, state: OutgoingState) -> None:
    workflow.look_again(document)
    if document.state != state:
        raise IllegalMove(state=document.get_state_display())


def image_of(key: SigningKey) -> bytes | None:
    """What is shown for its signature, a PNG."""
    return bytes(cast("bytes", key.image)) if key.image else None
