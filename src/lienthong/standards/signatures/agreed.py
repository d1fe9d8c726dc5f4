"""What an office and whoever has the signer's key agree on: a code that both show, and where a helper listens."""

from collections.abc import Sequence
from hashlib import sha256

HELPER_PORT = 18_299
"""Of the helper at a signer's machine, on loopback, unless its user and the office say otherwise."""
MOST_SIGNED = 200
"""Files in one question to the helper: fifty documents with three enclosures each."""


def comparison_code(digests: Sequence[bytes]) -> str:
    """Eight characters of the digests that are signed together, in their order, as `1A2B-3C4D`: the signer compares
    them, so they are the same wherever they are reckoned."""
    shown = sha256(b"".join(digests)).hexdigest().upper()
    return f"{shown[:4]}-{shown[4:8]}"
