"""The tree of RFC 9162: its published examples, and every proof of small trees against a tree made plainly."""

from datetime import UTC, datetime

import pytest

from lienthong.evidence import heads, merkle
from lienthong.evidence.receipts import InvalidStatement, KeyRing, SigningKey

INPUTS = [
    bytes.fromhex(each)
    for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
"""Those of the reference implementation of Certificate Transparency, with the roots that it has for them."""
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
MANY = 33


def plain(entries: list[bytes]) -> bytes:
    if len(entries) < 2:
        return merkle.leaf(entries[0]) if entries else merkle.EMPTY
    middle = 1
    while middle * 2 < len(entries):
        middle *= 2
    return merkle.parent(plain(entries[:middle]), plain(entries[middle:]))


def nodes(entries: list[bytes]) -> merkle.Nodes:
    return lambda height, place: plain(entries[place << height : (place + 1) << height])


ENTRIES = [str(number).encode() for number in range(MANY)]


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert merkle.root(size, nodes(INPUTS)).hex() == ROOTS[size]


def test_a_newer_tree_is_proved_to_continue_each_older_one_and_no_other() -> None:
    for new in range(1, MANY + 1):
        for old in range(1, new + 1):
            proof = merkle.consistency(old, new, nodes(ENTRIES))
            was, now = plain(ENTRIES[:old]), plain(ENTRIES[:new])
            assert merkle.is_consistent(old, was, new, now, proof)
            other = plain([b"other", *ENTRIES[1:old]])
            assert not merkle.is_consistent(old, other, new, now, proof)
            assert not merkle.is_consistent(old, was, new, plain([*ENTRIES[1:new], b"other"]), proof)
            if old < new:
                assert not merkle.is_consistent(old, was, new, now, proof[:-1])
                assert not merkle.is_consistent(old, was, new, now, [*proof, b"\0" * 32])


def test_nothing_continues_an_empty_or_larger_tree() -> None:
    assert not merkle.is_consistent(0, merkle.EMPTY, 1, merkle.leaf(b""), [])
    assert not merkle.is_consistent(2, plain(ENTRIES[:2]), 1, plain(ENTRIES[:1]), [])


def test_a_head_is_worth_what_its_signature_is() -> None:
    key = SigningKey.generate()
    head = heads.Head("hub", 3, ROOTS[3], datetime(2026, 11, 27, tzinfo=UTC))
    token = key.sign_claims(head.claims(), kind=heads.TYPE)
    assert heads.read(token, KeyRing([key.public_jwk()])) == head
    for wrong in (
        key.sign_claims(head.claims()),
        SigningKey.generate().sign_claims(head.claims(), kind=heads.TYPE),
        key.sign_claims({**head.claims(), "size": -1}, kind=heads.TYPE),
        key.sign_claims({**head.claims(), "root": "00"}, kind=heads.TYPE),
        key.sign_claims({**head.claims(), "iat": "2026-11-27"}, kind=heads.TYPE),
    ):
        with pytest.raises(InvalidStatement):
            heads.read(wrong, KeyRing([key.public_jwk()]))
