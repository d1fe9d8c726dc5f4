"""Time stamps of the test authority, checked by pyHanko and by hand (RFC 3161)."""

import asyncio
import hashlib
from typing import Any

import pytest
from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from lienthong.standards.signatures.engine import FetchedTimeStamper
from lienthong.standards.signatures.errors import TimeStampRefused
from lienthong.standards.signatures.network import TimeStamps
from lienthong.testing.pki import TestAuthority
from lienthong.testing.pki_answers import STAMP_POLICY
from tests.unit.testing.world import BASE, DAY, IMPRINT, T0, Watch, ask_stamp, stamp_request, stamped


def _context(authority: TestAuthority) -> ValidationContext:
    return ValidationContext(
        trust_roots=[asn1.Certificate.load(authority.root_der)],
        allow_fetching=False,
        moment=T0,
        revocation_mode="soft-fail",
    )


def _signed(authority: TestAuthority, request: bytes) -> cms.SignedData:
    return cms.ContentInfo.load(ask_stamp(authority, request)["time_stamp_token"].dump())["content"]


def test_pyhanko_finds_the_token_valid(shared: TestAuthority) -> None:
    signed = _signed(shared, stamp_request())

    status: dict[str, Any] = asyncio.run(validate_tst_signed_data(signed, _context(shared), lambda _: IMPRINT))

    assert status["valid"]
    assert status["intact"]
    assert status["trust_problem_indic"] is None
    assert status["timestamp"] == T0
    assert status["signing_cert"].dump() == shared.tsa_der
    assert status["validation_path"] is not None


def test_a_spoilt_token_is_found_out(shared: TestAuthority) -> None:
    signed = _signed(shared, stamp_request())
    signature = bytearray(signed["signer_infos"][0]["signature"].native)
    signature[7] ^= 1
    signed["signer_infos"][0]["signature"] = bytes(signature)

    status = asyncio.run(validate_tst_signed_data(signed, _context(shared), lambda _: IMPRINT))

    assert not status["valid"]


def test_the_token_says_what_was_asked(shared: TestAuthority) -> None:
    info = stamped(ask_stamp(shared, stamp_request()))

    assert info["nonce"].native == 20_260_302
    assert info["message_imprint"]["hashed_message"].native == IMPRINT
    assert info["policy"].native == STAMP_POLICY
    assert info["gen_time"].native == T0
    assert info["tsa"].chosen == asn1.Certificate.load(shared.tsa_der).subject


def test_the_signer_names_its_certificate(shared: TestAuthority) -> None:
    attributes = _signed(shared, stamp_request())["signer_infos"][0]["signed_attrs"]
    found = {item["type"].native: item["values"][0] for item in attributes}

    named = found["signing_certificate_v2"]["certs"][0]["cert_hash"].native
    assert named == hashlib.sha256(shared.tsa_der).digest()
    assert found["content_type"].native == "tst_info"


def test_certificates_travel_only_when_asked_for(shared: TestAuthority) -> None:
    with_them, without = _signed(shared, stamp_request()), _signed(shared, stamp_request(cert_req=False))

    assert {item.chosen.dump() for item in with_them["certificates"]} == {shared.tsa_der, shared.issuing_der}
    assert without["certificates"].native is None


def test_without_a_nonce_none_comes_back(shared: TestAuthority) -> None:
    request = stamp_request(nonce=None)

    assert stamped(ask_stamp(shared, request))["nonce"].native is None


def test_every_token_has_its_own_number(shared: TestAuthority) -> None:
    numbers = {stamped(ask_stamp(shared, stamp_request()))["serial_number"].native for _ in range(20)}

    assert len(numbers) == 20


def test_the_clock_dates_the_token(authority: TestAuthority, watch: Watch) -> None:
    watch.now = T0 - 500 * DAY

    assert stamped(ask_stamp(authority, stamp_request()))["gen_time"].native == T0 - 500 * DAY


@pytest.mark.parametrize(
    ("request_", "failure"),
    [
        (b"junk", "bad_data_format"),
        (b"", "bad_data_format"),
        (stamp_request() + b"\0", "bad_data_format"),
        (stamp_request(version=2), "bad_request"),
        (
            stamp_request(message_imprint={"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": b"x" * 20}),
            "bad_alg",
        ),
        (
            stamp_request(message_imprint={"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"short"}),
            "bad_data_format",
        ),
        (stamp_request(req_policy="1.2.3"), "unaccepted_policy"),
        (
            stamp_request(extensions=[{"extn_id": "1.2.3.4", "critical": True, "extn_value": b"\x05\x00"}]),
            "unaccepted_extensions",
        ),
    ],
    ids=["junk", "empty", "trailing", "version", "sha1", "length", "policy", "extension"],
)
def test_wrong_requests_are_refused_with_their_cause(shared: TestAuthority, request_: bytes, failure: str) -> None:
    status = ask_refusal(shared, request_)

    assert status["status"].native == "rejection"
    assert status["fail_info"].native == {failure}
    assert status["status_string"].native


def ask_refusal(authority: TestAuthority, request: bytes) -> Any:
    """The status of an answer without token; asn1crypto's own TimeStampResp demands one."""
    answer = core.Sequence.load(authority.fetch(f"{BASE}/tsa", request, "application/timestamp-query"))
    assert len(answer) == 1
    return tsp.PKIStatusInfo.load(answer[0].dump())


def test_the_acts_of_signing_take_the_stamp(shared: TestAuthority) -> None:
    stamper = FetchedTimeStamper(TimeStamps(f"{BASE}/tsa", shared.fetch))

    token = asyncio.run(stamper.async_timestamp(IMPRINT, "sha256"))
    assert token["content_type"].native == "signed_data"
    with pytest.raises(TimeStampRefused):
        asyncio.run(stamper.async_timestamp(hashlib.sha1(b"x", usedforsecurity=False).digest(), "sha1"))
