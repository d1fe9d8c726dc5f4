"""Documents typed elsewhere, laid out by another program with other habits: tables for the columns, spaces for the gaps.
What is right there breaks no rule, and the usual mistakes are found."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from lienthong.standards.presentation import Known, check
from tests.browser import chromium

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("look")]

KNOWN = Known(
    type_name="Công văn", agency="Sở Khoa học và Công nghệ", superior="Ủy ban nhân dân tỉnh Nghệ An",
    notation="SKHCN-VP", position="PHÓ GIÁM ĐỐC", competence="KT. GIÁM ĐỐC", signer="Trần Quốc Vượng",
)  # fmt: skip
STYLE = """
@page { size: A4; margin: 20mm 20mm 20mm 30mm; @top-center { content: counter(page); font: 13pt 'Liberation Serif' } }
@page :first { @top-center { content: none } }
body { font: 14pt/1.25 'Liberation Serif'; margin: 0 } table { width: 100%; border-collapse: collapse }
td { vertical-align: top; text-align: center; padding: 0 } .s12 { font-size: 12pt } .s13 { font-size: 13pt }
p { margin: 0 0 6pt; text-align: justify; text-indent: 1.27cm } .l { text-align: left } .end { break-inside: avoid }
.line { display: inline-block; width: 28mm; border-top: 1px solid; vertical-align: top }
"""
HEAD = """<table><tr><td class=s12 style="width:42%">UBND TỈNH NGHỆ AN<br><b>SỞ KHOA HỌC VÀ CÔNG NGHỆ</b>
<br><span class=line></span></td>
<td><b class=s12>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b><br><b class=s13><u>Độc lập - Tự do - Hạnh phúc</u></b></td></tr>
<tr><td class=s13>Số:&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;/SKHCN-VP<br>
<span class=s12>V/v báo cáo tình hình kết nối, gửi nhận văn bản điện tử</span></td>
<td class=s13><i>Nghệ An, ngày&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;tháng&nbsp;&nbsp;&nbsp;&nbsp;năm 2026</i></td></tr></table><br>
<table><tr><td style="width:30%;text-align:right">Kính gửi:</td><td class=l style="padding-left:3mm">
<br>- Bộ Nội vụ;<br>- Bộ Tài chính;<br>- Ủy ban nhân dân tỉnh Thanh Hóa.</td></tr></table><br>"""
TEXT = (
    "<p>Các cơ quan gửi, nhận văn bản điện tử trên hệ thống quản lý văn bản và điều hành, bảo đảm đúng thời hạn, đúng "
    "thể thức và đúng thẩm quyền theo quy định của pháp luật về công tác văn thư, bảo vệ bí mật nhà nước.</p>"
) * 12
CLOSING = """<table class=end><tr><td class=l style="width:50%;font-size:11pt"><b class=s12><i>Nơi nhận:</i></b>
<br>- Như trên;<br>- Giám đốc, các Phó Giám đốc Sở;<br>- Lưu: VT, VP.</td>
<td><b>KT. GIÁM ĐỐC<br>PHÓ GIÁM ĐỐC</b><br><br><br><br><br><b>Trần Quốc Vượng</b></td></tr></table>"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as made:
        yield made.new_page()


def printed(page: Page, *edits: tuple[str, str]) -> bytes:
    source = f"<!doctype html><html lang=vi><meta charset=utf-8><style>{STYLE}</style>{HEAD}{TEXT}{CLOSING}</html>"
    for old, new in edits:
        assert old in source, old
        source = source.replace(old, new)
    page.set_content(source)
    return page.pdf(prefer_css_page_size=True)


@pytest.mark.parametrize("known", [KNOWN, Known()], ids=["known", "unknown"])
def test_a_right_letter_breaks_no_rule(page: Page, known: Known) -> None:
    assert check(printed(page), known) == ()


@pytest.mark.parametrize(
    ("edits", "rules"),
    [
        ([("p { margin", "p { font-family: 'DejaVu Sans'; margin")], ["typeface"]),
        ([("@top-center { content: counter", "@bottom-center { content: counter")], ["first_page_number", "page_number"]),
        ([("Độc lập - Tự do - Hạnh phúc", "Độc lập-Tự do-Hạnh phúc")], ["motto_words"]),
        ([("Nghệ An, ngày", "Nghệ An ngày")], ["date_words"]),
        ([("14pt/1.25", "12pt/1.25")], ["addressees_form", "body_form", "authority_form", "signer_form"]),
        ([("Số:&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;/SKHCN-VP", "Số: 7/SKHCN-TH")], ["number_digits", "notation"]),
        ([("<b>Trần Quốc Vượng</b>", "<b>TS. Trần Quốc Vượng</b>")], ["signer_title"]),
        ([("- Lưu: VT, VP.", "- Lưu VT.")], ["archive_line_words"]),
        ([("20mm 20mm 20mm 30mm", "20mm 20mm 20mm 20mm")], ["margin_left"]),
        ([("1.27cm", "0")], ["indent"]),
        ([("<u>", ""), ("</u>", "")], ["motto_line"]),
        ([("<span class=line></span>", "_______________")], []),
        ([("width: 28mm", "width: 66mm")], ["agency_line_length"]),
    ],
)  # fmt: skip
def test_usual_mistakes_are_found(page: Page, edits: list[tuple[str, str]], rules: list[str]) -> None:
    assert [finding.rule for finding in check(printed(page, *edits), KNOWN)] == rules
