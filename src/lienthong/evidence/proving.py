"""Whether a signed statement proves what it is said to prove: a procedure that anybody can follow offline, who has the
statement, the key that it names as the hub publishes it, and the packet that it is about.

What the caller still owes: that the published key comes from the hub, over a connection that he trusts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from lienthong.evidence.receipts import EvidenceEvent, InvalidStatement, KeyRing, Statement, read_header
from lienthong.standards.statuses import Words

GRACE = timedelta(seconds=30)
"""How far clocks, and copies of the directory, may lie apart at the ends of a key's time (architecture, "Times"). It is
given to plain rotation alone: who has stolen a key gets none of it."""

_KEY_ID = re.compile(r"[A-Za-z0-9_-]{43}")


class Fault(StrEnum):
    """Why a statement is no proof."""

    NOT_A_STATEMENT = "not_a_statement"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    FOREIGN_SIGNER = "foreign_signer"
    FOREIGN_AGENCY = "foreign_agency"
    OTHER_CONTENT = "other_content"
    OTHER_TIME = "other_time"
    KEY_NOT_YET_VALID = "key_not_yet_valid"
    KEY_RETIRED = "key_retired"
    KEY_COMPROMISED = "key_compromised"


FAULTS: Mapping[Fault, Words] = {
    Fault.NOT_A_STATEMENT: Words("không phải một bản xác nhận ký số", "it is no signed statement"),
    Fault.UNKNOWN_KEY: Words("khóa ký lạ: Trục không công bố khóa này", "an unknown key: the hub publishes none such"),
    Fault.BAD_SIGNATURE: Words("chữ ký không khớp khóa đã đăng ký", "the signature does not fit the registered key"),
    Fault.FOREIGN_SIGNER: Words("khóa ký là của hệ thống khác", "the key is another system's"),
    Fault.FOREIGN_AGENCY: Words(
        "hệ thống ký không đại diện cơ quan này vào lúc đó", "the system that signed did not act for the agency then"
    ),
    Fault.OTHER_CONTENT: Words("nói về văn bản hoặc việc khác", "it speaks of another document or act"),
    Fault.OTHER_TIME: Words("ghi thời điểm muộn hơn lúc Trục nhận", "its time is after the hub had it"),
    Fault.KEY_NOT_YET_VALID: Words("ký trước khi khóa có hiệu lực", "it was signed before its key was valid"),
    Fault.KEY_RETIRED: Words("ký sau khi khóa hết hiệu lực", "it was signed after its key was retired"),
    Fault.KEY_COMPROMISED: Words("ký từ khi khóa bị lộ hoặc nghi lộ", "it was signed once its key was in other hands"),
}


class Unproven(ValueError):
    """The statement is no proof. `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Service:
    """That a system acts for an agency, since when, and until when; None while it does."""

    agency: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class PublishedKey:
    """A public key, whose it is, and when it signs for them.

    Attributes:
        kid: its thumbprint (RFC 7638): the same id is always the same key.
        owner: code of the system, or the hub's id.
        hub: whether it is the hub's own: that attests for systems that cannot sign.
        jwk: its public members (RFC 7517).
        valid_from, valid_to: when it signs; `valid_to` is None while it does. What it signed then stays proven.
        compromised_from: from when on it is, or may be, in other hands: what it signed from then on is no proof.
        agencies: for whom the system acts and acted; of the hub's keys none.
    """

    kid: str
    owner: str
    hub: bool
    jwk: dict[str, Any]
    valid_from: datetime
    valid_to: datetime | None = None
    compromised_from: datetime | None = None
    agencies: tuple[Service, ...] = ()


@dataclass(frozen=True)
class Claim:
    """What a statement is to prove.

    Attributes:
        digest: SHA-256 of the packet.
        at: when the hub had the statement, by its clock: who has stolen a key writes any time into what he signs.
        agencies: any of these must be one for whom the signer acts; empty where the hub speaks for itself.
        facts: name of an attribute of `Statement` → what it must say, where it says anything.
        named: attributes of `facts` that it must say.
    """

    event: EvidenceEvent
    digest: str
    at: datetime
    agencies: frozenset[str] = frozenset()
    facts: Mapping[str, str] = field(default_factory=dict)
    named: frozenset[str] = frozenset()


def key_id(token: str) -> str:
    """The id of the key that a statement names; empty where it names none that could be one."""
    try:
        kid = str(read_header(token).get("kid", ""))
    except InvalidStatement:
        return ""
    return kid if is_key_id(kid) else ""


def is_key_id(text: str) -> bool:
    """Whether this can be the thumbprint of a key."""
    return _KEY_ID.fullmatch(text) is not None


def prove(token: str, claim: Claim, key: PublishedKey | None) -> Statement:
    """What a statement says, if it proves the claim.

    Args:
        key: the published key of the id that the statement names (`key_id`); None where nobody published one.

    Raises:
        Unproven: with the first fault.
    """
    # 1. It names a key that is published, and that key signed it.
    said = _signed(token, key)
    assert key is not None  # noqa: S101 - nothing is signed by none
    # 2. The key is that of the one who speaks.
    if said.issuer != key.owner:
        raise Unproven(Fault.FOREIGN_SIGNER)
    # 3. It was sound when the statement was made, and when the hub had it.
    if said.at > claim.at + GRACE:
        raise Unproven(Fault.OTHER_TIME)
    for moment in (said.at, claim.at):
        _require_sound(key, moment)
    # 4. Who speaks may speak: for the agency, or as the hub.
    _require_right(said, claim, key)
    # 5. It speaks of just this.
    _require_content(said, claim)
    return said


def _signed(token: str, key: PublishedKey | None) -> Statement:
    if not key_id(token):
        raise Unproven(Fault.NOT_A_STATEMENT)
    if key is None or key.kid != key_id(token):
        raise Unproven(Fault.UNKNOWN_KEY)
    try:
        ring = KeyRing([key.jwk])
    except InvalidStatement as reason:
        raise Unproven(Fault.UNKNOWN_KEY) from reason
    if key.kid not in ring:
        raise Unproven(Fault.UNKNOWN_KEY)  # whoever published it put another key under this id
    try:
        return ring.verify(token)
    except InvalidStatement as reason:
        raise Unproven(Fault.BAD_SIGNATURE) from reason


def _require_sound(key: PublishedKey, moment: datetime) -> None:
    if key.compromised_from is not None and moment >= key.compromised_from:
        raise Unproven(Fault.KEY_COMPROMISED)
    if moment < key.valid_from - GRACE:
        raise Unproven(Fault.KEY_NOT_YET_VALID)
    if key.valid_to is not None and moment > key.valid_to + GRACE:
        raise Unproven(Fault.KEY_RETIRED)


def _require_right(said: Statement, claim: Claim, key: PublishedKey) -> None:
    if key.hub:
        if claim.agencies and not said.attested_for:
            raise Unproven(Fault.FOREIGN_AGENCY)  # it confirms its own part, and says nothing for the other side
        return
    acts = any(
        one.agency in claim.agencies
        and one.since - GRACE <= claim.at
        and (one.until is None or claim.at <= one.until + GRACE)
        for one in key.agencies
    )
    if not acts or said.attested_for:
        raise Unproven(Fault.FOREIGN_AGENCY)


def _require_content(said: Statement, claim: Claim) -> None:
    fits = said.event is claim.event and said.digest == claim.digest
    for name, wanted in claim.facts.items():
        found = getattr(said, name)
        # An empty fact says nothing; a list says it of each that it names.
        found = found[0] if isinstance(found, tuple) and len(found) == 1 else found
        fits = fits and found in ((wanted,) if name in claim.named else (wanted, "", ()))
    if not fits:
        raise Unproven(Fault.OTHER_CONTENT)
