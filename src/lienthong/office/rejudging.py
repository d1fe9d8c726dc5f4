"""Every signature that this office keeps, judged once more with what lies here: what the drill of a backup asks
(Decision 28/2018/QĐ-TTg, Article 19.1đ)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lienthong.office import config
from lienthong.office.config import blobs
from lienthong.office.incoming.checks import LARGEST_JUDGED, agency_seals
from lienthong.office.models import (
    Copy,
    Enclosure,
    IncomingFile,
    IncomingState,
    Organization,
    SigningKey,
    Stage,
    Version,
)
from lienthong.standards.signatures.agency import AgencySeals
from lienthong.standards.signatures.judge import judge
from lienthong.standards.signatures.report import Report, Verdict
from lienthong.storage import BlobMissing

AT_ONCE = 100
_WORST = (Verdict.FAILED, Verdict.INDETERMINATE, Verdict.PASSED)


@dataclass(frozen=True)
class Judged:
    """A file whose signatures were judged again.

    Attributes:
        what: which file, by kind and row, never by its content.
        before: what was found of it when it came or was made; "" where it had no signature.
        now: what is found now.
        why: the reason, Vietnamese and English.
    """

    what: str
    before: str
    now: str
    why: tuple[str, str]

    @property
    def lost(self) -> bool:
        """Whether something that held does not hold any more. Without a network the standing of a certificate may be
        open where an authority was asked when the document came; that is no loss, and is counted by itself."""
        if self.before != Verdict.PASSED:
            return self.before == Verdict.INDETERMINATE and self.now in ("", Verdict.FAILED)
        return self.now != Verdict.PASSED and not (self.what.startswith("incoming") and self.open)

    @property
    def open(self) -> bool:
        """Whether it cannot be told without a network."""
        return self.now == Verdict.INDETERMINATE


def judge_all(at: datetime) -> Iterator[Judged]:
    """Judge every sealed document, enclosure and copy of the agencies here, and every signed file that came."""
    own = {one.pk: _own_seals(one) for one in Organization.objects.all()}
    sealed = Version.objects.filter(stage=Stage.SEALED).select_related("document")
    for version in sealed.iterator(AT_ONCE):
        seals, signer = own[version.document.organization_id], version.document.signer_name
        yield _own(f"outgoing {version.document_id}/{version.ordinal}", version.digest, seals, signer, at)
    enclosures = Enclosure.objects.exclude(sealed_digest="").select_related("document")
    for enclosure in enclosures.iterator(AT_ONCE):
        seals = own[enclosure.document.organization_id]
        yield _own(
            f"outgoing {enclosure.document_id}, enclosure {enclosure.pk}", enclosure.sealed_digest, seals, None, at
        )
    copies = Copy.objects.filter(state="made", form="electronic").exclude(incoming__state=IncomingState.CANCELLED)
    for copy in copies.iterator(AT_ONCE):
        yield _own(f"copy {copy.pk}", copy.digest, own[copy.organization_id], None, at)
    yield from _received(at)


def _own(what: str, digest: str, seals: AgencySeals, signer: str | None, at: datetime) -> Judged:
    return _judged(what, Verdict.PASSED.value, digest, seals, signer, at)


def _received(at: datetime) -> Iterator[Judged]:
    files = IncomingFile.objects.exclude(digest="").exclude(document__state=IncomingState.CANCELLED)
    for file in files.filter(size__lte=LARGEST_JUDGED).select_related("document").iterator(AT_ONCE):
        told = next((one for one in file.document.signatures if one["file"] == file.name), None)
        if told is None:
            continue
        seals = agency_seals(file.document.sender_code)
        before = _worst(Report.from_json(told))
        signer = file.document.signer_name.strip()
        yield _judged(f"incoming {file.document_id}, file {file.ordinal}", before, file.digest, seals, signer, at)


def _judged(what: str, before: str, digest: str, seals: AgencySeals | None, signer: str | None, at: datetime) -> Judged:
    try:
        content = blobs().read(digest)
    except BlobMissing:
        return Judged(what, before, "", ("tệp không có trong kho", "the file is not in the store"))
    found = judge(content, trust=config.trust(), at=at, agency=seals, signer_name=signer, enclosure=signer is None)
    return Judged(what, before, _worst(found), (found.reason_vi, found.reason_en))


def _worst(report: Report) -> str:
    verdicts = {one.verdict for one in report.signatures}
    return next((one.value for one in _WORST if one in verdicts), "")


def _own_seals(organization: Organization) -> AgencySeals:
    """The seals that an agency registered here, whatever the hub's directory says today."""
    keys = SigningKey.objects.filter(organization=organization)
    periods = tuple((bytes(one.certificate), one.valid_from, None) for one in keys)
    return AgencySeals(organization.code, organization.name, periods)
