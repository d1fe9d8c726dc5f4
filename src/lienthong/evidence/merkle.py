"""The tree over a journal (RFC 9162, section 2.1): one root for all that was written, and proof that a later root
continues an earlier one. Pure: whoever has two roots and a proof checks it by himself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

Nodes = Callable[[int, int], bytes]
"""(height, place) → hash of the whole subtree over the 2^height entries that begin at place * 2^height."""
EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without entries."""


def leaf(entry: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\0" + entry).digest()


def parent(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root(size: int, nodes: Nodes) -> bytes:
    """The root over the first `size` entries."""
    return _over(0, size, nodes) if size else EMPTY


def consistency(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """The proof that the first `old` of `new` entries are the old tree; 0 < old <= new."""
    return _continued(old, 0, new, nodes, known=True)


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the new tree holds all of the old one, in its order (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    of_old = of_new = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            of_old, of_new = parent(each, of_old), parent(each, of_new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            of_new = parent(of_new, each)
        place, last = place >> 1, last >> 1
    return last == 0 and of_old == old_root and of_new == new_root


def _continued(old: int, begin: int, end: int, nodes: Nodes, *, known: bool) -> list[bytes]:
    """SUBPROOF of RFC 9162; `known`: what is here is the old root itself, which the asker has."""
    if old == end - begin:
        return [] if known else [_over(begin, end, nodes)]
    half = _split(end - begin)
    middle = begin + half
    if old <= half:
        return [*_continued(old, begin, middle, nodes, known=known), _over(middle, end, nodes)]
    return [*_continued(old - half, middle, end, nodes, known=False), _over(begin, middle, nodes)]


def _over(begin: int, end: int, nodes: Nodes) -> bytes:
    amount = end - begin
    if amount & (amount - 1) == 0:
        height = amount.bit_length() - 1
        return nodes(height, begin >> height)
    middle = begin + _split(amount)
    return parent(_over(begin, middle, nodes), _over(middle, end, nodes))


def _split(amount: int) -> int:
    """The largest power of two below an amount of two or more."""
    return 1 << (amount - 1).bit_length() - 1
