"""Whether what was signed of a packet is still proof: each statement against the key that it names, as of now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from lienthong.evidence.proving import Claim, Fault, PublishedKey, Unproven, key_id, prove
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


Keys = Mapping[str, PublishedKey]
"""By their ids; a statement of a key that is not among them is of an unknown one."""


def keys_of(packet: Packet, deliveries: Iterable[Delivery]) -> Keys:
    """The keys that the statements of a packet and of these deliveries name, found in one go."""
    tokens = [packet.statement, packet.receipt]
    for one in deliveries:
        tokens += [one.statement, one.receipt]
    return memberkeys.find_many({key_id(token) for token in tokens if token}, datetime.now(UTC))


def of_submission(packet: Packet, keys: Keys) -> Proof:
    """The sender's request, by a system that acted for the sender."""
    claim = Claim(EvidenceEvent.SUBMISSION_REQUEST, packet.digest, packet.submitted_at, _may_speak(packet.sender_id))
    return _judge(packet.statement, claim, keys)


def of_acceptance(packet: Packet, keys: Keys) -> Proof:
    """The hub's receipt."""
    claim = Claim(EvidenceEvent.SUBMISSION_ACCEPTANCE, packet.digest, packet.submitted_at)
    return _judge(packet.receipt, claim, keys)


def of_handover(delivery: Delivery, keys: Keys) -> Proof | None:
    """The recipient's statement, or the hub's in its place; None while there is none."""
    return _of_delivery(delivery.statement, delivery, _may_speak(delivery.agency_id), keys)


def of_handover_receipt(delivery: Delivery, keys: Keys) -> Proof | None:
    """The hub's answer to it."""
    return _of_delivery(delivery.receipt, delivery, frozenset(), keys)


def _of_delivery(token: str, delivery: Delivery, agencies: frozenset[str], keys: Keys) -> Proof | None:
    if not token or delivery.done_at is None:
        return None
    facts = {"delivery_id": str(delivery.pk), "packet_id": str(delivery.packet_id), "recipients": delivery.recipient}
    claim = Claim(
        EvidenceEvent.CONTENT_HANDOVER, delivery.packet.digest, delivery.done_at, agencies, facts,
        named=frozenset({"delivery_id"}),
    )  # fmt: skip
    return _judge(token, claim, keys)


def _may_speak(agency: str) -> frozenset[str]:
    """The agency, and all that follow it: whoever acts for one of them."""
    known, found = directory().agencies, {agency}
    while (one := known.get(agency)) and one.successor and one.successor not in found:
        agency = one.successor
        found.add(agency)
    return frozenset(found)


def _judge(token: str, claim: Claim, keys: Keys) -> Proof:
    if not token:
        return Proof(None)
    kid = key_id(token)
    key = keys.get(kid)
    try:
        said = prove(token, claim, key)
    except Unproven as reason:
        return Proof(False, kid, fault=reason.fault)
    return Proof(True, kid, "hub" if key and key.hub else said.issuer, said.at, said.attested_for)
