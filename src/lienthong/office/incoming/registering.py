"""What comes beside the hub: on paper, by e-mail or otherwise. The clerk registers it by hand, in the one sequence of
arrival numbers (Decree 30/2020, Articles 21.1, 22.2, 22.3); no sender could be told of it here."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.config import blobs
from lienthong.office.errors import BadScan, Missing, NotPdf
from lienthong.office.incoming import acts, anomalies, checks, presenting, unopened
from lienthong.office.incoming.act_errors import SecretPaper
from lienthong.office.models import (
    IncomingDocument,
    IncomingFile,
    IncomingState,
    IncomingWay,
    LegalValue,
    Organization,
    Origin,
    Person,
    PresentationPolicy,
    Role,
    UnopenedEnvelope,
)
from lienthong.office.people.access import require
from lienthong.office.people.actors import record
from lienthong.office.typeset import TypesetProblem, count, fault_of
from lienthong.standards import edxml
from lienthong.standards.identifiers import DocumentNumber, InvalidNumber
from lienthong.standards.scans import is_scanned
from lienthong.standards.secrecy import mark_on_first_page
from lienthong.standards.statuses import Urgency, Words

MOST_PAGES = 2000
"""Of a file that is read as a whole: a book is no document."""
MOST_FILES = 20
LONGEST = {"sender": 200, "type_name": 100, "subject": 500, "signer_name": 100}
"""Characters (Annex VI, and the columns)."""
PDF = "application/pdf"


@dataclass(frozen=True)
class Upload:
    """A file as it was given: its name and bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Entry:
    """What the clerk writes of a document (Annex VI, input fields of incoming documents).

    Attributes:
        way: on paper, or by e-mail or otherwise.
        number: number and notation as printed; empty where there is none.
        sheets: pages of the document.
        paper: whether the clerk has the paper itself.
        envelope: what is wrong with its envelope or seal, where something is (Article 21.1a).
        came_in: the envelope that was handed on unopened and brought back with it, where it was (Article 21.1b).
    """

    way: str
    sender: str
    number: str
    issued_on: date | None
    type_name: str
    subject: str
    urgency: int
    sheets: int = 0
    paper: bool = False
    signer_name: str = ""
    due_on: date | None = None
    envelope: str = ""
    came_in: UnopenedEnvelope | None = None


def register(entry: Entry, files: Sequence[Upload], *, actor: Person, at: datetime) -> IncomingDocument:
    """Register a document, which gives it its arrival number. Its file is for information: what has legal value is the
    paper, or a copy that the agency makes and seals (Decision 28, 4.2; Decree 30, 25).

    Args:
        files: the document first; of paper its scan, if there is one.

    Raises:
        Forbidden; Missing: a fact; SecretPaper, SecretEnvelope; NotPdf: what is no readable PDF.
        IllegalMove: nobody brought the envelope back, or it is registered.
        BadScan: the scan is below the standard, where the agency lets faults block.
    """
    require(actor, Role.CLERK)
    agency = actor.organization
    if entry.came_in is not None:
        unopened.require_to_register(entry.came_in, actor)
    _require_whole(entry, files, timezone.localdate(at))
    found = [*_looked_at(entry, files, agency), *_duplicates(entry, agency)]
    kept = [(one, blobs().put(one.content)) for one in files]
    number, notation = _parts(entry.number)
    with transaction.atomic():
        document = IncomingDocument.objects.create(
            organization=agency, way=entry.way, sender_name=_line(entry.sender), addressed_to=agency.code,
            number=number, notation=notation, promulgated_on=entry.issued_on, type_name=_line(entry.type_name),
            subject=_line(entry.subject), urgency=entry.urgency, signer_name=_line(entry.signer_name),
            due_on=entry.due_on, other=_other(entry), origin=_origin(entry, files),
            legal_value=LegalValue.INFORMATION, checks=[check.as_json() for check in found], submitted_at=at,
            arrived_at=at, present_due_at=presenting.due_at(agency, entry.urgency, at), state=IncomingState.ARRIVED,
        )  # fmt: skip
        IncomingFile.objects.bulk_create(
            IncomingFile(
                document=document, ordinal=place, name=edxml.safe_name(one.name), declared=True, present=True,
                media_type=PDF if _is_pdf(one) else "application/octet-stream", digest=blob.digest, size=blob.size,
            )
            for place, (one, blob) in enumerate(kept)
        )  # fmt: skip
        record(OfficeEvent.INCOMING_REGISTERED, actor, document, at, way=entry.way, files=len(kept))
        number_given = acts.accept(document, actor=actor, at=at)
        if entry.came_in is not None:
            unopened.note_registered(entry.came_in, document, number_given, actor=actor, at=at)
        if wrong := _line(entry.envelope):
            anomalies.tell(document, Words(wrong, wrong), at=at)
    document.refresh_from_db()
    return document


def _other(entry: Entry) -> dict[str, object]:
    said: dict[str, object] = {"pages": entry.sheets, "original": entry.paper}
    return said | ({"envelope": _line(entry.envelope)[:300]} if entry.envelope.strip() else {})


def _require_whole(entry: Entry, files: Sequence[Upload], today: date) -> None:
    if entry.way not in (IncomingWay.PAPER, IncomingWay.OTHER):
        raise Missing(what="cách đến: bản giấy hoặc cách khác", what_en="how it came: on paper, or otherwise")
    if not entry.sender.strip():
        raise Missing(what="cơ quan, tổ chức gửi", what_en="the sender")
    if not entry.subject.strip():
        raise Missing(what="trích yếu nội dung", what_en="the summary")
    for name, most in LONGEST.items():
        if len(_line(getattr(entry, name))) > most:
            raise Missing(what=f"nội dung ngắn hơn {most} ký tự", what_en=f"a text of at most {most} characters")
    if entry.issued_on is not None and entry.issued_on > today:
        raise Missing(what="ngày văn bản không sau hôm nay", what_en="a date of the document that is not to come")
    if entry.due_on is not None and entry.due_on < today:
        raise Missing(what="hạn trả lời từ hôm nay trở đi", what_en="a deadline from today on")
    if entry.urgency not in [one.value for one in Urgency]:
        raise Missing(what="mức độ khẩn", what_en="the urgency")
    if entry.way == IncomingWay.OTHER and not files:
        raise Missing(what="tệp văn bản nhận được", what_en="the file that was received")
    require_few(files)
    _parts(entry.number)


def require_few(files: Sequence[Upload]) -> None:
    """Raises `Missing`: there are more files than a document has."""
    if len(files) > MOST_FILES:
        raise Missing(what=f"không quá {MOST_FILES} tệp", what_en=f"no more than {MOST_FILES} files")


def _parts(text: str) -> tuple[str, str]:
    """Number and notation as they are kept; a number of a form that the decree does not know stays as it is printed.
    Raises `Missing`: it is longer than any."""
    clean = _line(text)
    try:
        number = DocumentNumber.parse(clean)
    except InvalidNumber:
        first, _, rest = clean.partition("/")
    else:
        first, rest = number.printed_number, number.notation
    if len(first) > 11 or len(rest) > 30:
        raise Missing(what="số (11 ký tự), ký hiệu (30 ký tự)", what_en="a number of 11, a notation of 30 characters")
    return first, rest


def _looked_at(entry: Entry, files: Sequence[Upload], agency: Organization) -> list[checks.Check]:
    """What the files show, before anything is kept."""
    for file in files:
        require_readable(file)
    on_paper = entry.way == IncomingWay.PAPER
    said = (
        ("Văn bản giấy: chữ ký, con dấu do văn thư kiểm tra trên bản giấy.", "On paper: the clerk checked its seal.")
        if on_paper
        else ("Nhận ngoài Trục: để biết, tham khảo (Điều 1.1, 4.2).", "It came beside the hub: for information.")
    )
    found = [checks.Check("authenticity", "warning", *said)]
    if on_paper and files:
        found.append(_scan(files[0], agency))
    return found


def require_readable(file: Upload) -> None:
    """A PDF can be opened, is no book, and bears no mark of secrecy. Raises `NotPdf`, `SecretPaper`."""
    if not _is_pdf(file):
        return
    try:
        pages = count(file.content)
    except TypesetProblem as reason:
        raise NotPdf(name=file.name[:100], reason=reason.vi, reason_en=reason.en) from reason
    if pages > MOST_PAGES:
        why, why_en = f"dài hơn {MOST_PAGES} trang", f"it has more than {MOST_PAGES} pages"
        raise NotPdf(name=file.name[:100], reason=why, reason_en=why_en)
    if mark := mark_on_first_page(io.BytesIO(file.content)):
        raise SecretPaper(mark=mark)


def _scan(file: Upload, agency: Organization) -> checks.Check:
    """How the scan compares with the standard. Raises `NotPdf`; `BadScan` where faults block."""
    if not _is_pdf(file):
        raise NotPdf(name=file.name[:100], reason="tệp số hóa phải là PDF", reason_en="a scan is a PDF")
    try:
        fault = fault_of(file.content)
    except TypesetProblem as reason:
        raise NotPdf(name=file.name[:100], reason=reason.vi, reason_en=reason.en) from reason
    if fault is None:
        return checks.Check(
            "scan", "passed", "Ảnh màu, từ 200 dpi, PDF từ 1.4.", "In colour, 200 dpi or more, PDF 1.4 or later."
        )
    if agency.presentation_policy == PresentationPolicy.BLOCK:
        raise BadScan(why=fault.vi, why_en=fault.en)
    clause = "Phụ lục I, Phần II, mục I.2 Nghị định 30/2020/NĐ-CP"
    return checks.Check(
        "scan", "warning", f"Dưới tiêu chuẩn: {fault.vi} ({clause}).", f"Below the standard: {fault.en} ({clause})."
    )  # fmt: skip


def _duplicates(entry: Entry, agency: Organization) -> tuple[checks.Check, ...]:
    number, notation = _parts(entry.number)
    return checks.duplicate_of(
        Q(sender_name__iexact=_line(entry.sender)), number, notation, entry.issued_on, agency
    )  # fmt: skip


def _origin(entry: Entry, files: Sequence[Upload]) -> str:
    if not files:
        return ""
    if entry.way == IncomingWay.PAPER:
        return Origin.DIGITISED
    scanned = is_scanned(io.BytesIO(files[0].content)) if _is_pdf(files[0]) else None
    return "" if scanned is None else (Origin.DIGITISED if scanned else Origin.DIGITAL)


def _is_pdf(file: Upload) -> bool:
    return file.name.lower().endswith(".pdf") or file.content[:5] == b"%PDF-"


def _line(text: str) -> str:
    return " ".join(text.split())
