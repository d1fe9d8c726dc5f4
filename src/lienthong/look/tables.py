"""Tables given out as CSV, XLSX or DOCX, line by line: nothing of them is ever whole in memory.

A workbook is a zip of a few small parts and one long one (ECMA-376); all cells are texts, so a name is never a formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

LINES_AT_ONCE = 2000


def as_csv(rows: Iterable[Sequence[str]], header: Sequence[str]) -> Iterator[bytes]:
    """A table as CSV in UTF-8 with the mark that makes spreadsheet programs read it so."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(header)
    for number, row in enumerate(rows, 1):
        writer.writerow([harmless(cell) for cell in row])
        if number % LINES_AT_ONCE == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: what stands in a table may be what strangers wrote."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def as_xlsx(rows: Iterable[Sequence[str]], header: Sequence[str]) -> Iterator[bytes]:
    """A table as a workbook of one sheet."""
    sink = Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED) as book:
        for name, text in _PARTS.items():
            book.writestr(name, _HEAD + text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write((_HEAD + _SHEET + _row(header)).encode())
            for row in rows:
                sheet.write(_row(row).encode())
                if len(sink.waiting) > LARGEST_WAITING:
                    yield sink.take()
            sheet.write(b"</sheetData></worksheet>")
    yield sink.take()


def as_docx(rows: Iterable[Sequence[str]], header: Sequence[str], title: str) -> Iterator[bytes]:
    """A table as a text document on A4 across, its head on every page."""
    sink = Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED) as file:
        for name, text in _DOCX_PARTS.items():
            file.writestr(name, _HEAD + text)
        with file.open("word/document.xml", "w", force_zip64=True) as document:
            document.write((_HEAD + _DOCX_BEGIN + _paragraph(title, bold=True) + _DOCX_TABLE).encode())
            document.write(_docx_row(header, head=True).encode())
            for row in rows:
                document.write(_docx_row(row).encode())
                if len(sink.waiting) > LARGEST_WAITING:
                    yield sink.take()
            document.write(_DOCX_END.encode())
    yield sink.take()


LARGEST_WAITING = 1 << 16


class Sink(io.RawIOBase):
    """Takes what a zip is written into, and gives it away piece by piece; it cannot be wound back."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        """It is there to be written to."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Take the next bytes."""
        self.waiting += data
        return len(data)

    def take(self) -> bytes:
        """What came since it was last asked."""
        taken = bytes(self.waiting)
        self.waiting.clear()
        return taken


def _row(cells: Sequence[str]) -> str:
    texts = [escape(_NO_XML.sub("", cell)) for cell in cells]
    written = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' if text else "<c/>" for text in texts)
    return f"<row>{written}</row>"


def _docx_row(cells: Sequence[str], *, head: bool = False) -> str:
    repeated = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" if head else "<w:trPr><w:cantSplit/></w:trPr>"
    return f"<w:tr>{repeated}{''.join(f'<w:tc>{_paragraph(cell, bold=head)}</w:tc>' for cell in cells)}</w:tr>"


def _paragraph(text: str, *, bold: bool = False) -> str:
    style = "<w:rPr><w:b/></w:rPr>" if bold else ""
    said = escape(_NO_XML.sub("", text))
    return f'<w:p><w:r>{style}<w:t xml:space="preserve">{said}</w:t></w:r></w:p>'


_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold: one of them, and no program opens the workbook."""


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET = f'<worksheet xmlns="{_MAIN}"><sheetData>'
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
    '<sheets><sheet name="Danh mục" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WORD_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DOCX_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD_KIND}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD_KIND}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    "word/styles.xml": f'<w:styles xmlns:w="{_WORD}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/><w:sz w:val="20"/>'
    '<w:lang w:val="vi-VN"/></w:rPr></w:rPrDefault></w:docDefaults></w:styles>',
}
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_DOCX_BEGIN = f'<w:document xmlns:w="{_WORD}"><w:body>'
_DOCX_TABLE = (
    f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr><w:tblGrid/>'
)
_DOCX_END = (
    '</w:tbl><w:p/><w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
    '<w:pgMar w:top="850" w:right="850" w:bottom="850" w:left="1134"/></w:sectPr></w:body></w:document>'
)
