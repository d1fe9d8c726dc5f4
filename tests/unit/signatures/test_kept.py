"""What is remembered between two documents: chains while they hold, lists for a while, silence not longer than told."""

import sys
from datetime import timedelta

import pytest
from asn1crypto import x509
from asn1crypto.core import OctetString

from lienthong.standards.signatures.network import KeptLists
from lienthong.standards.signatures.trust import ChainProblem
from tests.unit.signatures.world import T0, YEAR, World


def test_a_chain_holds_only_while_all_its_certificates_are_valid() -> None:
    world = World()
    trust, leaf = world.trust, world.issue("Văn thư", valid_from=T0 - YEAR, valid_to=T0 + timedelta(days=1)).der
    chain = trust.chain(leaf, (), T0)
    assert chain[0] == leaf
    assert trust.chain(leaf, (), T0 + timedelta(hours=1)) == chain
    for moment, why in ((T0 + timedelta(days=2), "EXPIRED"), (T0 - 2 * YEAR, "NOT_YET_VALID")):
        with pytest.raises(ChainProblem) as refused:
            trust.chain(leaf, (), moment)
        assert refused.value.indication == why
    assert trust.chain(leaf, (), T0) == chain


def test_a_chain_that_was_found_makes_no_other_certificate_trusted() -> None:
    world, strangers = World(), World()
    trust = world.trust
    trust.chain(world.issue("Văn thư").der, (), T0)
    with pytest.raises(ChainProblem):
        trust.chain(strangers.issue("Văn thư").der, (strangers.issuing.der,), T0)


def test_what_a_document_brings_beside_its_certificates_is_not_held_and_breaks_nothing() -> None:
    world = World()
    leaf = world.issue("Văn thư").der
    own = x509.Certificate.load(leaf)
    signed = own["tbs_certificate"].dump() + own["signature_algorithm"].dump()
    large = sequence(signed + own["signature_value"].dump() + OctetString(bytes(5 << 20)).dump())
    before = sys.getrefcount(large)
    chain = world.trust.chain(leaf, (), T0)
    assert world.trust.chain(leaf, (large,), T0) == chain
    assert sys.getrefcount(large) == before
    # What cannot be read, in a way that its reader has no name for, helps nobody, and is no fault of the rest.
    without_bits = sequence(signed + b"\x03\x00")
    assert world.trust.chain(leaf, (without_bits,), T0) == chain


def sequence(inside: bytes) -> bytes:
    """As DER has it (X.690, 8.9)."""
    return b"\x30\x84" + len(inside).to_bytes(4, "big") + inside


@pytest.mark.parametrize(("peace", "asked"), [(0, 2), (60, 1)])
def test_who_does_not_answer_is_asked_again_when_the_peace_is_over(peace: float, asked: int) -> None:
    """A seal waits for the answer, so that it is asked for at once; a judge does without for a while."""
    clock, calls, is_down = [0.0], list[str](), [True]

    def fetch(url: str, _body: bytes | None, _kind: str) -> bytes:
        calls.append(url)
        if is_down[0]:
            raise ConnectionRefusedError(url)
        return b"list"

    lists = KeptLists(fetch, keep=60, peace=peace, clock=lambda: clock[0])
    with pytest.raises(OSError, match="crl"):
        lists("http://ca/crl", None, "")
    is_down[0] = False
    try:
        got = lists("http://ca/crl", None, "")
    except OSError:
        got = b""
    assert (len(calls), got == b"list") == (asked, peace == 0)
    clock[0] = 61
    assert [lists("http://ca/crl", None, "") for _ in range(3)] == [b"list"] * 3
    assert len(calls) == asked + 1  # of three questions one
