"""What a page asks to have signed: documents by their words, and of each the signed attributes of its signature.

The attributes come whole and not as a digest, so that nothing else is signed here: they are those of a signature over a
file (RFC 5652, 5.3) by a named certificate (RFC 5035), or they are refused.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from asn1crypto import cms, tsp

from lienthong.runtime.token.refusals import OtherCertificate, Unreadable
from lienthong.standards.signatures.agreed import MOST_SIGNED, comparison_code

LONGEST = 500
"""Characters of a document's words that are shown."""
LARGEST = 16 << 10
"""Bytes of the attributes of one signature."""
NEEDED = {"content_type", "message_digest", "signing_certificate_v2"}
ALLOWED = NEEDED | {"signing_time", "cms_algorithm_protection"}


@dataclass(frozen=True)
class Asked:
    """A document that a page wants signed.

    Attributes:
        words: what it is called, as the page says.
        file: SHA-256 of the file, out of the attributes.
        attributes: what is signed, DER.
        certificate: SHA-256 of the certificate that they name.
    """

    words: str
    file: bytes
    attributes: bytes
    certificate: bytes

    @property
    def digest(self) -> bytes:
        """What the key signs."""
        return sha256(self.attributes).digest()

    def require_certificate(self, der: bytes) -> None:
        """Raises `OtherCertificate`: it is to be signed by another than this one."""
        if sha256(der).digest() != self.certificate:
            raise OtherCertificate


def code_of(documents: list[Asked]) -> str:
    """What page and window show alike."""
    return comparison_code([one.digest for one in documents])


def read(told: object) -> list[Asked]:
    """The documents of a question. Raises `Unreadable`."""
    try:
        if not isinstance(told, dict) or not isinstance(told["documents"], list):
            raise TypeError("documents")
        documents = told["documents"]
        if not 1 <= len(documents) <= MOST_SIGNED:
            raise ValueError(f"1–{MOST_SIGNED}")
        return [_asked(one) for one in documents]
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise Unreadable(why=str(fault)[:100]) from fault


def _asked(told: dict[str, Any]) -> Asked:
    raw = b64decode(told["attributes"], validate=True)
    if len(raw) > LARGEST:
        raise ValueError("attributes")
    attributes = cms.CMSAttributes.load(raw, strict=True)
    found = {one["type"].native: one["values"] for one in attributes}
    # Nothing that two readers could read in two ways: each attribute once (RFC 5652, 11), all of it as DER has it.
    if len(found) != len(attributes) or attributes.dump(force=True) != raw:
        raise ValueError("attributes: DER")
    if not NEEDED <= set(found) <= ALLOWED or any(len(values) != 1 for values in found.values()):
        raise ValueError(f"attributes: {', '.join(sorted(map(str, found)))}")
    if found["content_type"][0].native != "data" or len(found["message_digest"][0].native) != 32:
        raise ValueError("content_type, message_digest")
    certificates = found["signing_certificate_v2"][0]
    assert isinstance(certificates, tsp.SigningCertificateV2)  # noqa: S101 - by the attribute's type
    named = certificates["certs"]
    if len(named) != 1 or named[0]["hash_algorithm"]["algorithm"].native != "sha256":
        raise ValueError("signing_certificate_v2")
    words = " ".join("".join(one if one.isprintable() else " " for one in str(told["words"])).split())[:LONGEST]
    return Asked(words, found["message_digest"][0].native, raw, named[0]["cert_hash"].native)
