"""Annex I by the millimetre: rules, stamps, addressees, titles, annexes, and where a document may break."""

import ctypes
import unicodedata
from dataclasses import replace
from functools import cache

import pypdfium2
import pytest
from pypdfium2 import raw

from lienthong.office.typeset import TypesetProblem, render, render_annex
from lienthong.standards.signatures.layout import Place
from tests.unit.typeset.test_layout import DRAFT, MM, boxes, slots, words

LETTER = replace(DRAFT, type_name="", notation="VPCP-KSTT", subject="Về việc báo cáo tình hình kết nối")


@cache
def shapes(pdf: bytes, page: int = 0) -> list[tuple[float, float, float, float]]:
    """Bounds of what is drawn, not written: rules, frames."""
    document = pypdfium2.PdfDocument(pdf)
    found = [one.get_bounds() for one in document[page].get_objects([raw.FPDF_PAGEOBJ_PATH])]
    document.close()
    return found


def rule_below(pdf: bytes, text: str) -> tuple[float, float]:
    """Length of the nearest rule below a line of text, and the length of that line."""
    left, bottom, right, _ = boxes(pdf, text)
    below = [s for s in shapes(pdf) if s[3] <= bottom + 3 and s[0] < right and s[2] > left and s[3] - s[1] < 3]
    nearest = max(below, key=lambda shape: shape[3])
    assert abs((nearest[0] + nearest[2]) - (left + right)) < 4, "not centred below its text"
    return nearest[2] - nearest[0], right - left


def font_of(pdf: bytes, text: str) -> tuple[str, float]:
    """Style and size of the first letter of a text."""
    document = pypdfium2.PdfDocument(pdf)
    textpage = document[0].get_textpage()
    found = textpage.search(text, match_case=True).get_next()
    assert found, text
    name = ctypes.create_string_buffer(100)
    raw.FPDFText_GetFontInfo(textpage, found[0], name, 100, None)
    size = raw.FPDFText_GetFontSize(textpage, found[0])
    document.close()
    return name.value.decode().partition("LiberationSerif")[2].lstrip("-"), size


@cache
def decision() -> bytes:
    body = (
        "Căn cứ Luật Lưu trữ;\nQUYẾT ĐỊNH:\nĐiều 1. Phạm vi\n1. Khoản một.\na) Điểm a.\nĐiều 2. Ban hành Quy chế này./."
    )
    return render(replace(DRAFT, superior="Ủy ban nhân dân tỉnh Nghệ An", body=body)).pdf


@pytest.mark.parametrize(
    ("text", "style", "smallest", "largest"),
    [
        ("CỘNG HÒA", "Bold", 12, 13),
        ("Độc lập", "Bold", 13, 14),
        ("UBND TỈNH", "", 12, 13),
        ("VĂN PHÒNG", "Bold", 12, 13),
        ("Số:", "", 13, 13),
        ("Hà Nội", "Italic", 13, 14),
        ("QUYẾT ĐỊNH", "Bold", 13, 14),
        ("Về việc", "Bold", 13, 14),
        ("Căn cứ", "Italic", 13, 14),
        ("Điều 1", "Bold", 13, 14),
        ("Phạm vi", "Bold", 13, 14),
        ("1. Khoản", "", 13, 14),
        ("a) Điểm", "", 13, 14),
        ("Điều 2", "Bold", 13, 14),
        ("Ban hành Quy chế này", "", 13, 14),
        ("KT. BỘ TRƯỞNG", "Bold", 13, 14),
        ("PHÓ CHỦ NHIỆM", "Bold", 13, 14),
        ("Trần Quốc Vượng", "Bold", 13, 14),
        ("Nơi nhận", "BoldItalic", 12, 12),
        ("- Như Điều 2", "", 11, 11),
    ],
)
def test_style_and_size_of_every_part(text: str, style: str, smallest: float, largest: float) -> None:
    found, size = font_of(decision(), text)
    assert found == style
    assert smallest <= size <= largest


def test_the_rules_have_their_lengths() -> None:
    motto, words_of_motto = rule_below(decision(), "Độc lập - Tự do - Hạnh phúc")
    assert abs(motto - words_of_motto) < 4
    for text in ("VĂN PHÒNG CHÍNH PHỦ", DRAFT.subject):
        length, line = rule_below(decision(), text)
        assert 1 / 3 <= length / line <= 1 / 2


def test_number_and_date_stand_on_one_line() -> None:
    assert abs(boxes(decision(), "Số:")[1] - boxes(decision(), "Hà N")[1]) < 0.6


@pytest.mark.parametrize("place", ["Hà Nội", "Thành phố Hồ Chí Minh", "Bà Rịa - Vũng Tàu"])
def test_the_date_stays_on_one_line_and_the_head_within_the_margins(place: str) -> None:
    agency = "Ban Quản lý Khu Nông nghiệp Công nghệ cao Thành phố Hồ Chí Minh"
    made = render(replace(DRAFT, place=place, agency=agency))
    assert abs(boxes(made.pdf, place)[1] - boxes(made.pdf, "2026")[1]) < 4
    kept = slots(made.slots)
    assert kept[Place.DAY].y == kept[Place.MONTH].y
    assert boxes(made.pdf, "BAN QUẢN LÝ")[0] >= 30 * MM - 1
    assert boxes(made.pdf, "2026")[2] <= 192 * MM + 1


@pytest.mark.parametrize(("urgency", "mark", "width"), [(1, "KHẨN", 20), (2, "THƯỢNG KHẨN", 40), (3, "HỎA TỐC", 30)])
def test_the_urgency_stamp_has_its_size_and_covers_nothing(urgency: int, mark: str, width: int) -> None:
    pdf = render(replace(LETTER, urgency=urgency)).pdf
    (frame,) = [shape for shape in shapes(pdf) if shape[3] - shape[1] > 5]
    # Bounds are those of the stroke's outer edge, with pdfium's allowance of a point.
    assert abs((frame[2] - frame[0]) - width * MM) <= 2.5
    assert abs((frame[3] - frame[1]) - 8 * MM) <= 2.5
    left, bottom, right, top = boxes(pdf, mark)
    assert frame[0] < left < right < frame[2]
    assert frame[1] < bottom < top < frame[3]
    assert frame[3] < boxes(pdf, "V/v")[1]


def test_several_addressees_stand_below_the_colon() -> None:
    pdf = render(replace(LETTER, addressees=("- Bộ Nội vụ", "Bộ Tài chính;", "UBND tỉnh Nghệ An"))).pdf
    text = words(pdf)
    assert [text.count(line) for line in ("- Bộ Nội vụ;", "- Bộ Tài chính;", "- UBND tỉnh Nghệ An.")] == [1, 1, 1]
    colon = boxes(pdf, "Kính gửi:")[2]
    dashes = [boxes(pdf, f"- {name}")[0] for name in ("Bộ Nội vụ", "Bộ Tài chính", "UBND tỉnh")]
    assert max(dashes) - min(dashes) < 0.1
    assert abs(dashes[0] - colon) < 6


def test_a_report_names_whom_it_is_for() -> None:
    pdf = render(replace(DRAFT, type_name="Báo cáo", addressees=("Ủy ban nhân dân tỉnh Nghệ An",))).pdf
    assert boxes(pdf, "Kính gửi: Ủy ban nhân dân tỉnh Nghệ An")[3] < boxes(pdf, "BÁO CÁO")[1]


def test_limit_initials_and_contact_have_their_places() -> None:
    pdf = render(
        replace(DRAFT, circulation="Lưu hành nội bộ", drafter_mark="NVA.12", contact="Số 1 Hoàng Hoa Thám")
    ).pdf
    assert boxes(pdf, "LƯU HÀNH NỘI BỘ")[3] < boxes(pdf, "Số:")[1]
    assert boxes(pdf, "NVA.12")[3] < boxes(pdf, "- Lưu: VT")[1]
    assert boxes(pdf, "Số 1 Hoàng Hoa Thám")[3] < 21 * MM


def test_the_pages_of_each_annex_are_counted_anew() -> None:
    long = "Nội dung phụ lục.\n" * 60
    pdf = render(replace(DRAFT, annexes=(("Phụ lục I\nDanh mục", long), ("Phụ lục II", long)))).pdf
    document = pypdfium2.PdfDocument(pdf)
    firsts = [unicodedata.normalize("NFC", page.get_textpage().get_text_range()).split("\r\n")[0] for page in document]
    document.close()
    assert [first for first in firsts if first.startswith("Phụ lục")] == ["Phụ lục I", "Phụ lục II"]
    second = firsts.index("Phụ lục II")
    assert firsts[2] == "2"
    assert firsts[second + 1] == "2"


def test_an_annex_of_its_own_has_no_head_and_no_signature() -> None:
    pdf = render_annex(DRAFT, "Phụ lục I\nDanh mục mã trạng thái", "| Mã | Trạng thái |\n| 01 | Đã đến |")
    text = words(pdf)
    assert text.startswith("Phụ lục I")
    assert "DANH MỤC MÃ TRẠNG THÁI" in text
    assert "Kèm theo Quyết định" in text
    assert "CỘNG HÒA" not in text
    assert "Nơi nhận" not in text


@pytest.mark.parametrize("end", ["Đoạn cuối./.", "\n".join(f"| {n} | Đoạn cuối |" for n in range(9))])
@pytest.mark.parametrize("paragraphs", range(17, 29))
def test_the_signatures_never_stand_alone(paragraphs: int, end: str) -> None:
    made = render(replace(DRAFT, body="Một đoạn văn ngắn.\n" * paragraphs + end))
    document = pypdfium2.PdfDocument(made.pdf)
    page = document[slots(made.slots)[Place.SIGNATURE].page - 1].get_textpage().get_text_range()
    document.close()
    assert "Đoạn cuối" in unicodedata.normalize("NFC", page)


def test_a_title_stays_with_its_text() -> None:
    for paragraphs in range(14, 30):
        body = "Một đoạn văn ngắn.\n" * paragraphs + "Điều 2. Tiêu đề của điều\nNội dung của điều.\n" + "Hết.\n" * 30
        document = pypdfium2.PdfDocument(render(replace(DRAFT, body=body)).pdf)
        pages = [unicodedata.normalize("NFC", page.get_textpage().get_text_range()) for page in document]
        document.close()
        assert sum("Tiêu đề của điều" in page and "Nội dung của điều" in page for page in pages) == 1


@pytest.mark.parametrize("sentences", [60, 90, 100, 110, 120, 600])
def test_a_long_last_paragraph_breaks_and_ends_with_the_signatures(sentences: int) -> None:
    made = render(replace(DRAFT, body="Câu dài của đoạn cuối cùng. " * sentences))
    document = pypdfium2.PdfDocument(made.pdf)
    pages = [unicodedata.normalize("NFC", page.get_textpage().get_text_range()) for page in document]
    document.close()
    assert all("Câu dài" in page for page in pages)


def test_letters_are_composed_and_nothing_is_invisible() -> None:
    pdf = render(replace(DRAFT, subject=unicodedata.normalize("NFD", "Về việc đổi mới") + "\u202e\u200b")).pdf
    assert "Về việc đổi mới" in words(pdf)
    assert "\u202e" not in words(pdf)


def test_a_letter_that_the_typeface_lacks_is_named() -> None:
    with pytest.raises(TypesetProblem, match=r"U\+1F600"):
        render(replace(DRAFT, body="Xin chào 😀"))
