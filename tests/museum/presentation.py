"""The museum of bad presentation: one PDF for each rule, named by the rule that must speak, and it alone.

Each is our own layout with one thing changed: in the layout, in what it is given, or in the finished file.
"""

import io
import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import typst
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from lienthong.office import typeset
from lienthong.office.typeset import Draft
from lienthong.standards.presentation import Known
from lienthong.standards.signatures.fonts import fonts

LAYOUT = Path(typeset.__file__).with_name("official.typ").read_text(encoding="utf-8")
PARAGRAPH = (
    "Các cơ quan gửi, nhận văn bản điện tử trên hệ thống quản lý văn bản và điều hành, bảo đảm đúng thời hạn, đúng thể "
    "thức và đúng thẩm quyền theo quy định của pháp luật về công tác văn thư, bảo vệ bí mật nhà nước.\n"
)
BODY = (
    "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;\n"
    "QUYẾT ĐỊNH:\nĐiều 1. Ban hành kèm theo Quyết định này Quy chế gửi, nhận văn bản điện tử.\n"
    + PARAGRAPH * 12
    + "Điều 2. Quyết định này có hiệu lực kể từ ngày ký./."
)
DECISION = Draft(
    superior="Ủy ban nhân dân tỉnh Nghệ An",
    agency="Sở Khoa học và Công nghệ",
    notation="QĐ-SKHCN",
    place="Nghệ An",
    year=2026,
    subject="Về việc ban hành Quy chế gửi, nhận văn bản điện tử",
    body=BODY,
    position="PHÓ GIÁM ĐỐC",
    signer="Trần Quốc Vượng",
    type_name="Quyết định",
    competence="KT. GIÁM ĐỐC",
    recipients=("- Như Điều 2;", "- Lưu: VT, VP."),
    urgency=1,
)
LETTER = replace(
    DECISION, type_name="", notation="SKHCN-VP", subject="báo cáo tình hình kết nối", addressees=("Bộ Nội vụ",),
    body=PARAGRAPH * 6, recipients=("- Như trên;", "- Lưu: VT, VP."),
)  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """A document that breaks one rule."""

    rule: str
    pdf: bytes
    known: Known


def known_of(draft: Draft) -> Known:
    """What the record says of a draft."""
    return Known(
        type_name=draft.type_name or "Công văn", agency=draft.agency, superior=draft.superior, notation=draft.notation,
        position=draft.position, competence=draft.competence, signer=draft.signer, urgency=draft.urgency,
    )  # fmt: skip


def laid_out(draft: Draft, *edits: tuple[str, str], leading: float = 0.62) -> bytes:
    """A draft in our layout, with parts of the layout changed."""
    source = LAYOUT
    for old, new in edits:
        assert source.count(old) >= 1, old
        source = source.replace(old, new)
    data = json.dumps({**draft.as_data(), "leading": leading}, ensure_ascii=False)
    return bytes(typst.compile(source.encode(), font_paths=fonts(), sys_inputs={"draft": data}))


NUMBER = 'Số: #slot("so", gap)/#d.notation'
DATE = '#d.place, ngày #slot("ngay", 18pt) tháng #slot("thang", 16pt) năm #str(d.year)'
PAGE_NUMBER = "align(center, text(size: 13pt, counter(page).display()))"


def _changed(draft: Draft, **facts: object) -> Callable[[str], bytes]:
    return lambda _rule: laid_out(replace(draft, **facts))  # type: ignore[arg-type]


def _without_files_of_fonts(_rule: str) -> bytes:
    def cut(descriptor: DictionaryObject) -> None:
        for key in ("/FontFile", "/FontFile2", "/FontFile3"):
            descriptor.pop(NameObject(key), None)

    return _with_fonts(laid_out(DECISION), cut)


def _renamed(name: str) -> Callable[[str], bytes]:
    return lambda _rule: _with_fonts(laid_out(DECISION), lambda _descriptor: None, name)


def _with_fonts(pdf: bytes, change: Callable[[DictionaryObject], None], name: str | None = None) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    for one in writer._objects:
        if isinstance(one, DictionaryObject) and one.get("/Type") == "/FontDescriptor":
            change(one)
        if name is not None and isinstance(one, DictionaryObject) and "/BaseFont" in one:
            style = str(one["/BaseFont"]).partition("Serif")[2]
            one[NameObject("/BaseFont")] = NameObject(f"/{name}{style}" if name else "/")
    return _written(writer)


def _undecodable(_rule: str) -> bytes:
    """The map from glyphs to text is taken away from the face of the body."""
    writer = PdfWriter(clone_from=io.BytesIO(laid_out(DECISION)))
    for one in writer._objects:
        if isinstance(one, DictionaryObject) and str(one.get("/BaseFont", "")).endswith("LiberationSerif"):
            one.pop(NameObject("/ToUnicode"), None)
    return _written(writer)


def _scan(_rule: str) -> bytes:
    out = io.BytesIO()
    Image.new("L", (1240, 1754), 250).save(out, "PDF", resolution=150)
    return out.getvalue()


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return len(PdfReader(io.BytesIO(pdf)).pages)


_DECISIONS: dict[str, tuple[str, str] | Callable[[str], bytes]] = {
    "page_size": ('paper: "a4"', "width: 216mm, height: 297mm"),
    "margin_top": ("margin: (top: 21mm", "margin: (top: 16mm"),
    "margin_bottom": ("bottom: 21mm", "bottom: 12mm"),
    "margin_left": ("left: 30mm", "left: 26mm"),
    "margin_right": ("right: 18mm", "right: 11mm"),
    "typeface": _renamed("Arial"),
    "not_embedded": _without_files_of_fonts,
    "old_coding": _renamed(".VnTime"),
    "not_composed": ("emph(b.text)", f'emph("{unicodedata.normalize("NFD", "Căn cứ Luật Lưu trữ;")}")'),
    "not_text": _undecodable,
    "ink": ("emph(b.text)", "text(fill: blue, emph(b.text))"),
    "page_number": (PAGE_NUMBER, "none"),
    "first_page_number": ("counter(page).get().first() > 1", "true"),
    "page_number_form": (PAGE_NUMBER, PAGE_NUMBER.replace("13pt", "10pt")),
    "national_name": ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "TỔNG CÔNG TY"),
    "national_name_words": ("XÃ HỘI CHỦ NGHĨA VIỆT NAM", "XÃ HỘI CHỦ NGHĨA VIỆT-NAM"),
    "national_name_form": ('weight: "bold")[CỘNG', 'weight: "regular")[CỘNG'),
    "motto": ("[Độc lập - Tự do - Hạnh phúc]", "[Đoàn kết]"),
    "motto_words": ("Độc lập - Tự do - Hạnh phúc", "Độc lập – Tự do – Hạnh phúc"),
    "motto_form": ('13pt, weight: "bold")[Độc', '11pt, weight: "bold")[Độc'),
    "motto_line": ("context line(length: measure(motto).width, stroke: 0.6pt)", "none"),
    "motto_line_length": ("length: measure(motto).width", "length: measure(motto).width * 0.5"),
    "agency_line": ('ruled(text(size: 12pt, weight: "bold", upper', 'balanced(text(size: 12pt, weight: "bold", upper'),
    "agency_line_length": ('ruled(text(size: 12pt, weight: "bold", upper(d.agency)), left-width)',
        'stack(spacing: 6.5pt, balanced(text(size: 12pt, weight: "bold", upper(d.agency)), left-width), line(length: 65mm))'),
    "subject_line": ('ruled(text(size: 14pt, weight: "bold", d.subject', 'balanced(text(size: 14pt, weight: "bold", d.subject'),
    "subject_line_length": ('ruled(text(size: 14pt, weight: "bold", d.subject), text-width - 16mm)',
        'stack(spacing: 6.5pt, balanced(text(size: 14pt, weight: "bold", d.subject), text-width), line(length: 130mm))'),
    "superior": _changed(DECISION, superior=""),
    "superior_form": ("text(size: 12pt, upper(d.superior))", 'text(size: 12pt, weight: "bold", upper(d.superior))'),
    "agency": _changed(DECISION, agency="Sở Khoa học"),
    "agency_form": ('weight: "bold", upper(d.agency)', "upper(d.agency)"),
    "number": (NUMBER, ""),
    "number_words": (NUMBER, "Số 15/#d.notation"),
    "number_digits": (NUMBER, "Số: 5/#d.notation"),
    "notation": _changed(DECISION, notation="QĐ-SKH"),
    "number_form": (f"text(size: 13pt)[{NUMBER}]", f"text(size: 14pt)[{NUMBER}]"),
    "date": (DATE, ""),
    "date_words": (DATE, "nghệ An, ngày 12 tháng 5 năm 2026"),
    "date_digits": (DATE, "Nghệ An, ngày 5 tháng 2 năm 2026"),
    "date_form": (f'style: "italic")[{DATE}]', f")[{DATE}]"),
    "urgency": _changed(DECISION, urgency=0),
    "urgency_form": ('text(size: 13pt, weight: "bold", fill', 'text(size: 10pt, weight: "bold", fill'),
    "type_name": ("upper(d.type_name)", '"QUYẾT NGHỊ"'),
    "type_name_place": ('text(size: 14pt, weight: "bold", upper(d.type_name))',
                        'text(size: 14pt, weight: "bold", upper(d.type_name)) + h(60mm)'),
    "type_name_form": ('weight: "bold", upper(d.type_name)', "upper(d.type_name)"),
    "subject": ('  ruled(text(size: 14pt, weight: "bold", d.subject), text-width - 16mm),', ""),
    "subject_form": ('text(size: 14pt, weight: "bold", d.subject)', "text(size: 14pt, d.subject)"),
    "body_form": ("text(font: serif, size: 13.5pt", "text(font: serif, size: 12pt"),
    "indent": ("amount: 1.27cm", "amount: 2cm"),
    "spacing": lambda _rule: laid_out(DECISION, leading=1.4),
    "authority": _changed(DECISION, position="GIÁM ĐỐC"),
    "authority_form": ("bold(upper(d.position))", "text(size: 11pt, upper(d.position))"),
    "signer": ("bold(d.signer)", "none"),
    "signer_title": _changed(DECISION, signer="PGS. TS. Trần Quốc Vượng"),
    "signer_form": ("bold(d.signer)", "d.signer"),
    "recipients": ("[Nơi nhận:]", "[]"),
    "recipients_form": ('size: 12pt, weight: "bold", style: "italic")[Nơi', "size: 12pt)[Nơi"),
    "recipients_list_form": ("par(text(size: 11pt, one))", "par(text(size: 13pt, one))"),
    "archive_line": _changed(DECISION, recipients=("- Như Điều 2;", "- Văn phòng.")),
    "archive_line_words": _changed(DECISION, recipients=("- Lưu: VT, VP;", "- Như Điều 2.")),
    "scanned": _scan,
    "unnamed_fonts": _renamed(""),
}  # fmt: skip

_LETTERS: dict[str, Draft | tuple[Any, ...]] = {
    "letter_subject": (LETTER, ("V/v #subject-of-letter", "")),
    "letter_subject_form": (LETTER, ("text(size: 12pt)[V/v", 'text(size: 12pt, weight: "bold")[V/v')),
    "addressees": replace(LETTER, addressees=()),
    "addressees_form": (LETTER, ("par(justify: false, [#words:", 'par(justify: false, emph[#words:')),
}  # fmt: skip


RULES_WITH_A_PIECE = (*_DECISIONS, *_LETTERS)
"""The rules for which there is a bad document."""


def piece(rule: str) -> Piece:
    """The document that breaks a rule and no other one."""
    if letter := _LETTERS.get(rule):
        draft, *edits = letter if isinstance(letter, tuple) else (letter,)
        return Piece(rule, laid_out(draft, *edits), known_of(LETTER))
    made = _DECISIONS[rule]
    return Piece(rule, laid_out(DECISION, made) if isinstance(made, tuple) else made(rule), known_of(DECISION))
