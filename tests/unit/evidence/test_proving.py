"""What proves a hand-over, and what does not: one sound statement, and each way in which it can be less."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.evidence.proving import GRACE, Claim, Fault, PublishedKey, Service, Unproven, key_id, prove
from lienthong.evidence.receipts import TYPE, EvidenceEvent, SigningKey, Statement

AT = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
RECIPIENT, HUB, STRANGER = SigningKey.generate(), SigningKey.generate(), SigningKey.generate()

SAID = Statement(
    EvidenceEvent.CONTENT_HANDOVER, "H41", AT, "ab" * 32, packet_id="p1", delivery_id="d1", identifier="28/QĐ",
    recipients=("000.00.00.H41",),
)  # fmt: skip
CLAIM = Claim(
    EvidenceEvent.CONTENT_HANDOVER, "ab" * 32, AT, frozenset({"H41"}),
    {"packet_id": "p1", "delivery_id": "d1", "identifier": "28/QĐ", "recipients": "000.00.00.H41"},
    named=frozenset({"delivery_id"}),
)  # fmt: skip
KEY = PublishedKey(
    RECIPIENT.id, "H41", False, RECIPIENT.public_jwk(), AT - 24 * HOUR, agencies=(Service("H41", AT - 24 * HOUR),)
)
OF_HUB = PublishedKey(HUB.id, "hub-1", True, HUB.public_jwk(), AT - 24 * HOUR)


def fault(token: str, key: PublishedKey | None = KEY, claim: Claim = CLAIM) -> Fault | None:
    try:
        prove(token, claim, key)
    except Unproven as reason:
        return reason.fault
    return None


def test_a_statement_of_the_right_system_proves_the_handover() -> None:
    assert prove(RECIPIENT.sign(SAID), CLAIM, KEY) == SAID
    silent = replace(SAID, packet_id="", identifier="", recipients=())
    assert prove(RECIPIENT.sign(silent), CLAIM, KEY) == silent


def test_the_hub_speaks_for_who_cannot_sign_and_says_so() -> None:
    attested = HUB.sign(replace(SAID, issuer="hub-1", attested_for="000.00.00.H41"))
    assert prove(attested, CLAIM, OF_HUB).attested_for == "000.00.00.H41"
    own_receipt = HUB.sign(replace(SAID, issuer="hub-1"))
    assert fault(own_receipt, OF_HUB) is Fault.FOREIGN_AGENCY
    assert fault(own_receipt, OF_HUB, replace(CLAIM, agencies=frozenset())) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (replace(SAID, digest="cd" * 32), Fault.OTHER_CONTENT),
        (replace(SAID, event=EvidenceEvent.CONTENT_HANDOVER_FAILURE), Fault.OTHER_CONTENT),
        (replace(SAID, delivery_id="d2"), Fault.OTHER_CONTENT),
        (replace(SAID, delivery_id=""), Fault.OTHER_CONTENT),
        (replace(SAID, packet_id="p2"), Fault.OTHER_CONTENT),
        (replace(SAID, identifier="29/QĐ"), Fault.OTHER_CONTENT),
        (replace(SAID, recipients=("000.00.00.H26",)), Fault.OTHER_CONTENT),
        (replace(SAID, recipients=("000.00.00.H41", "000.00.00.H26")), Fault.OTHER_CONTENT),
        (replace(SAID, issuer="H26"), Fault.FOREIGN_SIGNER),
        (replace(SAID, attested_for="H26"), Fault.FOREIGN_AGENCY),
        (replace(SAID, at=AT + GRACE + timedelta(seconds=1)), Fault.OTHER_TIME),
        (replace(SAID, at=AT - 48 * HOUR), Fault.KEY_NOT_YET_VALID),
    ],
)
def test_what_says_something_else_is_no_proof(said: Statement, expected: Fault) -> None:
    assert fault(RECIPIENT.sign(said)) is expected


def test_another_key_is_no_proof() -> None:
    token = STRANGER.sign(SAID)
    assert fault(token, None) is Fault.UNKNOWN_KEY
    assert fault(token, KEY) is Fault.UNKNOWN_KEY
    substituted = replace(KEY, kid=STRANGER.id)  # a hub that shows one key under another's id
    assert fault(token, substituted) is Fault.UNKNOWN_KEY
    of_other_system = PublishedKey(STRANGER.id, "H26", False, STRANGER.public_jwk(), AT - HOUR)
    assert fault(token, of_other_system) is Fault.FOREIGN_SIGNER
    own_words = STRANGER.sign(replace(SAID, issuer="H26"))
    assert fault(own_words, of_other_system) is Fault.FOREIGN_AGENCY
    head, body, signature = RECIPIENT.sign(SAID).split(".")
    assert fault(f"{head}.{body}.{signature[:-8]}AAAAAAAA") is Fault.BAD_SIGNATURE
    assert fault("x") is Fault.NOT_A_STATEMENT


def test_after_a_rotation_the_older_key_still_proves_what_it_signed() -> None:
    retired = replace(KEY, valid_to=AT + HOUR)
    assert fault(RECIPIENT.sign(SAID), retired) is None
    late = AT + 2 * HOUR
    assert fault(RECIPIENT.sign(replace(SAID, at=late)), retired, replace(CLAIM, at=late)) is Fault.KEY_RETIRED


def test_a_stolen_key_proves_nothing_from_the_theft_on_whatever_time_it_writes() -> None:
    stolen = replace(KEY, valid_to=AT + HOUR, compromised_from=AT + timedelta(minutes=1))
    assert fault(RECIPIENT.sign(SAID), stolen) is None
    late = AT + timedelta(minutes=2)
    assert fault(RECIPIENT.sign(replace(SAID, at=late)), stolen, replace(CLAIM, at=late)) is Fault.KEY_COMPROMISED
    assert fault(RECIPIENT.sign(SAID), stolen, replace(CLAIM, at=late)) is Fault.KEY_COMPROMISED  # dated back


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (AT - HOUR, None, None),
        (AT - HOUR, AT + HOUR, None),
        (AT - HOUR, AT - GRACE / 2, None),
        (AT - 2 * HOUR, AT - HOUR, Fault.FOREIGN_AGENCY),
        (AT + HOUR, None, Fault.FOREIGN_AGENCY),
    ],
)
def test_only_who_acts_for_the_agency_then_speaks_for_it(
    since: datetime, until: datetime | None, expected: Fault | None
) -> None:
    assert fault(RECIPIENT.sign(SAID), replace(KEY, agencies=(Service("H41", since, until),))) is expected


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token.replace(".", "..", 1),
        lambda token: token.partition(".")[2],
        str.swapcase,
    ],
)
def test_a_changed_text_is_no_proof(change: Callable[[str], str]) -> None:
    assert fault(change(RECIPIENT.sign(SAID))) is not None


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_no_calendar_holds_makes_no_statement(moment: str) -> None:
    token = RECIPIENT.sign_claims({**SAID.claims(), "iat": moment}, kind=TYPE)
    assert fault(token) is Fault.BAD_SIGNATURE


@given(st.text())
def test_any_text_has_a_key_id_or_none(text: str) -> None:
    assert len(key_id(text)) in (0, 43)
    assert fault(text) is not None
