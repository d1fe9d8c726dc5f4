"""Pages of a PDF as they are seen, without what lives in them: for copies, whose look is the original's and whose
signatures are none of the original's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

from lienthong.office.typeset.render import TypesetProblem

if TYPE_CHECKING:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DictionaryObject

HEADER = "%PDF-1.7"
HIDDEN = 2
"""The flag of an annotation that is not shown (ISO 32000-2, table 167)."""
UNSEEN = frozenset({"/Link", "/Popup"})


def count(pdf: bytes) -> int:
    """How many pages it has. Raises `TypesetProblem`."""
    with said_when_broken():
        return len(opened(pdf).pages)


def signed_pages(pdf: bytes) -> frozenset[int]:
    """The pages, from 1, on which a signature is shown. Raises `TypesetProblem`."""
    with said_when_broken():
        pages = opened(pdf).pages
        return frozenset(n for n, page in enumerate(pages, 1) if any(map(_is_signature, _annotations(page))))


def as_seen(pdf: bytes, wanted: Sequence[int] = ()) -> bytes:
    """The wanted pages (from 1; all where none is named): what annotations show is drawn into them, and forms,
    signatures, scripts and attachments stay behind.

    Raises:
        TypesetProblem: it is broken or has a password.
    """
    from pypdf import PdfWriter

    with said_when_broken():
        reader = opened(pdf)
        writer = PdfWriter()
        for number in wanted or range(1, len(reader.pages) + 1):
            _draw_annotations(writer, writer.add_page(reader.pages[number - 1]))
        return written(writer)


def written(writer: PdfWriter) -> bytes:
    """The file, with nothing in it that acts."""
    for name in ("/AcroForm", "/OpenAction", "/AA", "/Names"):
        writer.root_object.pop(name, None)
    writer.pdf_header = HEADER
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def opened(pdf: bytes) -> PdfReader:
    """The file to read from. Raises `TypesetProblem`: it has a password, or no page."""
    from pypdf import PdfReader

    try:
        reader = PdfReader(BytesIO(pdf))
    except NotImplementedError as reason:  # it is encrypted in another way than by a password, as for certificates
        raise _encrypted() from reason
    if reader.is_encrypted:
        raise _encrypted()
    _require_tree(reader)
    if not reader.pages:
        raise TypesetProblem("tệp PDF không có trang nào", "the PDF has no page")
    return reader


def _encrypted() -> TypesetProblem:
    return TypesetProblem(
        "tệp PDF có mật khẩu; bỏ mật khẩu rồi tải lại",
        "the PDF has a password; remove it and upload the file again",
    )


def _require_tree(reader: PdfReader) -> None:
    """Each node of the tree of pages stands in it once (ISO 32000-2, 7.7.3): where nodes are shared, a file of two
    kilobytes has more pages than any memory holds. Raises `ValueError`."""
    from pypdf.generic import IndirectObject

    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [reader.root_object["/Pages"]]
    while waiting:
        for kid in list(waiting.pop().get_object().get("/Kids", [])):
            if isinstance(kid, IndirectObject):
                if (kid.idnum, kid.generation) in seen:
                    raise ValueError("a page stands in two places")
                seen.add((kid.idnum, kid.generation))
            if isinstance(node := kid.get_object(), dict) and "/Kids" in node:
                waiting.append(node)


@contextmanager
def said_when_broken() -> Iterator[None]:
    """What the library stumbles over becomes a `TypesetProblem`."""
    from pypdf.errors import DependencyError, PyPdfError

    try:
        yield
    except (
        PyPdfError, DependencyError, NotImplementedError,  # the latter two: a filter that it does not know
        ArithmeticError, AttributeError, AssertionError, LookupError, RecursionError, TypeError, ValueError,
    ) as reason:  # fmt: skip
        raise TypesetProblem(
            "tệp PDF bị hỏng; kết xuất lại từ bản gốc", "the PDF is broken; make it anew from its source"
        ) from reason


def _annotations(page: DictionaryObject) -> list[Any]:
    listed = page.get("/Annots")
    return [one.get_object() for one in listed.get_object()] if listed is not None else []


def _is_signature(annotation: Any) -> bool:
    field = annotation if "/FT" in annotation else annotation.get("/Parent", annotation).get_object()
    return field.get("/FT") == "/Sig" and "/V" in field and _width(annotation) > 0


def _width(annotation: Any) -> float:
    left, _, right, _ = (float(value) for value in annotation["/Rect"])
    return abs(right - left)


def _draw_annotations(writer: PdfWriter, page: Any) -> None:
    """Draw what the page's annotations show into it (ISO 32000-2, 12.5.5, algorithm 8.1), and take them away."""
    from pypdf.generic import DictionaryObject, NameObject

    commands = []
    for place, annotation in enumerate(_annotations(page)):
        look = _look(annotation)
        if look is None:
            continue
        resources = page.setdefault(NameObject("/Resources"), DictionaryObject()).get_object()
        known = resources.setdefault(NameObject("/XObject"), DictionaryObject()).get_object()
        name = NameObject(f"/Seen{page.indirect_reference.idnum}x{place}")
        known[name] = look.indirect_reference or writer._add_object(look)
        scale_x, scale_y, x, y = _onto(look, [float(value) for value in annotation["/Rect"]])
        commands.append(f"q {scale_x:.5f} 0 0 {scale_y:.5f} {x:.4f} {y:.4f} cm {name} Do Q")
    for name_of in ("/Annots", "/AA"):
        page.pop(NameObject(name_of), None)
    if commands:
        _append(writer, page, "\n".join(commands))


def _look(annotation: Any) -> Any:
    """The normal appearance, where it has one and is shown."""
    if annotation.get("/Subtype") in UNSEEN or int(annotation.get("/F", 0)) & HIDDEN or not _width(annotation):
        return None
    look = annotation.get("/AP", {}).get_object().get("/N") if "/AP" in annotation else None
    look = look.get_object() if look is not None else None
    if look is not None and "/BBox" not in look:
        state = look.get(annotation.get("/AS"))
        look = state.get_object() if state is not None else None
    return look


def _onto(look: Any, rectangle: list[float]) -> tuple[float, float, float, float]:
    """How the box of a drawing comes onto its rectangle: scales and shift."""
    a, b, c, d, e, f = (float(value) for value in look.get("/Matrix", (1, 0, 0, 1, 0, 0)))
    x1, y1, x2, y2 = (float(value) for value in look["/BBox"])
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (x1, x2) for y in (y1, y2)]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    bottom, top = min(y for _, y in corners), max(y for _, y in corners)
    scale_x = abs(rectangle[2] - rectangle[0]) / ((right - left) or 1)
    scale_y = abs(rectangle[3] - rectangle[1]) / ((top - bottom) or 1)
    return (
        scale_x, scale_y,
        min(rectangle[0], rectangle[2]) - left * scale_x, min(rectangle[1], rectangle[3]) - bottom * scale_y,
    )  # fmt: skip


def turn_upright(writer: PdfWriter, page: Any) -> None:
    """A turned page becomes one that is not, and looks the same; its commands are not read."""
    from pypdf.generic import NameObject, RectangleObject

    left, bottom, right, top = (float(value) for value in page.mediabox)
    turn = {
        90: (0, -1, 1, 0, -bottom, right), 180: (-1, 0, 0, -1, right, top), 270: (0, 1, -1, 0, top, -left)
    }.get(page.rotation % 360)  # fmt: skip
    if turn is None:
        return
    a, b, c, d, e, f = turn
    for name in ("/MediaBox", "/CropBox"):
        x1, y1, x2, y2 = (float(value) for value in (page.mediabox if name == "/MediaBox" else page.cropbox))
        xs, ys = ([m * x + n * y + o for x, y in ((x1, y1), (x2, y2))] for m, n, o in ((a, c, e), (b, d, f)))
        page[NameObject(name)] = RectangleObject((min(xs), min(ys), max(xs), max(ys)))
    for name in ("/TrimBox", "/BleedBox", "/ArtBox", "/Rotate"):
        page.pop(NameObject(name), None)
    page.rotation = 0
    _append(writer, page, "", first=f"{a} {b} {c} {d} {e:.4f} {f:.4f} cm\n")


def lay_over(writer: PdfWriter, page: Any, above: Any, x: float, y: float) -> None:
    """One page over another, its lower left corner at a place; neither's commands are read."""
    from pypdf.generic import DictionaryObject, FloatObject, NameObject, RectangleObject, StreamObject

    drawing = StreamObject()
    drawing.set_data(above.get_contents().get_data())
    drawing[NameObject("/Type")], drawing[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
    drawing[NameObject("/BBox")] = RectangleObject([FloatObject(value) for value in above.mediabox])
    drawing[NameObject("/Resources")] = above["/Resources"].get_object().clone(writer)
    added = writer._add_object(drawing.flate_encode())
    # Pages may share their resources: each that is laid over has its own.
    own = DictionaryObject(page.get("/Resources", DictionaryObject()).get_object())
    drawings = DictionaryObject(own.get("/XObject", DictionaryObject()).get_object())
    name = NameObject(f"/Over{added.idnum}")
    drawings[name] = added
    own[NameObject("/XObject")] = drawings
    page[NameObject("/Resources")] = own
    _append(writer, page, f"q 1 0 0 1 {x:.4f} {y:.4f} cm {name} Do Q")


def _append(writer: PdfWriter, page: Any, commands: str, *, first: str = "") -> None:
    """Commands after those of the page, which are shut in so that they leave nothing behind, and begin with `first`."""
    from pypdf.generic import ArrayObject, DecodedStreamObject, NameObject

    old = page.get("/Contents")
    parts = [] if old is None else [old] if not isinstance(old.get_object(), list) else list(old.get_object())
    before, after = DecodedStreamObject(), DecodedStreamObject()
    before.set_data(f"q\n{first}".encode("ascii"))
    after.set_data(f"\nQ\n{commands}\n".encode("ascii"))
    kept = [one if getattr(one, "indirect_reference", None) is None else one.indirect_reference for one in parts]
    page[NameObject("/Contents")] = ArrayObject([writer._add_object(before), *kept, writer._add_object(after)])
