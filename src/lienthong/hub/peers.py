"""The certificate that a client showed to the proxy in front of us (Decision 28, Article 13.2; RFC 8705)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID


@dataclass(frozen=True)
class Certificate:
    """A client's certificate.

    Attributes:
        fingerprint: SHA-256 of the DER, lower-case hexadecimal; computed here, whatever a proxy may say.
        owner: its subject (RFC 4514).
        valid_from, valid_to: its own period.
        for_clients: False where it says what it is for, and clients are not among that.
    """

    der: bytes
    fingerprint: str
    owner: str
    valid_from: datetime
    valid_to: datetime
    for_clients: bool

    @classmethod
    def read(cls, raw: bytes) -> Certificate:
        """A certificate as PEM or DER. Raises `ValueError`."""
        parsed = x509.load_pem_x509_certificate(raw) if b"-----" in raw else x509.load_der_x509_certificate(raw)
        der = parsed.public_bytes(Encoding.DER)
        return cls(
            der=der,
            fingerprint=hashlib.sha256(der).hexdigest(),
            owner=parsed.subject.rfc4514_string(),
            valid_from=parsed.not_valid_before_utc,
            valid_to=parsed.not_valid_after_utc,
            for_clients=_for_clients(parsed),
        )

    @property
    def thumbprint(self) -> str:
        """The same digest as access tokens are bound to it (`x5t#S256`, RFC 8705, section 3.1)."""
        return base64.urlsafe_b64encode(bytes.fromhex(self.fingerprint)).rstrip(b"=").decode()


@lru_cache(maxsize=1024)
def read_escaped(text: str) -> Certificate | None:
    """The certificate out of a proxy's header; None where the client showed none, or it cannot be read."""
    if not text:
        return None
    try:
        return Certificate.read(unquote(text).encode())
    except ValueError:
        return None


def _for_clients(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return ExtendedKeyUsageOID.CLIENT_AUTH in usage or ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in usage
