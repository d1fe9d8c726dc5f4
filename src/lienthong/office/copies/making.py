"""Making a copy: the number is taken, the copy is made, the outcome is recorded (Decree 30/2020, Articles 25–27, 32).

The long acts (laying out, a signature, a time stamp) happen outside any lock. Whoever is killed in between finds the
copy with its number, and goes on with it or voids it: no number is lost, none is given twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office import config
from lienthong.office.config import blobs
from lienthong.office.copies import rules
from lienthong.office.errors import (
    BadCopySource,
    BadScan,
    IllegalMove,
    Missing,
    NotToBeCopied,
    require_reason,
)
from lienthong.office.incoming.checks import main_file
from lienthong.office.models import (
    Copy,
    CopyKind,
    CopySigner,
    CopyState,
    IncomingDocument,
    Medium,
    OutgoingDocument,
    Person,
    Role,
    Stage,
)
from lienthong.office.people import own_tokens
from lienthong.office.people.access import require
from lienthong.office.people.actors import record
from lienthong.office.people.copy_signers import require_may_sign
from lienthong.office.people.keys import open_key, seal_of
from lienthong.office.people.seal_errors import SealAtDesk
from lienthong.office.registers import take_copy_number
from lienthong.office.typeset import (
    Elements,
    TypesetProblem,
    as_seen,
    count,
    fault_of,
    printable,
    signed_pages,
)
from lienthong.office.workflow import copies as workflow
from lienthong.standards.signatures import sign as acts
from lienthong.standards.signatures.keys import Key

Document = OutgoingDocument | IncomingDocument

LARGEST = 50 << 20
"""Bytes of what is copied: a signature needs the whole file in memory."""


@dataclass(frozen=True)
class Order:
    """What copy is wanted.

    Attributes:
        source, form: from what to what.
        pages: of an extract, as people write them.
        recipients: lines of "Nơi nhận".
        scan: the digitised paper, where it is made from paper.
        of_copy: the electronic bản sao y, where a sao lục is made from one.
    """

    kind: CopyKind
    source: Medium
    form: Medium
    signer: CopySigner | None
    recipients: str
    pages: str = ""
    scan: bytes | None = None
    of_copy: Copy | None = None


def make(document: Document, order: Order, *, pin: str, actor: Person, at: datetime) -> Copy:
    """Copy a document: `take`, then `complete`."""
    copy, key = take(document, order, pin=pin, actor=actor, at=at)
    complete(copy, key, actor=actor, at=at)
    return copy


def take(document: Document, order: Order, *, pin: str, actor: Person, at: datetime) -> tuple[Copy, Key | None]:
    """Take the number of a copy; with the key that seals it. Everything that can be refused is refused before, a wrong
    PIN too; whoever is interrupted from here on goes on with the same number.

    Args:
        pin: of the agency's seal, for an electronic copy; the clerk signs it by their own hand (Article 32.2c).

    Raises:
        Forbidden, SecretDocument, NotToBeCopied, Frozen, CopyForInformation, NoSuchCopy, BadCopySource, BadScan,
        BadPages, NotCopySigner, Missing, NoKey, WrongPin, and what else sealing refuses.
    """
    require(actor, Role.CLERK)
    document.refresh_from_db()
    rules.require_copyable(document)
    rules.require_way(order.kind, order.source, order.form)
    signer = require_may_sign(order.signer, document.organization, at)
    if not order.recipients.strip():
        raise Missing(what="nơi nhận bản sao", what_en="the recipients of the copy")
    content, digest = _source(document, order)
    pages = _proven(document, order, signer, content, at)
    key = _key(document, order.form, pin, actor, at)
    kept = digest or blobs().put(content).digest
    with transaction.atomic():
        sequence, number = take_copy_number(document.organization, at=at)
        copy = Copy.objects.create(
            organization=document.organization, **_of(document), kind=order.kind, source=order.source, form=order.form,
            pages=pages, of_copy=order.of_copy, sequence=sequence, number=number,
            notation=_notation(document, order), made_on=timezone.localdate(at),
            signer=signer, recipients_text=order.recipients.strip(), source_digest=kept,
            source_size=len(content), taken_at=at, taken_by=actor,
        )  # fmt: skip
        record(OfficeEvent.COPY_NUMBER_TAKEN, actor, document, at, number=copy.printed_number)
    return copy, key


def finish(copy: Copy, *, pin: str, actor: Person, at: datetime) -> None:
    """Go on with a copy that has its number and was interrupted.

    Raises:
        Forbidden, IllegalMove, NotToBeCopied, Frozen, NoKey, WrongPin, SealAtDesk, and what else sealing refuses.
    """
    require_to_finish(copy, actor, at)
    complete(copy, _key(copy.document, Medium(copy.form), pin, actor, at), actor=actor, at=at)


def void(copy: Copy, *, reason: str, authority: str, actor: Person, at: datetime) -> None:
    """Account for a number whose copy is not used; it stays in the book and is not given again.

    Raises:
        Forbidden, ReasonNeeded, IllegalMove.
    """
    require(actor, Role.CLERK)
    why = require_reason(reason, authority)
    with transaction.atomic():
        workflow.advance(copy, to=CopyState.VOIDED, void_reason=why)
        record(OfficeEvent.COPY_VOIDED, actor, copy.document, at, number=copy.printed_number, reason=why)


def sources_of(document: Document) -> list[Copy]:
    """The electronic copies from which a sao lục can be made."""
    return list(document.copies.filter(kind=CopyKind.SAO_Y, form=Medium.ELECTRONIC, state=CopyState.MADE))


def original_of(document: Document) -> tuple[str, int]:
    """Digest and size of the electronic original. Raises `NotToBeCopied`: it has none that is a PDF."""
    if isinstance(document, OutgoingDocument):
        version = document.versions.filter(stage=Stage.SEALED).latest("ordinal")
        return version.digest, version.size
    file = main_file(document.files.filter(present=True))
    if file is None:
        raise NotToBeCopied(why="văn bản không có tệp PDF", why_en="it has no PDF")
    return file.digest, file.size


def _source(document: Document, order: Order) -> tuple[bytes, str]:
    """What is copied, and its digest; none where it is not kept yet."""
    if order.source == Medium.PAPER:
        return _scan(order), ""
    if order.kind == CopyKind.SAO_LUC:
        if order.of_copy is None or order.of_copy not in sources_of(document):
            raise BadCopySource(why="chưa chọn bản sao y điện tử", why_en="no electronic bản sao y is chosen")
        return blobs().read(order.of_copy.digest), order.of_copy.digest
    rules.require_value(document)
    digest, size = original_of(document)
    if size > LARGEST:
        raise rules.too_large()
    return blobs().read(digest), digest


def _scan(order: Order) -> bytes:
    if not order.scan:
        raise Missing(what="tệp số hóa văn bản giấy (PDF)", what_en="the scan of the paper (PDF)")
    if len(order.scan) > LARGEST:
        raise rules.too_large()
    try:
        fault = fault_of(order.scan)
    except TypesetProblem as reason:
        raise _unusable(reason) from reason
    if fault is not None:
        raise BadScan(why=fault.vi, why_en=fault.en)
    return order.scan


def _proven(document: Document, order: Order, signer: CopySigner, content: bytes, at: datetime) -> list[int]:
    """The pages of an extract, once the whole copy was laid out for a trial: after this a number is taken."""
    try:
        pages = []
        if order.kind == CopyKind.TRICH_SAO:
            pages = rules.chosen_pages(order.pages, count=count(content), signed=signed_pages(content))
        seen = as_seen(content, pages)
        if order.form == Medium.PAPER:
            trial = Copy(
                organization=document.organization, kind=order.kind, number=1, notation=_notation(document, order),
                made_on=timezone.localdate(at), signer=signer, recipients_text=order.recipients,
            )  # fmt: skip
            printable(seen, _elements(trial))
    except TypesetProblem as reason:
        raise _unusable(reason) from reason
    return pages


def _unusable(reason: TypesetProblem) -> BadCopySource:
    return BadCopySource(why=reason.vi, why_en=reason.en)


def _notation(document: Document, order: Order) -> str:
    """What stands after the number: SY-UBND (Annex III, 3.1)."""
    return f"{order.kind}-{document.organization.abbreviation}"


def _key(document: Document, form: Medium, pin: str, actor: Person, at: datetime) -> Key | None:
    """The agency's key, which seals electronic copies alone; None where that is a token at the clerk's machine, which
    may be used then."""
    if form != Medium.ELECTRONIC:
        return None
    if (at_desk := own_tokens.seal_of(document.organization)) is not None:
        own_tokens.require_sealer(at_desk, actor, at)
        return None
    return open_key(seal_of(document.organization), pin, actor=actor, at=at)


def complete(copy: Copy, key: Key | None, *, actor: Person, at: datetime) -> None:
    """Make a copy that has its number.

    Raises:
        SealAtDesk: an electronic one, whose seal is a token at the clerk's machine: `sealing.asking.ask_for_copy`.
        NotToBeCopied, Frozen, BadCopySource, IllegalMove, and what else sealing refuses.
    """
    if key is None and copy.form == Medium.ELECTRONIC:
        raise SealAtDesk(owner=copy.organization.name)
    try:
        seen = as_seen(blobs().read(copy.source_digest), copy.pages)
        content = printable(seen, _elements(copy)) if key is None else _sealed(copy, seen, key, at)
    except TypesetProblem as reason:
        raise _unusable(reason) from reason
    keep_made(copy, content, actor=actor, at=at)


def prepare_seal(copy: Copy, key: Key, at: datetime) -> acts.Prepared:
    """An electronic copy up to its seal, by a key that is not at hand. Raises `BadCopySource`, and what preparing
    refuses."""
    try:
        seen = as_seen(blobs().read(copy.source_digest), copy.pages)
    except TypesetProblem as reason:
        raise _unusable(reason) from reason
    return acts.prepare_enclosure(seen, key=key, lines=corner_lines(copy, at), timestamps=config.timestamps(), at=at)


def require_to_finish(copy: Copy, actor: Person, at: datetime) -> None:
    """Whether somebody may go on with a copy that has its number. Raises `Forbidden`, `IllegalMove`, `NotToBeCopied`,
    `Frozen`, `NotCopySigner`."""
    require(actor, Role.CLERK)
    copy.refresh_from_db()
    if copy.state != CopyState.NUMBERED:
        raise IllegalMove(state=copy.get_state_display())
    rules.require_copyable(copy.document)
    require_may_sign(copy.signer, copy.organization, at)


def keep_made(copy: Copy, content: bytes, *, actor: Person, at: datetime) -> None:
    """The copy is made, by bytes that were made for it. Raises `IllegalMove`, `NotToBeCopied`, `Frozen`."""
    blob = blobs().put(content)
    with transaction.atomic():
        document = copy.document
        type(document)._default_manager.select_for_update().get(pk=document.pk)  # a recall waits, or is seen here
        document.refresh_from_db()
        rules.require_copyable(document)
        workflow.advance(copy, to=CopyState.MADE, digest=blob.digest, size=blob.size, made_at=at)
        record(
            OfficeEvent.COPY_MADE, actor, document, at, number=copy.printed_number, kind=copy.kind, form=copy.form,
            digest=blob.digest,
        )  # fmt: skip


def _sealed(copy: Copy, pdf: bytes, key: Key, at: datetime) -> bytes:
    """The agency's signature in the upper right corner of the first page, without a picture (Annex I, Part II, I.3)."""
    return acts.seal_enclosure(
        pdf,
        key=key,
        lines=corner_lines(copy, at),
        timestamps=config.timestamps(),
        validation=config.validation(),
        at=at,
    )


def corner_lines(copy: Copy, at: datetime) -> tuple[str, str, str]:
    """What the corner says: kind of copy, copying agency, time of signing (ISO 8601, Vietnam)."""
    moment = timezone.localtime(at)
    return (rules.NAMES[copy.kind], copy.organization.name, f"{moment:%d-%m-%Y %H:%M:%S +07:00}")


def _elements(copy: Copy) -> Elements:
    signer = copy.signer
    lines = tuple(line.strip() for line in copy.recipients_text.splitlines() if line.strip())
    return Elements(
        kind=rules.NAMES[copy.kind].upper(), agency=copy.organization.name, number=copy.printed_number,
        place=copy.organization.place, day=copy.made_on, competence=signer.competence, position=signer.position,
        signer=signer.person.full_name, recipients=lines,
    )  # fmt: skip


def _of(document: Document) -> dict[str, Document]:
    return {"outgoing" if isinstance(document, OutgoingDocument) else "incoming": document}
