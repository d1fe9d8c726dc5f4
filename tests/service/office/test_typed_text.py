"""What people type, paste and upload in forms: taken as it was meant, or refused by name; never an error."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthong.journal.models import Event
from lienthong.office import config
from lienthong.office.models import IncomingDocument, OutboxPacket, OutgoingDocument
from lienthong.standards import edxml
from tests.service.office.conftest import Office, refusal
from tests.service.office.test_incoming import LETTER, MemoryHub, arrived

DRAFT = {"type": "Quyết định", "subject": "Về việc ban hành Quy chế", "body": "Điều 1. Ban hành Quy chế./."}


@pytest.mark.parametrize("sign", ["\x00", "\x02", "\x1b", "\ufffe"])
def test_characters_that_nobody_can_have_meant_are_refused(office: Office, sign: str) -> None:
    client = office.client("chuyen.vien")
    for place, form in (("/van-ban-di/soan/", {**DRAFT, "subject": f"Về{sign}việc"}), ("/van-ban-di/1/", {sign: "x"})):
        answer = client.post(place, form)
        assert (answer.status_code, "control characters" in answer.content.decode()) == (400, True), place
    assert client.get("/so-van-ban/", {"q": f"a{sign}b"}).status_code == 400
    assert Client().post("/dang-nhap/", {"username": f"a{sign}", "password": "x"}).status_code == 400
    assert not OutgoingDocument.objects.exists()
    assert not Event.objects.filter(name="person.sign_in_refused").exists()


def test_the_line_breaks_of_a_word_processor_are_line_breaks(office: Office) -> None:
    arrived(MemoryHub(), LETTER)
    document = IncomingDocument.objects.get()
    form = {"act": "refuse", "reason": "MISSING_FILE", "text": "Thiếu phụ lục I\x0bvà phụ lục II"}
    assert office.client("van.thu").post(f"/van-ban-den/{document.pk}/", form).status_code == 302
    document.refresh_from_db()
    assert document.state == "refused"
    packet = OutboxPacket.objects.filter(kind="status").latest("pk")
    with config.blobs().open(packet.digest) as file:
        said = edxml.read(file).message
    assert isinstance(said, edxml.StatusReport)
    assert "Thiếu phụ lục I và phụ lục II" in said.description


def test_a_file_that_is_too_large_to_be_signed_is_not_read(office: Office) -> None:
    signer = str(office["lanh.dao"].pk)
    large = SimpleUploadedFile("lon.pdf", b"%PDF-1.7\n" + bytes(50 << 20), "application/pdf")
    answer = office.client("chuyen.vien").post(
        "/van-ban-di/soan/", {**DRAFT, "signer": signer, "upload": large, "origin": "digital"}
    )
    assert (answer.status_code, 'data-problem="too_large_to_read"' in answer.content.decode()) == (413, True)
    assert not OutgoingDocument.objects.exists()


def test_what_no_form_offers_is_refused_by_name(office: Office) -> None:
    signer = str(office["lanh.dao"].pk)
    for forged, problem in (
        ({"recipients": "H" * 500}, "missing"),
        ({"secrecy": "Không rõ mức độ mật nào"}, "secret_document"),
    ):
        answer = office.client("chuyen.vien").post("/van-ban-di/soan/", {**DRAFT, "signer": signer, **forged})
        assert refusal(answer) == problem
    assert not OutgoingDocument.objects.exists()
