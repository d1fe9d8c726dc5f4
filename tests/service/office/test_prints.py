"""What is put on paper of an incoming document, through its pages: prints with stamp, mark and the sheet of the check,
and the slip of its handling."""

from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ContentStream, DecodedStreamObject, NameObject, NumberObject, RectangleObject

from lienthong.journal.models import AccessLog, Event
from lienthong.office.config import blobs
from lienthong.office.incoming import printing
from lienthong.office.models import IncomingDocument, Print
from lienthong.office.outgoing import issuing
from lienthong.office.typeset.pages import turn_upright, written
from lienthong.office.typeset.prints import Mark, marked
from lienthong.standards.room import free_room
from tests.museum.packets import document_packet
from tests.service.office.conftest import Office, now, refusal, sealed
from tests.service.office.test_copies import SHORT, scan
from tests.service.office.test_handling import CALM, assigned, task_of
from tests.service.office.test_incoming import LETTER, MemoryHub, recalled
from tests.service.office.test_law_incoming import (
    delivered,
    local,
    opened,
    press,
    received,
)
from tests.service.office.test_law_outgoing import press as press_outgoing
from tests.service.office.test_registering import pdf as upload
from tests.service.office.test_registering import registered, text_pdf


def pages_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def printed(office: Office, document: IncomingDocument, **form: object) -> bytes | str:
    """The print that the page gives, or the code of its refusal."""
    unit = next(iter(office.units.values()))
    whole = {"worth": "information", "unit": unit.pk, "copies": "2", **form}
    answer = office.client("van.thu").post(f"/van-ban-den/{document.pk}/in/", whole)
    return bytes(answer.content) if answer.status_code == 200 else refusal(answer)  # type: ignore[arg-type]


@pytest.mark.law("R-21.2-1", "R-4.1-1", "AVI-6a")
def test_a_genuine_document_is_printed_with_stamp_mark_and_what_its_signatures_are_worth(
    office: Office,
    nghe_an: Office,
    hub: MemoryHub,
) -> None:
    sent = sealed(office, recipients=("H41",), body=SHORT)
    assert press_outgoing(office, "van.thu", sent, "issue", incomplete="Phụ lục gửi sau") == ""
    document = delivered(hub, sent)
    assert printed(nghe_an, document, worth="signed") == "not_printable"  # it has no arrival number yet
    assert press(nghe_an, "van.thu", document, "accept") == ""
    original = blobs().read(document.files.get(ordinal=0).digest)
    content = printed(nghe_an, document, worth="signed", case_code="01.TH", unit=nghe_an.units["VP"].pk)
    assert isinstance(content, bytes)
    pages = pages_of(content)
    assert len(pages) == len(PdfReader(BytesIO(original)).pages) + 1
    first, last = pages[0], pages[-1]
    unit = nghe_an.units["VP"].name
    for said in ("ĐẾN", f"Số: {document.arrival_number}", unit, "01.TH", nghe_an.organization.name.upper()):
        assert said in first, said
    for page in pages[:-1]:
        assert "BẢN IN TỪ VĂN BẢN ĐIỆN TỬ" in page
        assert nghe_an["van.thu"].full_name in page
    for said in (
        "KẾT QUẢ KIỂM TRA CHỮ KÝ SỐ",
        "có giá trị pháp lý như bản giấy",
        "Hợp lệ",
        office["lanh.dao"].full_name,
    ):
        assert said in last, said
    assert blobs().read(document.files.get(ordinal=0).digest) == original
    kept = Print.objects.get()
    assert (kept.copies, kept.as_signed, kept.unit.name, kept.printed_by) == (2, True, unit, nghe_an["van.thu"])
    assert Event.objects.get(name="incoming.printed").data["stamped_first"] is True
    assert AccessLog.objects.filter(detail="print").count() == 1
    assert f'data-print="{kept.pk}"' in opened(nghe_an, "lanh.dao", document)
    assert (
        f'data-print="{kept.pk}"' in nghe_an.client("van.thu").get(f"/van-ban-den/{document.pk}/in/").content.decode()
    )


@pytest.mark.law("R-21.2-1", "R-4.2-1")
@pytest.mark.refuses("R-21.2-1")
def test_what_has_no_valid_signatures_is_never_printed_as_signed(office: Office, hub: MemoryHub) -> None:
    document = received(
        hub, document_packet(CALM, cong_van_pdf=text_pdf("Công văn")), sender="000.00.00.H41", to="G22"
    )  # fmt: skip
    press(office, "van.thu", document, "accept")
    assert printed(office, document, worth="signed") == "print_not_signed"
    assert not Print.objects.exists()
    content = printed(office, document)
    assert isinstance(content, bytes)
    pages = pages_of(content)
    assert all("BẢN IN ĐỂ BIẾT, THAM KHẢO" in page for page in pages[:-1])
    assert "không xác nhận chữ ký số" in pages[-1]
    assert "như bản giấy" not in " ".join(pages)
    for wrong in ({"copies": "0"}, {"copies": "100"}, {"unit": ""}, {"case_code": "x" * 51}):
        assert printed(office, document, **wrong) == "missing"
    for login in ("lanh.dao", "truong.dv", "chuyen.vien"):
        answer = office.client(login).post(f"/van-ban-den/{document.pk}/in/", {"worth": "information"})
        assert answer.status_code == 403


def test_what_cannot_be_printed_says_why(
    office: Office,
    hub: MemoryHub,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = received(hub, document_packet(LETTER), sender="000.00.00.H41", to="G22")
    no_file = registered(office.client("van.thu"))
    press(office, "van.thu", document, "accept")
    with monkeypatch.context() as small:
        small.setattr(printing, "LARGEST", 10)
        assert printed(office, document) == "not_printable"
    assert printed(office, no_file) == "not_printable"
    assert printed(office, document) == "not_printable"  # its file calls itself a PDF and is none
    recalled(hub)
    assert printed(office, document) == "frozen"
    assert office.client("van.thu").get(f"/van-ban-den/{document.pk}/phieu/").status_code == 409
    assert not Print.objects.exists()


def test_a_full_or_turned_or_odd_page_has_its_stamp_all_the_same(office: Office) -> None:
    clerk = office.client("van.thu")
    full = text_pdf("#set page(margin: 5mm)\n#set text(size: 9pt)\n" + "Kín chữ cả trang giấy này. " * 1500)
    turned = PdfWriter(clone_from=PdfReader(BytesIO(text_pdf("Trang quay ngang"))))
    turned.pages[0][NameObject("/Rotate")] = NumberObject(90)
    out = BytesIO()
    turned.write(out)
    for content, on_first in ((full, False), (out.getvalue(), True), (scan(), True)):
        document = registered(clerk, way="other", number="", file=upload(content))
        made = printed(office, document)
        assert isinstance(made, bytes)
        pages = pages_of(made)
        place = 0 if on_first else -1
        assert "Số và ký hiệu HS" in pages[place]
        assert sum("Số và ký hiệu HS" in page for page in pages) == 1


def test_the_room_for_a_stamp_is_found_where_nothing_is_printed() -> None:
    assert free_room(b"%PDF-1.7 broken", 50, 35) is None
    room = free_room(text_pdf("#place(top + left, dx: -20mm, rect(width: 120mm, height: 110mm, fill: black))"), 50, 35)
    assert room is not None
    assert room.left >= 120 or room.top >= 110
    assert free_room(text_pdf("#set page(margin: 0mm)\n#rect(width: 100%, height: 100%, fill: gray)"), 50, 35) is None


@pytest.mark.law("D30-24-2")
def test_the_slip_has_what_leader_head_and_handler_wrote(office: Office, hub: MemoryHub) -> None:
    early = received(hub, document_packet(CALM), sender="000.00.00.H41", to="G22")
    assert office.client("van.thu").get(f"/van-ban-den/{early.pk}/phieu/").status_code == 409
    document = assigned(office, hub, now() + timedelta(days=5), KSTT="lead", TH="coordinate")
    task, other = task_of(document), task_of(document, "coordinate")
    due = local(now() + timedelta(days=3))
    hand = {"assignment": task.pk, "person": office["chuyen.vien"].pk, "due": due, "text": "Báo cáo tiến độ"}
    assert press(office, "truong.dv", document, "hand", **hand) == ""
    propose = {"assignment": task.pk, "text": "Đề xuất trả lời bằng văn bản"}
    assert press(office, "chuyen.vien", document, "propose", **propose) == ""
    assert office.client("the.thuc").get(f"/van-ban-den/{document.pk}/phieu/").status_code == 404
    answer = office.client("chuyen.vien").get(f"/van-ban-den/{document.pk}/phieu/")
    assert answer["Content-Type"] == "application/pdf"
    said = " ".join(pages_of(bytes(answer.content)))
    for words in (
        "PHIẾU GIẢI QUYẾT VĂN BẢN ĐẾN", "15/UBND-VX", f"Chủ trì: {task.unit.name}", f"Phối hợp: {other.unit.name}",
        office["lanh.dao"].full_name, f"giao {office['chuyen.vien'].full_name}", "Báo cáo tiến độ",
        "Đề xuất trả lời bằng văn bản", f"Số đến: {document.arrival_number}",
    ):  # fmt: skip
        assert words in said, words
    assert AccessLog.objects.filter(detail="slip").count() == 1


@pytest.mark.law("D30-21-1")
def test_paper_that_is_owed_has_its_envelope_with_the_number_outside(office: Office) -> None:
    sent = sealed(office, recipients=("H41", "H26"), body=SHORT)
    on_paper = sent.recipients.get(code="H26")
    issuing.put_on_paper(on_paper, reason="connection", actor=office["van.thu"], at=now())
    assert press_outgoing(office, "van.thu", sent, "issue", incomplete="Phụ lục gửi sau") == ""
    place = f"/van-ban-di/{sent.pk}/bi/{on_paper.pk}/"
    assert place in office.client("van.thu").get(f"/van-ban-di/{sent.pk}/").content.decode()
    said = " ".join(pages_of(bytes(office.client("van.thu").get(place).content)))
    for words in (office.organization.name.upper(), sent.printed_number, on_paper.name, "Kính gửi"):
        assert words in said, words
    electronic = sent.recipients.get(code="H41")
    assert office.client("van.thu").get(f"/van-ban-di/{sent.pk}/bi/{electronic.pk}/").status_code == 404
    assert office.client("lanh.dao").get(place).status_code == 403


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_printed_as_it_is_seen(turn: int) -> None:
    drawn = text_pdf(
        "#set page(width: 120mm, height: 80mm)\n#place(top + left, rect(width: 20mm, height: 9mm, fill: black))"
    )
    reader = PdfReader(BytesIO(drawn))
    writer = PdfWriter()
    page = writer.add_page(reader.pages[0])
    page.cropbox = RectangleObject((10, 20, 300, 200))
    page.rotate(turn)
    turned = written(writer)
    turn_upright(writer, page)
    assert page.rotation == 0
    assert seen(written(writer)) == seen(turned)


def test_long_and_crowded_documents_are_marked_without_reading_their_commands() -> None:
    """A page whose commands fill a megabyte costs no more than another: a stranger's file holds up nobody."""
    writer = PdfWriter()
    for _ in range(40):
        page = writer.add_blank_page(595, 842)
        commands = DecodedStreamObject()
        commands.set_data(b"0 0 m 10 10 l S\n" * 65_536)
        page[NameObject("/Contents")] = writer._add_object(commands.flate_encode())
    asked: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ContentStream, "_parse_content_stream", lambda stream, _: asked.append(stream))
        made = marked(written(writer), Mark("BẢN IN", "thử"))
    assert asked == []
    assert "BẢN IN" in PdfReader(BytesIO(made)).pages[39].extract_text().replace("\n", " ")


def seen(pdf: bytes) -> tuple[tuple[int, int], bytes]:
    """The first page as a picture: its size, and its points."""
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("L")
    return picture.size, picture.tobytes()
