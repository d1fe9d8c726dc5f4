"""What comes beside the hub, through the page where it is registered: paper with its scan, files that came by e-mail, in
one sequence of arrival numbers with what the hub brought."""

import base64
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthong.office.incoming import registering
from lienthong.office.models import IncomingDocument, IncomingFile, Notice, Organization, OutboxPacket, PaperHolding
from lienthong.standards.signatures.fonts import fonts
from tests.museum.packets import document_packet
from tests.service.office.conftest import Office, refusal
from tests.service.office.test_copies import scan
from tests.service.office.test_handling import CALM
from tests.service.office.test_incoming import MemoryHub
from tests.service.office.test_law_incoming import opened, press, received, reported

PAPER = {
    "way": "paper", "sender": "Sở Nội vụ tỉnh Nghệ An", "number": "5/SNV-VP", "issued_on": "2026-11-20",
    "type_name": "Công văn", "subject": "V/v rà soát biên chế", "urgency": "0", "sheets": "3", "paper": "1",
    "signer_name": "Nguyễn Văn A",
}  # fmt: skip
PAGE = "/van-ban-den/dang-ky/"


def pdf(content: bytes, name: str = "van-ban.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def text_pdf(text: str) -> bytes:
    return bytes(typst.compile(text.encode(), font_paths=fonts()))


def registered(client: Client, **form: object) -> IncomingDocument:
    answer = client.post(PAGE, {**PAPER, **form})
    assert answer.status_code == 302, refusal(answer)  # type: ignore[arg-type]
    return IncomingDocument.objects.get(pk=answer["Location"].strip("/").split("/")[-1])


def refused(client: Client, **form: object) -> str:
    return refusal(client.post(PAGE, {**PAPER, **form}))  # type: ignore[arg-type]


@pytest.mark.law("D30-22-2", "D30-22-3", "D30-21-1", "R-3.1-1", "R-4.2-1", "AVI-1đ")
@pytest.mark.usefixtures("long_day")
def test_paper_and_electronic_documents_share_their_arrival_numbers(
    office: Office,
    hub: MemoryHub,
) -> None:
    electronic = received(hub, document_packet(CALM), sender="000.00.00.H41", to="G22")
    assert press(office, "van.thu", electronic, "accept") == ""
    clerk = office.client("van.thu")
    assert "Đăng ký văn bản ngoài Trục" in clerk.get("/van-ban-den/").content.decode()
    paper = registered(clerk, file=pdf(scan(), "scan.pdf"))
    assert (electronic.arrival_number, paper.arrival_number, paper.state) == (1, 2, "accepted")
    assert (paper.printed_number, paper.origin, paper.legal_value) == ("05/SNV-VP", "digitised", "information")
    page = opened(office, "van.thu", paper)
    assert 'data-way="paper"' in page
    assert 'data-check="scan" data-result="passed"' in page
    assert "data-paper" in page
    book = clerk.get("/so-van-ban/den/").content.decode()
    assert book.index("15/UBND-VX") < book.index("05/SNV-VP")
    # Nobody outside could be told of it, whatever is done with it.
    for act, login in (("present", "van.thu"), ("finish", "van.thu")):
        assert press(office, login, paper, act, outcome="Lưu") == ""
    assert reported() == ["01", "03"]
    assert not OutboxPacket.objects.filter(incoming=paper).exists()
    assert clerk.get(f"/van-ban-den/{paper.pk}/bang-chung/").status_code == 200


@pytest.mark.law("D30-22-3")
@pytest.mark.refuses("R-6.2-3")
def test_what_the_register_asks_for_is_asked_for(office: Office) -> None:
    clerk = office.client("van.thu")
    for wrong in (
        {"sender": " "}, {"subject": ""}, {"way": "hub"}, {"way": ""}, {"issued_on": "2999-01-01"}, {"urgency": "7"},
        {"due_on": "2020-01-01"}, {"number": "1" * 12 + "/A"}, {"number": "1/" + "A" * 31}, {"issued_on": "hôm qua"},
        {"subject": "x" * 501},
    ):  # fmt: skip
        assert refused(clerk, **wrong) == "missing", wrong
    assert refused(clerk, way="other") == "missing"  # no file came
    for login in ("lanh.dao", "truong.dv", "quan.tri"):
        assert office.client(login).post(PAGE, PAPER).status_code == 403
    assert not IncomingDocument.objects.exists()
    assert registered(clerk, number="").printed_number == "không số"
    assert registered(clerk, number="Kèm phiếu 7").printed_number == "Kèm phiếu 7"[:11]


@pytest.mark.law("D30-22-3", "R-6.4-1")
def test_a_scan_below_the_standard_is_warned_of_or_refused_with_its_clause(office: Office) -> None:
    clerk = office.client("van.thu")
    grey, coarse = pdf(scan(mode="L")), pdf(scan(dpi=100))
    for file in (grey, coarse):
        page = opened(office, "van.thu", registered(clerk, file=file))
        assert 'data-check="scan" data-result="warning"' in page
        assert "mục I.2 Nghị định 30/2020/NĐ-CP" in page
    Organization.objects.update(presentation_policy="block")
    before = IncomingFile.objects.count()
    for content in (scan(mode="L"), scan(dpi=100)):
        assert refused(clerk, file=pdf(content)) == "bad_scan"
    assert refused(clerk, file=pdf(text_pdf("Không phải ảnh"))) == "bad_scan"
    assert registered(clerk, file=pdf(scan())).origin == "digitised"
    assert IncomingFile.objects.count() == before + 1


def test_files_that_are_none_do_no_harm(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = office.client("van.thu")
    for hostile in (
        b"%PDF-1.7 and nothing", b"GIF89a", b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>",
    ):  # fmt: skip
        assert refused(clerk, file=pdf(hostile)) == "not_pdf"
    monkeypatch.setattr(registering, "MOST_PAGES", 1)
    assert refused(clerk, file=pdf(scan(pages=2))) == "not_pdf"
    monkeypatch.setattr("lienthong.office.web.given.LARGEST", 1000)
    answer = clerk.post(PAGE, {**PAPER, "file": pdf(scan())})
    assert (answer.status_code, 'data-problem="too_large_to_read"' in answer.content.decode()) == (413, True)
    assert not IncomingDocument.objects.exists()


@pytest.mark.law("R-1.2-1")
@pytest.mark.refuses("R-1.2-1")
def test_what_bears_a_mark_of_secrecy_is_not_registered(office: Office, tmp_path: Path) -> None:
    secret = text_pdf("TỐI MẬT\n\nVề việc …")
    for way in ("paper", "other"):
        assert refused(office.client("van.thu"), way=way, file=pdf(secret)) == "secret_paper"
    assert not IncomingDocument.objects.exists()
    assert base64.b64encode(secret) not in b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())


@pytest.mark.law("D30-21-1")
def test_what_is_wrong_with_an_envelope_is_kept_and_told_at_once(office: Office) -> None:
    document = registered(office.client("van.thu"), envelope="Dấu niêm phong bị rách")
    page = opened(office, "lanh.dao", document)
    assert "Bì, dấu niêm phong: " in page
    assert "Dấu niêm phong bị rách" in page
    assert "original" not in page
    rung = Notice.objects.get(person=office["lanh.dao"], text__startswith="Dấu hiệu bất thường")
    assert rung.urgent
    assert "Dấu niêm phong bị rách" in rung.text


@pytest.mark.law("R-1.1-1", "R-4.2-1", "D30-22-2")
def test_what_came_by_e_mail_is_for_information(office: Office) -> None:
    clerk = office.client("van.thu")
    files = [SimpleUploadedFile("../bang.xlsx", b"PK not really", "application/x")]
    document = registered(
        clerk, way="other", sender="Công ty A", number="", file=pdf(text_pdf("Thư mời")), further=files, paper=""
    )  # fmt: skip
    assert (document.legal_value, document.origin, document.arrival_number) == ("information", "digital", 1)
    assert [one.name for one in document.files.order_by("ordinal")] == ["van-ban.pdf", "bang.xlsx"]
    page = opened(office, "van.thu", document)
    assert 'data-legal="information"' in page
    assert 'data-way="other"' in page
    assert "data-paper" not in page
    inside = document.files.get(ordinal=1)
    answer = clerk.get(f"/van-ban-den/{document.pk}/tep/{inside.pk}/")
    assert "attachment" in answer["Content-Disposition"]
    assert answer.getvalue() == b"PK not really"


@pytest.mark.law("AVI-1h")
def test_the_same_paper_twice_or_after_its_electronic_form_is_warned_of(
    office: Office,
    hub: MemoryHub,
) -> None:
    clerk = office.client("van.thu")
    first, second = registered(clerk), registered(clerk, sender="sở nội vụ tỉnh nghệ an")
    assert 'data-check="duplicate"' not in opened(office, "van.thu", first)
    assert 'data-check="duplicate"' in opened(office, "van.thu", second)
    registered(clerk, sender=CALM.sender.name, number="15/UBND-VX", issued_on=f"{CALM.issued_on}")
    electronic = received(hub, document_packet(CALM), sender="000.00.00.H41", to="G22")
    assert 'data-check="duplicate"' in opened(office, "van.thu", electronic)


@pytest.mark.law("R-4.2-1")
@pytest.mark.refuses("R-4.2-1")
@pytest.mark.usefixtures("long_day")
def test_what_is_for_information_does_not_stand_in_the_way_of_the_paper_that_comes(
    office: Office,
    hub: MemoryHub,
) -> None:
    """The paper stays expected whatever becomes of the electronic form, is registered when it comes, and is handed on."""
    follows = replace(CALM, business=replace(CALM.business, paper=True))
    electronic = received(hub, document_packet(follows), sender="000.00.00.H41", to="G22")
    assert electronic.legal_value == "information"
    for act, login in (("accept", "van.thu"), ("present", "van.thu"), ("finish", "van.thu")):
        assert press(office, login, electronic, act, outcome="Đã đọc bản điện tử") == "", act
        assert "data-paper" in opened(office, "van.thu", electronic), act
    clerk = office.client("van.thu")
    paper = registered(clerk, sender=CALM.sender.name, number="15/UBND-VX", issued_on=f"{CALM.issued_on}")
    page = opened(office, "van.thu", paper)
    assert 'data-check="duplicate"' in page  # it is told, and not refused
    assert "data-paper" in page
    for document in (electronic, paper):
        assert press(office, "van.thu", document, "hand_paper", unit=office.units["KSTT"].pk) == ""


@pytest.mark.law("D30-23-3", "D30-21-1")
@pytest.mark.usefixtures("long_day")
def test_the_paper_goes_from_the_clerk_to_units_that_sign_for_it(office: Office) -> None:
    document = registered(office.client("van.thu"), file=pdf(scan()))
    lead, other = office.units["KSTT"], office.units["TH"]
    assert press(office, "van.thu", document, "present") == ""
    both = {f"unit-{lead.pk}": "lead", f"unit-{other.pk}": "coordinate"}
    assert press(office, "lanh.dao", document, "instruct", text="Xử lý", **both) == ""
    assert press(office, "truong.dv", document, "take_paper") == "paper_elsewhere"
    assert press(office, "truong.dv", document, "hand_paper", unit=other.pk) == "forbidden"
    assert press(office, "van.thu", document, "hand_paper", unit="") == "missing"
    assert press(office, "van.thu", document, "hand_paper", unit=lead.pk) == ""
    assert press(office, "van.thu", document, "hand_paper", unit=other.pk) in ("paper_elsewhere", "forbidden")
    assert press(office, "lanh.dao", document, "take_paper") == "forbidden"
    assert "Ký nhận bản giấy" in opened(office, "truong.dv", document)
    assert press(office, "truong.dv", document, "take_paper") == ""
    assert press(office, "truong.dv", document, "take_paper") == "paper_elsewhere"
    assert press(office, "truong.dv", document, "hand_paper", unit=lead.pk) == "paper_elsewhere"
    assert press(office, "truong.dv", document, "hand_paper", unit=other.pk) == ""
    assert list(PaperHolding.objects.values_list("unit__abbreviation", "received_by__full_name")) == [
        ("KSTT", office["truong.dv"].full_name), ("TH", None),
    ]  # fmt: skip
    page = opened(office, "van.thu", document)
    assert page.index(lead.name) < page.index("chờ ký nhận từ")


def test_a_picture_of_paper_with_a_name_that_lies_is_looked_at_as_what_it_is(office: Office) -> None:
    """A PDF under another name is a PDF; what is named a PDF and is none is refused."""
    clerk = office.client("van.thu")
    document = registered(clerk, way="other", file=SimpleUploadedFile("van-ban.bin", scan(), "application/x"))
    assert document.files.get().media_type == "application/pdf"
    assert refused(clerk, way="other", file=pdf(BytesIO(b"MZ").getvalue())) == "not_pdf"
