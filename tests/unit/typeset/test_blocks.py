"""A text taken apart: the parts that Annex I names are found, and sentences that only look like them stay sentences."""

import pytest

from lienthong.office.typeset import blocks_of


def kinds(text: str) -> list[str]:
    return [block["kind"] for block in blocks_of(text)]


def test_bases_end_with_semicolons_before_the_first_article() -> None:
    text = "Căn cứ Luật A;\nTheo đề nghị của Cục trưởng.\nQUYẾT ĐỊNH:\nĐiều 1. Ban hành Quy chế.\nCăn cứ tình hình, báo cáo;"
    assert kinds(text) == ["basis", "basis", "authority", "article", "paragraph"]


def test_the_agency_head_in_capitals_may_stand_above_the_bases() -> None:
    assert kinds("BỘ TRƯỞNG, CHỦ NHIỆM VĂN PHÒNG CHÍNH PHỦ\nCăn cứ Luật A.\nQUYẾT ĐỊNH:") == [
        "authority",
        "basis",
        "authority",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Thực hiện chỉ đạo của Thủ tướng Chính phủ, đề nghị các bộ báo cáo.",
        "Căn cứ Quyết định số 28/2018/QĐ-TTg, đề nghị quý cơ quan phối hợp.",
        "Phần lớn các cơ quan đã kết nối",
        "Chương I của Quy chế này quy định chung.",
        "Mục 2 nêu rõ trách nhiệm",
        "10 ngày làm việc kể từ ngày nhận",
        "3.500 văn bản đã gửi",
    ],
)
def test_a_sentence_stays_a_sentence(sentence: str) -> None:
    blocks = blocks_of(f"{sentence}\nĐoạn sau.")
    assert blocks[0]["kind"] == "paragraph"
    assert blocks[0]["text"] == sentence


@pytest.mark.parametrize(
    ("text", "label", "title"),
    [
        ("Chương I\nQUY ĐỊNH CHUNG", "Chương I", "QUY ĐỊNH CHUNG"),
        ("Chương I\nQuy định chung", "Chương I", "Quy định chung"),
        ("## Chương II. Quản lý văn bản đi", "Chương II", "Quản lý văn bản đi"),
        ("PHẦN III: TỔ CHỨC THỰC HIỆN", "PHẦN III", "TỔ CHỨC THỰC HIỆN"),
        ("Mục 1\nĐiều 1. Phạm vi.", "Mục 1", ""),
    ],
)
def test_divisions_have_label_and_title(text: str, label: str, title: str) -> None:
    first = blocks_of(text)[0]
    assert (first["kind"], first["label"], first["title"]) == ("division", label, title)


def test_a_title_has_text_below_it() -> None:
    text = "Điều 1. Phạm vi điều chỉnh\n1. Văn bản đi\na) Điểm a;\n2. Văn bản đến\n3. Văn bản nội bộ.\nĐiều 2. Hiệu lực từ ngày ký."
    assert [(block["kind"], block.get("text")) for block in blocks_of(text)] == [
        ("titled", "Điều 1. Phạm vi điều chỉnh"),
        ("titled", "1. Văn bản đi"),
        ("paragraph", "a) Điểm a;"),
        ("paragraph", "2. Văn bản đến"),
        ("paragraph", "3. Văn bản nội bộ."),
        ("article", "Hiệu lực từ ngày ký."),
    ]


def test_nothing_that_people_write_is_taken_away() -> None:
    text = "Tệp `bao_cao__cuoi.pdf`, mã 2**3\n#so-hieu"
    assert [block["text"] for block in blocks_of(text)] == text.splitlines()


def test_rows_keep_all_their_cells() -> None:
    (table,) = blocks_of("| A | B |\n|---|---|\n| 1 | | thừa |\n| 2 |")
    assert table["rows"] == [["A", "B", ""], ["1", "", "thừa"], ["2", "", ""]]


def test_two_tables_of_markdown_are_two() -> None:
    first, second = blocks_of("| A |\n|---|\n| 1 |\n\n| B |\n|---|\n| 2 |")
    assert (first["rows"], second["rows"]) == ([["A"], ["1"]], [["B"], ["2"]])


def test_figures_are_known_by_their_column() -> None:
    (table,) = blocks_of("| STT | Nội dung | Số lượng |\n| 1 | Văn bản đi năm 2026 | 4.127 |\n| 2 | Bị trả lại | – |")
    assert [column["figures"] for column in table["columns"]] == [True, False, True]
    assert [bool(column["narrow"]) for column in table["columns"]] == [True, False, False]
