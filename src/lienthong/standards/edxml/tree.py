"""Reads a packet's XML as it streams in: a small tree of what describes, and attachments that pass through.

A packet may be far larger than memory. Everything but the attachments' content is kept (and bounded); content is
decoded piece by piece into a sink.
"""

from __future__ import annotations

import binascii
import hashlib
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from typing import BinaryIO

from lxml import etree

from lienthong.standards.edxml.limits import LIMITS
from lienthong.standards.edxml.problems import PacketRefused, refuse

CONTENT = "ContentTransferEncoded"
CONTENT_PATH = f"AttachmentEncoded/Attachment/{CONTENT}"
_WRAPPERS = ("edXML", "edXMLEnvelope", "edXMLHeader")
"""Elements that paths do not begin with: the rules speak of what is below them."""
DEEPEST_CONTENT = 5
"""Its level in edXML/edXMLEnvelope/AttachmentEncoded/Attachment, where some writers put it; else it is one less."""
_ENCODING = re.compile(rb"""<\?xml[^>]*\sencoding\s*=\s*["']([^"']+)["']""")
_UNDEFINED_PREFIX = 201
"""libxml2's number for a prefix that was not declared; packets with it circulate, and names are read without it."""


_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_SPACE = b" \t\r\n"
"""White space of XML: it may stand anywhere in base64."""


@dataclass
class Content:
    """The content of one attachment: its size; where it is decoded also digest and first bytes, and the bytes went to
    the sink."""

    digest: str = ""
    size: int = 0
    start: bytes = b""


@dataclass(slots=True)
class Node:
    """An element: its local name, its text, its children."""

    name: str
    text: str = ""
    children: list[Node] = field(default_factory=list)
    parts: list[str] = field(default_factory=list, repr=False)
    content: Content | None = None
    """What an attachment carries; set from the moment that it begins."""
    _by_name: dict[str, list[Node]] | None = field(default=None, repr=False)

    def all(self, name: str) -> list[Node]:
        """The children of this name; of an element that is complete. Some sixty rules ask: the children are sorted by
        their names once."""
        if self._by_name is None:
            self._by_name = {}
            for child in self.children:
                self._by_name.setdefault(child.name, []).append(child)
        return self._by_name.get(name, _NONE)

    def first(self, *names: str) -> Node | None:
        """The first child that has one of these names, in the order of the names."""
        for name in names:
            for child in self.children:
                if child.name == name:
                    return child
        return None

    def at(self, path: str) -> Node | None:
        """The element at a path like `Code/CodeNumber`."""
        node: Node | None = self
        for name in _steps(path):
            node = node.first(name) if node else None
        return node

    def value(self, path: str) -> str:
        """The text at a path; empty when there is none."""
        node = self.at(path)
        return node.text if node else ""


_NONE: list[Node] = []
_steps = cache(partial(str.split, sep="/"))
"""The names in a path. The paths are ours, some sixty of them."""
Sink = Callable[[int], BinaryIO]
"""Gives a writable file for the content of the n-th attachment, from 0."""


class StreamingTree:
    """Feed it a packet's bytes, then ask for the tree.

    Args:
        sink: where decoded attachments go; without it they are checked and forgotten.
        max_bytes: largest packet that is taken.
        digest_of: gives the SHA-256 of what was fed, where somebody hashes the same bytes already.
        decodes: whether attachments are decoded and hashed; else their base64 is only held against its form, which
            costs a quarter.
    """

    def __init__(
        self,
        sink: Sink | None = None,
        max_bytes: int | None = None,
        digest_of: Callable[[], str] | None = None,
        *,
        decodes: bool = True,
    ) -> None:
        self._digest_of = digest_of
        self._target = _Target(sink, decodes=decodes)
        # Undeclared prefixes circulate in the field. The parser goes on after an error only so that we can tell that
        # one from the others, all of which refuse the packet.
        self._parser = etree.XMLParser(
            target=self._target,  # type: ignore[arg-type]
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            recover=True,
        )
        self._digest = hashlib.sha256()
        self._head = b""
        self._max_bytes = max_bytes
        self.size = 0

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes. Raises `PacketRefused`."""
        if not chunk:
            return
        if len(self._head) < 200:
            self._head += chunk[: 200 - len(self._head)]
            _require_utf8(self._head)
        self.size += len(chunk)
        if self._max_bytes is not None and self.size > self._max_bytes:
            raise refuse("too_large", limit=self._max_bytes)
        if self._digest_of is None:
            self._digest.update(chunk)
        self._parser.feed(chunk)
        self._require_sound()

    def close(self) -> Node:
        """The tree; its attachments know their contents. Raises `PacketRefused`."""
        if not self.size:
            raise refuse("truncated")
        try:
            self._parser.close()
        except etree.XMLSyntaxError as reason:
            raise refuse("malformed", detail=_brief(reason.msg or "")) from reason
        self._require_sound()
        root, self._target.root = self._target.root, None  # parser and target hold each other: not the tree as well
        if root is None or self._target.open_elements:
            raise refuse("truncated")
        return root

    @property
    def digest(self) -> str:
        """SHA-256 of all bytes fed, in lower-case hexadecimal."""
        return self._digest.hexdigest() if self._digest_of is None else self._digest_of()

    def _require_sound(self) -> None:
        if self._target.refusal is not None:
            raise self._target.refusal
        for error in self._parser.feed_error_log:
            if error.type == _UNDEFINED_PREFIX:
                continue
            if error.type in _CUT_OFF and (self._target.open_elements or self._target.root is None):
                raise refuse("truncated")
            raise refuse("malformed", detail=_brief(error.message or ""))


_CUT_OFF = frozenset({5, 74, 77})
"""libxml2's numbers for a document that ends early: no more content, an end tag not reached, a tag not finished."""


class _Target:
    """Receives the parser's events."""

    def __init__(self, sink: Sink | None, *, decodes: bool) -> None:
        self.root: Node | None = None
        self._contents = 0
        self.refusal: PacketRefused | None = None
        self._sink = sink
        self._stack: list[Node] = []
        self._elements = 0
        self._characters = 0
        self._decodes = decodes
        self._decoder: _Decoder | _Checker | None = None
        self._attachments: Node | None = None

    @property
    def open_elements(self) -> int:
        """Elements whose end has not come."""
        return len(self._stack)

    def start(self, tag: str, _attributes: object) -> None:
        node = Node(tag.rpartition("}")[2].rpartition(":")[2])
        self._elements += 1
        if len(self._stack) >= LIMITS.depth:
            self._refuse(refuse("too_deep", limit=LIMITS.depth))
        if self._elements > LIMITS.elements:
            self._refuse(refuse("too_many_elements", limit=LIMITS.elements))
        if self._stack:
            self._stack[-1].children.append(node)
        elif self.root is None:
            self.root = node
        self._stack.append(node)
        if node.name == "AttachmentEncoded":
            self._attachments = self._attachments or node
        if node.name == CONTENT and self.refusal is None:
            self._begin_content()

    def _begin_content(self) -> None:
        """A content is its own attachment's: one elsewhere, or a second one, would lend its bytes another's name."""
        *_, around, attachment, _content = [None, None, *self._stack]
        in_place = around is self._attachments and len(self._stack) <= DEEPEST_CONTENT
        if not in_place or attachment is None or attachment.name != "Attachment":
            self._refuse(refuse("stray_content", self._path()))
        elif attachment.content is not None:
            name = attachment.value("AttachmentName")
            self._refuse(refuse("second_content", "AttachmentEncoded/Attachment", detail=name))
        else:
            name = attachment.value("AttachmentName")
            sink = self._sink(self._contents) if self._sink else None
            self._decoder = _Decoder(sink, name) if self._decodes else _Checker(name)
            self._contents += 1
            attachment.content = self._decoder.content

    def _path(self) -> str:
        """Where the parser stands."""
        return "/".join(node.name for node in self._stack if node.name not in _WRAPPERS)

    def data(self, text: str) -> None:
        if not self._stack:
            return
        if self._decoder is not None:
            try:
                self._decoder.feed(text)
            except PacketRefused as refusal:
                self._refuse(refusal)
            return
        self._characters += len(text)
        if self._characters > LIMITS.text:
            self._refuse(refuse("header_too_large", limit=LIMITS.text))
        self._stack[-1].parts.append(text)

    def end(self, _tag: str) -> None:
        if not self._stack:
            return
        node = self._stack.pop()
        node.text = "".join(node.parts).strip()
        node.parts = []
        if self._decoder is not None and node.name == CONTENT:
            try:
                self._decoder.close()
            except PacketRefused as refusal:
                self._refuse(refusal)
            self._decoder = None

    def doctype(self, *_: object) -> None:
        self._refuse(refuse("doctype_forbidden"))

    def comment(self, _text: str) -> None:
        """Comments say nothing."""

    def pi(self, _target: str, _data: str | None = None) -> None:
        """Processing instructions ask nothing of us."""

    def close(self) -> None:
        """The parser is done."""

    def _refuse(self, refusal: PacketRefused) -> None:
        # Raising through the parser would be swallowed in its recovery; the feeder raises it.
        self.refusal = self.refusal or refusal


# Every parser asks what `start` takes, which Python else works out anew for each packet.
_Target.start.__signature__ = inspect.signature(_Target.start)  # type: ignore[attr-defined]


class _Decoder:
    """Standard base64, decoded as it comes; white space between is allowed, nothing after the padding is."""

    def __init__(self, out: BinaryIO | None, name: str) -> None:
        self._out = out
        self._name = name
        self._rest = b""
        self._padded = False
        self._digest = hashlib.sha256()
        self.content = Content()

    def feed(self, text: str) -> None:
        letters = self._rest + _ascii(text, self._name).translate(None, _SPACE)
        whole = len(letters) - len(letters) % 4
        letters, self._rest = letters[:whole], letters[whole:]
        if not letters:
            return
        if self._padded:
            raise refuse("bad_base64", CONTENT_PATH, detail=self._name)
        self._padded = letters.endswith(b"=")
        try:
            piece = binascii.a2b_base64(letters, strict_mode=True)
        except (binascii.Error, ValueError) as reason:
            raise refuse("bad_base64", CONTENT_PATH, detail=self._name) from reason
        if len(self.content.start) < 8:
            self.content.start += piece[: 8 - len(self.content.start)]
        self.content.size += len(piece)
        self._digest.update(piece)
        if self._out is not None:
            self._out.write(piece)

    def close(self) -> None:
        if self._rest:
            raise refuse("bad_base64", CONTENT_PATH, detail=self._name)
        self.content.digest = self._digest.hexdigest()


class _Checker:
    """Says of the same texts as `_Decoder` that they are base64, without decoding them: who passes a packet on needs
    to know that its recipients can read it, and nothing of what is in it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._letters = self._padding = 0
        self.content = Content()

    def feed(self, text: str) -> None:
        data = _ascii(text, self._name)
        others = data.translate(None, _ALPHABET)  # white space, padding and what does not belong: little, or nothing
        letters, padding = len(data) - len(others), others.count(b"=")
        foreign = others.translate(None, _SPACE + b"=")
        after = data[data.index(b"=") :].translate(None, _SPACE + b"=") if padding else b""
        if foreign or after or (self._padding and letters) or self._padding + padding > 2:
            raise refuse("bad_base64", CONTENT_PATH, detail=self._name)
        self._letters += letters
        self._padding += padding

    def close(self) -> None:
        if (self._letters + self._padding) % 4:
            raise refuse("bad_base64", CONTENT_PATH, detail=self._name)
        self.content.size = self._letters * 3 // 4


def _ascii(text: str, name: str) -> bytes:
    try:
        return text.encode("ascii")
    except UnicodeEncodeError as reason:
        raise refuse("bad_base64", CONTENT_PATH, detail=name) from reason


def _require_utf8(head: bytes) -> None:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head[:8]:
        raise refuse("not_utf8")
    declared = _ENCODING.search(head)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8"):
        raise refuse("not_utf8")


def _brief(message: str) -> str:
    """The parser's message without what it quotes: packets' content does not belong in errors."""
    return re.sub(r"[\"'«].*", "", message).strip(" :,.") or "syntax"
