"""Rules of presentation: what we lay out breaks none, each bad document breaks the one it is named for, and what cannot
be read or judged is said once."""

import io
import json
from dataclasses import replace

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from lienthong.office.typeset import place_in_upload, render
from lienthong.standards.doctypes import TYPES, DocumentType
from lienthong.standards.presentation import RULES, Finding, Known, Unreadable, check, check_apart
from lienthong.standards.presentation.apart import MEANS
from lienthong.standards.presentation.findings import LONGEST, on
from lienthong.standards.presentation.problems import Why
from lienthong.standards.presentation.reading import BOUNDS
from tests.museum.presentation import (
    BODY,
    DATE,
    DECISION,
    LETTER,
    NUMBER,
    PARAGRAPH,
    RULES_WITH_A_PIECE,
    known_of,
    laid_out,
    pages_of,
    piece,
)


def rules(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in findings]


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.name)
def test_what_we_lay_out_breaks_no_rule(kind: DocumentType) -> None:
    letter = not kind.abbreviation
    notation = "SKHCN-VP" if letter else f"{kind.abbreviation}-SKHCN"
    draft = replace(LETTER if letter else DECISION, notation=notation, type_name="" if letter else kind.name)
    for urgency in (0, 3):
        one = replace(draft, urgency=urgency)
        assert check(render(one).pdf, replace(known_of(one), type_name=kind.name)) == ()
    assert check(render(draft).pdf, Known()) == ()


@pytest.mark.parametrize("rule", RULES_WITH_A_PIECE)
def test_each_bad_document_breaks_its_rule_alone(rule: str) -> None:
    made = piece(rule)
    assert rules(check(made.pdf, made.known)) == [rule]


def test_who_signs_for_a_body_has_the_office_in_the_agency_above_the_name() -> None:
    """Boxes 7a and 7b (Annex I, II.7c)."""
    council = replace(
        DECISION, competence="TM. HỘI ĐỒNG", position="CHỦ TỊCH", office="Giám đốc Sở Khoa học và Công nghệ"
    )
    text = " ".join(PdfReader(io.BytesIO(render(council).pdf)).pages[-1].extract_text().split())
    places = [text.rindex(one) for one in ("TM. HỘI ĐỒNG", "CHỦ TỊCH", "GIÁM ĐỐC SỞ KHOA HỌC", council.signer)]
    assert places == sorted(places)
    known = replace(known_of(council), office=council.office)
    assert check(render(council).pdf, known) == ()
    assert rules(check(render(replace(council, office="")).pdf, known)) == ["authority"]


def test_every_rule_has_its_bad_document() -> None:
    assert {rule.id for rule in RULES} - set(RULES_WITH_A_PIECE) == {"not_checked"}
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_a_finding_says_where_what_and_by_which_clause() -> None:
    made = piece("motto_form")
    (found,) = check(made.pdf, made.known)
    assert (found.page, found.clause, found.severity) == (1, "Phụ lục I, mục II.1.b", "wrong")
    assert found.found.vi == "Tiêu ngữ trình bày cỡ chữ 11"
    assert found.should.vi == "Trình bày cỡ chữ 13–14, đứng, đậm."
    assert found.box is not None
    left, top, right, bottom = found.box
    assert 105 < left < right < 192
    assert 20 < top < bottom < 35


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("top: 21mm, bottom: 21mm", "top: 30mm, bottom: 21mm", "margin_top"),
        ("top: 21mm, bottom: 21mm", "top: 21mm, bottom: 45mm", "margin_bottom"),
        ("left: 30mm, right: 18mm", "left: 30mm, right: 26mm", "margin_right"),
        ("left: 30mm, right: 18mm", "left: 40mm, right: 18mm", "margin_left"),
    ],
)
def test_margins_that_are_too_wide(old: str, new: str, rule: str) -> None:
    draft = replace(DECISION, body=BODY + "\n" + PARAGRAPH * 40)
    edits = [(old, new), ("text-width = 162mm", "text-width = 152mm")] if "left" in old else [(old, new)]
    assert rules(check(laid_out(draft, *edits), known_of(draft))) == [rule]


@pytest.mark.parametrize("paragraphs", range(4, 30, 3))
def test_wherever_pages_break_what_we_lay_out_is_right(paragraphs: int) -> None:
    draft = replace(DECISION, body="Căn cứ Luật Lưu trữ;\nQUYẾT ĐỊNH:\n" + PARAGRAPH * paragraphs)
    assert check(render(draft).pdf, known_of(draft)) == ()


@pytest.mark.parametrize(
    "number", ["Số: 05/#d.notation", "Số: 128/#d.notation", "Số: …/#d.notation", "Số:12/2026/#d.notation"]
)
def test_numbers_and_gaps_for_them_are_right(number: str) -> None:
    assert check(laid_out(DECISION, (NUMBER, number)), known_of(DECISION)) == ()


@pytest.mark.parametrize("day", ["05 tháng 02", "15 tháng 3", "31 tháng 12", "09 tháng 9", "… tháng …"])
def test_dates_and_gaps_for_them_are_right(day: str) -> None:
    written = f"Nghệ An, ngày {day} năm 2026"
    assert check(laid_out(DECISION, (DATE, written)), known_of(DECISION)) == ()


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        ("Số: 15 / QĐ-SKHCN", "number_words"),
        ("Số: 15/QĐ - SKHCN", "number_words"),
        ("Số: 15-QĐ/SKHCN", "number_words"),
        ("Số: 7/QĐ-SKHCN", "number_digits"),
    ],
)
def test_numbers_out_of_their_form(number: str, rule: str) -> None:
    assert rules(check(laid_out(DECISION, (NUMBER, number)), known_of(DECISION))) == [rule]


def test_either_place_of_a_tone_mark_is_right() -> None:
    pdf = laid_out(DECISION, ("CỘNG HÒA", "CỘNG HOÀ"))
    assert check(pdf, known_of(DECISION)) == ()


@pytest.mark.parametrize("place", ["Hà Nội", "Thành phố Hồ Chí Minh"])
@pytest.mark.parametrize("notation", ["QĐ-BNV", "QĐ-BQLKNNCNC", "GUQ-BQLKNNCNC"])
@pytest.mark.parametrize("superior", ["", "Ủy ban nhân dân thành phố Hồ Chí Minh"])
def test_long_names_stay_in_their_boxes(place: str, notation: str, superior: str) -> None:
    agency = "Ban Quản lý Khu Nông nghiệp Công nghệ cao Thành phố Hồ Chí Minh"
    draft = replace(DECISION, place=place, notation=notation, superior=superior, agency=agency)
    assert check(render(draft).pdf, known_of(draft)) == ()
    assert check(render(draft).pdf, Known()) == ()


def test_an_annex_has_pages_of_its_own() -> None:
    draft = replace(DECISION, annexes=(("Phụ lục I\nDanh mục", PARAGRAPH * 20), ("Phụ lục II", PARAGRAPH * 20)))
    assert check(render(draft).pdf, known_of(draft)) == ()


@pytest.mark.parametrize(
    "body",
    [
        "Ngắn./.",
        "Căn cứ Luật;\nĐiều 1. Ban hành.\nĐiều 2. Hiệu lực kể từ ngày ký văn bản này./.",
        "Câu đủ dài để đoạn văn có nhiều dòng. " * 9,
        "Một dòng vừa đủ dài, hơn nửa chiều ngang của trang giấy.\n" * 9,
        "| Tên | Số |\n" + "| Văn phòng | 12 |\n" * 9,
    ],
)
def test_short_texts_are_right(body: str) -> None:
    draft = replace(DECISION, body=body)
    assert check(render(draft).pdf, known_of(draft)) == ()


def test_tables_and_a_long_text_are_right() -> None:
    table = "| Số thứ tự | Tên cơ quan | Số văn bản |\n" + "| 1 | Văn phòng Ủy ban nhân dân tỉnh | 1.250 |\n" * 30
    draft = replace(DECISION, body=BODY + "\n" + PARAGRAPH * 20 + table + PARAGRAPH * 20, contact="Số 1 phố Lê Lợi")
    assert check(render(draft).pdf, known_of(draft)) == ()


def test_of_a_file_from_elsewhere_the_page_that_we_add_is_not_judged_and_may_bear_the_signer() -> None:
    bare = laid_out(DECISION, ("  closing\n", ""))
    made = place_in_upload(bare, DECISION)
    added = pages_of(made.pdf) - pages_of(bare)
    assert rules(check(made.pdf, replace(known_of(DECISION), added=added))) == []
    assert {"recipients", "signer"} <= set(rules(check(bare, known_of(DECISION))))


def test_a_scan_with_letters_laid_over_it_is_a_scan() -> None:
    """What a reader of scans writes over the picture is not painted; its size and place say nothing."""
    picture = io.BytesIO()
    Image.new("L", (1240, 1754), 250).save(picture, "PDF", resolution=150)
    writer = PdfWriter(clone_from=io.BytesIO(laid_out(DECISION)))
    scan = PdfReader(picture).pages[0]
    for page in writer.pages:
        content = page.get_contents()
        assert content is not None
        content.set_data(content.get_data().replace(b"0 Tr", b"3 Tr"))
        page.replace_contents(content)
        page.merge_page(scan, over=False)
    out = io.BytesIO()
    writer.write(out)
    assert rules(check(out.getvalue(), known_of(DECISION))) == ["scanned"]


def rewritten(change: tuple[bytes, bytes]) -> bytes:
    """Our decision with the drawing of its pages changed."""
    writer = PdfWriter(clone_from=io.BytesIO(laid_out(DECISION)))
    for page in writer.pages:
        content = page.get_contents()
        assert content is not None
        assert change[0] in content.get_data()
        content.set_data(content.get_data().replace(*change))
        page.replace_contents(content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "change",
    [(b"13.5 Tf", b"1e38 Tf"), (b" cm", b" cm 1e30 0 0 1e30 0 0 cm"), (b" cm", b" cm 1 0 0 1 1e30 -1e30 cm"),
     (b"13.5 Tf", b"0 Tf"), (b"13.5 Tf", b"-13.5 Tf")],
)  # fmt: skip
def test_what_lies_beyond_every_page_is_no_text(change: tuple[bytes, bytes]) -> None:
    """Findings are stored, so their figures are figures and their words can be written down."""
    for finding in check(rewritten(change), known_of(DECISION)):
        json.dumps(finding.as_dict(), allow_nan=False)


def test_what_a_file_says_is_repeated_in_short_and_without_signs_that_turn_it() -> None:
    found = on("typeface", 1, found="Arial\u202e\ud800\x00" + "l" * 500).seen["found"]
    assert found.startswith("Ariall")
    assert len(found) == LONGEST


def locked() -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(laid_out(LETTER)))
    writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("pdf", "why"),
    [
        (b"", Why.NO_PDF),
        (b"PK\x03\x04 an archive", Why.NO_PDF),
        (b"%PDF-1.7\nbroken", Why.BROKEN),
        (locked, Why.LOCKED),
        (b"%PDF-" + b" " * BOUNDS.size, Why.TOO_LARGE),
    ],
    ids=lambda value: value.value if isinstance(value, Why) else "",
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name(pdf: object, why: Why) -> None:
    content = pdf() if callable(pdf) else pdf
    for judge in (check, check_apart):
        with pytest.raises(Unreadable) as refused:
            judge(content, Known())
        assert refused.value.why is why
        assert refused.value.words.vi


def test_apart_says_the_same() -> None:
    made = piece("date_digits")
    assert check_apart(made.pdf, made.known) == check(made.pdf, made.known)


def test_apart_ends_what_takes_too_long_or_too_much() -> None:
    pdf = laid_out(LETTER)
    with pytest.raises(Unreadable) as slow:
        check_apart(pdf, Known(), means=MEANS._replace(seconds=0.01))
    assert slow.value.why is Why.TOO_SLOW
    with pytest.raises(Unreadable) as large:
        check_apart(pdf, Known(), means=MEANS._replace(memory=20_000_000))
    assert large.value.why in (Why.TOO_LARGE, Why.BROKEN)
