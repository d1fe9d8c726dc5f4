"""Requests as an outsider would write them, and what answers are checked with."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from lienthong.testing.pki import Identity, TestAuthority

BASE = "http://pki.test"
T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
IMPRINT = hashlib.sha256(b"van ban").digest()
QUERY = "application/timestamp-query"


@dataclass
class Watch:
    """A clock that the test turns."""

    now: datetime = T0

    def __call__(self) -> datetime:
        return self.now


def stamp_request(**changed: Any) -> bytes:
    """A time-stamp request over SHA-256 with a nonce and a wish for certificates."""
    given: dict[str, Any] = {
        "version": 1,
        "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": IMPRINT},
        "nonce": 20_260_302,
        "cert_req": True,
    }
    return bytes(tsp.TimeStampReq({**given, **changed}).dump())


def ask_stamp(authority: TestAuthority, request: bytes) -> Any:
    return tsp.TimeStampResp.load(authority.fetch(f"{BASE}/tsa", request, QUERY))


def stamped(response: Any) -> Any:
    """The TSTInfo of a granted response."""
    return response["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed


def standing_request(identity: Identity, issuer: bytes | None = None, nonce: bytes | None = None) -> bytes:
    above = x509.load_der_x509_certificate(issuer or identity.chain[0])
    builder = ocsp.OCSPRequestBuilder().add_certificate(identity.x509, above, hashes.SHA256())
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), False)
    return builder.build().public_bytes(Encoding.DER)


def ask_standing(authority: TestAuthority, request: bytes) -> ocsp.OCSPResponse:
    return ocsp.load_der_ocsp_response(authority.fetch(f"{BASE}/ocsp", request, "application/ocsp-request"))
