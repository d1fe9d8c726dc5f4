"""Files by the list of formats, and recipients by what the document says: warned of where people look, refused where the
agency lets faults block."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lienthong.office.models import Enclosure, IncomingDocument, OutgoingDocument, PresentationPolicy, RegisterNumber
from lienthong.standards import edxml
from lienthong.standards.formats import FormatFault, fault_of
from lienthong.standards.naming import names_of, unnamed
from tests.museum.packets import PDF, document_packet
from tests.service.office.conftest import PIN, Office, drafted, press, signed
from tests.service.office.test_incoming import LETTER, MemoryHub
from tests.service.office.test_law_incoming import received

EXE = b"MZ\x90\x00\x03\x00\x00\x00"
NAMED = "- Ủy ban nhân dân tỉnh Nghệ An (để thực hiện);\n- UBND thành phố Hà Nội;\n- Lưu: VT."


def enclosed(office: Office, document: OutgoingDocument, name: str, content: bytes, login: str = "chuyen.vien") -> str:
    return press(office, login, document, "enclose", file=SimpleUploadedFile(name, content))


def page_of(office: Office, document: OutgoingDocument) -> str:
    return office.client("chuyen.vien").get(f"/van-ban-di/{document.pk}/").content.decode()


@pytest.mark.parametrize(
    ("name", "head", "fault"),
    [
        ("a.pdf", b"%PDF-1.7", None), ("A.PDF", b"\xef\xbb\xbf%PDF-1.4", None), ("a.pdf", EXE, FormatFault.DIFFERS),
        ("a.docx", b"PK\x03\x04x", None), ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FormatFault.DIFFERS),
        ("a.exe", EXE, FormatFault.NOT_LISTED), ("a", b"x", FormatFault.NOT_LISTED), (".pdf", b"%PDF-1.7", None),
        ("a.txt", "Phụ lục".encode(), None), ("a.csv", EXE, FormatFault.DIFFERS), ("a.pdf.exe", b"%PDF-1.7", FormatFault.NOT_LISTED),
        ("a.png", b"\x89PNG\r\n\x1a\n", None), ("a.jpg", b"GIF89a", FormatFault.DIFFERS), ("a.txt", "Ă".encode("utf-16"), None),
    ],
)  # fmt: skip
def test_a_file_is_known_by_its_name_and_by_how_it_begins(name: str, head: bytes, fault: FormatFault | None) -> None:
    assert fault_of(name, head) is fault


@pytest.mark.law("R-6.4-1")
@pytest.mark.refuses("R-6.4-1")
def test_a_file_of_no_listed_format_is_warned_of_or_refused_where_faults_block(office: Office) -> None:
    document = drafted(office)
    assert enclosed(office, document, "bang.xlsx", b"PK\x03\x04") == ""
    assert "data-warning=" not in page_of(office, document).replace('data-warning="unnamed"', "")
    assert enclosed(office, document, "cong-cu.exe", EXE) == ""
    assert enclosed(office, document, "bang.pdf", EXE) == ""
    page = page_of(office, document)
    assert 'data-warning="not_listed"' in page
    assert 'data-warning="differs"' in page
    office.organization.presentation_policy = PresentationPolicy.BLOCK
    office.organization.save(update_fields=["presentation_policy"])
    document = OutgoingDocument.objects.get(pk=document.pk)
    before = Enclosure.objects.count()
    assert enclosed(office, document, "khac.exe", EXE) == "format_not_listed"
    assert enclosed(office, document, "khac.docx", EXE) == "format_not_listed"
    assert Enclosure.objects.count() == before
    assert enclosed(office, document, "khac.csv", b"a,b\n") == ""


@pytest.mark.law("R-6.4-1")
@pytest.mark.refuses("R-6.4-1")
def test_what_was_enclosed_while_faults_warned_does_not_go_out_where_they_block(office: Office) -> None:
    document = signed(office)
    Enclosure.objects.create(
        document=document, name="cong-cu.exe", media_type="", digest="0" * 64, size=1, added_at=document.signed_at,
        format_fault="not_listed",
    )  # fmt: skip
    office.organization.presentation_policy = PresentationPolicy.BLOCK
    office.organization.save(update_fields=["presentation_policy"])
    assert press(office, "van.thu", document, "number_and_seal", pin=PIN) == "format_not_listed"
    document.refresh_from_db()
    assert (document.state, document.number) == ("signed", None), "no number is spent on it"
    chosen = f"{document.pk}-{document.versions.latest('ordinal').ordinal}"
    office.client("van.thu").post("/phat-hanh/", {"document": [chosen], "pin": PIN})
    assert not RegisterNumber.objects.exists()
    assert press(office, "van.thu", document, "give_back", note="Thay tệp đính kèm không thuộc danh mục") == ""


@pytest.mark.law("R-6.4-1", "R-9.1-1")
def test_what_arrives_in_no_listed_format_is_shown_with_the_checks(office: Office, hub: MemoryHub) -> None:
    letter = replace(LETTER, appendixes=())
    document = received(hub, document_packet(letter, phu_luc_pdf=EXE), sender="000.00.00.H41", to="G22")
    (check,) = [one for one in document.checks if one["name"] == "formats"]
    assert (check["result"], "phu" in check["vi"]) == ("warning", True)
    clerk = office.client("van.thu")
    assert 'data-check="formats" data-result="warning"' in clerk.get(f"/van-ban-den/{document.pk}/").content.decode()
    clean = received(
        hub,
        document_packet(replace(letter, number="18", identifier="z"), phu_luc_pdf=PDF),
        sender="000.00.00.H41",
        to="G22",
    )
    assert [one for one in IncomingDocument.objects.get(pk=clean.pk).checks if one["name"] == "formats"] == []
    assert isinstance(letter, edxml.Document)


@pytest.mark.law("R-8.2-1")
def test_recipients_that_the_document_does_not_name_are_warned_of_and_those_it_names_too(office: Office) -> None:
    right = drafted(office, recipients_text=NAMED)
    assert 'data-warning="un' not in page_of(office, right)
    less = drafted(
        office, recipients=("H41",), recipients_text=NAMED.replace("UBND thành phố", "Ủy ban nhân dân thành phố")
    )
    page = page_of(office, less)
    assert 'data-warning="unchosen"' in page
    assert "chưa chọn để gửi qua Trục: Ủy ban nhân dân thành phố Hà Nội" in " ".join(page.split())
    more = drafted(office, recipients=("H41", "H26", "G12"), recipients_text=NAMED)
    page = page_of(office, more)
    assert 'data-warning="unnamed"' in page
    assert "«Nơi nhận»: Bộ Tài chính" in " ".join(page.split())
    group = drafted(office, recipients=("H41", "G12"), recipients_text="- Các bộ, cơ quan ngang bộ;\n- Lưu: VT.")
    assert 'data-warning="unnamed"' not in page_of(office, group)
    named_in_text = drafted(
        office, recipients=("G12",), recipients_text="- Như Điều 2;\n- Lưu: VT.",
        body="Điều 1. Phê duyệt.\nĐiều 2. Bộ Tài chính chịu trách nhiệm thi hành./.",
    )  # fmt: skip
    assert 'data-warning="unnamed"' not in page_of(office, named_in_text)


def test_lines_are_read_as_people_write_them() -> None:
    assert names_of(["- Bộ Tài chính (để b/c);", "- Như trên;", "- Lưu: VT.", ""]) == ["Bộ Tài chính"]
    lines = ["- UBND tỉnh Nghệ An;"]
    assert unnamed([("H41", "Ủy ban nhân dân tỉnh Nghệ An")], lines, "") == []
    assert unnamed([("H4", "Ủy ban nhân dân tỉnh Nghệ")], ["- UBND tỉnh Nghệ Anh;"], "") == []
    assert unnamed([("G1", "Bộ Y")], ["- Bộ Ytế;"], "") == ["Bộ Y"]
