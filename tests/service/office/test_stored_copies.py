"""The book of who used stored copies (Decree 30/2020, Article 6.3c; Annex IV, IV)."""

from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from lienthong.office.models import OutgoingDocument, StoredCopyUse
from lienthong.office.outgoing.stored_copies import COLUMNS
from tests.service.office.conftest import Office, issued, refusal, sealed
from tests.service.office.test_dossiers import act, bystander, file
from tests.service.office.test_dossiers import opened as a_dossier
from tests.service.office.test_law_outgoing import opened
from tests.service.office.test_register import body

PLACE = "/so-van-ban/ban-luu/"


def use(document: OutgoingDocument, **changes: object) -> dict[str, object]:
    return {
        "document": document.pk, "act": "lend", "user_name": "Lê Thị Mượn", "allowed_by": "Chánh Văn phòng",
        "used_on": timezone.localdate().isoformat(), "file_code": "05.KSTT", "receipt": "đã ký", "note": "đọc tại chỗ",
        **changes,
    }  # fmt: skip


@pytest.mark.law("D30-19-1", "D30-16-1")
def test_the_clerk_writes_down_who_used_a_stored_copy_and_when_it_came_back(office: Office) -> None:
    document, clerk = issued(office), office.client("van.thu")
    assert f"{PLACE}?di={document.pk}" in opened(office, "van.thu", document)
    assert PLACE not in opened(office, "chuyen.vien", document)
    assert "data-lend" in clerk.get(f"{PLACE}?di={document.pk}").content.decode()
    for wanting in (
        {"user_name": " "},
        {"allowed_by": ""},
        {"used_on": ""},
        {"used_on": "2020-01-01"},
        {"used_on": "2999-01-01"},
    ):
        assert refusal(clerk.post(PLACE, use(document, **wanting))) == "missing"
    assert clerk.post(PLACE, use(document)).status_code == 302
    page = clerk.get(PLACE).content.decode()
    for words in (*COLUMNS, "Lê Thị Mượn", document.printed_number, "05.KSTT", "Chánh Văn phòng", "đọc tại chỗ"):
        assert words in page
    row = StoredCopyUse.objects.get()
    today = timezone.localdate().isoformat()
    back = {"act": "take_back", "use": row.pk, "returned_on": today}
    assert refusal(clerk.post(PLACE, {**back, "returned_on": "2020-01-01"})) == "missing"
    assert clerk.post(PLACE, back).status_code == 302
    assert refusal(clerk.post(PLACE, back)) == "illegal_move"
    assert "outgoing.stored_copy_back" in opened(office, "van.thu", document)


@pytest.mark.law("D30-16-1")
def test_the_book_is_bound_and_taken_as_a_workbook(office: Office) -> None:
    document, clerk = issued(office), office.client("van.thu")
    clerk.post(PLACE, use(document))
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(body(clerk.get(f"{PLACE}pdf/")))).pages)
    assert "SỔ SỬ DỤNG BẢN LƯU" in " ".join(text.split())
    sheet = load_workbook(BytesIO(body(clerk.get(f"{PLACE}xlsx/")))).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == COLUMNS
    assert rows[1][1] == "Lê Thị Mượn"


def test_of_what_was_not_issued_no_copy_is_stored_and_others_see_and_write_nothing(office: Office) -> None:
    unsent = sealed(office)
    assert refusal(office.client("van.thu").post(PLACE, use(unsent))) == "illegal_move"
    document = issued(office)
    assert refusal(office.client("chuyen.vien").post(PLACE, use(document))) == "forbidden"
    office.client("van.thu").post(PLACE, use(document))
    assert "Lê Thị Mượn" in office.client("chuyen.vien").get(PLACE).content.decode()  # who drafted it
    assert "Lê Thị Mượn" not in office.client("quan.tri").get(PLACE).content.decode()
    dossier = a_dossier(office)
    reader = office.people["nguoi.doc"] = bystander(office)
    assert act(office, "chuyen.vien", dossier, "member", person=reader.pk) == ""
    assert file(office, "chuyen.vien", document, dossier, share="1") == ""
    assert office.client("nguoi.doc").get(f"/van-ban-di/{document.pk}/").status_code == 200
    assert "Lê Thị Mượn" not in office.client("nguoi.doc").get(PLACE).content.decode()  # who only reads it
