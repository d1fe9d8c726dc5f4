"""Updates and replacements: received, compared, taken or not; sent with reason and authority, and answered."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lienthong.journal.models import Event
from lienthong.office.config import blobs
from lienthong.office.exchange import inbox
from lienthong.office.incoming import recalls
from lienthong.office.models import (
    Amendment,
    DirectoryAgency,
    IncomingDocument,
    Notice,
    OutboxPacket,
    OutgoingDocument,
    RecallOrder,
)
from lienthong.office.outgoing import board
from lienthong.office.search import finding
from lienthong.standards import edxml
from lienthong.standards.edxml import Business, Replacement
from lienthong.standards.statuses import BusinessType, StatusCode
from tests.museum.packets import document_packet, status_packet
from tests.service.office.conftest import PIN, Office, issued, now
from tests.service.office.test_incoming import LETTER, MemoryHub
from tests.service.office.test_law_incoming import opened, press, received, reported
from tests.service.office.test_law_outgoing import draft_form
from tests.service.office.test_law_outgoing import press as press_outgoing

S = StatusCode


def take(hub: MemoryHub, message: edxml.Document, **files: bytes) -> IncomingDocument:
    return received(hub, document_packet(message, **files), sender="000.00.00.H41", to="G22")


def update_of(message: edxml.Document, **changes: object) -> edxml.Document:
    facts = Business(BusinessType.UPDATE, "Sửa hạn trả lời", message.identifier, document_changed=True)
    return replace(message, business=facts, **changes)  # type: ignore[arg-type]


def new_document(**facts: object) -> edxml.Document:
    business = Business(BusinessType.REPLACE, "Sai căn cứ pháp lý", **facts)  # type: ignore[arg-type]
    return replace(LETTER, number="99", identifier="000.00.00.H41,2026/11/24,99/UBND", business=business)


# -- received ------------------------------------------------------------------------------------------------------------


@pytest.mark.law("R-9.2-3", "D30-18-2", "C-3")
def test_an_update_is_compared_taken_and_the_version_before_stays(office: Office, hub: MemoryHub) -> None:
    document = take(hub, LETTER, van_pdf=b"%PDF-1.7 one")
    assert press(office, "van.thu", document, "accept") == ""
    update = take(hub, update_of(LETTER, subject="Trích yếu đã sửa", due_on=date(2027, 1, 15)), van_pdf=b"%PDF-1.7 two")
    page = opened(office, "van.thu", document)
    assert 'data-amendment="update"' in page
    assert len(re.findall("data-change", page)) == 3  # subject, date, file
    assert "Trích yếu đã sửa" in page
    assert press(office, "van.thu", update, "accept") == "answer_first"
    assert press(office, "chuyen.vien", document, "agree") in ("not_found", "forbidden")
    before = document.files.get().digest
    assert press(office, "van.thu", document, "agree") == ""
    update.refresh_from_db()
    assert (document.subject, document.due_on, document.arrival_number) == ("Trích yếu đã sửa", date(2027, 1, 15), 1)
    assert (update.state, update.subject, update.set_aside_for_id) == ("set_aside", LETTER.subject, document.pk)
    assert update.files.get().digest == before != document.files.get().digest
    assert document.packet.digest != update.packet.digest
    assert f'data-version="{update.pk}"' in opened(office, "van.thu", document)
    assert f'data-current="{document.pk}"' in opened(office, "van.thu", update)
    assert reported()[-1] == "15"
    assert press(office, "van.thu", document, "agree") == "not_found"
    assert Event.objects.filter(name="incoming.amendment_applied", subject=str(document.pk)).exists()


@pytest.mark.law("R-9.2-3")
def test_an_update_that_is_not_taken_changes_nothing_and_says_why(office: Office, hub: MemoryHub) -> None:
    document = take(hub, LETTER)
    update = take(hub, update_of(LETTER, subject="Khác"))
    assert press(office, "van.thu", document, "decline_change", reason="ngắn") == "decline_needs_reason"
    assert press(office, "van.thu", document, "decline_change", reason="Văn bản đã xử lý xong từ trước") == ""
    update.refresh_from_db()
    assert (document.state, document.subject, update.state) == ("arrived", LETTER.subject, "set_aside")
    assert reported()[-1] == "16"


def test_an_update_of_what_never_came_is_a_document_and_what_comes_late_is_its_version(
    office: Office, hub: MemoryHub
) -> None:
    update = take(hub, update_of(LETTER, subject="Bản mới"))
    assert not Amendment.objects.exists()
    assert press(office, "van.thu", update, "accept") == ""
    late = take(hub, LETTER)
    assert (late.state, late.set_aside_for_id) == ("set_aside", update.pk)


@pytest.mark.law("D30-18-2", "R-9.2-3", "C-3")
def test_a_replacement_marks_what_it_replaces_both_ways_and_is_answered(office: Office, hub: MemoryHub) -> None:
    first = take(hub, LETTER)
    second = take(hub, replace(LETTER, number="16", identifier="000.00.00.H41,2026/11/20,16/UBND"))
    assert press(office, "van.thu", first, "accept") == ""
    replaced = (Replacement(first.identifier, ("000.00.00.G22",)), Replacement(second.identifier))
    new = take(hub, new_document(replacements=replaced))
    page = opened(office, "van.thu", new)
    assert 'data-amendment="replace"' in page
    assert "data-amendment" not in opened(office, "van.thu", first)
    assert press(office, "van.thu", new, "agree") == ""
    for old in (first, second):
        assert f'data-replaced-by="{new.pk}"' in opened(office, "van.thu", old)
        assert f'data-replaces="{old.pk}"' in opened(office, "van.thu", new)
    assert reported()[-1] == "15"
    assert press(office, "van.thu", new, "accept") == ""
    assert (new.state, first.state) == ("accepted", "accepted")


def test_a_returned_replacement_replaces_nothing(office: Office, hub: MemoryHub) -> None:
    first = take(hub, LETTER)
    new = take(hub, new_document(identifier=LETTER.identifier))
    whole = {"reason": "UNSIGNED", "text": "Văn bản thay thế chưa ký số"}
    assert press(office, "van.thu", new, "refuse", **whole) == ""
    assert sorted(reported()[-2:]) == ["02", "16"]
    assert "data-replaced-by" not in opened(office, "van.thu", first)


def test_what_is_replaced_may_come_later(office: Office, hub: MemoryHub) -> None:
    new = take(hub, new_document(identifier=LETTER.identifier))
    assert Amendment.objects.get().state == "not_here"
    take(hub, LETTER)
    assert Amendment.objects.get().state == "pending"
    assert press(office, "van.thu", new, "agree") == ""


def correction_of(message: edxml.Document, **named: object) -> edxml.Document:
    about = edxml.Related(message.sender.code, message.printed_number, message.identifier, message.issued_on)
    return replace(
        LETTER, number="77", identifier="000.00.00.H41,2026/11/25,77/UBND-VX", kind_name="Công văn",
        subject="V/v đính chính Quyết định", answers=(replace(about, **named),),  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.law("D30-18-2")
@pytest.mark.parametrize("named", [{}, {"identifier": ""}], ids=["by identifier", "by number and day"])
def test_a_correction_letter_is_shown_as_one_on_both_and_who_works_on_it_is_told(
    office: Office, hub: MemoryHub, named: dict[str, object]
) -> None:
    document = take(hub, LETTER)
    assert press(office, "van.thu", document, "accept") == ""
    lead = office["chuyen.vien"].posts.get().unit_id
    task = {f"unit-{lead}": "lead", "named": office["chuyen.vien"].pk}
    assert press(office, "lanh.dao", document, "instruct", text="Xử lý", **task) == ""
    letter = take(hub, correction_of(LETTER, **named))
    page = opened(office, "van.thu", letter)
    assert "Đính chính cho" in page
    assert "<dt>Phúc đáp</dt>" not in page
    assert f'href="/van-ban-den/{document.pk}/"' in page
    assert f'data-corrected-by="{letter.pk}"' in opened(office, "van.thu", document)
    told = Notice.objects.filter(person=office["chuyen.vien"], text__contains="được đính chính bằng 77/UBND-VX")
    assert not told.exists()  # nobody has accepted the letter yet
    assert press(office, "van.thu", letter, "accept") == ""
    assert told.get().link == f"/van-ban-den/{document.pk}/"
    theirs = opened(office, "chuyen.vien", document)
    assert f'data-corrected-by="{letter.pk}"' in theirs
    assert 'data-event="incoming.amendment_applied"' in theirs
    assert f'href="/van-ban-den/{letter.pk}/"' not in theirs  # nobody gave them the letter itself
    assert office.client("chuyen.vien").get(f"/van-ban-den/{letter.pk}/").status_code == 404
    assert not {"15", "16"} & set(reported())


@pytest.mark.law("D30-18-2")
def test_a_correction_letter_that_is_returned_corrects_nothing(office: Office, hub: MemoryHub) -> None:
    document = take(hub, LETTER)
    letter = take(hub, correction_of(LETTER))
    whole = {"reason": "UNSIGNED", "text": "Công văn đính chính chưa ký số"}
    assert press(office, "van.thu", letter, "refuse", **whole) == ""
    assert "data-corrected-by" not in opened(office, "van.thu", document)
    assert "16" not in reported()


@pytest.mark.law("D30-18-2")
def test_what_is_corrected_may_come_later_and_nobody_corrects_what_another_wrote(
    office: Office, hub: MemoryHub
) -> None:
    letter = take(hub, correction_of(LETTER))
    assert "(văn bản này không có ở đây)" in opened(office, "van.thu", letter)
    assert press(office, "van.thu", letter, "accept") == ""
    document = take(hub, LETTER)
    assert f'data-corrected-by="{letter.pk}"' in opened(office, "van.thu", document)
    assert f'data-corrects="{document.pk}"' in opened(office, "van.thu", letter)
    other = replace(
        correction_of(LETTER, organ="000.00.00.H26"), number="78", identifier="000.00.00.H41,2026/11/25,78/A"
    )
    page = opened(office, "van.thu", take(hub, other))
    assert "Đính chính cho" not in page
    assert "<dt>Phúc đáp</dt>" in page


@pytest.mark.law("D30-18-2")
@pytest.mark.parametrize("first", ["document", "letter"])
def test_who_follows_an_agency_corrects_what_that_one_wrote_and_nobody_else_does(
    office: Office, hub: MemoryHub, first: str
) -> None:
    """H41 was merged into H99, which was merged into H26: what H41 issued is H26's to correct."""
    DirectoryAgency.objects.create(
        code="H99", name="Giữa", search_key="h99", connected=False, open=False, successor="H26"
    )
    DirectoryAgency.objects.filter(code="H41").update(open=False, successor="H99")

    def letter_of(code: str, number: str) -> IncomingDocument:
        said = replace(
            correction_of(LETTER), sender=edxml.Organ(f"000.00.00.{code}", "Nơi ký"), number=number,
            identifier=f"000.00.00.{code},2026/11/25,{number}/UBND-VX",
        )  # fmt: skip
        return received(hub, document_packet(said), sender=f"000.00.00.{code}", to="G22")

    document = take(hub, LETTER) if first == "document" else None
    stranger, letter = letter_of("G12", "76"), letter_of("H26", "77")
    assert press(office, "van.thu", letter, "accept") == ""
    document = document or take(hub, LETTER)
    assert "Đính chính cho" in opened(office, "van.thu", letter)
    assert "Đính chính cho" not in opened(office, "van.thu", stranger)
    page = opened(office, "van.thu", document)
    assert re.findall(r'data-corrected-by="(\d+)"', page) == [str(letter.pk)]
    earlier = replace(
        LETTER, sender=edxml.Organ("000.00.00.H26", "Hà Nội"), identifier="000.00.00.H26,2026/11/20,5/UBND"
    )
    own = received(hub, document_packet(earlier), sender="000.00.00.H26", to="G22")
    said = correction_of(earlier)
    predecessor = take(hub, replace(said, identifier="000.00.00.H41,2026/11/25,79/UBND-VX", number="79"))
    assert "Đính chính cho" not in opened(office, "van.thu", predecessor), (
        "who is followed corrects nothing of the other's"
    )
    assert "data-corrected-by" not in opened(office, "van.thu", own)


@pytest.mark.law("R-9.2-2", "R-9.2-3")
def test_a_recall_destroys_every_version_and_what_was_returned(office: Office, hub: MemoryHub) -> None:
    document = take(hub, LETTER, van_pdf=b"%PDF-1.7 one")
    take(hub, update_of(LETTER), van_pdf=b"%PDF-1.7 two")
    assert press(office, "van.thu", document, "agree") == ""
    whole = {"reason": "WRONG_ADDRESSEE", "text": "Gửi nhầm, đề nghị thu hồi"}
    assert press(office, "van.thu", document, "refuse", **whole) == ""
    recall = replace(LETTER, business=Business(BusinessType.RECALL, "Gửi nhầm", LETTER.identifier))
    inbox.receive(hub, hub.put(document_packet(recall), sender="000.00.00.H41", to="G22"), at=now())
    assert press(office, "van.thu", document, "obey") == ""
    assert set(IncomingDocument.objects.values_list("state", flat=True)) == {"cancelled"}
    assert reported()[-1] == "15"


@pytest.mark.law("R-9.2-3")
def test_a_recall_whose_document_does_not_come_is_answered_by_the_clock(office: Office, hub: MemoryHub) -> None:
    recall = replace(LETTER, business=Business(BusinessType.RECALL, "Gửi nhầm", LETTER.identifier))
    inbox.receive(hub, hub.put(document_packet(recall), sender="000.00.00.H41", to="G22"), at=now())
    assert recalls.lapse(now() - timedelta(days=30), at=now()) == 0
    assert recalls.lapse(now() + timedelta(seconds=1), at=now()) == 1
    assert recalls.lapse(now() + timedelta(seconds=1), at=now()) == 0
    assert reported() == ["15"]
    document = take(hub, LETTER)
    assert RecallOrder.objects.get().state == "pending"  # it has come after all: the recall stands
    assert press(office, "van.thu", document, "accept") == "frozen"


# -- by who follows the sender -------------------------------------------------------------------------------------------


@pytest.fixture
def followers(office: Office) -> None:
    """H41 was merged into H99, which was merged into H26; G12 follows nobody."""
    DirectoryAgency.objects.create(
        code="H99", name="Giữa", search_key="h99", connected=False, open=False, successor="H26"
    )
    DirectoryAgency.objects.filter(code="H41").update(open=False, successor="H99")


def come(hub: MemoryHub, message: edxml.Document | edxml.StatusReport) -> None:
    code = message.sender.code
    if isinstance(message, edxml.StatusReport):
        item = hub.put(status_packet(message), sender=code, to="G22")
    else:
        item = hub.put(document_packet(message), sender=code, to="G22")
    inbox.receive(hub, item, at=now())


def by(code: str, message: edxml.Document) -> edxml.Document:
    return replace(message, sender=edxml.Organ(f"000.00.00.{code}", "Nơi ký"))


def recall_by(code: str) -> edxml.Document:
    return by(code, replace(LETTER, business=Business(BusinessType.RECALL, "Ban hành nhầm", LETTER.identifier)))


def take_back_by(code: str) -> edxml.StatusReport:
    sender = edxml.Organ(f"000.00.00.{code}", "Nơi ký")
    about = edxml.Related("G22", LETTER.printed_number, LETTER.identifier, LETTER.issued_on)
    return edxml.StatusReport(sender, about, StatusCode.TAKE_BACK, "Gửi nhầm nơi nhận", now())


@pytest.mark.law("R-9.2-2", "R-9.2-3")
@pytest.mark.usefixtures("followers")
@pytest.mark.parametrize("asked", [recall_by, take_back_by])
@pytest.mark.parametrize("first", ["document", "recall"])
def test_who_follows_an_agency_recalls_what_that_one_sent_and_nobody_else_does(
    office: Office, hub: MemoryHub, asked: Callable[[str], edxml.Document | edxml.StatusReport], first: str
) -> None:
    document = take(hub, LETTER) if first == "document" else None
    come(hub, asked("G12"))
    if document is not None:
        assert 'data-act="obey"' not in opened(office, "van.thu", document)
    come(hub, asked("H26"))
    document = document or take(hub, LETTER)
    assert press(office, "van.thu", document, "accept") == "frozen"
    assert finding.closed_by_recall(office.organization.pk) == [document.pk]
    assert press(office, "van.thu", document, "obey") == ""
    document.refresh_from_db()
    assert document.state == "cancelled"
    assert reported()[-1] == "15"
    waiting = RecallOrder.objects.get(state="pending")
    assert (waiting.sender_code, waiting.document) == ("000.00.00.G12", None)


@pytest.mark.usefixtures("followers")
def test_who_is_followed_recalls_nothing_of_who_follows(office: Office, hub: MemoryHub) -> None:
    document = received(hub, document_packet(by("H26", LETTER)), sender="000.00.00.H26", to="G22")
    come(hub, recall_by("H41"))
    assert press(office, "van.thu", document, "accept") == ""


@pytest.mark.law("R-9.2-3")
def test_that_a_recall_is_a_followers_may_become_known_later(office: Office, hub: MemoryHub) -> None:
    document = take(hub, LETTER)
    come(hub, recall_by("H26"))
    DirectoryAgency.objects.filter(code="H41").update(open=False, successor="H26")
    assert recalls.lapse(now() + timedelta(seconds=1), at=now()) == 0, "it would say that nothing is here"
    assert press(office, "van.thu", document, "obey") == ""


@pytest.mark.law("R-8.1-1")
@pytest.mark.usefixtures("followers")
@pytest.mark.parametrize("first", ["document", "amendment"])
def test_who_follows_an_agency_updates_and_replaces_what_that_one_sent(
    office: Office, hub: MemoryHub, first: str
) -> None:
    update = by("H26", update_of(LETTER, subject="Về việc báo cáo, bản cập nhật"))
    if first == "document":
        document = take(hub, LETTER)
        assert Amendment.objects.count() == 0
        received(hub, document_packet(update), sender="000.00.00.H26", to="G22")
        assert press(office, "van.thu", document, "agree") == ""
        document.refresh_from_db()
        assert document.subject == "Về việc báo cáo, bản cập nhật"
    else:
        newer = received(hub, document_packet(update), sender="000.00.00.H26", to="G22")
        document = take(hub, LETTER)
        document.refresh_from_db()
        assert (document.state, document.set_aside_for) == ("set_aside", newer)
        assert f"/van-ban-den/{newer.pk}/" in opened(office, "van.thu", document)


# -- sent ------------------------------------------------------------------------------------------------------------------


def sent_packet(document: OutgoingDocument) -> edxml.Document:
    packet = OutboxPacket.objects.filter(document=document).latest("pk")
    with blobs().open(packet.digest) as file:
        message = edxml.read(file).message
    assert isinstance(message, edxml.Document)
    return message


def at_hub(document: OutgoingDocument) -> None:
    for recipient in document.recipients.all():
        recipient.transmissions.update(at_hub=now())


def answered(document: OutgoingDocument, code: StatusCode, text: str = "") -> None:
    about = edxml.Related("000.00.00.G22", document.printed_number, document.identifier, document.promulgated_on)
    report = edxml.StatusReport(edxml.Organ("000.00.00.H41"), about, code, text, now())
    assert board.apply_status(report, document, at=now())
    assert status_packet(report)


def board_of(office: Office, document: OutgoingDocument) -> str:
    return str(office.client("van.thu").get(f"/van-ban-di/{document.pk}/").content.decode())


@pytest.mark.law("R-8.2-3", "R-8.2-2")
def test_an_update_goes_out_with_reason_and_authority_and_its_answer_is_on_the_board(office: Office) -> None:
    document = issued(office, recipients=("H41", "H26"))
    at_hub(document)
    chosen = {"recipient": [document.recipients.get(code="H41").pk], "due_on": "2027-01-15"}
    whole = {**chosen, "reason": "Gia hạn trả lời theo đề nghị", "authority": "Chánh Văn phòng"}
    assert press_outgoing(office, "van.thu", document, "update", **{**whole, "authority": ""}) == "reason_needed"
    assert press_outgoing(office, "lanh.dao", document, "update", **whole) == "forbidden"
    assert press_outgoing(office, "van.thu", document, "update", **whole) == ""
    message = sent_packet(document)
    assert (message.business.type, message.business.identifier) == (BusinessType.UPDATE, document.identifier)
    assert message.due_on == date(2027, 1, 15)
    assert "theo quyết định của Chánh Văn phòng" in message.business.reason
    assert [one.code for one in message.recipients] == ["000.00.00.H41"]
    assert 'data-change="open"' in board_of(office, document)
    answered(document, S.DECLINED, "Đã trả lời xong")
    page = board_of(office, document)
    assert 'data-change="declined"' in page
    assert "Đã trả lời xong" in page


@pytest.mark.law("D30-18-2", "R-8.2-3")
def test_a_replacement_names_what_it_replaces_and_both_are_linked(office: Office) -> None:
    old = issued(office, recipients=("H41", "H26"))
    form = draft_form(office, replaces=str(old.pk), replace_reason="Sai căn cứ ban hành", replace_authority="")
    refused = office.client("chuyen.vien").post("/van-ban-di/soan/", form)
    assert refused.status_code == 422
    form = {**form, "replace_authority": "Phó Chủ nhiệm", "recipients": ["H41"]}
    assert office.client("chuyen.vien").post("/van-ban-di/soan/", form).status_code == 302
    new = OutgoingDocument.objects.get(replaces=old)
    for login, act, fields in (
        ("chuyen.vien", "submit", {}), ("truong.dv", "check_content", {}), ("the.thuc", "check_presentation", {}),
        ("lanh.dao", "approve_and_sign", {"pin": PIN}), ("van.thu", "number_and_seal", {"pin": PIN}),
        ("van.thu", "issue", {"incomplete": "Phụ lục gửi sau ạ"}),
    ):  # fmt: skip
        assert press_outgoing(office, login, new, act, **fields) == "", act
    message = sent_packet(new)
    assert message.business.type is BusinessType.REPLACE
    assert message.business.replacements == (Replacement(old.identifier, ("000.00.00.H41", "000.00.00.H26")),)
    assert f'data-replaced-by="{new.pk}"' in board_of(office, old)
    assert f'data-replaces="{old.pk}"' in board_of(office, new)
    answered(new, S.AGREED)
    assert 'data-change="agreed"' in board_of(office, new)
