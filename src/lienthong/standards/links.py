"""Links in the place of files: what goes with a document travels whole (Decision 28/2018, Article 10.1)."""

import re

LARGEST_LINK = 4096
"""Bytes that a file which only points elsewhere has at most."""

_SHORTCUTS = (".url", ".webloc", ".desktop", ".lnk", ".website")
_ADDRESS = r"(?:(?:https?|ftps?|smb|file)://|www\.)\S+"
_ONLY_ADDRESSES = re.compile(rf"(?:\W*{_ADDRESS}\W*)+", re.IGNORECASE)


def is_link(text: str) -> bool:
    """Whether a text says nothing but where something else is."""
    return _ONLY_ADDRESSES.fullmatch(text.strip()) is not None


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
