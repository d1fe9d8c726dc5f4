"""Whether what was signed of a packet is still proof: each statement against the key that it names, as of now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from lienthong.evidence.proving import Claim, Fault, Unproven, key_id, prove
from lienthong.evidence.receipts import EvidenceEvent
from lienthong.hub import memberkeys
from lienthong.hub.agencies import directory
from lienthong.hub.models import Delivery, Packet


@dataclass(frozen=True)
class Proof:
    """A signed statement as it stands.

    Attributes:
        valid: None where nothing was signed.
        kid: the key that signed, as the statement names it.
        signer: whose key it is: a system's code, or `hub`.
        attested_for: the system in whose place the hub spoke, for it cannot sign.
        fault: why it is no proof.
    """

    valid: bool | None
    kid: str = ""
    signer: str = ""
    at: datetime | None = None
    attested_for: str = ""
    fault: Fault | None = None


def of_submission(packet: Packet) -> Proof:
    """The sender's request, by a system that acted for the sender."""
    claim = Claim(EvidenceEvent.SUBMISSION_REQUEST, packet.digest, packet.submitted_at, _may_speak(packet.sender_id))
    return _judge(packet.statement, claim)


def of_acceptance(packet: Packet) -> Proof:
    """The hub's receipt."""
    return _judge(packet.receipt, Claim(EvidenceEvent.SUBMISSION_ACCEPTANCE, packet.digest, packet.submitted_at))


def of_handover(delivery: Delivery) -> Proof | None:
    """The recipient's statement, or the hub's in its place; None while there is none."""
    return _of_delivery(delivery.statement, delivery, _may_speak(delivery.agency_id))


def of_handover_receipt(delivery: Delivery) -> Proof | None:
    """The hub's answer to it."""
    return _of_delivery(delivery.receipt, delivery, frozenset())


def _of_delivery(token: str, delivery: Delivery, agencies: frozenset[str]) -> Proof | None:
    if not token or delivery.done_at is None:
        return None
    facts = {"delivery_id": str(delivery.pk), "packet_id": str(delivery.packet_id), "recipients": delivery.recipient}
    claim = Claim(
        EvidenceEvent.CONTENT_HANDOVER, delivery.packet.digest, delivery.done_at, agencies, facts,
        named=frozenset({"delivery_id"}),
    )  # fmt: skip
    return _judge(token, claim)


def _may_speak(agency: str) -> frozenset[str]:
    """The agency, and all that follow it: whoever acts for one of them."""
    known, found = directory().agencies, {agency}
    while (one := known.get(agency)) and one.successor and one.successor not in found:
        agency = one.successor
        found.add(agency)
    return frozenset(found)


def _judge(token: str, claim: Claim) -> Proof:
    if not token:
        return Proof(None)
    kid = key_id(token)
    key = memberkeys.find(kid, datetime.now(UTC))
    try:
        said = prove(token, claim, key)
    except Unproven as reason:
        return Proof(False, kid, fault=reason.fault)
    return Proof(True, kid, "hub" if key and key.hub else said.issuer, said.at, said.attested_for)
