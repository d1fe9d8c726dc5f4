"""Signed statements: what they say is what was signed, by whom, and nothing else passes."""

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from joserfc.jwk import ECKey, RSAKey

from lienthong.evidence.receipts import (
    EvidenceEvent,
    InvalidStatement,
    KeyRing,
    SigningKey,
    Statement,
    digest_of_codes,
    public_part,
    read_header,
    read_unverified,
)

SAID = Statement(
    EvidenceEvent.CONTENT_HANDOVER, "H41", datetime(2026, 11, 23, 7, 5, tzinfo=UTC), "ab" * 32,
    delivery_id="d1", identifier="000.00.00.G22,2026/11/23,28/QĐ-VPCP", recipients=("H41",),
)  # fmt: skip


@pytest.mark.parametrize("key", [SigningKey.generate(), SigningKey(ECKey.generate_key("P-256").as_dict(private=True))])
def test_a_statement_reads_back_for_whoever_has_the_key(key: SigningKey) -> None:
    token = key.sign(SAID)
    assert KeyRing([key.public_jwk()]).verify(token) == SAID
    assert read_header(token)["kid"] == key.id
    assert read_unverified(token)["iat"].endswith("+07:00")
    assert "d" not in key.public_jwk()


def test_retired_keys_still_prove_what_they_signed() -> None:
    old, new = SigningKey.generate(), SigningKey.generate()
    ring = KeyRing([new.public_jwk(), old.public_jwk()])
    assert ring.verify(old.sign(SAID)) == ring.verify(new.sign(SAID))


def test_nothing_else_passes() -> None:
    key, stranger = SigningKey.generate(), SigningKey.generate()
    ring, token = KeyRing([key.public_jwk()]), key.sign(SAID)
    head, body, signature = token.split(".")
    changed = body[:-3] + ("AAA" if body[-3:] != "AAA" else "BBB")
    forged = [
        stranger.sign(SAID),
        f"{head}.{changed}.{signature}",
        f"{head}.{body}.{signature[:-6]}AAAAAA",
        f"{head}.{body}.",
        "x",
        "",
        "đ.đ.đ",
        key.sign_claims(SAID.claims(), kind="JWT"),
        key.sign_claims({"event": "ContentHandover"}, kind="lienthong-statement+jwt"),
        key.sign_claims({**SAID.claims(), "iat": "2026-11-23T07:05:00"}, kind="lienthong-statement+jwt"),
    ]
    for one in forged:
        with pytest.raises(InvalidStatement):
            ring.verify(one)


@pytest.mark.parametrize("header", ["5", "null", '"alg"', "[]", '["alg"]', '"alg and kid"', "[" * 300])
@pytest.mark.parametrize("payload", ["{}", "[" * 5000, '{"iss":' + "[" * 600 + "]" * 600 + "}"])
def test_what_is_no_object_or_nests_without_end_is_refused_by_whoever_reads_it(header: str, payload: str) -> None:
    """Anybody may send one: it is read before its signature is."""
    key = SigningKey.generate()
    sound = json.dumps({"alg": "Ed25519", "kid": key.id, "typ": "JWT"})
    for head, body in ((header, payload), (header, "{}"), (sound, payload)):
        token = ".".join(urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in (head, body, "x" * 64))
        readers = [KeyRing([key.public_jwk()]).verify_claims]
        readers += [read_header] if head != sound else []
        readers += [read_unverified] if body != "{}" else []
        for read in readers:
            with pytest.raises(InvalidStatement):
                read(token)


def test_keys_of_other_kinds_are_refused() -> None:
    with pytest.raises(InvalidStatement):
        public_part(RSAKey.generate_key(2048).as_dict(private=False))
    with pytest.raises(InvalidStatement):
        public_part({"kty": "oct", "k": "AAAA"})
    with pytest.raises(InvalidStatement):
        SigningKey(SigningKey.generate().public_jwk())


def test_ten_thousand_recipients_are_named_by_the_digest_of_their_list() -> None:
    """One that named them all would not be read back: it would pass the size that a compact JWS may have."""
    codes = [f"H41.{number:05d}" for number in range(10_000)]
    key = SigningKey.generate()
    token = key.sign(replace(SAID, recipients=(), recipients_digest=digest_of_codes(codes)))
    assert len(token) < 1000
    said = KeyRing([key.public_jwk()]).verify(token)
    assert said.recipients_digest == digest_of_codes(reversed(codes)) != digest_of_codes(codes[1:])
