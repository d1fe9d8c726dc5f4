"""Marks of secrecy in a packet that could not be read: its bytes are looked through before anything of it is kept."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from html import unescape
from itertools import chain

from lienthong.standards.secrecy import declared_degree

_OVERLAP = 2_000
"""Characters of a piece that are looked at again with the next one: more than any value that declares a degree."""
_NO_ELEMENT = re.compile(r"<!--.{0,500}?-->|<!\[CDATA\[|\]\]>", re.DOTALL)
_VALUE = re.compile(r">([^<>]{1,200})(?=<)")


def declares_degree(chunks: Iterable[bytes]) -> bool:
    """Whether any element of the packet holds nothing but a degree of secrecy (Article 1.2).

    Which element it is does not matter here: the packet is refused in any case, and rather destroyed than kept.
    """
    decoder: codecs.IncrementalDecoder | None = None
    rest = ""
    for chunk in chain(chunks, [b"<"]):
        if decoder is None:
            two_bytes = chunk[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
            decoder = codecs.getincrementaldecoder("utf-16" if two_bytes else "utf-8")(errors="replace")
        text = rest + decoder.decode(chunk)
        if any(declared_degree(unescape(value)) for value in _VALUE.findall(_NO_ELEMENT.sub("", text))):
            return True
        rest = text[-_OVERLAP:]
    return False
