"""What a signer compares: a short code of what is signed, the same wherever it is reckoned."""

from collections.abc import Sequence
from hashlib import sha256


def comparison_code(digests: Sequence[bytes]) -> str:
    """Eight characters of the digests that are signed together, in their order, as `1A2B-3C4D`."""
    shown = sha256(b"".join(digests)).hexdigest().upper()
    return f"{shown[:4]}-{shown[4:8]}"
