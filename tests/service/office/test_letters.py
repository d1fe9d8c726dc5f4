"""Letters about a document that was issued: one corrects its form, one urges recipients that have not taken it up."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from lienthong.office.config import blobs
from lienthong.office.models import OutboxPacket, OutgoingDocument
from lienthong.office.outgoing import board, issuing, signing
from lienthong.standards import edxml
from lienthong.standards.statuses import StatusCode as S
from tests.service.office.conftest import PIN, Office, approve, drafted, issued, now, press, refusal
from tests.service.office.test_law_outgoing import draft_form, opened
from tests.service.office.test_outgoing import report

REASON = {"correct_reason": "Sai thể thức nơi nhận", "correct_authority": "Chánh Văn phòng"}


def chosen(form: str) -> set[str]:
    """The recipients that a form has chosen to begin with."""
    return set(re.findall(r'name="recipients" value="([^"]+)" checked', form))


def finished(office: Office, document: OutgoingDocument) -> OutgoingDocument:
    approve(office, document)
    signing.sign(document, pin=PIN, actor=office["lanh.dao"], at=now())
    signing.number_and_seal(document, pin=PIN, actor=office["van.thu"], at=now())
    issuing.issue(document, actor=office["van.thu"], at=now())
    return document


@pytest.mark.law("D30-18-2")
def test_a_wrong_form_is_corrected_by_a_letter_that_both_name(office: Office) -> None:
    wrong, drafter = issued(office), office.client("chuyen.vien")
    form = drafter.get(f"/van-ban-di/soan/?dinh-chinh={wrong.pk}").content.decode()
    subject = f"V/v đính chính Quyết định số {wrong.printed_number}"
    assert subject in form
    assert chosen(form) == {"H41", "H26"}  # all that got it
    told = draft_form(office, corrects=wrong.pk, subject=subject, recipients=["H41", "H26"], **REASON)
    for wanting, code in (
        ({"type": "Quyết định"}, "not_a_letter"), ({"subject": "V/v rà soát"}, "missing"),
        ({"correct_reason": ""}, "reason_needed"), ({"correct_authority": ""}, "reason_needed"),
    ):  # fmt: skip
        assert refusal(drafter.post("/van-ban-di/soan/", {**told, **wanting})) == code
    assert drafter.post("/van-ban-di/soan/", told).status_code == 302
    letter = OutgoingDocument.objects.latest("pk")
    for wanting, code in (({"type": "Quyết định"}, "not_a_letter"), ({"subject": "V/v rà soát"}, "missing")):
        changed = draft_form(office, **{"subject": subject, "recipients": ["H41", "H26"], **wanting})
        assert refusal(drafter.post(f"/van-ban-di/{letter.pk}/soan/", changed)) == code  # nor does it become another
    assert "data-corrected-by" not in opened(office, "van.thu", wrong)  # it is a draft yet
    finished(office, letter)
    assert f'data-corrects="{wrong.pk}"' in opened(office, "van.thu", letter)
    page = opened(office, "van.thu", wrong)
    assert f'data-corrected-by="{letter.pk}"' in page
    assert 'data-event="outgoing.corrected"' in page
    assert "Sai thể thức nơi nhận" in page
    books = [office.client("van.thu").get(f"/so-van-ban/?so={one.pk}") for one in office.organization.sequences.all()]
    assert any(f"Đính chính {wrong.printed_number}" in book.content.decode() for book in books)
    with blobs().open(OutboxPacket.objects.latest("pk").digest) as file:
        message = edxml.read(file).message
    assert isinstance(message, edxml.Document)
    (about,) = message.answers
    assert (about.organ, about.number) == ("000.00.00.G22", wrong.printed_number)


@pytest.mark.law("AVI-1m")
def test_recipients_that_are_behind_are_urged_by_a_letter(office: Office) -> None:
    document, drafter = issued(office), office.client("chuyen.vien")
    for code in ("H41", "H26"):
        board.apply_status(report(document, S.ARRIVED, sender=f"000.00.00.{code}"), document, at=now())
    board.apply_status(report(document, S.ACCEPTED, sender="000.00.00.H26"), document, at=now())
    assert "data-urge>" in opened(office, "chuyen.vien", document)
    place = f"/van-ban-di/soan/?don-doc={document.pk}"
    assert "V/v đôn đốc" in (form := drafter.get(place).content.decode())
    assert chosen(form) == {"H41"}  # the other has taken it up
    asked_for = OutgoingDocument.objects.filter(pk=document.pk)
    for days, behind in ((-1, {"H41", "H26"}), (0, {"H41"})):  # and is late with the answer, or has today yet
        asked_for.update(due_on=timezone.localdate() + timedelta(days=days))
        assert chosen(drafter.get(place).content.decode()) == behind
    told = draft_form(office, urges=document.pk, subject="V/v đôn đốc", recipients=["H41"])
    assert refusal(drafter.post("/van-ban-di/soan/", {**told, "type": "Báo cáo"})) == "not_a_letter"
    assert drafter.post("/van-ban-di/soan/", told).status_code == 302
    letter = OutgoingDocument.objects.latest("pk")
    changed = draft_form(office, subject="V/v đôn đốc", recipients=["H41"], type="Báo cáo")
    assert refusal(drafter.post(f"/van-ban-di/{letter.pk}/soan/", changed)) == "not_a_letter"
    finished(office, letter)
    assert f'data-urged-by="{letter.pk}"' in opened(office, "van.thu", document)
    assert f'data-urges="{document.pk}"' in opened(office, "van.thu", letter)
    board.apply_status(report(document, S.ACCEPTED, sender="000.00.00.H41"), document, at=now())
    assert "data-urge>" not in opened(office, "chuyen.vien", document)  # both have taken it up, and none is late


def test_nobody_writes_about_what_was_not_issued_or_is_not_theirs(office: Office) -> None:
    draft = drafted(office)
    told = draft_form(office, urges=draft.pk, subject="V/v đôn đốc", recipients=["H41"])
    assert refusal(office.client("chuyen.vien").post("/van-ban-di/soan/", told)) == "illegal_move"
    stranger = office.client("van.thu").post(
        "/van-ban-di/soan/", {**told, "unit": office["van.thu"].posts.get().unit_id}
    )
    assert refusal(stranger) == "not_found"


@pytest.mark.law("D30-18-2")
def test_a_letter_about_what_was_recalled_meanwhile_is_neither_numbered_nor_issued(office: Office) -> None:
    wrong, drafter = issued(office, recipients=("H41",)), office.client("chuyen.vien")
    letters = []
    for _ in range(2):
        told = draft_form(office, corrects=wrong.pk, subject="V/v đính chính Quyết định", recipients=["H41"], **REASON)
        assert drafter.post("/van-ban-di/soan/", told).status_code == 302
        letters.append(OutgoingDocument.objects.latest("pk"))
        approve(office, letters[-1])
        signing.sign(letters[-1], pin=PIN, actor=office["lanh.dao"], at=now())
    ready, waiting = letters
    assert press(office, "van.thu", ready, "number_and_seal", pin=PIN) == ""
    to_recall = [one.pk for one in wrong.recipients.all()]
    why = {"reason": "Sai nội dung Điều 1", "authority": "Chánh Văn phòng"}
    assert press(office, "van.thu", wrong, "recall", recipient=to_recall, **why) == ""
    board.apply_status(report(wrong, S.AGREED), wrong, at=now())
    wrong.refresh_from_db()
    assert wrong.state == "recalled"
    assert press(office, "van.thu", waiting, "number") == "letter_about_recalled"
    assert waiting.number is None  # none is spent
    assert press(office, "van.thu", ready, "issue") == "letter_about_recalled"
    assert ready.state == "sealed"
    assert press(office, "van.thu", ready, "void", **why) == ""  # the way out


@pytest.mark.law("D30-18-2")
def test_a_letter_goes_out_while_some_have_not_agreed_to_the_recall(office: Office) -> None:
    wrong, drafter = issued(office), office.client("chuyen.vien")
    told = draft_form(office, urges=wrong.pk, subject="V/v đôn đốc", recipients=["H41"])
    assert drafter.post("/van-ban-di/soan/", told).status_code == 302
    letter = OutgoingDocument.objects.latest("pk")
    why = {"reason": "Sai nội dung Điều 1", "authority": "Chánh Văn phòng"}
    assert press(office, "van.thu", wrong, "recall", recipient=[wrong.recipients.all()[0].pk], **why) == ""
    assert finished(office, letter).state == "issued"
