"""Signed statements: what a system or the hub says happened, so that it can never be denied.

A statement is a compact JWS (RFC 7515) signed with Ed25519 (RFC 8037, RFC 9864) or ES256. Its event has a name of
ETSI EN 319 522-1, so that other registered-delivery services can read it; `kid` is the key's thumbprint (RFC 7638).
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from typing import Any

from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import ECKey, OKPKey
from joserfc.jws import CompactSignature

TYPE = "lienthong-statement+jwt"
ALGORITHMS = ["Ed25519", "ES256"]
MOST_NAMED = 100
"""Recipients that a statement names one by one: one that named ten thousand would weigh more than the document, and it
stands beside each of their deliveries."""
MOST_OPENED = 200
"""Objects and lists that begin in the claims of a token: far more than any has, far fewer than a reader can enter."""
_VIETNAM = timezone(timedelta(hours=7))


class EvidenceEvent(StrEnum):
    """What a statement says (ETSI EN 319 522-1, clause 6.2, but for the sender's own request)."""

    SUBMISSION_REQUEST = "SubmissionRequest"
    SUBMISSION_ACCEPTANCE = "SubmissionAcceptance"
    SUBMISSION_REJECTION = "SubmissionRejection"
    CONTENT_CONSIGNMENT = "ContentConsignment"
    CONTENT_HANDOVER = "ContentHandover"
    CONTENT_HANDOVER_FAILURE = "ContentHandoverFailure"
    RELAY_ACCEPTANCE = "RelayAcceptance"


class InvalidStatement(ValueError):
    """A statement proves nothing: not signed by a key we know, changed, or not a statement at all."""


@dataclass(frozen=True)
class Statement:
    """What is said.

    Attributes:
        event: what happened.
        issuer: who says so: a system's code, or the hub's id.
        at: when, by the issuer's clock.
        digest: SHA-256 of the packet it is about, lower-case hexadecimal.
        packet_id, delivery_id: the hub's names of the packet and of its delivery to one recipient.
        identifier: the document's identifier.
        sender, recipients: agency codes as written in the packet.
        recipients_digest: in place of more than `MOST_NAMED` recipients, see `digest_of_codes`.
        attested_for: set when the hub says it for a system that cannot sign.
        reason: of a rejection or failure.
        sandbox: whether a test hub says it: then it is worth nothing.
        id: makes each statement its own.
    """

    event: EvidenceEvent
    issuer: str
    at: datetime
    digest: str
    packet_id: str = ""
    delivery_id: str = ""
    identifier: str = ""
    sender: str = ""
    recipients: tuple[str, ...] = ()
    recipients_digest: str = ""
    attested_for: str = ""
    reason: str = ""
    sandbox: bool = False
    id: str = field(default_factory=lambda: secrets.token_hex(12))

    def claims(self) -> dict[str, Any]:
        """The JSON payload; empty claims are left out."""
        claims: dict[str, Any] = {
            "event": self.event.value,
            "iss": self.issuer,
            "iat": self.at.astimezone(_VIETNAM).isoformat(timespec="milliseconds"),
            "jti": self.id,
            "digest": self.digest,
            "packet_id": self.packet_id,
            "delivery_id": self.delivery_id,
            "document_id": self.identifier,
            "from": self.sender,
            "to": list(self.recipients),
            "to_sha256": self.recipients_digest,
            "attested_for": self.attested_for,
            "reason": self.reason,
            "sandbox": self.sandbox,
        }
        return {name: value for name, value in claims.items() if value}

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any]) -> Statement:
        """Read a payload. Raises `InvalidStatement`."""
        try:
            at = datetime.fromisoformat(claims["iat"])
            if at.tzinfo is None:
                raise ValueError("no offset")
            return cls(
                event=EvidenceEvent(claims["event"]),
                issuer=str(claims["iss"]),
                at=at.astimezone(UTC),
                digest=str(claims["digest"]),
                packet_id=str(claims.get("packet_id", "")),
                delivery_id=str(claims.get("delivery_id", "")),
                identifier=str(claims.get("document_id", "")),
                sender=str(claims.get("from", "")),
                recipients=tuple(str(code) for code in claims.get("to", ())),
                recipients_digest=str(claims.get("to_sha256", "")),
                attested_for=str(claims.get("attested_for", "")),
                reason=str(claims.get("reason", "")),
                sandbox=claims.get("sandbox") is True,
                id=str(claims["jti"]),
            )
        except (KeyError, TypeError, ValueError, OverflowError) as reason:  # the last: a time before year 1 in UTC
            raise InvalidStatement(f"not a statement: {reason}") from reason


def digest_of_codes(codes: Iterable[str]) -> str:
    """SHA-256 of agency codes, sorted, each on a line: says who the recipients are to whoever has their list."""
    return hashlib.sha256("".join(f"{code}\n" for code in sorted(codes)).encode()).hexdigest()


class SigningKey:
    """A private key that signs statements.

    Args:
        jwk: the key as a JWK (RFC 7517): Ed25519 or P-256.
    """

    def __init__(self, jwk: Mapping[str, Any]) -> None:
        self._key = _import(jwk)
        if not self._key.is_private:
            raise InvalidStatement("a public key signs nothing")
        self.id = self._key.thumbprint()
        self._algorithm = "Ed25519" if isinstance(self._key, OKPKey) else "ES256"

    @classmethod
    def generate(cls) -> SigningKey:
        """A new Ed25519 key."""
        return cls(OKPKey.generate_key("Ed25519").as_dict(private=True))

    def sign(self, statement: Statement) -> str:
        """The signed statement."""
        return self.sign_claims(statement.claims(), kind=TYPE)

    def sign_claims(self, claims: Mapping[str, Any], *, kind: str = "JWT") -> str:
        """Any claims as a compact JWS of this key: access tokens and client assertions use it."""
        header = {"alg": self._algorithm, "kid": self.id, "typ": kind}
        payload = json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode()
        return jws.serialize_compact(header, payload, self._key, algorithms=ALGORITHMS)

    def private_jwk(self) -> dict[str, Any]:
        """The key with its secret, for its file."""
        return {**self._key.as_dict(private=True), "kid": self.id}

    def public_jwk(self) -> dict[str, Any]:
        """The key as others may see it."""
        return {**self._key.as_dict(private=False), "kid": self.id}


class KeyRing:
    """Public keys by their ids: current ones, and retired ones, whose statements stay true."""

    def __init__(self, keys: Iterable[Mapping[str, Any]]) -> None:
        self._keys: dict[str, OKPKey | ECKey] = {}
        for jwk in keys:
            key = _import(jwk)
            self._keys[key.thumbprint()] = key

    def __contains__(self, key_id: object) -> bool:
        return key_id in self._keys

    def verify(self, token: str) -> Statement:
        """What a statement says, if one of these keys signed it. Raises `InvalidStatement`."""
        return Statement.from_claims(self.verify_claims(token, kind=TYPE))

    def verify_claims(self, token: str, *, kind: str = "JWT") -> dict[str, Any]:
        """The claims of a compact JWS that one of these keys signed. Raises `InvalidStatement`."""
        read = _read(token)
        header = read.headers()
        key = self._keys.get(str(header.get("kid", "")))
        if key is None:
            raise InvalidStatement("signed by a key that we do not know")
        if header.get("typ") != kind:
            raise InvalidStatement(f"expected {kind}")
        try:
            if not jws.validate_compact(read, key, algorithms=ALGORITHMS):
                raise BadSignatureError
        except (JoseError, ValueError) as reason:
            raise InvalidStatement("the signature does not fit") from reason
        return _claims_of(read.payload)


def read_header(token: str) -> dict[str, Any]:
    """The header of a compact JWS, not yet believed. Raises `InvalidStatement`."""
    return dict(_read(token).headers())


@lru_cache(maxsize=16)
def _read(token: str) -> CompactSignature:
    """A compact JWS in its parts, which nobody changes; who asks whose it is soon asks whether it is true. Raises
    `InvalidStatement`."""
    try:
        read = jws.extract_compact(token.encode())
    except (JoseError, ValueError, UnicodeError, TypeError, RecursionError) as reason:
        raise InvalidStatement("not a compact JWS") from reason
    if not isinstance(read.headers(), dict):  # whoever is asked for the header asks the object that it has to be
        raise InvalidStatement("the header is no object")
    return read


def read_unverified(token: str) -> dict[str, Any]:
    """The claims of a compact JWS, not yet believed: to find out whose key to ask for. Raises `InvalidStatement`."""
    return _claims_of(_read(token).payload)


def _claims_of(payload: bytes) -> dict[str, Any]:
    """Whoever wrote them, they nest no deeper than a program can go. Raises `InvalidStatement`."""
    if payload.count(b"[") + payload.count(b"{") > MOST_OPENED:
        raise InvalidStatement("the payload has too many parts")
    try:
        claims = json.loads(payload)
    except ValueError as reason:
        raise InvalidStatement("the payload is not JSON") from reason
    if not isinstance(claims, dict):
        raise InvalidStatement("the payload is no object")
    return claims


def public_part(jwk: Mapping[str, Any]) -> dict[str, Any]:
    """A JWK without its secret, with its id. Raises `InvalidStatement` when it is no key of ours."""
    key = _import(jwk)
    return {**key.as_dict(private=False), "kid": key.thumbprint()}


def _import(jwk: Mapping[str, Any]) -> OKPKey | ECKey:
    plain = {name: value for name, value in jwk.items() if name not in {"kid", "use", "key_ops", "alg", "sandbox"}}
    try:
        if plain.get("kty") == "OKP" and plain.get("crv") == "Ed25519":
            return OKPKey.import_key(plain)
        if plain.get("kty") == "EC" and plain.get("crv") == "P-256":
            return ECKey.import_key(plain)
    except (JoseError, ValueError, TypeError, KeyError) as reason:
        raise InvalidStatement("not a usable key") from reason
    raise InvalidStatement("keys are Ed25519 or P-256")
