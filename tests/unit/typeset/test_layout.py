"""Pages by Decree 30/2020/NĐ-CP, Annex I: read back as text, measured on the page, drawn with the right typeface."""

import io
import unicodedata
from dataclasses import replace

import pypdfium2
import pytest
from pypdf import PdfReader

from lienthong.office.typeset import Draft, TypesetProblem, place_in_upload, render
from lienthong.standards.signatures.layout import Place, Slot

MM = 72 / 25.4
LETTERS = (
    "Ạ Ả Ấ Ầ Ẩ Ẫ Ậ Ắ Ằ Ẳ Ẵ Ặ Ẹ Ẻ Ẽ Ế Ề Ể Ễ Ệ Ỉ Ị Ọ Ỏ Ố Ồ Ổ Ỗ Ộ Ớ Ờ Ở Ỡ Ợ Ụ Ủ Ứ Ừ Ử Ữ Ự Ỳ Ỵ Ỷ Ỹ Đ Ơ Ư ỷ ỹ ỵ ẵ ẫ ậ ợ ữ"
)
DRAFT = Draft(
    agency="Văn phòng Chính phủ",
    notation="QĐ-VPCP",
    place="Hà Nội",
    year=2026,
    subject="Về việc ban hành Quy chế gửi, nhận văn bản điện tử",
    body="Căn cứ Quyết định số 28/2018/QĐ-TTg;\nQUYẾT ĐỊNH:\nĐiều 1. Ban hành Quy chế.\nĐiều 2. Hiệu lực kể từ ngày ký./.",
    position="PHÓ CHỦ NHIỆM",
    signer="Trần Quốc Vượng",
    type_name="Quyết định",
    competence="KT. BỘ TRƯỞNG, CHỦ NHIỆM",
    recipients=("- Như Điều 2;", "- Lưu: VT."),
)


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def boxes(pdf: bytes, wanted: str, page: int = 0) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of the first place of a text, in points from the lower left."""
    document = pypdfium2.PdfDocument(pdf)
    textpage = document[page].get_textpage()
    found = textpage.search(wanted, match_case=True).get_next()
    assert found, wanted
    rects = [textpage.get_charbox(found[0] + n) for n in range(len(wanted)) if wanted[n] != " "]
    document.close()
    return min(r[0] for r in rects), min(r[1] for r in rects), max(r[2] for r in rects), max(r[3] for r in rects)


def slots(found: tuple[Slot, ...]) -> dict[Place, Slot]:
    return {slot.place: slot for slot in found}


def test_every_vietnamese_letter_reads_back() -> None:
    text = words(render(replace(DRAFT, body=LETTERS)).pdf)
    assert [letter for letter in LETTERS.split() if letter not in text] == []


def test_one_typeface_and_it_is_embedded() -> None:
    reader = PdfReader(io.BytesIO(render(replace(DRAFT, body=LETTERS)).pdf))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert fonts
    for font in fonts:
        assert "LiberationSerif" in font["/BaseFont"]
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile2" in descriptor


def test_the_page_is_a4_with_the_prescribed_margins() -> None:
    pdf = render(replace(DRAFT, body="\n".join(["Đoạn văn bản dài để đầy dòng và đầy trang. " * 12] * 30))).pdf
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    assert [round(float(value)) for value in page.mediabox[2:]] == [595, 842]
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72, grayscale=True).to_pil()
    inked = image.convert("L").point(lambda value: 255 if value < 128 else 0).getbbox()
    assert inked is not None
    per_mm = 150 / 25.4
    left, top, right, bottom = inked[0] / per_mm, inked[1] / per_mm, 210 - inked[2] / per_mm, 297 - inked[3] / per_mm
    assert 29.5 <= left <= 35
    assert 15 <= right <= 20.5
    assert 19.5 <= top <= 26
    assert bottom >= 19.5


def test_the_head_stands_where_annex_i_says() -> None:
    pdf = render(DRAFT).pdf
    nation, motto = boxes(pdf, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), boxes(pdf, "Độc lập - Tự do - Hạnh phúc")
    agency, number = boxes(pdf, "VĂN PHÒNG CHÍNH PHỦ"), boxes(pdf, "Số:")
    title = boxes(pdf, "QUYẾT ĐỊNH")
    assert agency[2] < nation[0]
    assert abs(agency[3] - nation[3]) < 3
    assert motto[3] < nation[1]
    assert number[3] < agency[1]
    assert abs((title[0] + title[2]) / 2 - (30 + 162 / 2) * MM) < 6
    assert 12 <= nation[3] - nation[1] <= 16


def test_the_kept_places_stand_on_their_lines_and_cover_nothing() -> None:
    made = render(DRAFT)
    kept = slots(made.slots)
    number, date = boxes(made.pdf, "Số:"), boxes(made.pdf, "Hà Nội")
    height = 842
    assert abs((height - kept[Place.NUMBER].y - kept[Place.NUMBER].height) - number[1]) < 2
    assert number[2] <= kept[Place.NUMBER].x
    for place in (Place.DAY, Place.MONTH):
        assert abs((height - kept[place].y - kept[place].height) - date[1]) < 4
    signature, seal = kept[Place.SIGNATURE], kept[Place.SEAL]
    position, name = boxes(made.pdf, "PHÓ CHỦ NHIỆM"), boxes(made.pdf, "Trần Quốc Vượng")
    assert height - signature.y <= position[1] + 1
    assert height - signature.y - signature.height >= name[3] - 3
    assert abs((seal.x + seal.width) - (signature.x + signature.width / 3)) < 0.5
    assert abs(seal.width - 36 * MM) < 0.5


def test_what_people_write_stays_what_they_wrote() -> None:
    hostile = 'Giá *trị* #let x = 1 $a_b$ @tham-chieu <nhan> [ngoặc] \\ "trích" - gạch // không mất = + ~'
    assert hostile.replace(" ", "") in words(render(replace(DRAFT, subject=hostile)).pdf).replace("\n", "").replace(
        " ", ""
    )


def test_a_long_document_numbers_its_pages_and_keeps_its_end_together() -> None:
    made = render(
        replace(DRAFT, body="\n".join(f"Điều {n}. " + "Nội dung quy định chi tiết. " * 20 for n in range(1, 60)))
    )
    document = pypdfium2.PdfDocument(made.pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    assert len(pages) >= 8
    assert not pages[0].startswith("1")
    assert [page.split()[0] for page in pages[1:4]] == ["2", "3", "4"]
    assert "Trần Quốc Vượng" in pages[-1]
    assert "PHÓ CHỦ NHIỆM" in pages[-1]
    assert slots(made.slots)[Place.SIGNATURE].page == len(pages)


def test_an_upload_keeps_its_pages_and_gets_a_signing_page() -> None:
    source = render(replace(DRAFT, body="Nội dung gốc\n" * 80)).pdf
    made = place_in_upload(source, DRAFT)
    before, after = len(PdfReader(io.BytesIO(source)).pages), len(PdfReader(io.BytesIO(made.pdf)).pages)
    assert after == before + 1
    assert {slot.page for slot in made.slots} == {after}
    assert "Nội dung gốc" in words(made.pdf)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"%PDF-1.7\n" + b"x" * 500])
def test_a_broken_upload_is_refused(content: bytes) -> None:
    with pytest.raises(TypesetProblem):
        place_in_upload(content, DRAFT)
