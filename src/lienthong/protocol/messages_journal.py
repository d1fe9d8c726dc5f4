"""The values of the journal's proof, beside those of `messages`."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TreeHead:
    """What the hub signed of its journal.

    Attributes:
        size: how many events are in the tree.
        root: its root, lower-case hexadecimal.
        signed: the hub's word for it, a compact JWS (`evidence.heads`).
    """

    size: int
    root: str
    at: datetime
    signed: str


@dataclass(frozen=True)
class TreeHeads:
    """Signed heads, the newest first."""

    heads: tuple[TreeHead, ...]


@dataclass(frozen=True)
class Consistency:
    """That a tree continues an older one (RFC 9162, 2.1.4).

    Attributes:
        old, new: sizes.
        proof: hashes, lower-case hexadecimal.
    """

    old: int
    new: int
    proof: tuple[str, ...]
