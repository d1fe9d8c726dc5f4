"""Open PDFs for reading and for adding to them; page geometry; fields by name."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler

from lienthong.standards.signatures.errors import PdfEncrypted, PdfHasXfa, PdfUnreadable, SlotMissing
from lienthong.standards.signatures.layout import Place
from lienthong.standards.signatures.reading import QuickReader

BROKEN = (
    PdfError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,  # a filter that it does not know, as LZW for a table of references
    RecursionError,
    OSError,
)
"""What pyHanko raises on hostile or broken files; each becomes one of our own problems at the door."""


def open_reader(pdf: bytes) -> PdfFileReader:
    """A reader over `pdf`, tolerant as other producers need it.

    Raises:
        PdfUnreadable, PdfEncrypted.
    """
    try:
        reader = QuickReader(pdf)
        encrypted = reader.encrypted
        if not encrypted:
            reader.root["/Pages"]
    except BROKEN as error:
        raise PdfUnreadable(reason=type(error).__name__) from error
    if encrypted:
        raise PdfEncrypted
    return reader


def open_writer(pdf: bytes) -> IncrementalPdfFileWriter:
    """A writer that adds a revision to `pdf` and keeps every byte before it.

    Raises:
        PdfUnreadable, PdfEncrypted, PdfHasXfa.
    """
    return writer_over(open_reader(pdf))


def writer_over(reader: PdfFileReader) -> IncrementalPdfFileWriter:
    """As `open_writer`, of a document that is open already. Raises `PdfHasXfa`."""
    form = entry(reader.root, "/AcroForm")
    if form is not None and "/XFA" in form:
        raise PdfHasXfa
    return IncrementalPdfFileWriter.from_reader(reader)


def finish(writer: IncrementalPdfFileWriter) -> bytes:
    """The file with the revision added."""
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def entry(node: generic.DictionaryObject, key: str, default: object = None) -> Any:
    """The value under `key` with references followed; pyHanko's own `get` leaves them."""
    return node[key] if key in node else default  # noqa: SIM401 - `get` gives the bare reference


def inherited(page: generic.DictionaryObject, key: str) -> object:
    """An attribute of a page, or of the nearest node above it (ISO 32000-2, 7.7.3.4)."""
    node: generic.DictionaryObject | None = page
    for _ in range(64):
        if node is None:
            return None
        if key in node:
            return node[key]
        node = entry(node, "/Parent")
    return None


def page_box(page: generic.DictionaryObject) -> tuple[float, float, float, float]:
    """The visible rectangle of a page in its own coordinates: CropBox, else MediaBox."""
    box = inherited(page, "/CropBox") or inherited(page, "/MediaBox")
    if not isinstance(box, generic.ArrayObject) or len(box) != 4:
        raise PdfUnreadable(reason="MediaBox")
    x1, y1, x2, y2 = (float(value) for value in box)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def page_turn(page: generic.DictionaryObject) -> int:
    """How far viewers turn the page clockwise: 0, 90, 180 or 270."""
    turn = inherited(page, "/Rotate")
    return int(turn) % 360 if isinstance(turn, int) else 0


def fields(handler: PdfHandler) -> Iterator[tuple[str, generic.DictionaryObject]]:
    """The terminal form fields with their full names (ISO 32000-2, 12.7.4.2)."""
    form = entry(handler.root, "/AcroForm")
    if form is None:
        return
    waiting = [("", item, 0) for item in entry(form, "/Fields", ())]
    while waiting:
        above, item, depth = waiting.pop(0)
        node = item.get_object()
        if not isinstance(node, generic.DictionaryObject) or depth > 32:
            continue
        own = entry(node, "/T")
        name = f"{above}.{own}" if above and own is not None else str(own) if own is not None else above
        children = [kid for kid in entry(node, "/Kids", ()) if "/T" in kid.get_object()]
        if children:
            waiting.extend((name, kid, depth + 1) for kid in children)
        else:
            yield name, node


def field(handler: PdfHandler, place: Place) -> generic.DictionaryObject:
    """The field kept for `place`.

    Raises:
        SlotMissing.
    """
    for name, node in fields(handler):
        if name == place.value:
            return node
    raise SlotMissing(place=place.value)


def is_signed(node: generic.DictionaryObject) -> bool:
    """Does a field carry a signature?"""
    return entry(node, "/FT") == "/Sig" and "/V" in node
