"""The register of outgoing documents: every number in it, in ten columns, printed and bound (Decree 30, Article 16)."""

from dataclasses import replace
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from lienthong.journal.models import AccessLog
from lienthong.office.incoming import acts
from lienthong.office.incoming import book as arrivals
from lienthong.office.models import OutgoingDocument, RegisterNumber, Sequence
from lienthong.office.outgoing import book, issuing
from lienthong.office.registers.volumes import MOST_IN_BOOK, PAGE_ROWS
from lienthong.runtime.demo.cast import H41
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import Office, drafted, install, issued, now, sealed
from tests.service.office.test_copies import made, may_sign
from tests.service.office.test_incoming import LETTER, MemoryHub, arrived

PLACE = "/so-van-ban/"
REASON = {"reason": "Lãnh đạo quyết định không ban hành", "authority": "Phó Chủ nhiệm"}


def taken(office: Office, how_many: int) -> Sequence:
    """Numbers of drafts that the register gave, as if they had been signed: many, in a moment."""
    document = drafted(office, subject="Văn bản của ngày hôm nay")
    sequence, _ = Sequence.objects.get_or_create(
        organization=office.organization, key="outgoing:QĐ", year=timezone.localdate().year
    )
    first = sequence.last + 1
    for number in range(first, first + how_many):
        document.pk, document._state.adding = None, True
        document.number, document.state, document.promulgated_on = number, "issued", timezone.localdate()
        document.issued_at = now()
        document.save()
        RegisterNumber.objects.create(
            sequence=sequence,
            number=number,
            document=document,
            state="used",
            taken_at=now(),
            taken_by=office["van.thu"],
        )
    Sequence.objects.filter(pk=sequence.pk).update(last=first + how_many - 1)
    sequence.refresh_from_db()
    return sequence


def body(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.law("D30-16-1", "D30-15-1")
def test_the_register_has_its_ten_columns_and_says_what_became_of_every_number(office: Office) -> None:
    sent = issued(office)
    void = sealed(office)
    issuing.void(void, **REASON, actor=office["van.thu"], at=now())
    sealed(office)
    page = " ".join(office.client("van.thu").get(PLACE).content.decode().split())
    for column in book.COLUMNS:
        assert column in page
    assert "Đã cấp 3 số: 1 đã phát hành, 1 đã hủy" in page
    assert "1 chưa phát hành" in page
    assert "Hủy số: Lãnh đạo quyết định không ban hành (Phó Chủ nhiệm)" in page
    assert "0/2 qua Trục" in page
    lines = book.page_from(book.seen_by(office["van.thu"], Sequence.objects.get()), 1)
    assert [line.cells[0] for line in lines] == ["01/QĐ-VPCP", "02/QĐ-VPCP", "03/QĐ-VPCP"]
    assert lines[0].cells[4] == "Ủy ban nhân dân tỉnh Nghệ An; Ủy ban nhân dân thành phố Hà Nội"
    assert lines[0].cells[3] == sent.signer_name
    assert lines[2].cells[9] == "Chưa phát hành"


@pytest.mark.law("D30-16-1")
def test_it_is_printed_as_a_bound_book(office: Office) -> None:
    sequence = taken(office, 45)
    client = office.client("van.thu")
    answer = client.get(f"{PLACE}{sequence.pk}/pdf/", {"tu": "3", "den": "44", "quyen": "2"})
    content = body(answer)
    reader = PdfReader(BytesIO(content))
    assert all(page.mediabox.width > page.mediabox.height for page in reader.pages)  # type: ignore[operator]
    cover, *others = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert "SỔ ĐĂNG KÝ VĂN BẢN ĐI" in cover
    for words in ("VĂN PHÒNG CHÍNH PHỦ", f"Năm: {timezone.localdate().year}", "Từ số 3 đến số 44", "Quyển số: 2"):
        assert words in cover
    assert len(others) > 1
    for text in others[:-1]:
        assert "Ký nhận" in text  # the head of the table stands on each page
        assert "(10)" in text
    whole = " ".join(others)
    assert "03/QĐ-VPCP" in whole
    assert "44/QĐ-VPCP" in whole
    assert "45/QĐ-VPCP" not in whole
    assert "Sổ này có 42 số." in whole
    assert AccessLog.objects.filter(detail="pdf 3-44").count() == 1


@pytest.mark.law("D30-16-1")
def test_it_is_given_out_as_a_workbook(office: Office) -> None:
    sequence = taken(office, 3)
    answer = office.client("kiem.tra").get(f"{PLACE}{sequence.pk}/xlsx/")
    sheet = load_workbook(BytesIO(body(answer))).active
    assert sheet is not None
    rows = [tuple(cell or "" for cell in row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == book.COLUMNS
    assert [row[0] for row in rows[1:]] == ["01/QĐ-VPCP", "02/QĐ-VPCP", "03/QĐ-VPCP"]
    assert answer["Content-Disposition"].startswith("attachment")


def test_whoever_sees_few_numbers_finds_the_way_on(office: Office) -> None:
    sequence = taken(office, 210)
    OutgoingDocument.objects.exclude(number__in=(1, 210)).update(drafter=office["lanh.dao"], unit=office.units["TH"])
    OutgoingDocument.objects.filter(number__in=(1, 210)).update(drafter=office["chuyen.vien"])
    client = office.client("chuyen.vien")
    page = client.get(PLACE, {"so": sequence.pk, "tu": "2"}).content.decode()
    assert "tu=102" in page
    assert "tu=1&" in page or 'tu=1"' in page
    assert client.get(PLACE, {"tu": "²"}).status_code == 200


def test_another_year_shows_its_own_numbers(office: Office) -> None:
    this_year = taken(office, 2)
    before = Sequence.objects.create(organization=office.organization, key="outgoing:CV", year=this_year.year - 1)
    page = office.client("van.thu").get(PLACE, {"nam": before.year, "so": this_year.pk}).content.decode()
    assert page.count("data-number=") == 0
    assert f"Sổ đăng ký văn bản đi {before.year}" in page


def test_a_page_costs_the_same_however_long_the_register_is(office: Office) -> None:
    sequence = taken(office, 120)
    client = office.client("van.thu")
    client.get(PLACE)
    with CaptureQueriesContext(
        connection,
    ) as first:
        page = client.get(PLACE, {"tu": 1}).content.decode()
    assert page.count("data-number=") == PAGE_ROWS
    assert f"tu={PAGE_ROWS + 1}" in page
    with CaptureQueriesContext(connection) as second:
        page = client.get(PLACE, {"tu": 101}).content.decode()
    assert page.count("data-number=") == 20
    assert len(first) == len(second)
    found = client.get(PLACE, {"q": "117"}).content.decode()
    assert found.count("data-number=") == 1
    assert client.get(PLACE, {"q": "không có đâu"}).content.decode().count("data-number=") == 0
    assert client.get(PLACE, {"q": "ngày hôm nay"}).content.decode().count("data-number=") == PAGE_ROWS
    Sequence.objects.filter(pk=sequence.pk).update(last=MOST_IN_BOOK + 1)
    answer = client.get(f"{PLACE}{sequence.pk}/pdf/", {"tu": 1, "den": 999999})
    assert answer.status_code == 422
    assert client.get(f"{PLACE}{sequence.pk}/pdf/", {"tu": 2}).status_code == 200


@pytest.mark.law("SEC-6")
def test_nobody_reads_of_documents_that_are_not_theirs_to_see(
    office: Office, authority: TestAuthority, tmp_path  # type: ignore[no-untyped-def]
) -> None:  # fmt: skip
    sequence = taken(office, 2)
    OutgoingDocument.objects.update(drafter=office["lanh.dao"], unit=office.units["TH"])
    assert office.client("chuyen.vien").get(PLACE).content.decode().count("data-number=") == 0
    assert office.client("kiem.tra").get(PLACE).content.decode().count("data-number=") == 2
    for login in ("chuyen.vien", "truong.dv", "the.thuc", "quan.tri"):
        assert office.client(login).get(f"{PLACE}{sequence.pk}/pdf/").status_code == 403
    other = install(H41, authority, tmp_path).client("van.thu")
    for kind in ("pdf", "xlsx"):
        assert other.get(f"{PLACE}{sequence.pk}/{kind}/").status_code == 404
    assert other.get(PLACE, {"so": sequence.pk}).content.decode().count("data-number=") == 0
    assert office.client("van.thu").get(f"{PLACE}{sequence.pk}/docx/").status_code == 404


def registered(office: Office, how_many: int) -> None:
    """So many documents that came in and got their numbers."""
    for number in range(1, how_many + 1):
        document = arrived(MemoryHub(), replace(LETTER, identifier=f"H41,2026/11/25,{number}/UBND", number=str(number)))
        acts.accept(document, actor=office["van.thu"], at=now())


def test_the_register_of_what_came_in_has_its_ten_columns_and_is_bound(office: Office) -> None:
    registered(office, 3)
    client = office.client("van.thu")
    page = " ".join(client.get(f"{PLACE}den/").content.decode().split())
    for column in arrivals.COLUMNS:
        assert column in page
    year = timezone.localdate().year
    answer = client.get(f"{PLACE}den/{year}/pdf/", {"tu": "2", "den": "3", "quyen": "4"})
    cover, *others = [" ".join(one.extract_text().split()) for one in PdfReader(BytesIO(body(answer))).pages]
    for words in ("SỔ ĐĂNG KÝ VĂN BẢN ĐẾN", "VĂN PHÒNG CHÍNH PHỦ", f"Năm: {year}", "Từ số 2 đến số 3", "Quyển số: 4"):
        assert words in cover
    whole = " ".join(others)
    assert "(10)" in whole
    assert "Sổ này có 2 số." in whole
    sheet = load_workbook(BytesIO(body(office.client("kiem.tra").get(f"{PLACE}den/{year}/xlsx/")))).active
    assert sheet is not None
    rows = [tuple(cell or "" for cell in row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == arrivals.COLUMNS
    assert [(row[1], row[3]) for row in rows[1:]] == [(str(n), f"{n}/{LETTER.notation}") for n in (1, 2, 3)]
    assert AccessLog.objects.filter(subject=f"arrival {year}").count() == 2


def test_a_page_of_arrivals_costs_the_same_however_long_the_register_is(office: Office) -> None:
    registered(office, 3)
    client = office.client("van.thu")
    client.get(f"{PLACE}den/")
    with CaptureQueriesContext(connection) as one:
        assert client.get(f"{PLACE}den/", {"tu": 3}).content.decode().count("data-number=") == 1
    with CaptureQueriesContext(connection) as three:
        assert client.get(f"{PLACE}den/").content.decode().count("data-number=") == 3
    assert len(one) == len(three)
    assert client.get(f"{PLACE}den/", {"tu": 2}).content.decode().count("data-number=") == 2
    Sequence.objects.filter(key="arrival").update(last=MOST_IN_BOOK + 5)
    assert client.get(f"{PLACE}den/{timezone.localdate().year}/pdf/").status_code == 422
    page = client.get(f"{PLACE}den/").content.decode()
    assert f"tu={MOST_IN_BOOK + 5 - 2 * PAGE_ROWS + 1}" in page


def test_the_book_of_copies_is_bound_as_well(office: Office) -> None:
    document, signer = issued(office), may_sign(office)
    for _ in range(3):
        made(office, document, signer)
    year = timezone.localdate().year
    answer = office.client("lanh.dao").get(f"{PLACE}ban-sao/{year}/pdf/", {"tu": "1", "den": "2"})
    cover, *others = [" ".join(one.extract_text().split()) for one in PdfReader(BytesIO(body(answer))).pages]
    assert "SỔ ĐĂNG KÝ BẢN SAO" in cover
    assert "Từ số 1 đến số 2" in cover
    assert "Sổ này có 2 số." in " ".join(others)
    sheet = load_workbook(BytesIO(body(office.client("van.thu").get(f"{PLACE}ban-sao/{year}/xlsx/")))).active
    assert sheet is not None
    assert len(list(sheet.iter_rows())) == 4
    assert office.client("chuyen.vien").get(f"{PLACE}ban-sao/{year}/pdf/").status_code == 403
    assert office.client("van.thu").get(f"{PLACE}ban-sao/{year}/docx/").status_code == 404
    assert office.client("van.thu").get(f"{PLACE}ban-sao/1999/pdf/").status_code == 200


def test_a_sign_that_a_stranger_wrote_and_the_typeface_lacks_keeps_no_book_from_being_printed(
    office: Office, hub: MemoryHub
) -> None:
    document = arrived(hub, replace(LETTER, subject="Về việc họp 中 😀 tổng kết"))
    acts.accept(document, actor=office["van.thu"], at=now())
    clerk, year = office.client("van.thu"), timezone.localdate().year
    for place in (f"/so-van-ban/den/{year}/pdf/", f"/van-ban-den/{document.pk}/phieu/"):
        answer = clerk.get(place)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type,attr-defined]
        text = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())
        assert "họp □ □ tổng kết" in text, place
