"""How a packet was written: its bytes around the contents of its files, so that it can be written again as it stood.

Two programs that write the same values differ in order, prefixes, white space, empty elements and in elements that only
one of them knows. Whoever hands on what he has read must not add his own differences: others have signed or hashed it.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from xml.parsers import expat

CONTENT = "ContentTransferEncoded"
HEADER = "edXMLHeader"
MOST_KEPT = 16 << 20
"""Bytes around the contents that are kept at most; a packet with more is read all the same, and has no form."""
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="


@dataclass(frozen=True)
class Form:
    """What stands around the contents.

    Attributes:
        pieces: the bytes before the first content, between each two, and after the last one.
        header: begin and end, in the first piece, of what stands inside edXMLHeader.
        plain: of each content, whether it is base64 on one line as everybody writes it; others are written as such.
    """

    pieces: tuple[bytes, ...]
    header: tuple[int, int]
    plain: tuple[bool, ...] = ()


class FormReader:
    """Follows the bytes of a packet that another reader finds sound; keeps all but the contents."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        for name in (
            "CharacterDataHandler",
            "CommentHandler",
            "ProcessingInstructionHandler",
            "StartCdataSectionHandler",
        ):
            setattr(self._parser, name, self._other)
        self._lost = False
        self._pending = bytearray()
        self._base = 0
        self._seen = 0
        self._pieces = [bytearray()]
        self._plain: list[_Plain] = []
        self._depth = 0
        self._content_depth = 0
        self._opening = self._inside = False
        self._header: list[int] = []
        self._header_depth = 0
        self._ends_child = False

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        if self._lost:
            return
        self._pending += chunk
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError:
            self._lost = True  # the other reader is more lenient; what it takes has no form then
            return
        self._take(self._seen)
        self._lost = self._lost or sum(map(len, self._pieces)) > MOST_KEPT

    def close(self) -> Form | None:
        """The form; None where it could not be followed, or is too large."""
        if not self._lost:
            try:
                self._parser.Parse(b"", True)
            except expat.ExpatError:
                self._lost = True
        if self._lost or len(self._header) != 2:
            return None
        self._take(self._base + len(self._pending))
        begin, end = self._header
        return Form(tuple(map(bytes, self._pieces)), (begin, end), tuple(one.holds for one in self._plain))

    # -- the parser's events: each says where it begins -----------------------------------------------------------

    def _start(self, name: str, _attributes: object) -> None:
        self._came()
        self._depth += 1
        local = name.rpartition(":")[2]
        if self._header_depth and self._depth == self._header_depth + 1 and not self._header and not self._plain:
            self._header.append(self._seen)
        if local == HEADER and not self._header_depth and not self._header:
            self._header_depth = self._depth
        if local == CONTENT and not self._content_depth:
            self._content_depth = self._depth
            self._opening = True

    def _end(self, _name: str) -> None:
        self._came()
        if self._content_depth == self._depth:
            self._leave_content()
        if self._header_depth:
            if self._depth == self._header_depth + 1:
                self._ends_child = True
            elif self._depth == self._header_depth:
                self._header_depth = 0
        self._depth -= 1

    def _other(self, *_: object) -> None:
        self._came()

    def _came(self) -> None:
        """Something begins here: so what came before it has ended."""
        at = self._seen = self._parser.CurrentByteIndex
        if self._ends_child:
            self._ends_child = False
            self._header[1:] = [at]
        if self._opening:
            self._opening = False
            self._take(at)
            self._inside = True
            self._plain.append(_Plain())

    def _leave_content(self) -> None:
        self._take(self._seen)
        if not bytes(self._pending[:2]).startswith(b"</"):
            self._lost = True  # an element without an end tag has no place for a content
        self._inside = False
        self._content_depth = 0
        self._pieces.append(bytearray())

    def _take(self, upto: int) -> None:
        """Bring what came before this place where it belongs."""
        count = upto - self._base
        if count <= 0:
            return
        taken = bytes(self._pending[:count])
        del self._pending[:count]
        self._base = upto
        if self._inside:
            self._plain[-1].feed(taken)
        else:
            self._pieces[-1] += taken


class _Plain:
    """Whether a text is base64 as every encoder writes it: no white space, the last bits zero."""

    def __init__(self) -> None:
        self._length = 0
        self._last = b""
        self._foreign = False

    def feed(self, text: bytes) -> None:
        self._foreign = self._foreign or bool(text.translate(None, _ALPHABET))
        self._length += len(text)
        self._last = (self._last + text[-4:])[-4:]

    @property
    def holds(self) -> bool:
        if self._foreign or self._length % 4:
            return False
        try:
            return base64.b64encode(binascii.a2b_base64(self._last)) == self._last
        except (binascii.Error, ValueError):
            return False
