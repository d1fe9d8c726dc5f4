"""The text of a file: PDF, what word processors and spreadsheets write (OOXML, OpenDocument), plain text; and which
pages of a PDF are pictures, whose text could be recognised (`recognising`).

A file comes from anybody, so what is unpacked of it is bounded (`BOUNDS`), and no entity and no address of its XML is
followed; the time that it may take is bounded by whoever starts this apart (`apart`).
"""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import IO, Any, NamedTuple

from lxml import etree

from lienthong.standards.texts.problems import NoText, Why


class Bounds(NamedTuple):
    """What a file may cost: its bytes, the pages of a PDF, the parts of an archive and what they hold unpacked, and the
    characters that are taken."""

    size: int = 60_000_000
    pages: int = 3_000
    parts: int = 5_000
    unpacked: int = 80_000_000
    characters: int = 300_000


BOUNDS = Bounds()
_PARTS = ("word/document.xml", "word/header", "word/footer", "word/footnotes.xml", "xl/sharedStrings.xml",
          "xl/worksheets/sheet", "ppt/slides/slide", "content.xml")  # fmt: skip
_TEXT = ("t", "v")
"""Elements of OOXML that hold text: `w:t`, `a:t`, `t` of spreadsheets; `v` is a cell's number."""
_BREAKS = ("p", "h", "tab", "br", "tc", "c", "si", "row", "tr", "table-cell", "line-break", "s")
_SMALL_TEXT = 4096
FEW = 200
"""Characters: a page with fewer, most of which a picture covers, is a scan on which somebody put a number or a mark."""
MOST_OBJECTS = 2_000
"""So many things on a page are looked at."""


class Text(NamedTuple):
    """What was taken of a file.

    Attributes:
        words: the text, composed (NFC) and with single spaces.
        pictured: the pages of a PDF, from 0, that are pictures: what stands on them is not in `words`.
    """

    words: str
    pictured: tuple[int, ...] = ()


def text_of(file: bytes) -> Text:
    """The text of a file. Raises `NoText`."""
    if len(file) > BOUNDS.size:
        raise NoText(Why.TOO_LARGE)
    pictured = list[int]()
    if b"%PDF-" in file[:1024]:
        pieces = _of_pdf(file, pictured)
    elif file.startswith(b"PK\x03\x04"):
        pieces = _of_archive(file)
    else:
        pieces = iter([_plain(file)])
    words = joined(pieces)
    return Text(words, tuple(pictured))


def joined(pieces: Iterator[str]) -> str:
    """Pieces of a text as one, a line each: composed, without what a database cannot hold, no longer than a text is."""
    taken, length = list[str](), 0
    for piece in pieces:
        words = " ".join(piece.split())
        if words:
            taken.append(words)
            length += len(words) + 1
        if length >= BOUNDS.characters:
            break
    text = unicodedata.normalize("NFC", "\n".join(taken)).replace("\x00", "")
    return "".join(char for char in text[: BOUNDS.characters] if not "\ud800" <= char <= "\udfff")


def _of_pdf(file: bytes, pictured: list[int]) -> Iterator[str]:
    """The text of each page; which of them are pictures goes to `pictured`."""
    import pypdfium2  # loads a library of its own, which no other command need wait for

    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as reason:
        locked = getattr(reason, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise NoText(Why.LOCKED if locked else Why.BROKEN) from reason
    try:
        for index in range(min(len(document), BOUNDS.pages)):
            page = document[index]
            text = page.get_textpage().get_text_bounded()
            if _is_picture(page, text):
                pictured.append(index)
            yield text
    except pypdfium2.PdfiumError as reason:
        raise NoText(Why.BROKEN) from reason


def _is_picture(page: Any, text: str) -> bool:
    """Whether what stands on a page is drawn and not written: something without a letter, or a picture that covers most
    of it with few letters beside."""
    import pypdfium2

    letters = len("".join(text.split()))
    if letters >= FEW:
        return False
    width, height = page.get_size()
    covered = 0.0
    for one in islice(page.get_objects(max_depth=3), MOST_OBJECTS):
        if not letters:
            return True
        if one.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = one.get_bounds()
            covered += abs(right - left) * abs(top - bottom)
    return bool(covered > width * height / 2)


def _of_archive(file: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(BytesIO(file)) as archive:
            members = archive.infolist()
            wanted = [one for one in members if one.filename.startswith(_PARTS) and one.filename.endswith(".xml")]
            if not wanted:
                raise NoText(Why.UNKNOWN)
            if len(members) > BOUNDS.parts or sum(one.file_size for one in wanted) > BOUNDS.unpacked:
                raise NoText(Why.TOO_LARGE)
            for one in wanted:
                with archive.open(one) as part:
                    yield from _of_xml(part)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, NotImplementedError, EOFError, OSError) as reason:
        raise NoText(Why.BROKEN) from reason
    except RuntimeError as reason:  # what zipfile says of a password
        raise NoText(Why.LOCKED) from reason


def _of_xml(part: IO[bytes]) -> Iterator[str]:
    """The text between one break and the next; of OpenDocument every text, of OOXML that of its text elements."""
    line = list[str]()
    reading = etree.iterparse(
        _Bounded(part), events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    for _event, element in reading:
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        opendocument = "opendocument" in str(element.tag)
        if opendocument and name in ("p", "h"):
            line.append("".join(str(text) for text in element.itertext()))
        elif name in _TEXT and not opendocument and not (name == "v" and _is_shared(element)):
            line.append(element.text or "")
        if name in _BREAKS and line:
            yield " ".join(line) if name == "c" else "".join(line)
            line.clear()
        if name in ("p", "row", "si", "h"):
            element.clear()
    yield "".join(line)


def _is_shared(cell_value: etree._Element) -> bool:
    """Whether a cell's value is the number of a shared text."""
    cell = cell_value.getparent()
    return cell is not None and cell.get("t") == "s"


class _Bounded:
    """A part that says one thing of its size and is another."""

    def __init__(self, part: IO[bytes]) -> None:
        self._part, self._left = part, BOUNDS.unpacked

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises `NoText` where there are more than there may be."""
        chunk = self._part.read(size)
        self._left -= len(chunk)
        if self._left < 0:
            raise NoText(Why.TOO_LARGE)
        return chunk


def _plain(file: bytes) -> str:
    """A text in UTF-8 or UTF-16 with its mark; anything else is no text. Raises `NoText`."""
    encoding = "utf-16" if file[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = file.decode(encoding)
    except UnicodeDecodeError as reason:
        raise NoText(Why.UNKNOWN) from reason
    strange = sum(char < " " and char not in "\t\r\n\f" for char in islice(text, _SMALL_TEXT))
    if strange:
        raise NoText(Why.UNKNOWN)
    return text
