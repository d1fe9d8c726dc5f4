"""Say what a document is worth: one verdict for each signature, and the document's legal value.

1. Each signature is checked by itself: bytes, cryptography, what it covers, what came after (`changes`).
2. Its time is proven by its own time stamp or by the stamp of a later signature that covers it.
3. Its certificate is judged at that time: chain, validity, revocation, usage; the material lies in the document.
4. It must belong to whom it claims: the seal to the agency by the directory, the person by the name.
5. Equal to paper is a document whose signatures all passed, the person's covered by the agency's.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from asn1crypto import cms
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from lienthong.standards.signatures import changes
from lienthong.standards.signatures.agency import AgencySeals, fingerprint, same_person
from lienthong.standards.signatures.errors import PdfEncrypted, PdfUnreadable
from lienthong.standards.signatures.layout import Place
from lienthong.standards.signatures.material import Material, cms_certificates, read, subject
from lienthong.standards.signatures.pdf import BROKEN, open_reader
from lienthong.standards.signatures.report import (
    Change,
    Finding,
    LegalValue,
    Report,
    Role,
    SignatureVerdict,
    Verdict,
)
from lienthong.standards.signatures.revocation import standing
from lienthong.standards.signatures.sign import values_of
from lienthong.standards.signatures.trust import ChainProblem, Trust, certificate
from lienthong.standards.signatures.words import PASSED, PASSED_STAMPED, REASONS, finding
from lienthong.standards.times import to_the_second

__all__ = ["AgencySeals", "Expected", "judge"]

_CHAIN_FINDINGS = {
    "NO_CERTIFICATE_CHAIN_FOUND": "no_chain",
    "NOT_YET_VALID": "not_yet_valid",
    "CRYPTO_CONSTRAINTS_FAILURE": "weak",
    "CERTIFICATE_CHAIN_GENERAL_FAILURE": "chain_invalid",
}


@dataclass(frozen=True)
class Expected:
    """What was sent along with a document: number, day and month, as digits."""

    number: str
    day: str
    month: str

    def agrees(self, values: dict[Place, str]) -> bool:
        """Do the kept fields that the document has say the same (leading zeros aside)?"""
        said = {Place.NUMBER: self.number, Place.DAY: self.day, Place.MONTH: self.month}
        return all(text.lstrip("0") == said[place].lstrip("0") for place, text in values.items())


@dataclass(frozen=True)
class _Frame:
    """What one judgement rests on."""

    reader: PdfFileReader
    trust: Trust
    at: datetime
    agency: AgencySeals | None
    signer_name: str | None
    material: Material


def judge(
    pdf: bytes,
    *,
    trust: Trust,
    at: datetime,
    agency: AgencySeals | None,
    signer_name: str | None,
    expected: Expected | None = None,
    enclosure: bool = False,
    material: Material | None = None,
) -> Report:
    """Judge a document at the moment `at` (aware). Never raises on a bad file: that is a verdict too.

    Args:
        agency: the seals of the agency it claims to come from; None when unknown (its seal cannot be confirmed then).
        signer_name: the competent person's name as the exchange says; None leaves the name unchecked,
            an empty one is a document that names nobody: then the signature proves no competent person.
        expected: number and date as the exchange says; compared with the kept fields.
        enclosure: an enclosure carries the agency's seal alone (Decree 30/2020, Annex I, II.9).
        material: certificates and revocation information at hand beside what the document carries.
    """
    try:
        reader = open_reader(pdf)
        frame = _Frame(reader, trust, at, agency, signer_name, read(reader) + (material or Material()))
        return _report(frame, expected, enclosure)
    except PdfEncrypted:
        return _result(at, (), "encrypted", {})
    except (PdfUnreadable, *BROKEN):
        return _result(at, (), "unreadable", {})


def _report(frame: _Frame, expected: Expected | None, enclosure: bool) -> Report:
    values = values_of(frame.reader)
    found = list(frame.reader.embedded_regular_signatures)
    verdicts = _verdicts(frame, found)
    reason = _reason(found, verdicts, enclosure)
    if reason.startswith("equivalent") and expected is not None and not expected.agrees(values):
        reason = "differs"
    return _result(frame.at, (*verdicts, *_unsupported(frame.reader)), reason, values)


def _result(at: datetime, verdicts: tuple[SignatureVerdict, ...], reason: str, values: dict[Place, str]) -> Report:
    if reason.startswith("equivalent") and any(v.verdict is not Verdict.PASSED for v in verdicts):
        reason = "indeterminate"
    value = LegalValue.EQUIVALENT if reason.startswith("equivalent") else LegalValue.INFORMATION
    vi, en = REASONS[reason]
    return Report(at, verdicts, value, reason, vi, en, {place.value: text for place, text in values.items()})


def _reason(found: list[EmbeddedPdfSignature], verdicts: list[SignatureVerdict], enclosure: bool) -> str:
    """The code of the document's worth, the gravest first."""
    if not verdicts:
        return "unsigned"
    for grave in (Verdict.FAILED, Verdict.INDETERMINATE):
        if any(item.verdict is grave for item in verdicts):
            return grave.value
    revisions = {item.field: one.signed_revision for item, one in zip(verdicts, found, strict=True)}
    people = [item for item in verdicts if item.role is Role.PERSON]
    seals = [item for item in verdicts if item.role is Role.AGENCY]
    if not seals:
        return "no_seal"
    if enclosure:
        return "equivalent_enclosure"
    if not people:
        return "no_person"
    last_seal = max(revisions[item.field] for item in seals)
    covered = all(revisions[item.field] < last_seal for item in people)
    return "equivalent" if covered else "not_vouched"


def _unsupported(reader: PdfFileReader) -> tuple[SignatureVerdict, ...]:
    """Signatures of kinds that pyHanko leaves out; they must not vanish from the verdict."""
    read_here = {item.field_name for item in reader.embedded_signatures}
    found: list[SignatureVerdict] = []
    for name, value, _ in enumerate_sig_fields(reader, filled_status=True):
        if name not in read_here:
            one = finding("unsupported", kind=str(value.get_object().get("/SubFilter", "?")))
            found.append(
                SignatureVerdict(
                    name, Role.PERSON, "", "", "", None, None, one.verdict, one.indication, one.vi, one.en, (one,)
                )
            )
    return tuple(found)


def _verdicts(frame: _Frame, found: list[EmbeddedPdfSignature]) -> list[SignatureVerdict]:
    """Judge from the last signature to the first: a later stamp proves the time of all it covers."""
    proven: datetime | None = _document_stamp(frame)
    verdicts: list[SignatureVerdict] = []
    for index in reversed(range(len(found))):
        signature = found[index]
        role = _role(frame, found, index)
        verdict, stamped = _one(frame, signature, role, proven)
        verdicts.insert(0, verdict)
        if stamped is not None and verdict.verdict is not Verdict.FAILED:
            proven = stamped if proven is None else min(stamped, proven)
    return verdicts


def _role(frame: _Frame, found: list[EmbeddedPdfSignature], index: int) -> Role:
    """In whose name: by the directory, by our own field, by the name; else the last of several is the agency's."""
    signature = found[index]
    der = signature.signer_cert.dump()
    if signature.field_name in (Place.SEAL, Place.SIGNATURE):
        return Role.AGENCY if signature.field_name == Place.SEAL else Role.PERSON
    agency = frame.agency
    if agency is not None and (agency.known(der) or agency.owner(der) or same_person(subject(der), agency.name)):
        return Role.AGENCY
    return Role.AGENCY if index and index == len(found) - 1 else Role.PERSON


def _one(
    frame: _Frame, signature: EmbeddedPdfSignature, role: Role, proven: datetime | None
) -> tuple[SignatureVerdict, datetime | None]:
    """The verdict on one signature, and the time its own stamp proves."""
    der = signature.signer_cert.dump()
    findings, differing = _itself(frame, signature)
    stamped = None if findings and findings[0].verdict is Verdict.FAILED else _stamp(frame, signature)
    known = [moment for moment in (stamped, proven) if moment is not None]
    moment = min(known) if known else None
    claimed = signature.self_reported_timestamp
    findings += _certificate(frame, der, cms_certificates(signature.signed_data), moment, claimed)
    findings += _owner(frame, der, role, moment or frame.at)
    findings.sort(key=lambda item: item.verdict is not Verdict.FAILED)
    vi, en = PASSED_STAMPED if certificate(der).not_valid_after < frame.at else PASSED
    worst = findings[0] if findings else None
    return (
        SignatureVerdict(
            field=signature.field_name,
            role=role,
            who=subject(der),
            serial=f"{certificate(der).serial_number:x}",
            fingerprint=fingerprint(der),
            signed_at=claimed,
            stamped_at=stamped,
            verdict=worst.verdict if worst else Verdict.PASSED,
            indication=worst.indication if worst else "",
            vi=worst.vi if worst else vi,
            en=worst.en if worst else en,
            findings=tuple(findings),
            changes=differing,
        ),
        stamped,
    )


def _itself(frame: _Frame, signature: EmbeddedPdfSignature) -> tuple[list[Finding], tuple[Change, ...]]:
    """Bytes, cryptography, coverage and later changes."""
    signature.compute_integrity_info()
    if signature.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return [finding("coverage")], ()
    if signature.md_algorithm not in frame.trust.policy.digests:
        return [finding("weak")], ()
    try:
        intact, valid = validate_sig_integrity(
            signature.signer_info, signature.signer_cert, "data", signature.compute_digest()
        )
    except SignatureValidationError:
        return [finding("malformed")], ()
    if not valid or not intact:
        return [finding("bytes_changed" if valid else "signature_wrong")], ()
    problem, differing = changes.after(frame.reader, signature)
    return ([problem] if problem else []), differing


def _stamp(frame: _Frame, signature: EmbeddedPdfSignature) -> datetime | None:
    """The earliest time that a valid signature time stamp proves (RFC 3161; ETSI EN 319 122-1, 5.3)."""
    value = signature.signer_info["signature"].native

    def imprint(name: str) -> bytes:
        return _hash(name, value)

    tokens = [
        token["content"]
        for attribute in signature.signer_info["unsigned_attrs"]
        if attribute["type"].native == "signature_time_stamp_token"
        for token in attribute["values"]
    ]
    times = [_token_time(frame, token, imprint) for token in tokens]
    return min((time for time in times if time is not None), default=None)


def _document_stamp(frame: _Frame) -> datetime | None:
    """The earliest time that a document time stamp proves for everything before it (PAdES B-LTA)."""
    times = []
    for item in frame.reader.embedded_timestamp_signatures:
        item.compute_integrity_info(skip_diff=True)
        if item.coverage >= SignatureCoverageLevel.ENTIRE_REVISION:
            times.append(_token_time(frame, item.signed_data, item.compute_digest))
    return min((time for time in times if time is not None), default=None)


def _hash(name: str, value: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes

    md = hashes.Hash(get_pyca_cryptography_hash(name))
    md.update(value)
    return md.finalize()


def _token_time(frame: _Frame, token: cms.SignedData, imprint: Any) -> datetime | None:
    """The time in a token about this imprint, well signed by a trusted authority in good standing.

    A token that fails is passed over, as ETSI EN 319 102-1, 5.5.4 does: the signature is then judged without it.
    """
    content = token["encap_content_info"]["content"]
    info = content.parsed
    name = info["message_imprint"]["hash_algorithm"]["algorithm"].native
    if name not in frame.trust.policy.digests or imprint(name) != info["message_imprint"]["hashed_message"].native:
        return None
    moment: datetime = info["gen_time"].native
    signer_info = token["signer_infos"][0]
    try:
        signer = extract_certs_for_validation(token).signer_cert
        digest = _hash(signer_info["digest_algorithm"]["algorithm"].native, bytes(content))
        good = validate_sig_integrity(signer_info, signer, "tst_info", digest) == (True, True)
    except (SignatureValidationError, ValueError, KeyError):
        return None
    usage = signer.extended_key_usage_value
    if not good or usage is None or "time_stamping" not in usage.native or moment > frame.at:
        return None
    return moment if not _certificate_problems(frame, signer.dump(), cms_certificates(token), moment) else None


def _certificate_problems(
    frame: _Frame, der: bytes, beside: tuple[bytes, ...], moment: datetime
) -> tuple[str, datetime | None] | None:
    """The first problem of a certificate at a moment: code and, if revoked, since when."""
    try:
        chain = frame.trust.chain(der, (*beside, *frame.material.certificates), moment)
    except ChainProblem as problem:
        return _CHAIN_FINDINGS.get(problem.indication, "expired"), None
    crls = (*frame.material.crls, *frame.trust.crls)
    unknown = False
    for own, issuer in pairwise(chain):
        said = standing(own, issuer, crls=crls, responses=frame.material.responses, at=moment)
        if said.revoked_at is not None and said.revoked_at <= moment:
            return "revoked", said.revoked_at
        unknown = unknown or not said.known
    return ("no_revocation_information", None) if unknown else None


def _certificate(
    frame: _Frame, der: bytes, beside: tuple[bytes, ...], proven: datetime | None, claimed: datetime | None
) -> list[Finding]:
    """What speaks against the signer's certificate at the proven time, or now when no time is proven."""
    found: list[Finding] = []
    problem = _certificate_problems(frame, der, beside, proven or frame.at)
    if problem is not None:
        code, since = problem
        own_words = claimed is not None and since is not None and claimed >= since
        if proven is None and (code == "expired" or (code == "revoked" and not own_words)):
            code += "_unproven"
        found.append(finding(code, since=to_the_second(since) if since else ""))
    usage = certificate(der).key_usage_value
    if usage is not None and not frame.trust.policy.usages & set(usage.native):
        found.append(finding("usage"))
    if not frame.trust.key_is_strong(der):
        found.append(finding("weak"))
    return found


def _owner(frame: _Frame, der: bytes, role: Role, moment: datetime) -> list[Finding]:
    """Does the certificate belong to whom the document names?"""
    if role is Role.PERSON:
        if frame.signer_name is None or same_person(subject(der), frame.signer_name):
            return []
        if not frame.signer_name:
            return [finding("name_missing", who=subject(der))]
        return [finding("name_differs", who=subject(der), named=frame.signer_name)]
    agency = frame.agency
    if agency is None:
        return [finding("agency_unknown")]
    if agency.registered(der, moment):
        return []
    other = None if agency.known(der) else agency.owner(der)
    if other is not None:
        return [finding("seal_of_another", other=other, agency=agency.name)]
    return [finding("seal_unregistered")]
