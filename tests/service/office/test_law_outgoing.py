"""Outgoing documents and the law, through the pages that people use: what is asked, and what is refused."""

import re
import threading
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from lxml import html
from pypdf import PdfReader

from lienthong.office.config import blobs
from lienthong.office.models import CorrectionTask, DirectoryAgency, Notice, OutboxPacket, OutgoingDocument, Stage
from lienthong.office.outgoing import board, drafting, review
from lienthong.protocol.messages import Change
from lienthong.standards.deadlines import send_deadline
from lienthong.standards.statuses import StatusCode, Urgency
from lienthong.standards.times import VIETNAM
from tests.service.office.conftest import PIN, Office, approved, drafted, issued, now, press, refusal, sealed, signed
from tests.service.office.test_outgoing import report


def opened(office: Office, login: str, document: OutgoingDocument) -> str:
    return str(office.client(login).get(f"/van-ban-di/{document.pk}/").content.decode())


def kept_file(office: Office, login: str, document: OutgoingDocument, ordinal: int) -> bytes:
    answer = office.client(login).get(f"/van-ban-di/{document.pk}/ban/{ordinal}/")
    content = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    answer.close()
    return content


def draft_form(office: Office, **changes: object) -> dict[str, object]:
    return {
        "unit": office.units["KSTT"].pk,
        "type": "Công văn",
        "subject": "V/v rà soát mã định danh",
        "body": "Đề nghị quý cơ quan rà soát./.",
        "signer": office["lanh.dao"].pk,
        "recipients": "H41",
        "recipients_text": "- Như trên;\n- Lưu: VT.",
        "addressees": "Ủy ban nhân dân tỉnh Nghệ An",
        "urgency": "1",
        "origin": "digital",
        **changes,
    }


# -- drafting, checks, signing -----------------------------------------------------------------------------------------


def test_a_refused_draft_keeps_all_that_was_typed(office: Office) -> None:
    typed = draft_form(office, body="", due_on="2027-01-15", urgency="2", recipients=["H26"])
    answer = office.client("chuyen.vien").post("/van-ban-di/soan/", typed)
    assert refusal(answer) == "missing"
    form = next(one for one in html.fromstring(answer.content).forms if "subject" in one.fields)
    kept = {name: form.fields[name] for name in ("type", "subject", "due_on", "urgency", "signer", "unit")}
    assert kept == {name: str(typed[name]) for name in kept}
    assert form.xpath(".//input[@name='recipients'][@checked]/@value") == ["H26"]


@pytest.mark.law("D30-10-1", "D30-10-2")
def test_a_draft_is_written_returned_and_mended_with_every_version_kept(office: Office) -> None:
    answer = office.client("chuyen.vien").post("/van-ban-di/soan/", draft_form(office))
    assert answer.status_code == 302, refusal(answer)
    document = OutgoingDocument.objects.get()
    assert (document.urgency, document.unit, document.drafter) == (1, office.units["KSTT"], office["chuyen.vien"])

    assert press(office, "chuyen.vien", document, "submit") == ""
    assert press(office, "truong.dv", document, "give_back", note="") == "missing"
    assert press(office, "truong.dv", document, "give_back", note="Nêu rõ thời hạn.") == ""
    assert document.state == "draft"
    assert "Nêu rõ thời hạn." in opened(office, "chuyen.vien", document)

    mended = office.client("chuyen.vien").post(
        f"/van-ban-di/{document.pk}/soan/", draft_form(office, body="Trước ngày 15 tháng 12./.")
    )
    assert mended.status_code == 302
    assert document.versions.filter(stage=Stage.DRAFT).count() == 2
    for version in document.versions.all():
        assert kept_file(office, "chuyen.vien", document, version.ordinal) == blobs().read(version.digest)


@pytest.mark.law("D30-10-2")
@pytest.mark.parametrize("reviewer", ["the.thuc", "lanh.dao"])
def test_what_a_checker_or_the_signer_returns_goes_through_the_head_of_the_unit(office: Office, reviewer: str) -> None:
    document = drafted(office)
    assert press(office, "chuyen.vien", document, "comment", note="Nên gọn hơn.") == "forbidden"
    press(office, "chuyen.vien", document, "submit")
    assert press(office, reviewer, document, "comment", note=" ") == "missing"
    assert press(office, reviewer, document, "comment", note="Nên gọn hơn.") == ""
    assert document.state == "in_review"
    assert press(office, reviewer, document, "give_back", note="Sai căn cứ.") == ""
    assert document.state == "returned"
    change = office.client("chuyen.vien").post(f"/van-ban-di/{document.pk}/soan/", draft_form(office))
    assert refusal(change) == "illegal_move"
    assert f"/van-ban-di/{document.pk}/" in office.client("truong.dv").get("/").content.decode()
    assert press(office, reviewer, document, "hand_down") == "forbidden"
    assert press(office, "truong.dv", document, "hand_down", note="Sửa trong ngày.") == ""
    assert document.state == "draft"
    page = opened(office, "chuyen.vien", document)
    for words in ("Nên gọn hơn.", "Sai căn cứ.", "Sửa trong ngày."):
        assert words in page
    assert press(office, "truong.dv", document, "hand_down") == "illegal_move"


@pytest.mark.law("AVI-1n", "D30-11-1")
@pytest.mark.parametrize("returned", [False, True])
def test_the_head_of_the_unit_reads_mends_and_returns_a_draft(office: Office, returned: bool) -> None:
    document = drafted(office)
    place = f"/van-ban-di/{document.pk}/soan/"
    assert refusal(office.client("truong.dv").get(place)) == "forbidden"  # its drafter has it
    press(office, "chuyen.vien", document, "submit")
    if returned:
        assert press(office, "lanh.dao", document, "give_back", note="Sai căn cứ.") == ""
    else:
        assert press(office, "the.thuc", document, "check_presentation") == ""
    assert place in opened(office, "truong.dv", document)
    for login in ("the.thuc", "lanh.dao"):
        assert refusal(office.client(login).get(place)) == "forbidden", login
    before = document.versions.latest("ordinal").ordinal
    mended = draft_form(office, body="Trước ngày 15 tháng 12./.", version=before)
    assert f'name="version" value="{before}"' in office.client("truong.dv").get(place).content.decode()
    assert office.client("truong.dv").post(place, mended).status_code == 302
    document.refresh_from_db()
    newest = document.versions.latest("ordinal")
    assert (document.state, newest.author, document.drafter) == (
        "in_review",
        office["truong.dv"],
        office["chuyen.vien"],
    )
    assert document.versions.count() > 1, "what the drafter wrote stays"
    told = Notice.objects.filter(person=office["chuyen.vien"], text__startswith="Trưởng đơn vị đã sửa dự thảo")
    assert told.count() == 1
    # A form of before writes over nothing, and all is checked anew.
    late = office.client("chuyen.vien").post(place, draft_form(office, body="Bản cũ./.", version=before))
    assert refusal(late) == "version_changed"
    assert press(office, "lanh.dao", document, "approve") == "not_reviewed"
    assert press(office, "truong.dv", document, "check_content") == ""
    assert press(office, "the.thuc", document, "check_presentation") == ""
    assert press(office, "lanh.dao", document, "approve") == ""
    assert refusal(office.client("truong.dv").post(place, mended)) == "forbidden"  # it is the signer's now


def test_of_two_who_mend_the_same_version_at_once_the_second_is_told(office: Office) -> None:
    """Laying out takes its time: what was the newest version before it may not be afterwards."""
    document = drafted(office)
    review.submit(document, actor=office["chuyen.vien"], at=now())
    seen, found = drafting.current_version(document).ordinal, list[str]()

    def write(login: str) -> None:
        form = draft_form(office, version=seen, body=f"Nội dung của {login}./.")
        answer = office.client(login).post(f"/van-ban-di/{document.pk}/soan/", form)
        found.append("" if answer.status_code == 302 else refusal(answer))
        connection.close()

    threads = [threading.Thread(target=write, args=(login,)) for login in ("chuyen.vien", "truong.dv", "truong.dv")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found) == ["", "version_changed", "version_changed"]
    assert drafting.current_version(document).ordinal == seen + 1


@pytest.mark.law("D30-10-1")
@pytest.mark.parametrize("left_out", ["subject", "body", "signer"])
def test_a_draft_without_what_it_needs_is_refused_by_name(office: Office, left_out: str) -> None:
    answer = office.client("chuyen.vien").post("/van-ban-di/soan/", draft_form(office, **{left_out: ""}))
    assert refusal(answer) == "missing"
    assert not OutgoingDocument.objects.exists()


@pytest.mark.law("D30-12-1")
@pytest.mark.refuses("D30-12-1")
def test_two_named_people_check_before_signing(office: Office) -> None:
    document = drafted(office)
    press(office, "chuyen.vien", document, "submit")
    assert press(office, "lanh.dao", document, "approve_and_sign", pin=PIN) == "not_reviewed"
    assert press(office, "chuyen.vien", document, "check_content") == "forbidden"
    assert press(office, "truong.dv", document, "check_content") == ""
    assert press(office, "lanh.dao", document, "approve_and_sign", pin=PIN) == "not_reviewed"
    assert press(office, "the.thuc", document, "check_presentation") == ""
    page = opened(office, "lanh.dao", document)
    for login, act in (("truong.dv", "content"), ("the.thuc", "presentation")):
        assert re.search(f'data-review="{act}".*?<b>{office[login].full_name}</b>', page, re.DOTALL), act
    assert press(office, "lanh.dao", document, "approve_and_sign", pin=PIN) == ""


@pytest.mark.law("D30-11-1")
@pytest.mark.refuses("D30-11-1")
def test_an_edit_after_approval_asks_for_every_check_anew(office: Office) -> None:
    document = approved(office)
    answer = office.client("chuyen.vien").post(f"/van-ban-di/{document.pk}/soan/", draft_form(office, body="Khác./."))
    assert answer.status_code == 302
    assert press(office, "lanh.dao", document, "sign", pin=PIN) == "illegal_move"
    assert document.state == "draft"


@pytest.mark.law("D30-13-2", "R-8.1-1", "AVI-G11")
def test_only_the_signer_signs_and_digitally(office: Office) -> None:
    document = approved(office)
    for login in ("truong.dv", "the.thuc", "chuyen.vien"):
        assert press(office, login, document, "sign", pin=PIN) == "forbidden"
    assert press(office, "van.thu", document, "sign", pin=PIN) == "not_found"
    assert press(office, "lanh.dao", document, "sign", pin="000000") == "wrong_pin"
    assert document.state == "approved"
    assert press(office, "lanh.dao", document, "sign", pin=PIN) == ""
    assert document.signed_at is not None


@pytest.mark.law("D30-15-3", "D30-17-1", "R-8.1-1", "AVI-1đ", "AVI-G11")
@pytest.mark.refuses("D30-15-1", "D30-17-1")
def test_number_and_seal_come_from_the_clerk_after_the_signature_and_by_themselves(office: Office) -> None:
    document = approved(office)
    assert press(office, "van.thu", document, "number_and_seal", pin=PIN) == "not_found"
    press(office, "lanh.dao", document, "sign", pin=PIN)
    assert press(office, "van.thu", document, "issue") == "not_sealed"
    for login in ("lanh.dao", "chuyen.vien", "truong.dv"):
        assert press(office, login, document, "number_and_seal", pin=PIN) == "forbidden"
    # A number that somebody writes into the request is not looked at: the register gives it.
    assert press(office, "van.thu", document, "number_and_seal", pin=PIN, number="77", date="2020-01-01") == ""
    assert (document.number, document.promulgated_on) == (1, now().astimezone(VIETNAM).date())


@pytest.mark.law("R-6.2-3")
@pytest.mark.refuses("R-6.2-3")
def test_an_urgent_draft_says_which_level_of_urgency_it_has(office: Office) -> None:
    for no_level in ("", "5", "-1", "khẩn", "true"):
        answer = office.client("chuyen.vien").post("/van-ban-di/soan/", draft_form(office, urgency=no_level))
        assert (refusal(answer), "mức độ khẩn" in answer.content.decode()) == ("missing", True), no_level
    assert not OutgoingDocument.objects.exists()


@pytest.mark.law("R-8.2-1")
@pytest.mark.refuses("R-8.2-1")
def test_who_is_chosen_twice_receives_it_once(office: Office) -> None:
    chosen = draft_form(office, recipients=["H41", "H26", "H41"])
    assert office.client("chuyen.vien").post("/van-ban-di/soan/", chosen).status_code == 302
    assert sorted(one.code for one in OutgoingDocument.objects.get().recipients.all()) == ["H26", "H41"]


@pytest.mark.law("AVI-1a")
def test_a_text_becomes_a_document_in_its_form_and_what_is_none_is_refused(office: Office) -> None:
    text = "Điều 1. Ban hành Quy chế.\nĐiều 2. Hiệu lực kể từ ngày ký./."
    typed = draft_form(office, type="Quyết định", body=text)
    uploaded = draft_form(office, body="", upload=SimpleUploadedFile("noi-dung.txt", text.encode(), "text/plain"))
    for form in (typed, uploaded):
        assert office.client("chuyen.vien").post("/van-ban-di/soan/", form).status_code == 302
        document = OutgoingDocument.objects.latest("pk")
        pdf = PdfReader(BytesIO(kept_file(office, "chuyen.vien", document, 1)))
        said = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
        for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "VĂN PHÒNG CHÍNH PHỦ", "Điều 2. Hiệu lực kể từ ngày ký./."):
            assert words in said
    for name, content in (("hong.pdf", b"%PDF-1.7 broken"), ("x.docx", b"PK\x03\x04\xff")):
        form = draft_form(office, body="", upload=SimpleUploadedFile(name, content))
        assert refusal(office.client("chuyen.vien").post("/van-ban-di/soan/", form)) == "not_pdf", name
    assert OutgoingDocument.objects.count() == 2


# -- sending -----------------------------------------------------------------------------------------------------------


@pytest.mark.law("R-8.2-1", "C-12")
@pytest.mark.refuses("R-8.2-1")
def test_recipients_are_checked_before_sending(office: Office) -> None:
    document = sealed(office, recipients=("H41", "H26"))
    DirectoryAgency.objects.filter(code="H41").update(open=False)
    DirectoryAgency.objects.filter(code="H26").delete()
    answer = office.client("van.thu").post(f"/van-ban-di/{document.pk}/", {"act": "issue"})
    assert refusal(answer) == "bad_recipients"
    assert "H41 (đã đóng)" in answer.content.decode()
    assert "H26 (không có trong danh mục)" in answer.content.decode()
    assert not OutboxPacket.objects.exists()


@pytest.mark.law("R-1.1-1")
@pytest.mark.refuses("R-1.1-1")
def test_what_goes_beside_the_hub_is_never_shown_as_sent(office: Office) -> None:
    """Only what the hub carries is a sending: neither paper, nor what somebody says that they mailed."""
    document = sealed(office, recipients=("H41", "H26"))
    DirectoryAgency.objects.filter(code="H26").update(connected=False)
    assert press(office, "van.thu", document, "issue") == ""
    paper = {"recipient": document.recipients.get(code="H26").pk, "way": "hand", "copies": "1", "envelopes": "1"}
    paper |= {"sent_on": now().astimezone(VIETNAM).date().isoformat(), "receipt": "Trần Thị Nhận"}
    for way in ("email", "usb", ""):
        assert press(office, "van.thu", document, "paper_sent", **{**paper, "way": way}) == "missing"
    for act in ("sent", "status"):
        assert press(office, "van.thu", document, act, recipient=paper["recipient"], state="01") == "not_found"
    assert press(office, "van.thu", document, "paper_sent", **paper) == ""
    page = opened(office, "van.thu", document)
    assert re.findall(r'data-recipient="(\w+)" data-sending="(\w+)"', page) == [("H41", "waiting")]
    assert 'data-paper="H26" data-paper-state="sent"' in page
    assert OutboxPacket.objects.get().recipients == ["H41"]


@pytest.mark.law("R-8.2-2", "R-6.3-1", "AVI-1o", "C-7")
@pytest.mark.refuses("R-6.3-1")
def test_the_board_shows_each_recipient_and_nobody_types_a_state(office: Office) -> None:
    document = issued(office)
    assert 'data-recipient="H41" data-sending="waiting"' in opened(office, "van.thu", document)
    for code in ("01", "03", "04", "05", "06"):
        board.apply_status(report(document, StatusCode(code)), document, at=now())
        page = opened(office, "van.thu", document)
        assert f'data-recipient="H41" data-sending="{code}"' in page
        assert 'data-recipient="H26" data-sending="waiting"' in page
    assert press(office, "van.thu", document, "status", recipient="H26", state="06") == "not_found"
    assert 'data-recipient="H26" data-sending="waiting"' in opened(office, "van.thu", document)


@pytest.mark.law("R-8.2-3", "D30-18-3", "C-5")
@pytest.mark.refuses("R-8.2-3")
def test_a_recall_names_reason_and_authority_and_goes_to_the_chosen(office: Office) -> None:
    document = issued(office)
    chosen = document.recipients.get(code="H41").pk
    whole = {"recipient": chosen, "reason": "Ban hành nhầm phiên bản", "authority": "Phó Chủ nhiệm"}
    assert press(office, "van.thu", document, "recall", **{**whole, "reason": "nhầm"}) == "reason_needed"
    assert press(office, "van.thu", document, "recall", **{**whole, "authority": ""}) == "reason_needed"
    assert press(office, "van.thu", document, "recall", **{**whole, "recipient": ""}) == "no_recipients"
    for login in ("chuyen.vien", "truong.dv", "kiem.tra"):
        assert press(office, login, document, "recall", **whole) == "forbidden"
    assert press(office, "van.thu", document, "recall", **whole) == ""
    assert document.state == "recalling"
    assert OutboxPacket.objects.latest("pk").recipients == ["H41"]
    unsent = sealed(office)
    everyone = [one.pk for one in unsent.recipients.all()]
    assert press(office, "van.thu", unsent, "recall", **{**whole, "recipient": everyone}) == "no_recipients"
    assert (unsent.state, OutboxPacket.objects.count()) == ("sealed", 2)


@pytest.mark.law("R-8.2-3", "AVI-8a")
@pytest.mark.refuses("AVI-8a")
def test_what_is_recalled_is_frozen_at_its_sender(office: Office) -> None:
    document = issued(office)
    everyone = [one.pk for one in document.recipients.all()]
    why = {"reason": "Ban hành nhầm phiên bản", "authority": "Phó Chủ nhiệm"}
    before = kept_file(office, "van.thu", document, document.versions.latest("ordinal").ordinal)
    assert press(office, "van.thu", document, "recall", recipient=everyone, **why) == ""
    packets = OutboxPacket.objects.count()
    file = SimpleUploadedFile("phu-luc.txt", "Phụ lục".encode(), "text/plain")
    for act, fields in (
        ("update", {"recipient": everyone, "due_on": "2027-01-15", **why}),
        ("send_again", {"recipient": everyone[0], "pin": PIN}),
        ("paper", {"recipient": everyone[0], "reason": "connection"}),
        ("enclose", {"file": file}),
        ("issue", {}),
        ("void", why),
        ("give_back", {"note": "Sửa lại"}),
    ):
        assert press(office, "van.thu", document, act, **fields) in ("illegal_move", "forbidden"), act
    change = office.client("chuyen.vien").post(f"/van-ban-di/{document.pk}/soan/", draft_form(office))
    assert refusal(change) == "illegal_move"
    assert (document.state, OutboxPacket.objects.count()) == ("recalling", packets)
    assert kept_file(office, "van.thu", document, document.versions.latest("ordinal").ordinal) == before


@pytest.mark.law("R-5.4-2", "C-1")
def test_who_refused_is_shown_with_the_reason_and_answered_alone(office: Office) -> None:
    document = issued(office, appendixes=("Phụ lục I",))
    text = "MISSING_FILE: Không có Phụ lục I kèm theo"
    board.apply_status(report(document, StatusCode.REFUSED, text=text), document, at=now())
    assert "Không có Phụ lục I kèm theo" in opened(office, "van.thu", document)
    assert CorrectionTask.objects.filter(closed_at__isnull=True).count() == 1
    refused_by = document.recipients.get(code="H41").pk
    content_file = SimpleUploadedFile("phu-luc.txt", "Phụ lục I".encode(), "text/plain")
    assert press(office, "van.thu", document, "send_again", recipient=refused_by, pin=PIN) == "incomplete_files"
    assert press(office, "van.thu", document, "enclose", file=content_file) == ""
    assert press(office, "van.thu", document, "send_again", recipient=refused_by, pin=PIN) == ""
    assert OutboxPacket.objects.latest("pk").recipients == ["H41"]
    others = document.recipients.get(code="H26").pk
    assert press(office, "van.thu", document, "send_again", recipient=others, pin=PIN) == "illegal_move"


@pytest.mark.law("D30-19-1")
def test_the_whole_way_on_pages_leaves_the_original_readable(office: Office) -> None:
    document = drafted(office, appendixes=("Phụ lục I",))
    content = "Phụ lục I: danh mục".encode() * 100
    upload = SimpleUploadedFile("phu-luc.txt", content, "text/plain")
    assert press(office, "chuyen.vien", document, "enclose", file=upload) == ""
    assert press(office, "chuyen.vien", document, "enclose") == "missing"
    for login, act in (
        ("chuyen.vien", "submit"),
        ("truong.dv", "check_content"),
        ("the.thuc", "check_presentation"),
        ("lanh.dao", "approve_and_sign"),
        ("van.thu", "number_and_seal"),
        ("van.thu", "issue"),
    ):
        assert press(office, login, document, act, pin=PIN) == "", act
    newest = document.versions.latest("ordinal")
    assert kept_file(office, "van.thu", document, newest.ordinal) == blobs().read(newest.digest)


@pytest.mark.law("R-8.2-2", "R-5.4-2")
def test_what_the_recipients_software_could_not_take_is_shown_and_sent_again(office: Office) -> None:
    document = issued(office)
    one = document.recipients.get(code="H41").transmissions.get()
    one.delivery_id = "d-1"
    one.save()
    failed = Change(1, "p-1", "d-1", "H41", "fail", now(), "statement", "damaged_zip: tệp nén hỏng")
    board.apply_change(failed, at=now())
    page = opened(office, "van.thu", document)
    assert 'data-recipient="H41" data-sending="not_taken"' in page
    assert "tệp nén hỏng" in page
    assert "không lấy được" in office.client("van.thu").get("/thong-bao/").content.decode()
    assert press(office, "van.thu", document, "send_again", recipient=one.recipient_id, pin=PIN) == ""
    assert OutboxPacket.objects.latest("pk").recipients == ["H41"]
    assert not CorrectionTask.objects.filter(closed_at__isnull=True).exists()


# -- the deadlines of sending ------------------------------------------------------------------------------------------


@pytest.mark.law("R-6.2-1", "D30-18-1")
@pytest.mark.refuses("R-6.2-1")
def test_the_page_counts_down_to_the_deadline_and_a_late_one_is_still_sent(office: Office) -> None:
    document = sealed(office)
    assert document.send_due == send_deadline(document.signed_at, Urgency.NORMAL).hard  # type: ignore[arg-type]
    assert "để gửi" in opened(office, "van.thu", document)
    assert "data-timeliness" not in opened(office, "van.thu", document)
    OutgoingDocument.objects.filter(pk=document.pk).update(send_due=now() - timedelta(hours=2))
    assert "quá" in opened(office, "van.thu", document)
    assert press(office, "van.thu", document, "issue") == ""
    for place in (f"/van-ban-di/{document.pk}/", "/theo-doi/"):
        assert 'data-timeliness="late"' in office.client("van.thu").get(place).content.decode(), place


@pytest.mark.law("R-6.2-1", "R-6.2-4")
@pytest.mark.parametrize(
    ("urgency", "signed_before", "due_in", "timeliness"),
    [
        (0, timedelta(), timedelta(hours=1), "same_day"),
        (0, timedelta(days=1), timedelta(hours=1), "next_morning"),
        (0, timedelta(days=1), timedelta(seconds=-1), "late"),
        (3, timedelta(), timedelta(minutes=15), "at_once"),
        (3, timedelta(), timedelta(seconds=-1), "late"),
    ],
)
def test_what_was_sent_says_whether_it_was_in_time(
    office: Office, urgency: int, signed_before: timedelta, due_in: timedelta, timeliness: str
) -> None:
    document = sealed(office, urgency=urgency)
    signed_at = now() - signed_before
    OutgoingDocument.objects.filter(pk=document.pk).update(signed_at=signed_at, send_due=now() + due_in)
    assert press(office, "van.thu", document, "issue") == ""
    assert f'data-timeliness="{timeliness}"' in opened(office, "van.thu", document)


@pytest.mark.law("R-6.2-4")
def test_an_urgent_document_is_due_a_quarter_of_an_hour_after_the_seal_which_completes_its_signing(
    office: Office,
) -> None:
    document = signed(office, urgency=3)
    OutgoingDocument.objects.filter(pk=document.pk).update(send_due=now() - timedelta(hours=1))
    assert "quá" in opened(office, "van.thu", document)  # the seal is late as well
    assert press(office, "van.thu", document, "number_and_seal", pin=PIN) == ""
    assert document.send_due == document.sealed_at + timedelta(minutes=15)  # type: ignore[operator]
    page = opened(office, "van.thu", document)
    assert re.search(r"14 phút|15 phút", page)
    assert "để gửi" in page


@pytest.mark.law("R-8.1-1")
@pytest.mark.refuses("R-8.1-1")
def test_nothing_is_sent_before_it_is_approved_signed_numbered_sealed_and_addressed(office: Office) -> None:
    for unfinished, refused in ((drafted, "not_found"), (approved, "not_found"), (signed, "not_sealed")):
        document = unfinished(office)
        assert press(office, "van.thu", document, "issue") == refused
    assert press(office, "van.thu", document, "number") == ""
    assert press(office, "van.thu", document, "issue") == "not_sealed"
    assert "chưa đủ chữ ký số" in not_sent(office, document)
    nobody = sealed(office, recipients=())
    assert press(office, "van.thu", nobody, "issue") == "no_recipients"
    assert "chưa có nơi nhận" in not_sent(office, nobody)
    assert not OutboxPacket.objects.exists()


def not_sent(office: Office, document: OutgoingDocument) -> str:
    """What the clerk reads who tries to send it."""
    return str(office.client("van.thu").post(f"/van-ban-di/{document.pk}/", {"act": "issue"}).content.decode())
