"""Copies as pages: how low a page is marked, what an annotation shows, what a scan must be."""

from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
)

from lienthong.office.typeset import TypesetProblem, as_seen, count, fault_of
from lienthong.office.typeset.ink import lowest_mark


def numbers(*values: float) -> ArrayObject:
    return ArrayObject([FloatObject(value) for value in values])


def drawn(writer: PdfWriter, commands: str, box: ArrayObject | None = None) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data(commands.encode())
    if box is not None:
        stream.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")})
        stream[NameObject("/BBox")] = box
    writer._add_object(stream)
    return stream


def page(commands: str, form: str = "") -> bytes:
    """A page of A4 with these commands; `/F` is a drawing of 100 × 100 points."""
    writer = PdfWriter()
    one = writer.add_blank_page(595, 842)
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1")})
    font[NameObject("/BaseFont")] = NameObject("/Helvetica")
    inner = drawn(writer, form, numbers(0, 0, 100, 100))
    one[NameObject("/Resources")] = DictionaryObject(
        {
            NameObject("/Font"): DictionaryObject({NameObject("/H"): font}),
            NameObject("/XObject"): DictionaryObject({NameObject("/F"): inner.indirect_reference}),
        }
    )
    one[NameObject("/Contents")] = drawn(writer, commands).indirect_reference
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def lowest(commands: str, form: str = "") -> float:
    return lowest_mark(PdfReader(BytesIO(page(commands, form))).pages[0])


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        ("", 842),
        ("BT /H 10 Tf 1 0 0 1 50 300 Tm (chữ) Tj ET", 297),
        ("BT /H 10 Tf 50 300 Td (một) Tj 0 -40 Td (hai) Tj ET", 257),
        ("BT /H 10 Tf 14 TL 50 300 Td (một) Tj T* (hai) ' ET", 269),
        ("q 2 0 0 2 0 100 cm BT /H 10 Tf 50 50 Td (chữ) Tj ET Q", 194),
        ("0 0 595 842 re W n 50 200 m 90 200 l S", 200),
        ("50 400 40 -80 re f", 320),
        ("q 60 0 0 60 20 150 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q", 150),
    ],
)
def test_the_lowest_mark_is_found(commands: str, expected: float) -> None:
    assert lowest(commands) == pytest.approx(expected, abs=0.5)


def test_a_drawing_in_a_drawing_counts_and_what_cannot_be_followed_leaves_no_room() -> None:
    assert lowest("q 1 0 0 1 0 500 cm /F Do Q", "0 20 m 10 20 l S") == pytest.approx(520)
    assert lowest("/Unknown Do") == 0
    assert lowest("/F Do", "/F Do") == 0


@pytest.mark.parametrize(("flags", "seen"), [(4, True), (2, False)])
def test_what_an_annotation_shows_is_drawn_and_the_annotation_is_gone(flags: int, seen: bool) -> None:
    writer = PdfWriter(clone_from=BytesIO(page("")))
    look = drawn(writer, "0 0 m 50 0 l S", numbers(0, 0, 50, 50))
    note = DictionaryObject({NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Stamp")})
    note[NameObject("/Rect")] = numbers(100, 200, 200, 300)
    note[NameObject("/F")] = NumberObject(flags)
    note[NameObject("/AP")] = DictionaryObject({NameObject("/N"): look.indirect_reference})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): NameObject("/x")})
    writer.root_object[NameObject("/OpenAction")] = script
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): script})
    out = BytesIO()
    writer.write(out)
    reader = PdfReader(BytesIO(as_seen(out.getvalue())))
    assert "/Annots" not in reader.pages[0]
    assert not {"/Names", "/OpenAction", "/AcroForm"} & set(reader.root_object)
    assert lowest_mark(reader.pages[0]) == pytest.approx(200 if seen else 842)


def test_a_broken_or_locked_file_is_refused() -> None:
    writer = PdfWriter(clone_from=BytesIO(page("")))
    writer.encrypt("x")
    out = BytesIO()
    writer.write(out)
    for content in (out.getvalue(), b"%PDF-1.7\nnothing"):
        for act in (count, as_seen):
            with pytest.raises(TypesetProblem):
                act(content)


@pytest.mark.parametrize(
    ("mode", "dpi", "fault"),
    [("RGB", 200, None), ("RGB", 300, None), ("CMYK", 200, None), ("L", 300, "colour"), ("1", 300, "colour"),
     ("P", 200, None), ("RGB", 100, "100 dpi")],
)  # fmt: skip
def test_a_scan_is_in_colour_and_fine_enough(mode: str, dpi: int, fault: str | None) -> None:
    out = BytesIO()
    Image.new(mode, (4 * dpi, 6 * dpi)).save(out, "PDF", resolution=dpi)
    found = fault_of(out.getvalue())
    assert found is None if fault is None else found is not None and fault in found.en
