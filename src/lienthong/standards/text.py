"""Characters of texts: what packets can carry, and so what pages take."""

import re

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot carry (production 2, Char)."""
_BREAKS = re.compile("[\x0b\x0c]")


def as_meant(text: str) -> str:
    """A text as its writer meant it: the line and page breaks that word processors copy are ends of lines."""
    return _BREAKS.sub("\n", text)
