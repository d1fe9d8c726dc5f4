"""Links in the place of files: what goes with a document travels whole (Decision 28/2018, Article 10.1)."""

import re

LARGEST_LINK = 4096
"""Bytes that a file which only points elsewhere has at most."""

_SHORTCUTS = (".url", ".webloc", ".desktop", ".lnk", ".website")
_ADDRESS = re.compile(r"\W*(?:(?:https?|ftps?|smb|file)://|www\.)\S", re.IGNORECASE)
_LETTER = re.compile(r"\w")


def is_link(text: str) -> bool:
    """Whether a text says nothing but where something else is."""
    words = [word for word in text.split() if _LETTER.search(word)]
    return bool(words) and all(_ADDRESS.match(word) for word in words)


def is_link_file(name: str, content: bytes) -> bool:
    """Whether a file only points elsewhere: a shortcut, or a text that is nothing but an address.

    Args:
        content: the whole file, where it is not larger than `LARGEST_LINK`; else empty.
    """
    if is_link(name) or name.lower().endswith(_SHORTCUTS):
        return True
    try:
        return is_link(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return False
