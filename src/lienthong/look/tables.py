"""Tables given out as CSV or XLSX, line by line: nothing of them is ever whole in memory.

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
