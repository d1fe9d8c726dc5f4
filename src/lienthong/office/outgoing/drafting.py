"""Drafting: every saved text is a version, laid out at once as it will be signed (Decree 30/2020, Articles 10–11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office import typeset
from lienthong.office.config import blobs
from lienthong.office.contents import release
from lienthong.office.errors import Forbidden, IllegalMove, LinkNotFile, Missing, NotPdf, SecretDocument, require_reason
from lienthong.office.models import (
    AdvisoryBody,
    DirectoryAgency,
    Enclosure,
    IncomingDocument,
    Origin,
    OutgoingDocument,
    OutgoingState,
    Person,
    Recipient,
    Reply,
    Role,
    Stage,
    Unit,
    Version,
)
from lienthong.office.outgoing import circulation, file_formats, letters, presentation
from lienthong.office.outgoing.act_errors import VersionChanged
from lienthong.office.outgoing.competence import OWN_OFFICE, Capacity, authority_of, require_competent
from lienthong.office.outgoing.format_errors import FormatNotListed
from lienthong.office.outgoing.letters import Letter
from lienthong.office.people.access import posts, require
from lienthong.office.people.actors import record
from lienthong.office.people.agency_errors import NotationTooLong, NotByBody
from lienthong.office.workflow import holds
from lienthong.office.workflow import outgoing as workflow
from lienthong.standards.doctypes import REGULATORY, DocumentType
from lienthong.standards.links import LARGEST_LINK, is_link, is_link_file
from lienthong.standards.presentation import Known
from lienthong.standards.secrecy import declared_degree, mark_on_first_page, secrecy_mark
from lienthong.standards.signatures.layout import Slot

REPLACEABLE = (OutgoingState.ISSUED, OutgoingState.RECALLING, OutgoingState.PARTLY_RECALLED)
"""The states of a document that can still be replaced."""
LONGEST_CODE = 35
"""Characters of an agency's code: the column's."""
LONGEST_NOTATION = 30
"""Characters of a notation: the column's, and the registers' of others (Annex VI)."""


@dataclass(frozen=True)
class Manuscript:
    """What a drafter gives.

    Attributes:
        kind: type of the document.
        body: the text, one paragraph a line, with the light rules of `typeset`.
        upload: the document as a file instead of a text: (name, bytes).
        recipients: agency codes.
        recipients_text: the lines of "Nơi nhận" as printed.
        appendixes: annexes that the text names, by title.
        addressees: the lines of "Kính gửi".
        capacity: as what the signer signs: their own office, under an authority (TUQ.), or for an advisory body.
        units: of this agency, among whom it circulates once it is issued.
        origin: how an uploaded PDF came to be (Article 3.1); what is laid out here is created digitally.
    """

    kind: DocumentType
    subject: str
    signer: Person
    body: str = ""
    upload: tuple[str, bytes] | None = None
    recipients: tuple[str, ...] = ()
    recipients_text: str = ""
    addressees: tuple[str, ...] = ()
    appendixes: tuple[str, ...] = ()
    urgency: int = 0
    due_on: date | None = None
    secrecy: str = ""
    capacity: Capacity = OWN_OFFICE
    units: tuple[Unit, ...] = ()
    origin: str = Origin.DIGITAL


@dataclass(frozen=True)
class Replacing:
    """What a new document replaces, why, and who decided it (Decree 30, 18.3: by a document of the same form)."""

    document: OutgoingDocument
    reason: str
    authority: str


def create(
    manuscript: Manuscript, *, unit: Unit, actor: Person, at: datetime, answers: IncomingDocument | None = None,
    replacing: Replacing | None = None, letter: Letter | None = None,
) -> OutgoingDocument:  # fmt: skip
    """Begin a document, with its first version.

    Args:
        answers: an incoming document that this one answers; issuing it finishes the work on that one.
        replacing: an issued document of this agency; issuing the new one tells its recipients.
        letter: which issued document the new one corrects the form of, or urges the recipients of.

    Raises:
        Forbidden, Missing, SecretDocument, LinkNotFile, NotPdf, ReasonNeeded, IllegalMove, NotALetter.
    """
    require(actor, Role.SPECIALIST, Role.UNIT_HEAD, Role.CLERK)
    if not posts(actor).filter(unit=unit).exists():
        raise Forbidden(who="người của đơn vị soạn thảo", who_en="people of the drafting unit")
    replaced = _replaced(replacing, unit) if replacing else {}
    written = letters.about(letter, manuscript.kind, manuscript.subject, unit) if letter else {}
    laid = _lay_out(manuscript, unit, at)
    with transaction.atomic():
        document = OutgoingDocument.objects.create(
            organization=unit.organization,
            unit=unit,
            drafter=actor,
            created_at=at,
            **_facts(manuscript, unit, at),
            **replaced,
            **written,
        )
        if answers is not None:
            Reply.objects.create(incoming=answers, outgoing=document)
        _set_recipients(document, manuscript.recipients)
        circulation.choose(document, manuscript.units, actor=actor)
        _add_version(document, laid, Stage.DRAFT, author=actor, at=at)
        record(OfficeEvent.DRAFT_CREATED, actor, document, at, type=document.type_name)
    return document


def _replaced(replacing: Replacing, unit: Unit) -> dict[str, Any]:
    """Raises `IllegalMove` for what was never issued or is recalled, `ReasonNeeded`."""
    old = replacing.document
    if old.organization_id != unit.organization_id or old.state not in REPLACEABLE:
        raise IllegalMove(state=old.get_state_display())
    return {"replaces": old, "replace_reason": require_reason(replacing.reason, replacing.authority)}


def change(
    document: OutgoingDocument, manuscript: Manuscript, *, actor: Person, at: datetime, seen: int = 0
) -> Version:
    """Save a changed text as a new version; what was checked before is checked anew (D30-11-1).

    Args:
        seen: the version from which the text was written; 0 where nobody said.

    Raises:
        VersionChanged: another wrote meanwhile.
        Forbidden: not the drafter.
        IllegalMove: it is signed already, or the unit's head has it.
        Held: an order keeps it as it is.
        NotALetter: it corrects or urges what was issued, which no other type does.
        Missing, SecretDocument, LinkNotFile, NotPdf.
    """
    require_drafter(document, actor)
    if document.state == OutgoingState.RETURNED:
        raise IllegalMove(state=document.get_state_display())  # its unit's head has it, and hands it down
    return rewrite(document, manuscript, actor=actor, at=at, seen=seen)


def rewrite(
    document: OutgoingDocument, manuscript: Manuscript, *, actor: Person, at: datetime, seen: int,
    then: Callable[[], None] = lambda: None,
) -> Version:  # fmt: skip
    """A new version of the text, whoever may write it; the callers say who. Raises what `change` does.

    Args:
        seen: as `change` has it; looked at again while the document is held, for laying out takes its time.
        then: what happens with it, in its transaction; what is laid out before holds nobody up.
    """
    letters.require_still(document, manuscript.kind, manuscript.subject)
    laid = _lay_out(manuscript, document.unit, at)
    with transaction.atomic():
        holds.require_document_free(document)
        workflow.advance(document, to=OutgoingState.DRAFT, **_facts(manuscript, document.unit, at))
        require_seen(document, seen)
        _set_recipients(document, manuscript.recipients)
        circulation.choose(document, manuscript.units, actor=actor)
        version = _add_version(document, laid, Stage.DRAFT, author=actor, at=at)
        record(OfficeEvent.DRAFT_CHANGED, actor, document, at, version=version.ordinal)
        then()
    return version


def require_seen(document: OutgoingDocument, seen: int) -> None:
    """Raises `VersionChanged`: the newest version is not the one that the text was written from."""
    if seen and seen != current_version(document).ordinal:
        raise VersionChanged()


def add_enclosure(
    document: OutgoingDocument, *, name: str, media_type: str, content: Iterable[bytes], actor: Person, at: datetime
) -> Enclosure:
    """Add a file that travels with the document, whole (Article 10.1); after a refusal, to complete it (R-5.4-2).

    Args:
        content: the file piece by piece: it may be larger than memory.

    Raises:
        Missing: the file is empty.
        SecretDocument: it is stamped as a state secret; it was not kept.
        LinkNotFile: it only points elsewhere; it was not kept.
        FormatNotListed: no format of the list, or not what its name says, where the agency lets faults block.
        IllegalMove: between approval and issue nothing is added.
        Held: an order keeps it as it is.
    """
    open_states = (OutgoingState.DRAFT, OutgoingState.ISSUED)
    if document.state == OutgoingState.DRAFT:
        require_drafter(document, actor)
    else:
        require(actor, Role.CLERK)
    with blobs().writer() as out:
        for chunk in content:
            out.write(chunk)
        if not out.size or not name.strip():
            raise Missing(what="tệp kèm theo", what_en="the file")
        blob = out.keep()
    with blobs().open(blob.digest) as file:
        only_link = is_link_file(name.strip(), file.read() if blob.size <= LARGEST_LINK else b"")
    if only_link:
        release([blob.digest])
        raise LinkNotFile(name=name.strip()[:100])
    with blobs().open(blob.digest) as file:
        mark = mark_on_first_page(file) if name.lower().endswith(".pdf") else ""
    if mark:
        release([blob.digest])
        raise SecretDocument(mark=mark)
    fault = file_formats.fault_of(name, blob.digest)
    if fault and file_formats.blocks(document):
        release([blob.digest])
        raise FormatNotListed(name=name.strip()[:100])
    with transaction.atomic():
        holds.require_document_free(document)
        if not OutgoingDocument.objects.select_for_update().filter(pk=document.pk, state__in=open_states).exists():
            raise IllegalMove(state=document.get_state_display())
        enclosure = Enclosure.objects.create(
            document=document, name=name.strip()[:500], media_type=media_type[:100], digest=blob.digest,
            size=blob.size, added_at=at, format_fault=fault,
        )  # fmt: skip
        record(OfficeEvent.ENCLOSURE_ADDED, actor, document, at, name=name, digest=blob.digest)
    return enclosure


def remove_enclosure(document: OutgoingDocument, enclosure: Enclosure, *, actor: Person, at: datetime) -> None:
    """Take a file away from a draft. Raises `Forbidden`, `IllegalMove`, `Held`."""
    require_drafter(document, actor)
    with transaction.atomic():
        holds.require_document_free(document)
        draft = OutgoingDocument.objects.select_for_update().filter(pk=document.pk, state=OutgoingState.DRAFT)
        if not draft.exists():
            raise IllegalMove(state=document.get_state_display())
        document.enclosures.filter(pk=enclosure.pk).delete()
        record(OfficeEvent.ENCLOSURE_REMOVED, actor, document, at, name=enclosure.name)


def current_version(document: OutgoingDocument) -> Version:
    """The newest version."""
    return document.versions.latest("ordinal")


def slots_of(version: Version) -> tuple[Slot, ...]:
    """The kept places of a version."""
    return tuple(typeset.slot_from_json(row) for row in version.slots)


def require_drafter(document: OutgoingDocument, actor: Person) -> None:
    """Raises `Forbidden`: a draft is changed by who writes it, and by nobody who merely reads it."""
    if document.drafter_id != actor.pk:
        raise Forbidden(who="người soạn thảo", who_en="the drafter")


def _facts(manuscript: Manuscript, unit: Unit, at: datetime) -> dict[str, Any]:
    capacity = manuscript.capacity
    competence, position = authority_of(manuscript.signer, capacity)
    return {
        "signer": manuscript.signer,
        "authorization": capacity.authorization,
        "body_signer": capacity.body_signer,
        "signer_office": capacity.body_signer.office if capacity.body_signer else "",
        "type_code": manuscript.kind.abbreviation,
        "type_name": manuscript.kind.name,
        "subject": " ".join(manuscript.subject.split())[:500],
        "urgency": manuscript.urgency,
        "competence": competence,
        "position": position,
        "signer_name": manuscript.signer.full_name,
        "recipients_text": manuscript.recipients_text,
        "content": {"body": manuscript.body, "addressees": list(manuscript.addressees)},
        "due_on": manuscript.due_on,
        "appendixes": list(manuscript.appendixes),
        "notation": notation(manuscript.kind, unit, timezone.localdate(at).year, capacity.body),
        "secrecy": manuscript.secrecy,
        "origin": _origin(manuscript),
    }


def _origin(manuscript: Manuscript) -> str:
    return manuscript.origin if _is_pdf(manuscript) else Origin.DIGITAL.value


def _is_pdf(manuscript: Manuscript) -> bool:
    return manuscript.upload is not None and manuscript.upload[1].startswith(b"%PDF")


def notation(kind: DocumentType, unit: Unit, year: int, body: AdvisoryBody | None = None) -> str:
    """The notation by Annex I, II.3: type and agency; for a letter, agency and drafting unit. A regulatory document has
    the year before it (30/2020/NĐ-CP). What an advisory body issues names the body in the agency's place."""
    agency = body.abbreviation if body else unit.organization.abbreviation
    if kind.group == REGULATORY:
        return f"{year}/{kind.abbreviation}-{agency}"
    return f"{kind.abbreviation}-{agency}" if kind.abbreviation else f"{agency}-{unit.abbreviation}"


def _require_sound(manuscript: Manuscript, at: datetime) -> None:
    if not manuscript.subject.strip():
        raise Missing(what="trích yếu", what_en="the subject")
    if link := next((one for one in (manuscript.subject, *manuscript.appendixes) if is_link(one)), ""):
        raise LinkNotFile(name=link[:100])
    if any(len(code) > LONGEST_CODE for code in manuscript.recipients):
        raise Missing(what="nơi nhận có trong danh bạ", what_en="recipients of the directory")
    if not manuscript.body.strip() and manuscript.upload is None:
        raise Missing(what="nội dung văn bản", what_en="the text")
    if _is_pdf(manuscript) and manuscript.origin not in Origin:
        raise Missing(what="nguồn gốc của tệp PDF tải lên", what_en="the origin of the uploaded PDF")
    require_competent(manuscript.signer, manuscript.capacity, manuscript.kind.name, at=at)
    if manuscript.capacity.body and manuscript.kind.group == REGULATORY:
        raise NotByBody(type_name=manuscript.kind.name)
    lines = (manuscript.subject, *manuscript.body.splitlines())
    stamped = next(filter(None, map(secrecy_mark, lines)), "")
    if mark := declared_degree(manuscript.secrecy) or stamped or manuscript.secrecy.strip()[:20]:
        raise SecretDocument(mark=mark)  # whatever it is called: what bears a mark has no place here


@dataclass(frozen=True)
class _LaidOut:
    """A manuscript as a PDF with its kept places, and what breaks the rules of presentation there."""

    made: typeset.Typeset
    findings: list[dict[str, Any]]


def _lay_out(manuscript: Manuscript, unit: Unit, at: datetime) -> _LaidOut:
    """What is uploaded shows its marks, and its presentation, only once it is laid out."""
    _require_sound(manuscript, at)
    draft = _draft_of(manuscript, unit, at)
    if len(draft.notation) > LONGEST_NOTATION:
        raise NotationTooLong(notation=draft.notation, most=LONGEST_NOTATION)
    made = _typeset(manuscript, draft)
    if mark := mark_on_first_page(BytesIO(made.pdf)):
        raise SecretDocument(mark=mark)
    known = Known(
        type_name=manuscript.kind.name, agency=draft.agency, superior=draft.superior, notation=draft.notation,
        position=draft.position, competence=draft.competence, office=draft.office, signer=draft.signer,
        urgency=draft.urgency, added=made.added,
    )  # fmt: skip
    return _LaidOut(made, presentation.findings(made.pdf, known))


def _typeset(manuscript: Manuscript, draft: typeset.Draft) -> typeset.Typeset:
    name, content = manuscript.upload or ("bản thảo", b"")
    try:
        if not content.startswith(b"%PDF") and typeset.word_processor.is_of_one(name):
            content = typeset.word_processor.lay_out(name, content)
        if content.startswith(b"%PDF"):
            return typeset.place_in_upload(content, draft)
        return typeset.render(replace(draft, body=content.decode("utf-8")) if manuscript.upload else draft)
    except UnicodeDecodeError:
        raise NotPdf(
            name=name, reason="không phải PDF hay văn bản thuần", reason_en="neither PDF nor plain text"
        ) from None
    except typeset.TypesetProblem as reason:
        raise NotPdf(name=name, reason=reason.vi, reason_en=reason.en) from reason


def _draft_of(manuscript: Manuscript, unit: Unit, at: datetime) -> typeset.Draft:
    facts, organization = _facts(manuscript, unit, at), unit.organization
    body = manuscript.capacity.body
    return typeset.Draft(
        superior=organization.name if body else organization.superior_name,
        agency=body.name if body else organization.name,
        type_name=manuscript.kind.name if manuscript.kind.abbreviation else "",
        notation=facts["notation"],
        place=organization.place,
        year=timezone.localdate(at).year,
        subject=facts["subject"],
        body=manuscript.body,
        addressees=manuscript.addressees,
        competence=facts["competence"],
        position=facts["position"],
        office=facts["signer_office"],
        signer=manuscript.signer.full_name,
        recipients=tuple(line.strip() for line in manuscript.recipients_text.splitlines() if line.strip()),
        urgency=manuscript.urgency,
    )


def _set_recipients(document: OutgoingDocument, codes: Sequence[str]) -> None:
    names = dict(DirectoryAgency.objects.filter(code__in=codes).values_list("code", "name"))
    document.recipients.exclude(code__in=codes).delete()
    for code in dict.fromkeys(codes):
        Recipient.objects.get_or_create(document=document, code=code, defaults={"name": names.get(code, code)})


def _add_version(document: OutgoingDocument, laid: _LaidOut, stage: Stage, *, author: Person, at: datetime) -> Version:
    slots = [typeset.slot_to_json(slot) for slot in laid.made.slots]
    return add_version(document, laid.made.pdf, stage, author=author, at=at, slots=slots, findings=laid.findings)


def add_version(
    document: OutgoingDocument,
    pdf: bytes,
    stage: Stage,
    *,
    author: Person,
    at: datetime,
    before: Version | None = None,
    slots: list[Any] | None = None,
    findings: list[dict[str, Any]] | None = None,
) -> Version:
    """Keep the bytes of a document at one stage; places and findings are those of the version before, unless given.

    Args:
        before: the newest version, where it is known; two that follow the same one are refused by the database.
    """
    blob = blobs().put(pdf)
    newest = before or document.versions.order_by("-ordinal").first()
    return Version.objects.create(
        document=document,
        ordinal=newest.ordinal + 1 if newest else 1,
        stage=stage,
        digest=blob.digest,
        size=blob.size,
        slots=slots if slots is not None else (newest.slots if newest else []),
        findings=findings if findings is not None else (newest.findings if newest else None),
        author=author,
        made_at=at,
    )
