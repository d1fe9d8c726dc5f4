"""What the recipient is bound to check: completeness, integrity, authenticity (Decision 28, 9.1; Decree 30, 21.2)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from django.db.models import Q

from lienthong.office import config
from lienthong.office.config import blobs
from lienthong.office.models import DirectoryAgency, IncomingDocument, LegalValue, Organization, Origin
from lienthong.standards import formats
from lienthong.standards.edxml import Document, Reference
from lienthong.standards.scans import is_scanned
from lienthong.standards.signatures.agency import AgencySeals
from lienthong.standards.signatures.judge import Expected, judge
from lienthong.standards.signatures.material import Material
from lienthong.standards.signatures.report import Report, Role, SignatureVerdict, Verdict
from lienthong.standards.signatures.sign import material_at_hand

LARGEST_JUDGED = 50 << 20
"""Bytes of a PDF that is judged on arrival; a larger one is shown as not judged."""


class Named(Protocol):
    """Something with a file's name."""

    @property
    def name(self) -> str: ...


F = TypeVar("F", bound=Named)


class StoredFile(Named, Protocol):
    """A file of the packet as `arrival` stores it."""

    @property
    def content_id(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def size(self) -> int: ...


@dataclass(frozen=True)
class Check:
    """One line of the check list: name, result (`passed`, `failed`, `warning`), a sentence in both languages."""

    name: str
    result: str
    vi: str
    en: str

    def as_json(self) -> dict[str, str]:
        """For storage."""
        return asdict(self)


@dataclass(frozen=True)
class Examination:
    """The check list, the judge's reports of the PDF files, and the legal value that follows."""

    checks: tuple[Check, ...]
    reports: tuple[dict[str, Any], ...]
    legal_value: str


def examine(
    message: Document,
    manifest: Sequence[Reference],
    files: Sequence[StoredFile],
    organization: Organization,
    *,
    said: Mapping[str, Material],
    at: datetime,
) -> Examination:
    """Check a document that arrived, before anybody has looked at it. `said` is what `ask_authorities` heard."""
    document = main_file(files)
    reports = _judge_files(message, files, document, said, at)
    main = next((report for file, report in reports if file is document), None)
    checks = (
        _completeness(message, manifest, files),
        _integrity(main, document),
        _authenticity(main, document),
        *_duplicate(message, organization),
        *_formats(files),
    )
    value = LegalValue.EQUIVALENT if main is not None and main.equivalent else LegalValue.INFORMATION
    rows = tuple({"file": file.name, **report.to_json()} for file, report in reports)
    return Examination(checks, rows, value)


def origin_of(files: Sequence[StoredFile]) -> str:
    """How the document came to be, as its main file shows; empty where that cannot be told (R-3.1-1)."""
    main = main_file(files)
    if main is None or not _is_judged(main):
        return ""
    with blobs().open(main.digest) as content:
        scanned = is_scanned(content)
    return "" if scanned is None else (Origin.DIGITISED if scanned else Origin.DIGITAL).value


def ask_authorities(files: Sequence[StoredFile], *, at: datetime) -> dict[str, Material]:
    """Digest of each PDF to be judged → what the authorities say of its signers. Not for inside a transaction."""
    judged = [file.digest for file in files if _is_judged(file)]
    return {digest: material_at_hand(blobs().read(digest), config.standing(), at) for digest in judged}


def _is_judged(file: StoredFile) -> bool:
    return file.name.lower().endswith(".pdf") and file.size <= LARGEST_JUDGED


def agency_seals(code: str) -> AgencySeals | None:
    """The seals that the directory vouches for, of the agency with this code in any spelling."""
    agency = DirectoryAgency.objects.filter(code=code).first()
    agency = agency or DirectoryAgency.objects.filter(aliases__contains=[code]).first()
    if agency is None:
        return None
    periods = tuple(
        (
            base64.b64decode(seal["certificate"]),
            datetime.fromisoformat(seal["valid_from"]),
            datetime.fromisoformat(seal["valid_to"]) if seal["valid_to"] else None,
        )
        for seal in agency.seals
    )
    return AgencySeals(agency.code, agency.name, periods, _owners())


def _owners() -> dict[str, str]:
    """Whose each registered certificate is, by its fingerprint."""
    return {
        hashlib.sha256(base64.b64decode(seal["certificate"])).hexdigest(): agency.code
        for agency in DirectoryAgency.objects.exclude(seals=[])
        for seal in agency.seals
    }


def main_file(files: Iterable[F]) -> F | None:
    """The document itself among its files: the first PDF. What is shown as the document is what was judged as it."""
    return next((file for file in files if file.name.lower().endswith(".pdf")), None)


def _judge_files(
    message: Document,
    files: Sequence[StoredFile],
    document: StoredFile | None,
    said: Mapping[str, Material],
    at: datetime,
) -> list[tuple[StoredFile, Report]]:
    """The judge's report of each PDF that is not too large: of the document, and of its enclosures."""
    seals = agency_seals(message.sender.code)
    reports: list[tuple[StoredFile, Report]] = []
    for file in files:
        if not _is_judged(file):
            continue
        is_main = file is document
        expected = None
        if is_main and message.issued_on is not None:
            expected = Expected(message.number, f"{message.issued_on.day:02d}", str(message.issued_on.month))
        report = judge(
            blobs().read(file.digest),
            trust=config.trust(),
            at=at,
            agency=seals,
            signer_name=message.signer.name.strip(),
            expected=expected,
            enclosure=not is_main,
            material=said.get(file.digest),
        )
        reports.append((file, report))
    return reports


def _completeness(message: Document, manifest: Sequence[Reference], files: Sequence[StoredFile]) -> Check:
    present = {file.content_id for file in files}
    absent = [one.name for one in manifest if one.content_id not in present]
    if not files:
        return Check("completeness", "failed", "Gói tin không có tệp nào.", "The packet carries no file.")
    if absent:
        names = ", ".join(absent)
        return Check(
            "completeness", "failed", f"Thiếu tệp đã khai báo: {names}.", f"Declared files are missing: {names}."
        )
    enclosed = len(files) - 1
    if len(message.appendixes) > enclosed:
        names = "; ".join(message.appendixes[enclosed:])
        return Check(
            "completeness", "failed",
            f"Văn bản nêu {len(message.appendixes)} phụ lục nhưng chỉ kèm {enclosed} tệp; thiếu: {names}.",
            f"The document names {len(message.appendixes)} annexes and encloses {enclosed}; missing: {names}.",
        )  # fmt: skip
    return Check("completeness", "passed", f"Đủ {len(files)} tệp như khai báo.", f"All {len(files)} files are here.")


_CHANGED = frozenset({"malformed", "coverage", "bytes_changed", "signature_wrong", "changed_after"})
"""Findings that say: this is not, byte for byte, what was signed."""
_UNEXPLAINED = frozenset({"added_after", "unexplained_after"})


def _formats(files: Sequence[StoredFile]) -> tuple[Check, ...]:
    """The warning where files are of no listed format, or are not what their names say (R-6.4-1)."""
    faulty = [file.name for file in files if _format_fault(file)]
    if not faulty:
        return ()
    names = ", ".join(name[:100] for name in faulty)
    vi = f"Tệp ngoài danh mục định dạng, hoặc nội dung không đúng đuôi tệp: {names}."
    return (Check("formats", "warning", vi, f"Of no listed format, or not what the name says: {names}."),)


def _format_fault(file: StoredFile) -> formats.FormatFault | None:
    with blobs().open(file.digest) as content:
        return formats.fault_of(file.name, content.read(formats.HEAD))


def _integrity(main: Report | None, document: StoredFile | None) -> Check:
    if main is None:
        return _not_judged("integrity", document)
    found = [one for signature in main.signatures for one in signature.findings]
    changed = next((one for one in found if one.code in _CHANGED), None)
    if changed is not None:
        return Check("integrity", "failed", changed.vi, changed.en)
    if main.reason in {"differs", "unreadable"}:
        return Check("integrity", "failed", main.reason_vi, main.reason_en)
    added = next((one for one in found if one.code in _UNEXPLAINED), None)
    if added is not None:
        return Check("integrity", "warning", added.vi, added.en)
    if not main.signatures:
        vi = "Mã băm gói tin khớp; văn bản không có chữ ký nên không chứng minh được nguyên vẹn."
        return Check("integrity", "warning", vi, "The digest fits, but without a signature nothing proves integrity.")
    return Check("integrity", "passed", "Mã băm gói tin khớp; nội dung không đổi sau khi ký.", "Nothing was changed.")


def _not_judged(name: str, document: StoredFile | None) -> Check:
    if document is None:
        return Check(name, "warning", "Không có văn bản PDF để kiểm tra.", "There is no PDF to check.")
    largest = LARGEST_JUDGED >> 20
    return Check(
        name, "failed", f"Văn bản lớn hơn {largest} MB nên chưa được kiểm tra chữ ký số.",
        f"The document is larger than {largest} MB: its signatures were not judged.",
    )  # fmt: skip


def _authenticity(main: Report | None, document: StoredFile | None) -> Check:
    if main is None and document is not None:
        return _not_judged("authenticity", document)
    if main is None or not main.signatures:
        return Check("authenticity", "failed", "Văn bản chưa được ký số.", "The document is not signed.")
    for grave, result in ((Verdict.FAILED, "failed"), (Verdict.INDETERMINATE, "warning")):
        if found := [one for one in main.signatures if one.verdict is grave]:
            return Check("authenticity", result, *_said_of(found, main.signatures))
    if not main.equivalent:
        return Check("authenticity", "warning", main.reason_vi, main.reason_en)
    return Check("authenticity", "passed", main.reason_vi, main.reason_en)


_WHOSE = {
    Role.PERSON: ("Chữ ký của người có thẩm quyền", "The competent person's signature"),
    Role.AGENCY: ("Chữ ký của cơ quan", "The agency's signature"),
}


def _said_of(found: Sequence[SignatureVerdict], everyone: Sequence[SignatureVerdict]) -> tuple[str, str]:
    """What speaks against these signatures, in both languages, and against whose; where all say the same, it is said
    once of the document."""
    if len({one.vi for one in everyone}) == 1:
        return everyone[0].vi, everyone[0].en
    said = [(*_WHOSE[one.role], one.vi, one.en) for one in found]
    vi = " ".join(dict.fromkeys(f"{whose}: {words}" for whose, _, words, _ in said))
    en = " ".join(dict.fromkeys(f"{whose}: {words}" for _, whose, _, words in said))
    return vi, en


def _duplicate(message: Document, organization: Organization) -> tuple[Check, ...]:
    by_hand = Q(sender_code="", sender_name__iexact=message.sender.name)  # came on paper before
    return duplicate_of(
        Q(sender_code=message.sender.code) | by_hand, message.number, message.notation, message.issued_on, organization
    )


def duplicate_of(
    sender: Q, number: str, notation: str, issued_on: date | None, organization: Organization
) -> tuple[Check, ...]:
    """The warning where the agency has a document of this sender with number, notation and day (AVI-1h)."""
    same = IncomingDocument.objects.filter(
        sender, organization=organization, number=number, notation=notation, promulgated_on=issued_on
    ).exclude(state="refused")  # fmt: skip
    if not number or not same.exists():
        return ()
    return (Check("duplicate", "warning", "Đã có văn bản cùng số, ký hiệu, ngày của nơi gửi này.", "Received before."),)
