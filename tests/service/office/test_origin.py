"""Origin of a document, created digitally or digitised from paper (Article 3.1); links in the place of files
(Article 10.1)."""

from io import BytesIO

import pytest
import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject

from lienthong.journal.models import Event
from lienthong.office.config import blobs
from lienthong.office.models import IncomingDocument, OutgoingDocument
from lienthong.standards.links import is_link
from lienthong.standards.scans import is_scanned
from tests.service.office.conftest import PIN, Office, drafted, issued, signed
from tests.service.office.test_incoming import MemoryHub, arrived
from tests.service.office.test_law_outgoing import draft_form, press


def scanned_pdf() -> bytes:
    """A page as a scanner makes it: a picture and no text."""
    picture = StreamObject()
    picture.set_data(bytes(4))
    picture.update(
        {
            NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(2), NameObject("/Height"): NumberObject(2),
            NameObject("/ColorSpace"): NameObject("/DeviceGray"), NameObject("/BitsPerComponent"): NumberObject(8),
        }
    )  # fmt: skip
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    drawing = StreamObject()
    drawing.set_data(b"q 595 0 0 842 0 0 cm /Im0 Do Q")
    page[NameObject("/Contents")] = writer._add_object(drawing)
    pictures = DictionaryObject({NameObject("/Im0"): writer._add_object(picture)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): pictures})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def typed_pdf() -> bytes:
    return bytes(typst.compile(b"Noi dung van ban."))  # type: ignore[arg-type]


def test_a_scan_is_told_from_a_text() -> None:
    assert is_scanned(BytesIO(scanned_pdf())) is True
    assert is_scanned(BytesIO(typed_pdf())) is False
    blank = PdfWriter()
    blank.add_blank_page(595, 842)
    out = BytesIO()
    blank.write(out)
    assert is_scanned(out) is None
    assert is_scanned(BytesIO(b"%PDF-1.7 nothing")) is None


@pytest.mark.law("R-3.1-1")
def test_whoever_uploads_a_pdf_says_where_it_comes_from(office: Office) -> None:
    client = office.client("chuyen.vien")

    def drafting(**changes: object) -> dict[str, object]:
        upload = SimpleUploadedFile("quet.pdf", scanned_pdf(), "application/pdf")
        return draft_form(office, body="", upload=upload, **changes)

    for nothing in ("", "fax"):
        answer = client.post("/van-ban-di/soan/", drafting(origin=nothing))
        assert (answer.status_code, "nguồn gốc" in answer.content.decode()) == (422, True)
    assert client.post("/van-ban-di/soan/", drafting(origin="digitised")).status_code == 302
    document = OutgoingDocument.objects.get()
    page = client.get(f"/van-ban-di/{document.pk}/").content.decode()
    assert 'data-origin="digitised"' in page
    assert "chưa có chữ ký số của cơ quan" in page
    assert "số hóa" in client.get("/van-ban-di/?muc=du-thao").content.decode()
    typed = draft_form(office, origin="digitised")  # laid out here: nothing was digitised
    assert client.post(f"/van-ban-di/{document.pk}/soan/", typed).status_code == 302
    document.refresh_from_db()
    assert document.origin == "digital"


@pytest.mark.law("R-3.1-1")
@pytest.mark.refuses("R-3.1-1")
def test_the_agencys_signature_makes_a_digitised_document_one_that_counts(office: Office) -> None:
    document = signed(office, upload=("quet.pdf", scanned_pdf()), origin="digitised")
    assert press(office, "van.thu", document, "issue") == "not_sealed"
    clerk, place = office.client("van.thu"), f"/van-ban-di/{document.pk}/"
    assert "chưa có chữ ký số của cơ quan" in clerk.get(place).content.decode()
    assert press(office, "van.thu", document, "number_and_seal", pin=PIN) == ""
    page = clerk.get(place).content.decode()
    assert 'data-origin="digitised"' in page
    assert "chưa có chữ ký số của cơ quan" not in page


@pytest.mark.law("R-3.1-1")
@pytest.mark.refuses("R-3.1-1")
def test_what_arrives_shows_its_origin_and_the_clerk_corrects_it(office: Office) -> None:
    scan = arrived(MemoryHub(), cong_van_pdf=scanned_pdf())
    assert (scan.origin, scan.legal_value) == ("digitised", "information")
    clerk = office.client("van.thu")
    page = clerk.get(f"/van-ban-den/{scan.pk}/").content.decode()
    assert "không phải bản gốc: để biết, tham khảo" in page
    assert "số hóa" in clerk.get("/van-ban-den/?muc=tat-ca").content.decode()
    changed = {"act": "origin", "origin": "digital"}
    assert office.client("lanh.dao").post(f"/van-ban-den/{scan.pk}/", changed).status_code == 403
    assert clerk.post(f"/van-ban-den/{scan.pk}/", {**changed, "origin": "fax"}).status_code == 422
    assert clerk.post(f"/van-ban-den/{scan.pk}/", changed).status_code == 302
    assert IncomingDocument.objects.get().origin == "digital"
    event = Event.objects.get(name="incoming.origin_set")
    assert event.data == {"origin": "digital", "before": "digitised"}


@pytest.mark.law("R-3.1-1")
def test_typeset_documents_are_created_digitally(office: Office) -> None:
    for document in (drafted(office), issued(office)):
        assert document.origin == "digital"
        page = office.client("chuyen.vien").get(f"/van-ban-di/{document.pk}/").content.decode()
        assert 'data-origin="digital"' in page


# -- links -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://vpcp.gov.vn/a.pdf", True), (" <http://x.vn/a> \n", True), ("www.vpcp.gov.vn", True),
        ("https://a.vn/1 https://a.vn/2", True), ("file://may-chu/tai-lieu.doc", True),
        ("\r\n".join(["https://a.vn/1"] * 60), True), ("\r\n".join([*["https://a.vn/1"] * 60, "Trân trọng."]), False),
        ("- https://a.vn/1 ;", True), ("Phụ lục I (https://vpcp.gov.vn)", False), ("Báo cáo quý III", False), ("", False), ("http", False),
    ],
)  # fmt: skip
def test_a_link_is_a_text_that_says_nothing_else(text: str, link: bool) -> None:
    assert is_link(text) is link


@pytest.mark.law("R-10.1-1")
@pytest.mark.refuses("R-10.1-1")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("phu-luc.url", b"[InternetShortcut]\nURL=https://vpcp.gov.vn/a.pdf"),
        ("phu-luc.txt", "﻿https://vpcp.gov.vn/a.pdf\n".encode()),
        ("www.vpcp.gov.vn", b"content"),
    ],
)
def test_a_link_in_the_place_of_a_file_is_refused_and_not_kept(office: Office, name: str, content: bytes) -> None:
    document = drafted(office)
    file = SimpleUploadedFile(name, content, "text/plain")
    assert press(office, "chuyen.vien", document, "enclose", file=file) == "link_not_file"
    assert not document.enclosures.exists()
    assert list(blobs().older_than(9e12)) == [document.versions.get().digest]


@pytest.mark.law("R-10.1-1")
@pytest.mark.refuses("R-10.1-1")
def test_an_annex_that_is_only_a_link_is_refused(office: Office) -> None:
    for field in ("appendixes", "subject"):
        form = draft_form(office, **{field: "https://vpcp.gov.vn/phu-luc"})
        answer = office.client("chuyen.vien").post("/van-ban-di/soan/", form)
        assert 'data-problem="link_not_file"' in answer.content.decode(), field
    assert not OutgoingDocument.objects.exists()
