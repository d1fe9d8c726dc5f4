"""Incoming documents and the law, through the exchange's door and the pages that people use: what is asked, and what is
refused. The documents are those of a real sender: drafted, signed and sealed by the one agency, received by the other."""

import base64
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from lienthong.journal.models import AccessLog, Event
from lienthong.office import config
from lienthong.office.config import blobs
from lienthong.office.exchange import inbox, outbox
from lienthong.office.models import (
    Assignment,
    DirectoryAgency,
    IncomingDocument,
    Notice,
    OutboxPacket,
    OutgoingDocument,
    RecallOrder,
)
from lienthong.protocol.messages import Kind
from lienthong.runtime.demo import foreign
from lienthong.runtime.demo.cast import H41
from lienthong.runtime.demo.foreign import ForeignAgency
from lienthong.standards import edxml
from lienthong.standards.statuses import Urgency
from lienthong.standards.times import VIETNAM
from lienthong.testing.pki import TestAuthority
from tests.museum.packets import document_packet
from tests.museum.xml_signatures import signed, wrapped
from tests.service.office.conftest import Office, drafted, install, issued, now, sealed
from tests.service.office.test_incoming import LETTER, MemoryHub, recalled
from tests.service.office.test_law_outgoing import draft_form, refusal
from tests.service.office.test_law_outgoing import press as press_outgoing


@pytest.fixture
def nghe_an(office: Office, authority: TestAuthority, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The receiving agency."""
    return install(H41, authority, tmp_path_factory.mktemp("h41"))


def delivered(hub: MemoryHub, document: OutgoingDocument) -> IncomingDocument:
    """Hand the packet that the sender queued to the recipient, byte for byte."""
    packet = OutboxPacket.objects.filter(document=document).latest("pk")
    return received(hub, blobs().read(packet.digest), sender="000.00.00.G22", to="H41")


def received(hub: MemoryHub, packet: bytes, *, sender: str, to: str, at: datetime | None = None) -> IncomingDocument:
    item = hub.put(packet, sender=sender, to=to)
    inbox.receive(hub, item, at=at or now())
    return IncomingDocument.objects.get(packet__delivery_id=item.delivery_id)


def press(office: Office, login: str, document: IncomingDocument, act: str, **fields: object) -> str:
    """Post one act as this person; the code of the refusal, or "" when it was done."""
    answer = office.client(login).post(f"/van-ban-den/{document.pk}/", {"act": act, **fields})
    document.refresh_from_db()
    return "" if answer.status_code == 302 else refusal(answer)


def opened(office: Office, login: str, document: IncomingDocument) -> str:
    return str(office.client(login).get(f"/van-ban-den/{document.pk}/").content.decode())


def reported() -> list[str]:
    """The status codes that were queued to go back, in order."""
    return list(OutboxPacket.objects.exclude(status_code="").order_by("pk").values_list("status_code", flat=True))


def local(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime("%Y-%m-%dT%H:%M")


# -- arrival -----------------------------------------------------------------------------------------------------------


@pytest.mark.law("AVI-1e", "AVI-1k")
def test_the_sender_sees_that_it_arrived_before_anybody_has_looked(
    office: Office, nghe_an: Office, hub: MemoryHub
) -> None:
    """What stands on the sender's page comes from the packet of the recipient's office: nobody there has signed in."""
    sent = issued(office, recipients=("H41",))
    while outbox.send_one(hub, at=now()):
        pass
    page = f"/van-ban-di/{sent.pk}/"
    assert 'data-sending="01"' not in office.client("van.thu").get(page).content.decode()
    document = delivered(hub, sent)
    assert document.state == "arrived"
    while outbox.send_one(hub, at=now()):
        pass
    report = next(packet for packet in hub.submitted.values() if b"<edXML:StatusCode>01<" in packet)
    inbox.receive(hub, hub.put(report, kind=Kind.STATUS, sender="000.00.00.H41", to="G22"), at=now())
    board = office.client("van.thu").get(page).content.decode()
    assert 'data-recipient="H41" data-sending="01"' in board
    assert not AccessLog.objects.filter(agency="H41").exists()


@pytest.mark.law("R-3.3-1")
@pytest.mark.refuses("R-3.3-1")
def test_no_office_takes_a_packet_that_did_not_go_by_the_hub(office: Office) -> None:
    """Whatever another participant calls there, under the names of the hub's doors or those of pages: an office listens to
    nobody's packets, and fetches its own."""
    packet = document_packet(LETTER)
    for door in ("/sendEdoc", "/updateStatus", "/api/v1/packets", "/api/v1/uploads", "/api/v1/inbox"):
        assert Client().post(door, packet, "application/xml").status_code == 404, door
    for page in ("/van-ban-den/", "/van-ban-den/dang-ky/"):
        answer = Client().post(page, packet, "application/xml")
        assert (answer.status_code, answer["Location"].startswith("/dang-nhap/")) == (302, True), page
    for form in ({}, {"file": SimpleUploadedFile("goi-tin.edxml", packet, "application/xml")}):
        assert refusal(office.client("van.thu").post("/van-ban-den/dang-ky/", {"way": "hub", **form})) == "missing"
    assert not IncomingDocument.objects.exists()


# -- what it is worth --------------------------------------------------------------------------------------------------


@pytest.mark.law("R-4.1-1", "R-6.2-2", "D30-21-2", "R-9.1-1", "C-10")
@pytest.mark.refuses("R-6.2-2")
def test_a_document_with_both_signatures_is_equal_to_paper_and_nothing_waits_for_paper(
    office: Office, nghe_an: Office, hub: MemoryHub
) -> None:
    document = delivered(hub, issued(office, recipients=("H41",)))
    page = opened(nghe_an, "van.thu", document)
    assert 'data-legal="equivalent"' in page
    results = re.findall(r'data-check="(\w+)" data-result="(\w+)"', page)
    assert dict(results) == dict.fromkeys(("completeness", "integrity", "authenticity"), "passed")
    assert "chờ bản giấy" not in page.lower()
    assert press(nghe_an, "van.thu", document, "wait_for_paper") == "not_found"
    assert press(nghe_an, "van.thu", document, "accept") == ""


@pytest.mark.law("R-4.1-1", "R-4.2-1")
@pytest.mark.parametrize(
    ("named", "worth"),
    [("Trần Quốc Vượng", "equivalent"), ("", "information"), ("Nguyễn Văn Khác", "information")],
    ids=["right", "missing", "another"],
)
def test_the_signature_must_be_of_the_person_whom_the_document_names(
    office: Office, nghe_an: Office, hub: MemoryHub, named: str, worth: str
) -> None:
    sent = sealed(office, recipients=("H41",))
    message = replace(
        LETTER, sender=edxml.Organ("000.00.00.G22", "VPCP"), recipients=(edxml.Organ("000.00.00.H41", "H41"),),
        number="01", notation=sent.notation, issued_on=sent.promulgated_on, signer=edxml.Signer(named, "Phó Chủ nhiệm"),
    )  # fmt: skip
    genuine = blobs().read(sent.versions.get(stage="sealed").digest)
    document = received(hub, document_packet(message, van_pdf=genuine), sender="000.00.00.G22", to="H41")
    assert f'data-legal="{worth}"' in opened(nghe_an, "van.thu", document)


@pytest.mark.law("R-4.1-1", "R-4.2-1", "R-9.1-1", "D30-21-2", "AVI-G11", "AVI-G4")
def test_each_way_of_not_being_valid_has_its_verdict_and_its_worth(
    office: Office, nghe_an: Office, hub: MemoryHub, authority: TestAuthority
) -> None:
    """What other software sends, good and bad: for the revoked ones the office asks the authority by itself."""
    agency = ForeignAgency(authority)
    agency.found()
    listed = {
        "certificate": base64.b64encode(agency.seal.certificate).decode(),
        "valid_from": "2026-01-01T00:00:00+00:00",
        "valid_to": None,
    }
    DirectoryAgency.objects.create(
        code=foreign.CODE, name=foreign.NAME, search_key="", aliases=[foreign.ALIAS], connected=True, open=True,
        seals=[listed],
    )  # fmt: skip
    ours = blobs().read(sealed(office).versions.get(stage="sealed").digest)
    ended, _ = agency.sign_before_the_end(timedelta(hours=1))
    cases = agency.cases(ours, ended)
    assert len(cases) == 9
    for case in cases:
        later = now() + timedelta(hours=2 if case.pdf == ended else 0)
        document = received(hub, case.packet(), sender=foreign.ALIAS, to="H41", at=later)
        page = opened(nghe_an, "van.thu", document)
        checks = dict(re.findall(r'data-check="(\w+)" data-result="(\w+)"', page))
        worth = (document.legal_value, checks["integrity"], checks["authenticity"])
        assert worth == (case.legal, case.integrity, case.authenticity), case.words
        assert case.indication in page, case.words
        assert f'data-legal="{case.legal}"' in page, case.words


def test_an_authority_that_does_not_answer_stops_nothing(
    office: Office, nghe_an: Office, hub: MemoryHub, authority: TestAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document that carries its material is judged by it; one that carries none is for information until somebody
    can say how its certificates stand."""
    asked: list[str] = []

    def silent(url: str, _body: bytes | None, _kind: str) -> bytes:
        asked.append(url)
        raise OSError(url)

    sent = issued(office, recipients=("H41",))
    monkeypatch.setattr(config, "fetch", silent)
    assert delivered(hub, sent).legal_value == "equivalent"
    agency = ForeignAgency(authority)
    unproven = agency.cases(b"", b"")[4]
    document = received(hub, unproven.packet(), sender=foreign.ALIAS, to="H41")
    assert document.legal_value == "information"
    assert "TRY_LATER" in opened(nghe_an, "van.thu", document)
    assert asked.count(f"{authority.base_url}/crl") == 1, "an address that does not answer is left in peace"


@pytest.mark.law("R-4.2-1")
def test_without_valid_signatures_it_is_for_information_on_list_and_page(office: Office, hub: MemoryHub) -> None:
    document = received(hub, document_packet(LETTER), sender="000.00.00.H41", to="G22")
    page = opened(office, "van.thu", document)
    assert 'data-legal="information"' in page
    assert "để biết, tham khảo" in page.lower()
    listed = office.client("van.thu").get("/van-ban-den/").content.decode()
    assert re.search(r'class="lv lv-0">.*?Để biết', listed)


@pytest.mark.law("R-4.2-1")
def test_a_signature_in_the_xml_gives_no_worth_and_a_wrapped_one_no_words(
    office: Office, hub: MemoryHub, authority: TestAuthority
) -> None:
    """What counts are the signatures in the PDF; what is shown is the packet's own header, not one inside a signature."""
    seal = authority.issue_agency("Ủy ban nhân dân tỉnh Nghệ An", "000.00.00.H41")
    genuine, other = signed(document_packet(LETTER), seal), "Nội dung của kẻ khác"
    again = signed(
        document_packet(replace(LETTER, identifier="000.00.00.H41,2026/11/23,16/UBND-VX", number="16")), seal
    )
    for packet, subject, absent in (
        (genuine, LETTER.subject, other), (wrapped(again, subject=LETTER.subject, other=other), other, LETTER.subject),
    ):  # fmt: skip
        page = opened(office, "van.thu", received(hub, packet, sender="000.00.00.H41", to="G22"))
        assert 'data-legal="information"' in page
        assert subject in page
        assert absent not in page


# -- accepted or refused -----------------------------------------------------------------------------------------------


@pytest.mark.law("R-9.1-3", "D30-22-2", "D30-21-4", "D30-22-1", "R-9.2-1", "AVI-1đ")
@pytest.mark.refuses("R-9.2-1", "D30-22-1")
def test_acceptance_gives_the_next_number_of_the_year_and_tells_the_sender_at_once(
    office: Office, hub: MemoryHub
) -> None:
    first = received(hub, document_packet(LETTER), sender="000.00.00.H41", to="G22")
    second = received(
        hub, document_packet(replace(LETTER, number="16", identifier="x")), sender="000.00.00.H41", to="G22"
    )
    assert reported() == ["01", "01"]
    unit = office.units["KSTT"].pk
    assert press(office, "lanh.dao", first, "instruct", **{f"unit-{unit}": "lead"}) == "not_registered"
    assert press(office, "chuyen.vien", first, "accept") == "not_found"
    assert press(office, "lanh.dao", first, "accept") == "forbidden"
    assert press(office, "van.thu", first, "finish", outcome="Xong") == "illegal_move"
    assert press(office, "van.thu", first, "accept") == ""
    assert press(office, "van.thu", second, "accept") == ""
    assert (first.arrival_number, second.arrival_number) == (1, 2)
    assert 'data-arrival="2"' in opened(office, "van.thu", second)
    assert reported() == ["01", "01", "03", "03"]
    assert press(office, "van.thu", first, "accept") == "illegal_move"
    assert reported() == ["01", "01", "03", "03"]


@pytest.mark.law("R-9.1-3", "AVI-1h")
@pytest.mark.refuses("R-9.1-3", "R-10.2-2")
def test_the_same_document_twice_is_warned_of(office: Office, hub: MemoryHub) -> None:
    """The same identifier, or the same number and notation of the same agency; no other shares both."""
    first = received(hub, document_packet(LETTER), sender="000.00.00.H41", to="G22")
    same_number = replace(LETTER, identifier="of other software")
    for twin in (document_packet(LETTER, other_pdf=b"%PDF-1.7 other"), document_packet(same_number)):
        document = received(hub, twin, sender="000.00.00.H41", to="G22")
        assert 'data-check="duplicate"' in opened(office, "van.thu", document)
    elsewhere = replace(
        same_number, identifier="of another agency", sender=edxml.Organ("000.00.00.H26", "UBND thành phố Hà Nội")
    )
    other = received(hub, document_packet(elsewhere), sender="000.00.00.H26", to="G22")
    for document in (first, other):
        assert 'data-check="duplicate"' not in opened(office, "van.thu", document)


@pytest.mark.law("R-5.4-1", "R-9.1-2", "D30-21-3", "C-1")
@pytest.mark.refuses("R-5.4-1")
@pytest.mark.parametrize("reason", ["WRONG_ADDRESSEE", "SIGNATURE_INVALID", "MISSING_FILE"])
def test_what_fails_or_came_wrong_goes_back_with_its_reason(office: Office, hub: MemoryHub, reason: str) -> None:
    document = received(hub, document_packet(LETTER), sender="000.00.00.H41", to="G22")
    whole = {"reason": reason, "text": "Văn bản không đủ điều kiện tiếp nhận"}
    assert press(office, "van.thu", document, "refuse", **{**whole, "reason": ""}) == "missing"
    assert press(office, "van.thu", document, "refuse", **{**whole, "text": "thiếu"}) == "refusal_needs_reason"
    assert press(office, "lanh.dao", document, "refuse", **whole) == "forbidden"
    assert reported() == ["01"]
    assert press(office, "van.thu", document, "refuse", **whole) == ""
    assert reported() == ["01", "02"]
    with blobs().open(OutboxPacket.objects.get(status_code="02").digest) as file:
        answer = edxml.read(file).message
    assert isinstance(answer, edxml.StatusReport)
    assert answer.description == f"{reason}: {whole['text']}"
    assert answer.staff is not None
    assert answer.staff.name == office["van.thu"].full_name
    assert press(office, "van.thu", document, "accept") == "illegal_move"


@pytest.mark.law("D30-21-3", "R-5.4-1")
def test_what_was_misdirected_goes_back_with_the_name_of_whom_it_belongs_to(office: Office, hub: MemoryHub) -> None:
    document = received(hub, document_packet(LETTER), sender="000.00.00.H41", to="G22")
    said = {"reason": "WRONG_ADDRESSEE", "text": "Không thuộc chức năng của Văn phòng"}
    assert press(office, "van.thu", document, "refuse", **said, belongs_to="cơ quan nào đó") == "which_agency"
    assert reported() == ["01"]
    assert press(office, "van.thu", document, "refuse", **said, belongs_to="ủy ban nhân dân thành phố hà nội") == ""
    assert document.refusal_text == f"{said['text']} Nơi nhận đúng: Ủy ban nhân dân thành phố Hà Nội (H26)."
    with blobs().open(OutboxPacket.objects.get(status_code="02").digest) as file:
        assert edxml.read(file).message.description.endswith("(H26).")  # type: ignore[union-attr]
    assert not Notice.objects.filter(text__startswith="Dấu hiệu bất thường").exists()


@pytest.mark.law("D30-21-3", "R-9.1-2")
def test_what_looks_tampered_with_is_told_to_the_leaders_as_well(office: Office, hub: MemoryHub) -> None:
    document = received(hub, document_packet(LETTER), sender="000.00.00.H41", to="G22")
    said = {"reason": "INTEGRITY_FAILED", "text": "Tệp khác với tệp đã ký"}
    assert press(office, "van.thu", document, "refuse", **said, belongs_to="H26") == ""
    assert "Nơi nhận đúng" not in document.refusal_text
    rung = Notice.objects.get(text__startswith="Dấu hiệu bất thường")
    assert (rung.person, rung.urgent) == (office["lanh.dao"], True)
    assert document.printed_number in rung.text


# -- worked on ---------------------------------------------------------------------------------------------------------


@pytest.mark.law("D30-23-2", "D30-24-2", "R-9.2-1", "C-2")
@pytest.mark.refuses("D30-23-2")
def test_one_lead_with_coordinators_each_in_time_and_every_step_reported(office: Office, hub: MemoryHub) -> None:
    document = received(hub, document_packet(LETTER), sender="000.00.00.H41", to="G22")
    press(office, "van.thu", document, "accept")
    lead, other = office.units["KSTT"].pk, office.units["TH"].pk
    soon, late = local(now() + timedelta(days=3)), local(now() + timedelta(days=9))
    whole = {"text": "Chủ trì tham mưu", "due": soon, f"unit-{lead}": "lead", f"unit-{other}": "coordinate"}
    assert press(office, "lanh.dao", document, "instruct", **{**whole, f"unit-{other}": "lead"}) == "one_lead"
    assert press(office, "lanh.dao", document, "instruct", **{**whole, f"unit-{lead}": ""}) == "one_lead"
    past = {**whole, "due": local(now() - timedelta(days=1))}
    assert press(office, "lanh.dao", document, "instruct", **past) == "deadline_out_of_bounds"
    assert press(office, "van.thu", document, "instruct", **whole) == "forbidden"
    assert press(office, "lanh.dao", document, "instruct", **whole) == ""

    task = Assignment.objects.get(document=document, kind="lead")
    hand = {"assignment": task.pk, "person": office["chuyen.vien"].pk, "text": "Làm ngay"}
    assert press(office, "truong.dv", document, "hand", **{**hand, "due": late}) == "deadline_out_of_bounds"
    assert press(office, "truong.dv", document, "hand", **{**hand, "due": soon}) == ""
    for login in ("lanh.dao", "truong.dv", "chuyen.vien"):
        page = opened(office, login, document)
        assert "Chủ trì tham mưu" in page
        assert "Làm ngay" in page
    assert press(office, "chuyen.vien", document, "start", assignment=task.pk) == ""
    assert press(office, "chuyen.vien", document, "finish", outcome="") == "missing"
    assert press(office, "chuyen.vien", document, "finish", outcome="Đã trả lời") == ""
    assert reported() == ["01", "03", "04", "05", "06"]


@pytest.mark.law("R-7.3-2", "C-4")
@pytest.mark.refuses("R-6.3-1", "R-7.3-2")
def test_what_the_contact_point_hands_on_inside_is_reported_on_the_document_that_came(
    office: Office, hub: MemoryHub
) -> None:
    """However often it is handed on inside, each status speaks of the document by its sender's names and goes back to
    that sender: the thread does not break."""
    document = received(hub, document_packet(LETTER), sender="000.00.00.H41", to="G22")
    press(office, "van.thu", document, "accept")
    for unit in ("TH", "KSTT"):
        lead = {"text": "Chủ trì", f"unit-{office.units[unit].pk}": "lead"}
        assert press(office, "lanh.dao", document, "instruct", **lead) == ""
    task = Assignment.objects.get(document=document, ended_at=None)
    assert press(office, "truong.dv", document, "hand", assignment=task.pk, person=office["chuyen.vien"].pk) == ""
    assert press(office, "chuyen.vien", document, "start", assignment=task.pk) == ""
    assert press(office, "chuyen.vien", document, "finish", outcome="Đã trả lời") == ""
    assert reported() == ["01", "03", "04", "04", "05", "06"]
    for packet in OutboxPacket.objects.exclude(status_code=""):
        with blobs().open(packet.digest) as file:
            said = edxml.read(file).message
        assert isinstance(said, edxml.StatusReport)
        assert packet.recipients == ["000.00.00.H41"]
        assert (said.sender.code, said.about.organ) == ("000.00.00.G22", "000.00.00.H41")
        assert (said.about.identifier, said.about.number) == (LETTER.identifier, LETTER.printed_number)
    assert press(office, "van.thu", document, "status", state="06") == "not_found"


@pytest.mark.law("AVI-1i", "C-6")
@pytest.mark.usefixtures("long_day")
def test_what_is_new_is_announced_to_whose_turn_it_is_and_to_nobody_else(office: Office, hub: MemoryHub) -> None:
    calm = replace(LETTER, urgency=Urgency.NORMAL)
    document = received(hub, document_packet(calm), sender="000.00.00.H41", to="G22")
    lead = {"text": "Chủ trì", f"unit-{office.units['KSTT'].pk}": "lead"}
    told = ["van.thu"]
    for login, act, fields, next_one in (
        ("van.thu", "accept", {}, "van.thu"),
        ("van.thu", "present", {}, "lanh.dao"),
        ("lanh.dao", "instruct", lead, "truong.dv"),
        ("truong.dv", "hand", {"person": office["chuyen.vien"].pk}, "chuyen.vien"),
    ):
        for person in ("van.thu", "lanh.dao", "truong.dv", "chuyen.vien", "the.thuc"):
            page = office.client(person).get("/thong-bao/").content.decode()
            assert (f"/van-ban-den/{document.pk}/" in page) is (person in told), (act, person)
        task = Assignment.objects.filter(document=document).first()
        assert press(office, login, document, act, assignment=task.pk if task else "", **fields) == ""
        told.append(next_one)
    assert f"/van-ban-den/{document.pk}/" in office.client("chuyen.vien").get("/thong-bao/").content.decode()


@pytest.mark.law("R-6.2-5", "AVI-1d")
def test_an_urgent_document_rings_for_clerk_and_leader_at_once(office: Office, hub: MemoryHub) -> None:
    normal = replace(LETTER, urgency=Urgency.NORMAL)
    calm = received(hub, document_packet(normal), sender="000.00.00.H41", to="G22")
    assert not Notice.objects.filter(person=office["lanh.dao"], link=f"/van-ban-den/{calm.pk}/").exists()
    urgent = replace(LETTER, urgency=Urgency.EXPRESS, number="17", identifier="y")
    received(hub, document_packet(urgent), sender="000.00.00.H41", to="G22")
    for login in ("van.thu", "lanh.dao"):
        page = office.client(login).get("/thong-bao/").content.decode()
        assert "[Hỏa tốc]" in page, login
        listed = office.client(login).get("/van-ban-den/?muc=tat-ca").content.decode()
        assert listed.index("17/UBND-VX") < listed.index("15/UBND-VX"), login


# -- recalled ----------------------------------------------------------------------------------------------------------


@pytest.mark.law("R-9.2-2", "R-9.2-3", "AVI-8b", "AVI-8c", "C-3", "C-5")
@pytest.mark.refuses("R-9.2-2")
def test_a_recalled_document_is_closed_at_once_and_the_clerk_cancels_it(office: Office, hub: MemoryHub) -> None:
    document = received(hub, document_packet(LETTER), sender="000.00.00.H41", to="G22")
    press(office, "van.thu", document, "accept")
    lead = {"text": "Chủ trì tham mưu", f"unit-{office.units['KSTT'].pk}": "lead"}
    assert press(office, "lanh.dao", document, "instruct", **lead) == ""
    task = Assignment.objects.get(document=document)
    assert press(office, "truong.dv", document, "hand", assignment=task.pk, person=office["chuyen.vien"].pk) == ""
    file = f"/van-ban-den/{document.pk}/tep/{document.files.get().pk}/"
    read = office.client("chuyen.vien").get(file)
    assert b"".join(read.streaming_content)  # type: ignore[arg-type]

    recalled(hub)
    page = opened(office, "van.thu", document)
    assert "data-frozen" in page
    assert "Ban hành nhầm" in page
    assert office.client("chuyen.vien").get(file).status_code == 409
    for login, act in (("chuyen.vien", "start"), ("chuyen.vien", "finish"), ("lanh.dao", "instruct")):
        fields = {**lead, "assignment": task.pk, "outcome": "Đã xong"}
        assert press(office, login, document, act, **fields) == "frozen", act
    for login in ("chuyen.vien", "truong.dv", "lanh.dao"):
        assert press(office, login, document, "obey") == "forbidden"
    assert reported()[-1] == "04"

    assert press(office, "van.thu", document, "obey") == ""
    assert reported()[-1] == "15"
    page = opened(office, "van.thu", document)
    assert "data-tombstone" in page
    assert LETTER.subject not in page
    assert "Chủ trì tham mưu" not in page
    assert office.client("chuyen.vien").get(file).status_code == 404
    assert not Assignment.objects.filter(document=document, ended_at=None).exists()
    # What stays: which document it was, and who ordered and did what when.
    for kept in (LETTER.identifier, LETTER.printed_number, document.packet.digest, "Số đến 1"):
        assert kept in page, kept
    steps = re.findall(r'data-event="([\w.-]+)"', page)
    assert {"incoming.accepted", "incoming.recall_received", "incoming.recall_obeyed"} <= set(steps)
    order = RecallOrder.objects.get()
    assert (order.reason, order.identifier, order.answered_by) == (
        "Ban hành nhầm",
        LETTER.identifier,
        office["van.thu"],
    )
    assert order.answered_at is not None
    assert press(office, "van.thu", document, "obey") == "not_found"
    assert reported().count("15") == 1
    # Nobody takes the trace away, neither by an act nor by the method of the web for it.
    for login in ("van.thu", "lanh.dao"):
        assert press(office, login, document, "delete") == "not_found"
        assert office.client(login).delete(f"/van-ban-den/{document.pk}/").status_code == 405
    assert re.findall(r'data-event="([\w.-]+)"', opened(office, "van.thu", document)) == steps


@pytest.mark.law("R-9.2-3")
def test_a_recall_is_declined_with_a_reason_only(office: Office, hub: MemoryHub) -> None:
    document = received(hub, document_packet(LETTER), sender="000.00.00.H41", to="G22")
    recalled(hub)
    assert press(office, "van.thu", document, "decline", reason=" ") == "decline_needs_reason"
    assert press(office, "chuyen.vien", document, "decline", reason="Đã thi hành xong") == "not_found"
    assert reported() == ["01"]
    assert press(office, "van.thu", document, "decline", reason="Đã thi hành xong, không thể hủy") == ""
    assert reported() == ["01", "16"]
    assert "data-frozen" not in opened(office, "van.thu", document)


# -- what a document tells ---------------------------------------------------------------------------------------------


@pytest.mark.law("R-10.1-1", "AVI-1b")
def test_enclosures_travel_whole(office: Office, nghe_an: Office, hub: MemoryHub) -> None:
    content = "Phụ lục I: danh mục mã trạng thái\n".encode() * 100
    document = drafted(office, appendixes=("Phụ lục I",), recipients=("H41",))
    enclosed = SimpleUploadedFile("phu-luc.txt", content, "text/plain")
    assert press_outgoing(office, "chuyen.vien", document, "enclose", file=enclosed) == ""
    for login, act in (
        ("chuyen.vien", "submit"), ("truong.dv", "check_content"), ("the.thuc", "check_presentation"),
        ("lanh.dao", "approve_and_sign"), ("van.thu", "number_and_seal"), ("van.thu", "issue"),
    ):  # fmt: skip
        assert press_outgoing(office, login, document, act, pin="246810") == "", act
    there = delivered(hub, document)
    file = there.files.get(name="phu-luc.txt")
    answer = nghe_an.client("van.thu").get(f"/van-ban-den/{there.pk}/tep/{file.pk}/?tai")
    got = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    answer.close()
    assert got == content


ITEMS = {
    "R-10.2-1": "Mã cơ quan", "R-10.2-2": "Mã văn bản", "R-10.2-3": "Số, ký hiệu", "R-10.2-4": "Ngày văn bản",
    "R-10.2-5": "Loại văn bản", "R-10.2-6": "Trích yếu", "R-10.2-7": "Kèm theo", "R-10.2-8": "Trạng thái",
    "R-10.2-9": "Người ký", "R-10.2-10": "Mức độ khẩn", "R-10.2-11": "Bên gửi", "R-10.2-12": "Bên nhận",
    "R-10.2-13": "Gửi, nhận", "R-10.2-14": "Hạn trả lời", "R-10.2-16": "Thông tin khác",
}  # fmt: skip
"""Fifteen of the sixteen items of Article 10.2 → the word before it on the page; the history has a section of its own."""


@pytest.mark.law(
    "R-10.2-1", "R-10.2-2", "R-10.2-3", "R-10.2-4", "R-10.2-5", "R-10.2-6", "R-10.2-7", "R-10.2-8", "R-10.2-9", "R-10.2-10", "R-10.2-11", "R-10.2-12",
    "R-10.2-13", "R-10.2-14", "R-10.2-15", "R-10.2-16", "AVI-1c",
)  # fmt: skip
def test_the_sixteen_items_are_on_the_page(office: Office, nghe_an: Office, hub: MemoryHub) -> None:
    sent = issued(office, recipients=("H41",), appendixes=("Phụ lục I",), urgency=1, due_on=timezone.localdate())
    document = delivered(hub, sent)
    page = opened(nghe_an, "van.thu", document)
    shown = dict(re.findall(r"<dt>\s*(.*?)\s*</dt>\s*<dd[^>]*>\s*(.*?)\s*</dd>", page, re.DOTALL))
    texts = {word: re.sub(r"<[^>]+>", " ", value).strip() for word, value in shown.items()}
    for identifier, word in ITEMS.items():
        assert texts[word] not in ("", "–"), identifier
    sent.refresh_from_db()
    assert "000.00.00.G22" in texts["Mã cơ quan"]
    assert (
        texts["Mã văn bản"] == sent.identifier == f"000.00.00.G22,{sent.promulgated_on:%Y/%m/%d},{sent.printed_number}"
    )
    assert texts["Số, ký hiệu"] == sent.printed_number == f"01/{sent.notation}"
    own = str(office.client("van.thu").get(f"/van-ban-di/{sent.pk}/").content.decode())
    for said in (sent.identifier, sent.printed_number):
        assert said in own
    assert texts["Trích yếu"] == sent.subject
    assert texts["Kèm theo"] == "Phụ lục I"
    assert "Trần Quốc Vượng" in texts["Người ký"]
    assert "Khẩn" in texts["Mức độ khẩn"]
    assert "Nghệ An" in texts["Bên nhận"]
    assert "Như Điều 2; Lưu: VT" in " ".join(texts["Thông tin khác"].split())
    steps = re.findall(r'data-event="([\w.-]+)"', page)
    assert len(steps) == Event.objects.filter(subject=str(document.pk), subject_kind="incoming").count() > 0


def stamped_pdf() -> bytes:
    """A document as another system may lay it out: the degree of secrecy stands alone on page 1."""
    return bytes(typst.compile('#set text(font: "Liberation Serif")\nCỘNG HÒA\n\nTUYỆT MẬT\n\nNội dung.'.encode()))  # type: ignore[arg-type]


@pytest.mark.law("R-1.2-1")
@pytest.mark.refuses("R-1.2-1")
def test_a_stamped_upload_or_enclosure_is_not_taken(office: Office) -> None:
    document = drafted(office)
    for name in ("phu-luc.pdf", "PHU-LUC.PDF"):
        file = SimpleUploadedFile(name, stamped_pdf(), "application/pdf")
        assert press_outgoing(office, "chuyen.vien", document, "enclose", file=file) == "secret_document"
    for name, content in (("van-ban.pdf", stamped_pdf()), ("van-ban.txt", "MẬT\nNội dung./.".encode())):
        upload = SimpleUploadedFile(name, content)
        answer = office.client("chuyen.vien").post("/van-ban-di/soan/", draft_form(office, upload=upload))
        assert refusal(answer) == "secret_document", name
    assert OutgoingDocument.objects.get() == document
    assert not document.enclosures.exists()
    assert list(blobs().older_than(9e12)) == [document.versions.get().digest]


@pytest.mark.law("R-1.2-1")
@pytest.mark.refuses("R-1.2-1")
@pytest.mark.parametrize("where", ["field", "page"])
def test_a_state_secret_is_not_received_and_not_kept(office: Office, hub: MemoryHub, where: str) -> None:
    if where == "field":
        packet = document_packet(replace(LETTER, sphere="Tối mật"))
    else:
        packet = document_packet(LETTER, cong_van_pdf=stamped_pdf())
    item = hub.put(packet, sender="000.00.00.H41", to="G22")
    for _ in range(2):  # the answer to the hub may be lost: it is said again, and told here once
        inbox.receive(hub, item, at=now())
    assert hub.failed == ["state_secret", "state_secret"]
    assert not list(blobs().older_than(9e12))
    assert not IncomingDocument.objects.exists()
    assert Event.objects.filter(name="incoming.destroyed").count() == 1
    assert "dấu chỉ độ mật" in office.client("van.thu").get("/thong-bao/").content.decode()
