"""The verdict: values, and their way to JSON and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class Verdict(StrEnum):
    """The main indications of ETSI EN 319 102-1, 5.1.3. Indeterminate is not passed."""

    PASSED = "passed"
    INDETERMINATE = "indeterminate"
    FAILED = "failed"


class Role(StrEnum):
    """In whose name a signature stands."""

    PERSON = "person"
    AGENCY = "agency"


class LegalValue(StrEnum):
    """What the document is worth: equal to the paper original (Decree 30/2020, article 5), or for information."""

    EQUIVALENT = "equivalent"
    INFORMATION = "information"


@dataclass(frozen=True)
class Change:
    """Something that differs between a signed revision and the file as it is.

    `kind` is one of the keys of `words.CHANGES`; `page` counts from 1, None when it belongs to no page; `detail` is a
    field's name, an annotation's text or the like.
    """

    kind: str
    page: int | None
    detail: str
    vi: str
    en: str


@dataclass(frozen=True)
class Finding:
    """One thing that speaks against a signature, with its ETSI sub-indication and its weight."""

    code: str
    verdict: Verdict
    indication: str
    vi: str
    en: str


@dataclass(frozen=True)
class SignatureVerdict:
    """What one signature is worth.

    Attributes:
        field: name of the signature field.
        role: in whose name.
        who: common name in the certificate.
        serial: its serial number, hexadecimal.
        fingerprint: SHA-256 of the certificate, hexadecimal.
        signed_at: the time the signer claims.
        stamped_at: the time a trusted authority proves, None without a valid time stamp.
        verdict, indication, vi, en: outcome, ETSI sub-indication ("" when passed) and the sentence for people.
        findings: everything found, the weightiest first.
        changes: what differs between the signed revision and the file.
    """

    field: str
    role: Role
    who: str
    serial: str
    fingerprint: str
    signed_at: datetime | None
    stamped_at: datetime | None
    verdict: Verdict
    indication: str
    vi: str
    en: str
    findings: tuple[Finding, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Report:
    """The judgement of a document.

    Attributes:
        judged_at: the moment it was judged for.
        signatures: one verdict for each signature, in the order they were made.
        legal_value: equal to paper, or for information, with `reason`, a code, and its sentences.
        values: what stands in the kept fields, by their names.
    """

    judged_at: datetime
    signatures: tuple[SignatureVerdict, ...]
    legal_value: LegalValue
    reason: str
    reason_vi: str
    reason_en: str
    values: Mapping[str, str]

    @property
    def equivalent(self) -> bool:
        return self.legal_value is LegalValue.EQUIVALENT

    def to_json(self) -> dict[str, Any]:
        """Plain values: strings, lists, dicts; times as ISO 8601 with offset."""
        return {
            "judged_at": self.judged_at.isoformat(),
            "legal_value": self.legal_value.value,
            "reason": self.reason,
            "reason_vi": self.reason_vi,
            "reason_en": self.reason_en,
            "values": dict(self.values),
            "signatures": [_signature_json(item) for item in self.signatures],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`.

        Raises:
            KeyError, ValueError: not such a dict.
        """
        return cls(
            judged_at=datetime.fromisoformat(data["judged_at"]),
            signatures=tuple(_signature(item) for item in data["signatures"]),
            legal_value=LegalValue(data["legal_value"]),
            reason=data["reason"],
            reason_vi=data["reason_vi"],
            reason_en=data["reason_en"],
            values=dict(data["values"]),
        )


def _signature_json(item: SignatureVerdict) -> dict[str, Any]:
    return {
        "field": item.field,
        "role": item.role.value,
        "who": item.who,
        "serial": item.serial,
        "fingerprint": item.fingerprint,
        "signed_at": item.signed_at.isoformat() if item.signed_at else None,
        "stamped_at": item.stamped_at.isoformat() if item.stamped_at else None,
        "verdict": item.verdict.value,
        "indication": item.indication,
        "vi": item.vi,
        "en": item.en,
        "findings": [
            {"code": f.code, "verdict": f.verdict.value, "indication": f.indication, "vi": f.vi, "en": f.en}
            for f in item.findings
        ],
        "changes": [{"kind": c.kind, "page": c.page, "detail": c.detail, "vi": c.vi, "en": c.en} for c in item.changes],
    }


def _signature(data: Mapping[str, Any]) -> SignatureVerdict:
    return SignatureVerdict(
        field=data["field"],
        role=Role(data["role"]),
        who=data["who"],
        serial=data["serial"],
        fingerprint=data["fingerprint"],
        signed_at=datetime.fromisoformat(data["signed_at"]) if data["signed_at"] else None,
        stamped_at=datetime.fromisoformat(data["stamped_at"]) if data["stamped_at"] else None,
        verdict=Verdict(data["verdict"]),
        indication=data["indication"],
        vi=data["vi"],
        en=data["en"],
        findings=tuple(Finding(**{**f, "verdict": Verdict(f["verdict"])}) for f in data["findings"]),
        changes=tuple(Change(**c) for c in data["changes"]),
    )
