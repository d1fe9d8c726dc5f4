"""A PDF from elsewhere: it keeps its pages, and gets a signing page of ours at its end.

Where a foreign page leaves room for number, date and signature cannot be told from the file; a place that is only
guessed would put a number into a sentence. So the file's own pages stay untouched, and a last page in the layout of
Annex I carries number, date, signature and seal.
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from lienthong.office.typeset.content import Draft
from lienthong.office.typeset.pages import opened, said_when_broken
from lienthong.office.typeset.render import Typeset, TypesetProblem, render
from lienthong.standards.signatures.layout import Slot

if TYPE_CHECKING:
    from pypdf import PdfReader


def place_in_upload(pdf: bytes, draft: Draft) -> Typeset:
    """The upload with a signing page. Raises `TypesetProblem` for what cannot be signed."""
    with said_when_broken():
        reader = _unsigned(pdf)
        pages = len(reader.pages)
        signing = render(_signing_page(draft, pages))
        joined, added = _joined(reader, signing.pdf)
    return Typeset(joined, tuple(_moved(slot, pages) for slot in signing.slots), added)


def require_signable(pdf: bytes) -> None:
    """Raises `TypesetProblem` for what `place_in_upload` would refuse, before there is a draft."""
    with said_when_broken():
        _unsigned(pdf)


def _unsigned(pdf: bytes) -> PdfReader:
    reader = opened(pdf)
    fields = (reader.get_fields() or {}).values()
    if any(field.get("/FT") == "/Sig" and field.get("/V") for field in fields):
        raise TypesetProblem(
            "tệp PDF đã có chữ ký số; tải lên bản chưa ký, hoặc đính kèm làm phụ lục",
            "the PDF has signatures already; upload the unsigned file, or enclose this one",
        )
    return reader


def _signing_page(draft: Draft, pages: int) -> Draft:
    return replace(draft, body=f"Nội dung văn bản gồm {pages} trang, đặt trước trang ký này.", annexes=())


def _moved(slot: Slot, pages: int) -> Slot:
    return replace(slot, page=slot.page + pages)


def _joined(reader: PdfReader, last: bytes) -> tuple[bytes, int]:
    """Both as one, and of how many pages the second one is."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    writer.append(reader, import_outline=False)
    signing = PdfReader(BytesIO(last))
    writer.append(signing, import_outline=False)
    # A form of the upload could change what is shown after the signature; its looks stay, its fields do not.
    writer.root_object.pop("/AcroForm", None)
    writer.root_object.pop("/OpenAction", None)
    out = BytesIO()
    writer.write(out)
    return out.getvalue(), len(signing.pages)
