"""A certificate that its authority holds is not revoked for good (RFC 5280, 5.3.1: certificateHold)."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from lienthong.standards.signatures.revocation import standing

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
SINCE = NOW - timedelta(days=1)


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@pytest.fixture(scope="module")
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def certificate(key: ec.EllipticCurvePrivateKey, subject: str, serial: int) -> bytes:
    made = x509.CertificateBuilder(
        issuer_name=name("CA"), subject_name=name(subject), public_key=key.public_key(), serial_number=serial,
        not_valid_before=NOW - timedelta(days=9), not_valid_after=NOW + timedelta(days=9),
    )  # fmt: skip
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def crl(key: ec.EllipticCurvePrivateKey, serial: int, reason: x509.ReasonFlags | None) -> bytes:
    entry = x509.RevokedCertificateBuilder(serial_number=serial, revocation_date=SINCE)
    if reason is not None:
        entry = entry.add_extension(x509.CRLReason(reason), critical=False)
    made = x509.CertificateRevocationListBuilder(
        issuer_name=name("CA"), last_update=NOW - timedelta(hours=1), next_update=NOW + timedelta(hours=1),
        revoked_certificates=[entry.build()],
    )  # fmt: skip
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("reason", "revoked", "on_hold"),
    [
        (None, True, False), (x509.ReasonFlags.key_compromise, True, False),
        (x509.ReasonFlags.certificate_hold, True, True), (x509.ReasonFlags.remove_from_crl, False, False),
    ],
)  # fmt: skip
def test_a_hold_is_told_from_a_revocation(
    key: ec.EllipticCurvePrivateKey, reason: x509.ReasonFlags | None, revoked: bool, on_hold: bool
) -> None:
    own, above = certificate(key, "Trần Văn Ký", 7), certificate(key, "CA", 1)
    found = standing(own, above, crls=[crl(key, 7, reason)], responses=[], at=NOW)
    assert (found.known, found.revoked_at == SINCE, found.on_hold) == (True, revoked, on_hold)
    final = crl(key, 7, x509.ReasonFlags.key_compromise)
    assert not standing(own, above, crls=[crl(key, 7, reason), final], responses=[], at=NOW).on_hold
