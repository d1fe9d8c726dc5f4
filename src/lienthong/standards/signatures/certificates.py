"""What a certificate says of itself (RFC 5280), and whether it is the one of the person or agency that shows it."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from lienthong.standards.signatures.agency import same_person


@dataclass(frozen=True)
class Certificate:
    """A certificate's own words; nothing here says that they are true.

    Attributes:
        name: common name of the subject; "" when it has none.
        organization: O of the subject; `code` its organizationIdentifier (X.520), `title` its position.
        serial: hexadecimal, upper case, as authorities print it.
        issuer: common name of who issued it, else the whole name.
        valid_from, valid_to: first and last moment of its validity.
        fingerprint: SHA-256 of the DER, lower-case hexadecimal.
    """

    der: bytes
    name: str
    organization: str
    code: str
    title: str
    serial: str
    issuer: str
    valid_from: datetime
    valid_to: datetime
    fingerprint: str

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """A certificate as PEM or DER. Raises `ValueError`: it is none."""
        parsed = x509.load_pem_x509_certificate(raw) if b"-----" in raw else x509.load_der_x509_certificate(raw)
        der = parsed.public_bytes(Encoding.DER)
        own = parsed.subject
        return cls(
            der=der,
            name=_part(own, NameOID.COMMON_NAME),
            organization=_part(own, NameOID.ORGANIZATION_NAME),
            code=_part(own, NameOID.ORGANIZATION_IDENTIFIER),
            title=_part(own, NameOID.TITLE),
            serial=f"{parsed.serial_number:X}",
            issuer=_part(parsed.issuer, NameOID.COMMON_NAME) or parsed.issuer.rfc4514_string(),
            valid_from=parsed.not_valid_before_utc,
            valid_to=parsed.not_valid_after_utc,
            fingerprint=hashlib.sha256(der).hexdigest(),
        )

    def is_of_person(self, full_name: str) -> bool:
        """Does it name this person? The same comparison as judging a signature makes."""
        return same_person(self.name, full_name)

    def is_of_agency(self, names: Collection[str], codes: Collection[str]) -> bool:
        """Is it a seal of the agency with these names and codes?

        A code in it decides which agency it is, and then its name may be cut short, as authorities cut long ones;
        without a code the whole name is needed. A person's certificate that names the agency is no seal of it.
        """
        if any(same_person(self.name, name) for name in names):
            return not self.code or self.code in codes
        return self.code in codes and any(_begins(name, self.name) for name in names)


@lru_cache(maxsize=4096)
def read_known(der: bytes) -> Certificate:
    """A certificate that was read before, when it was registered: parsed once in a process."""
    return Certificate.read(der)


def _part(name: x509.Name, kind: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(kind)
    return str(found[0].value) if found else ""


def _begins(name: str, cut: str) -> bool:
    """Does a name begin with these words, all of them whole?"""
    words = cut.split()
    return bool(words) and same_person(" ".join(name.split()[: len(words)]), cut)
