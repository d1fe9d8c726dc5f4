"""Outgoing documents: the order of the law holds, whoever tries otherwise, and whatever fails in between."""

import subprocess
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from lxml import html

from lienthong.journal.models import Event
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office import errors
from lienthong.office.config import blobs
from lienthong.office.exchange import inbox
from lienthong.office.incoming.checks import agency_seals
from lienthong.office.models import (
    CorrectionTask,
    DirectoryAgency,
    EarlyChange,
    OutboxPacket,
    OutgoingDocument,
    RegisterNumber,
    SignedStatement,
    Stage,
    Transmission,
)
from lienthong.office.outgoing import board, drafting, issuing, resending, review, signing
from lienthong.office.typeset import Draft, render
from lienthong.protocol.messages import Change, DeliveryPromise, Submission
from lienthong.runtime.demo.cast import G12
from lienthong.standards import edxml
from lienthong.standards.signatures import sign as acts
from lienthong.standards.signatures.errors import WrongPin
from lienthong.standards.signatures.judge import Expected, judge
from lienthong.standards.signatures.layout import Place
from lienthong.standards.signatures.report import Verdict
from lienthong.standards.statuses import StatusCode
from lienthong.testing.pki import TestAuthority
from tests.museum.packets import status_packet
from tests.service.office.conftest import (
    PIN,
    Office,
    approved,
    drafted,
    install,
    issued,
    manuscript,
    now,
    press,
    refusal,
    sealed,
    signed,
)
from tests.service.office.test_incoming import MemoryHub

S = StatusCode


def state(document: OutgoingDocument) -> str:
    document.refresh_from_db()
    return document.state


def test_the_whole_way_ends_in_a_document_equal_to_paper(office: Office, tmp_path: Path) -> None:
    document = sealed(office)
    final = document.versions.get(stage=Stage.SEALED)
    pdf = blobs().read(final.digest)
    report = judge(
        pdf, trust=office_trust(), at=now(), agency=agency_seals("G22"), signer_name="Trần Quốc Vượng",
        expected=Expected("01", f"{document.promulgated_on:%d}", str(document.promulgated_on.month)),  # type: ignore[union-attr]
    )  # fmt: skip
    assert report.equivalent, report
    assert [one.verdict for one in report.signatures] == [Verdict.PASSED, Verdict.PASSED]
    file = tmp_path / "final.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid") == 2
    assert acts.kept_values(pdf)[Place.NUMBER] == "01"


def office_trust():  # type: ignore[no-untyped-def]
    from lienthong.office import config

    return config.trust()


@pytest.mark.law("D30-11-1")
def test_what_is_signed_is_what_was_approved_and_every_version_is_kept(office: Office) -> None:
    document = approved(office)
    assert press(office, "lanh.dao", document, "sign", pin=PIN) == ""
    stages = list(document.versions.values_list("stage", flat=True))
    assert stages == [Stage.DRAFT, Stage.APPROVED, Stage.SIGNED]
    agreed, made = (blobs().read(v.digest) for v in document.versions.filter(stage__in=[Stage.APPROVED, Stage.SIGNED]))
    assert made.startswith(agreed)


def test_a_change_asks_for_all_checks_anew(office: Office) -> None:
    document = drafted(office)
    review.submit(document, actor=office["chuyen.vien"], at=now())
    review.check_content(document, actor=office["truong.dv"], at=now())
    review.check_presentation(document, actor=office["the.thuc"], at=now())
    drafting.change(document, manuscript(office, subject="Trích yếu mới"), actor=office["chuyen.vien"], at=now())
    assert state(document) == "draft"
    review.submit(document, actor=office["chuyen.vien"], at=now())
    with pytest.raises(errors.NotReviewed):
        review.approve(document, actor=office["lanh.dao"], at=now())


def test_only_the_person_in_charge_acts(office: Office) -> None:
    document = drafted(office)
    with pytest.raises(errors.Forbidden):
        review.submit(document, actor=office["truong.dv"], at=now())
    review.submit(document, actor=office["chuyen.vien"], at=now())
    for wrong in ("chuyen.vien", "van.thu", "the.thuc"):
        with pytest.raises(errors.Forbidden):
            review.check_content(document, actor=office[wrong], at=now())
    with pytest.raises(errors.Forbidden):
        review.check_presentation(document, actor=office["truong.dv"], at=now())
    with pytest.raises(errors.Forbidden):
        review.approve(document, actor=office["truong.dv"], at=now())
    with pytest.raises(errors.NotReviewed):
        review.approve(document, actor=office["lanh.dao"], at=now())


def test_no_step_is_skipped(office: Office) -> None:
    document = drafted(office)
    for act in (
        lambda: signing.sign(document, pin=PIN, actor=office["lanh.dao"], at=now()),
        lambda: signing.take_number_and_date(document, actor=office["van.thu"], at=now()),
        lambda: signing.seal(document, pin=PIN, actor=office["van.thu"], at=now()),
    ):
        with pytest.raises(errors.IllegalMove):
            act()
    with pytest.raises(errors.NotSealed):
        issuing.issue(document, actor=office["van.thu"], at=now())
    assert state(document) == "draft"
    assert not RegisterNumber.objects.exists()


def test_a_wrong_pin_changes_nothing(office: Office) -> None:
    document = approved(office)
    with pytest.raises(WrongPin):
        signing.sign(document, pin="000000", actor=office["lanh.dao"], at=now())
    assert state(document) == "approved"
    signing.sign(document, pin=PIN, actor=office["lanh.dao"], at=now())


def test_a_wrong_pin_approves_nothing(office: Office) -> None:
    document = drafted(office)
    review.submit(document, actor=office["chuyen.vien"], at=now())
    review.check_content(document, actor=office["truong.dv"], at=now())
    review.check_presentation(document, actor=office["the.thuc"], at=now())
    with pytest.raises(WrongPin):
        signing.approve_and_sign(document, pin="000000", actor=office["lanh.dao"], at=now())
    assert state(document) == "in_review"
    signing.approve_and_sign(document, pin=PIN, actor=office["lanh.dao"], at=now())
    assert state(document) == "signed"


@pytest.mark.law("SEC-2")
def test_who_guesses_at_a_pin_is_stopped(office: Office) -> None:
    document = signed(office)
    assert press(office, "van.thu", document, "number") == ""
    for _ in range(5):
        assert press(office, "van.thu", document, "seal", pin="000000") == "wrong_pin"
    assert press(office, "van.thu", document, "seal", pin=PIN) == "key_locked"
    assert Event.objects.filter(name="key.pin_refused").count() == 5
    signing.seal(document, pin=PIN, actor=office["van.thu"], at=now() + timedelta(minutes=16))


def test_a_persons_key_on_the_server_is_for_the_demo_alone(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from lienthong.office import config

    document = approved(office)
    monkeypatch.setattr(config, "unsafe_server_keys", lambda: False)
    with pytest.raises(errors.ServerKeyForbidden):
        signing.sign(document, pin=PIN, actor=office["lanh.dao"], at=now())


def annex() -> bytes:
    """A PDF of its own."""
    made = render(Draft("Văn phòng Chính phủ", "", "Hà Nội", 2026, "Phụ lục I", "Danh mục./.", "", ""))
    return made.pdf


# -- numbers -----------------------------------------------------------------------------------------------------------


@pytest.mark.law("D30-15-1")
@pytest.mark.refuses("D30-15-1")
def test_many_clerks_at_once_give_numbers_without_gap_or_twin(office: Office) -> None:
    documents = [signed(office) for _ in range(4)]
    answers: list[int] = []

    def take(clerk: Client, document: OutgoingDocument) -> None:
        for _ in range(2):  # everyone tries twice
            answers.append(clerk.post(f"/van-ban-di/{document.pk}/", {"act": "number"}).status_code)
        connection.close()

    threads = [threading.Thread(target=take, args=(office.client("van.thu"), document)) for document in documents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [302] * 4 + [409] * 4
    assert sorted(OutgoingDocument.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


IN_THE_FILE = ("fill_and_seal", "sign_field", "with_material", "seal_enclosure")
"""Steps of sealing that make bytes."""


@pytest.mark.law("D30-15-1")
@pytest.mark.parametrize("step", ["record", *IN_THE_FILE, "add_version", "keep_sealed"])
def test_a_crash_after_the_number_goes_on_with_the_same_number(
    office: Office, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = OutgoingDocument.objects.get(pk=drafted(office).pk)
    drafting.add_enclosure(
        document, name="phu-luc.pdf", media_type="application/pdf", content=[annex()], actor=office["chuyen.vien"],
        at=now(),
    )  # fmt: skip
    review.submit(document, actor=office["chuyen.vien"], at=now())
    review.check_content(document, actor=office["truong.dv"], at=now())
    review.check_presentation(document, actor=office["the.thuc"], at=now())
    signing.approve_and_sign(document, pin=PIN, actor=office["lanh.dao"], at=now())
    assert press(office, "van.thu", document, "number") == ""
    number = document.number

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(acts if step in IN_THE_FILE else signing, step, crash)
        with pytest.raises(KeyboardInterrupt):
            press(office, "van.thu", document, "seal", pin=PIN)
    assert state(document) == "numbered"
    assert not document.versions.filter(stage="sealed").exists()
    assert document.enclosures.get().sealed_digest == ""
    assert press(office, "van.thu", document, "number_and_seal", pin=PIN) == ""
    assert (state(document), document.number) == ("sealed", number)
    assert RegisterNumber.objects.count() == 1
    assert document.versions.filter(stage="sealed").count() == 1
    assert document.enclosures.get().sealed_digest


@pytest.mark.law("D30-15-1")
def test_a_wrong_pin_takes_no_number(office: Office) -> None:
    document = signed(office)
    assert press(office, "van.thu", document, "number_and_seal", pin="000000") == "wrong_pin"
    assert (state(document), RegisterNumber.objects.count()) == ("signed", 0)
    assert press(office, "van.thu", document, "number_and_seal", pin=PIN) == ""
    assert (state(document), document.number) == ("sealed", 1)


def test_a_crash_while_taking_a_number_loses_none(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    document, other = signed(office), signed(office)

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(signing, "record", crash)
        with pytest.raises(KeyboardInterrupt):
            signing.take_number_and_date(document, actor=office["van.thu"], at=now())
    assert state(document) == "signed"
    assert signing.take_number_and_date(other, actor=office["van.thu"], at=now()) == 1


def test_a_number_is_voided_with_reason_and_stays_in_the_register(office: Office) -> None:
    document = sealed(office)
    why = {"reason": "Không ban hành nữa theo ý kiến", "authority": "Phó Chủ nhiệm", "actor": office["van.thu"]}
    with pytest.raises(errors.ReasonNeeded):
        issuing.void(document, at=now(), **{**why, "reason": ""})
    with pytest.raises(errors.Forbidden):
        issuing.void(document, at=now(), **{**why, "actor": office["lanh.dao"]})
    issuing.void(document, at=now(), **why)
    assert RegisterNumber.objects.get().state == "void"
    assert state(document) == "voided"
    with pytest.raises(errors.OfficeProblem):
        issuing.issue(document, actor=office["van.thu"], at=now())
    assert not OutboxPacket.objects.exists()
    assert signing.take_number_and_date(signed(office), actor=office["van.thu"], at=now()) == 2


# -- issuing -----------------------------------------------------------------------------------------------------------


@pytest.mark.law("R-8.1-1")
def test_issuing_queues_one_packet_with_all_that_the_law_asks_for(office: Office) -> None:
    document = sealed(office)
    assert press(office, "van.thu", document, "issue") == ""
    packet = OutboxPacket.objects.get()
    assert packet.state == "waiting"
    with blobs().open(packet.digest) as file:
        read, problems = edxml.read_with_problems(file)
    assert problems == ()
    message = read.message
    assert isinstance(message, edxml.Document)
    assert message.sender.code == "000.00.00.G22"
    assert [one.code for one in message.recipients] == ["000.00.00.H41", "000.00.00.H26"]
    assert message.identifier == f"000.00.00.G22,{document.promulgated_on:%Y/%m/%d},01/QĐ-VPCP"
    assert (message.signer.name, message.kind_name) == ("Trần Quốc Vượng", "Quyết định")
    assert Transmission.objects.count() == 2


def test_nothing_is_queued_when_issuing_fails(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    document = sealed(office)

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(issuing, "record", crash)
        with pytest.raises(KeyboardInterrupt):
            issuing.issue(document, actor=office["van.thu"], at=now())
    assert state(document) == "sealed"
    assert not OutboxPacket.objects.exists()


@pytest.mark.law("R-7.1-1", "R-5.2-1")
@pytest.mark.refuses("R-5.2-1", "R-7.1-1")
def test_every_recipient_that_cannot_be_reached_is_named(office: Office) -> None:
    document = sealed(office, recipients=("H41", "H26", "G12", "X99"))
    DirectoryAgency.objects.filter(code="H26").update(connected=False)
    DirectoryAgency.objects.filter(code="G12").update(open=False, successor="G13")
    answer = office.client("van.thu").post(f"/van-ban-di/{document.pk}/", {"act": "issue"})
    assert refusal(answer) == "bad_recipients"
    words = html.fromstring(answer.content).xpath("//*[@data-problem]")[0].text_content()
    assert "H26" not in words  # what is not connected gets paper by itself
    assert "thay bằng G13" in words
    assert "X99 (không có trong danh mục)" in words
    recipient = {one.code: one.pk for one in document.recipients.all()}
    for reason in ("tiện hơn", ""):
        assert press(office, "van.thu", document, "paper", recipient=recipient["G12"], reason=reason) == "missing"
    for code in ("G12", "X99"):
        assert press(office, "van.thu", document, "paper", recipient=recipient[code], reason="connection") == ""
    assert press(office, "van.thu", document, "issue") == ""
    assert document.recipients.get(code="H26").paper_reason == "connection"
    assert [one.recipient.code for one in Transmission.objects.all()] == ["H41"]
    again = press(office, "van.thu", document, "paper", recipient=recipient["H41"], reason="connection")
    assert again == "paper_not_allowed"


@pytest.mark.law("R-5.1-1")
def test_a_missing_annex_is_named_and_sending_it_all_the_same_is_written_down(office: Office) -> None:
    document = sealed(office, appendixes=("Phụ lục I",))
    answer = office.client("van.thu").post(f"/van-ban-di/{document.pk}/", {"act": "issue"})
    assert refusal(answer) == "incomplete_files"
    assert "chưa kèm tệp: Phụ lục I" in answer.content.decode()
    assert press(office, "van.thu", document, "issue", incomplete="gửi sau") == "incomplete_files"
    assert press(office, "van.thu", document, "issue", incomplete="Phụ lục I gửi sau") == ""
    event = Event.objects.get(name="outgoing.issued_incomplete")
    assert event.data["reason"] == "Phụ lục I gửi sau"


@pytest.mark.parametrize("change", [{"secrecy": "MẬT"}, {"body": "TỐI MẬT\nĐiều 1. Nội dung."}])
def test_a_state_secret_is_not_drafted_here(office: Office, change: dict[str, str]) -> None:
    with pytest.raises(errors.SecretDocument):
        drafted(office, **change)
    assert not OutgoingDocument.objects.exists()


def test_an_upload_gets_a_signing_page_and_bad_files_are_refused(office: Office) -> None:
    source = blobs().read(drafted(office).versions.get().digest)
    document = sealed(office, upload=("quyet-dinh.pdf", source))
    assert document.versions.get(stage=Stage.SEALED)
    for name, content in (("x.docx", b"PK\x03\x04\xff"), ("hong.pdf", b"%PDF-1.7 broken")):
        with pytest.raises(errors.NotPdf):
            drafted(office, upload=(name, content))


# -- answers -----------------------------------------------------------------------------------------------------------


def report(
    document: OutgoingDocument, code: StatusCode, sender: str = "000.00.00.H41", text: str = ""
) -> edxml.StatusReport:
    about = edxml.Related("000.00.00.G22", document.printed_number, document.identifier, document.promulgated_on)
    return edxml.StatusReport(edxml.Organ(sender), about, code, text, now())


def test_a_refusal_opens_a_task_and_is_answered_to_that_recipient_alone(office: Office) -> None:
    document = issued(office, appendixes=("Phụ lục I",))
    board.apply_status(report(document, S.ARRIVED), document, at=now())
    refusal = report(document, S.REFUSED, text="MISSING_FILE: thiếu Phụ lục I")
    for _ in range(2):  # a repeat changes nothing
        board.apply_status(refusal, document, at=now())
    task = CorrectionTask.objects.get()
    assert task.transmission.refusal_reason == "MISSING_FILE"
    assert task.transmission.refusal_text == "thiếu Phụ lục I"
    with pytest.raises(errors.IncompleteFiles):
        resending.send_again(task.transmission, pin=PIN, actor=office["van.thu"], at=now())
    annex = blobs().read(document.versions.first().digest)  # type: ignore[union-attr]
    drafting.add_enclosure(
        document, name="phu-luc.pdf", media_type="application/pdf", content=[annex], actor=office["van.thu"], at=now()
    )
    resending.send_again(task.transmission, pin=PIN, actor=office["van.thu"], at=now())
    again = OutboxPacket.objects.latest("pk")
    assert again.recipients == ["H41"]
    assert CorrectionTask.objects.get().closed_by == office["van.thu"]
    with pytest.raises(errors.IllegalMove):
        resending.send_again(task.transmission, pin=PIN, actor=office["van.thu"], at=now())


def test_a_recall_needs_a_reason_and_ends_when_all_have_answered(office: Office) -> None:
    document = issued(office)
    everyone = list(document.recipients.all())
    with pytest.raises(errors.ReasonNeeded):
        issuing.recall(document, everyone, reason="nhầm", authority="", actor=office["van.thu"], at=now())
    with pytest.raises(errors.Forbidden):
        issuing.recall(
            document, everyone, reason="Ban hành nhầm", authority="PCN", actor=office["chuyen.vien"], at=now()
        )
    (packet,) = issuing.recall(
        document, everyone, reason="Ban hành nhầm", authority="PCN", actor=office["van.thu"], at=now()
    )
    with blobs().open(packet.digest) as file:
        assert edxml.read(file).attachments == ()
    assert state(document) == "recalling"
    board.apply_status(report(document, S.AGREED), document, at=now())
    assert state(document) == "recalling"
    board.apply_status(report(document, S.DECLINED, "H26", "đã thi hành xong"), document, at=now())
    assert state(document) == "partly_recalled"


def test_an_answer_to_a_recall_that_nobody_asked_for_changes_nothing(office: Office) -> None:
    document = issued(office)
    board.apply_status(report(document, S.ACCEPTED), document, at=now())
    for code in (S.AGREED, S.DECLINED):
        board.apply_status(report(document, code), document, at=now())
    assert {board.state_of(one) for one in board.current(document)} == {"03", "waiting"}
    assert issuing.recall(
        document, list(document.recipients.all()), reason="Ban hành nhầm", authority="PCN", actor=office["van.thu"],
        at=now(),
    )  # fmt: skip


def test_who_follows_recipients_reports_for_each_of_them(office: Office) -> None:
    """H41 and G12 were merged into H26, which got a copy of its own: it works on that, and returns the two others."""
    document = issued(office, recipients=("H26", "H41", "G12"))
    DirectoryAgency.objects.filter(code__in=["H41", "G12"]).update(open=False, successor="H26")

    def told(field: str) -> set[str]:
        return {one.recipient.code for one in board.current(document) if getattr(one, field)}

    for code in (S.ACCEPTED, S.REFUSED, S.ASSIGNED, S.REFUSED, S.FINISHED):
        assert board.apply_status(report(document, code, "H26", "DUPLICATE: đã nhận"), document, at=now())
    assert told("accepted") == told("assigned") == told("finished") == {"H26"}
    assert told("refused") == {"H41", "G12"}
    assert not board.apply_status(report(document, S.ACCEPTED, "H27"), document, at=now()), "it follows none of them"


def test_who_follows_recipients_and_got_nothing_itself_reports_for_them(office: Office) -> None:
    document = issued(office, recipients=("H26", "H41", "G12"))
    DirectoryAgency.objects.create(code="H99", name="Sáp nhập", search_key="h99", connected=True, open=True)
    DirectoryAgency.objects.filter(code__in=["H41", "G12"]).update(open=False, successor="H99")

    def accepted() -> set[str]:
        return {one.recipient.code for one in board.current(document) if one.accepted}

    for reports in (1, 2, 2):  # of the third it changes nothing
        assert board.apply_status(report(document, S.ACCEPTED, "H99"), document, at=now())
        assert len(accepted()) == reports
    assert accepted() == {"H41", "G12"}


def test_the_statuses_of_a_merged_agency_come_to_its_follower_of_the_same_installation(
    office: Office, hub: MemoryHub, authority: TestAuthority, tmp_path: Path
) -> None:
    document = issued(office)
    install(G12, authority, tmp_path)
    told = status_packet(report(document, S.ACCEPTED))

    def accepted_after_it_came_to_g12() -> bool:
        inbox.receive(hub, hub.put(told, sender="000.00.00.H41", to="G12"), at=now())
        return any(one.accepted for one in board.current(document))

    assert not accepted_after_it_came_to_g12(), "G12 has nothing to say of what G22 sent"
    DirectoryAgency.objects.filter(code="G22").update(open=False, successor="G12")
    assert accepted_after_it_came_to_g12()


def test_what_the_hub_tells_too_early_is_not_lost(office: Office) -> None:
    """The recipient is faster than our own note of the submission, or the sender was killed before it."""
    issued(office)
    packet = OutboxPacket.objects.get()
    board.apply_change(Change(7, "p-1", "d-1", "H41", "done", now(), "signed hand-over"), at=now())
    promises = (DeliveryPromise("d-1", "H41", "H41"), DeliveryPromise("d-2", "H26", "H26"))
    board.apply_submission(packet, Submission("p-1", packet.digest, now(), promises, "receipt"), at=now())
    one = Transmission.objects.get(delivery_id="d-1")
    assert board.state_of(one) == "delivered"
    kept = SignedStatement.objects.get(kind="handover")
    assert (kept.token, kept.standing, kept.agency) == ("signed hand-over", "waiting", "H41")
    assert not EarlyChange.objects.exists()


def test_what_the_hub_tells_while_its_names_are_being_noted_is_not_lost(office: Office) -> None:
    issued(office)
    packet = OutboxPacket.objects.get()
    promises = (DeliveryPromise("d-1", "H41", "H41"), DeliveryPromise("d-2", "H26", "H26"))
    noted, told = threading.Event(), threading.Event()

    def note() -> None:
        try:
            with transaction.atomic():
                board.apply_submission(packet, Submission("p-1", packet.digest, now(), promises, "receipt"), at=now())
                noted.set()
                told.wait(1)
        finally:
            connection.close()

    thread = threading.Thread(target=note)
    thread.start()
    assert noted.wait(30)
    board.apply_change(Change(7, "p-1", "d-1", "H41", "done", now(), "signed hand-over"), at=now())
    told.set()
    thread.join(30)
    assert board.state_of(Transmission.objects.get(delivery_id="d-1")) == "delivered"
    assert SignedStatement.objects.filter(kind="handover").count() == 1
    assert not EarlyChange.objects.exists()


def test_what_a_hub_without_feed_and_names_tells_again_and_again_is_taken_once(office: Office) -> None:
    """Existing hubs name no deliveries at submission, and tell where everything stands at each question."""
    document = issued(office)
    packet = OutboxPacket.objects.get()
    promises = tuple(DeliveryPromise("", code, code) for code in ("000.00.00.H41", "000.00.00.H26"))
    board.apply_submission(packet, Submission("p-1", packet.digest, now(), promises, ""), at=now())
    OutboxPacket.objects.update(packet_id="p-1")
    moment = now()
    for _ in range(3):
        board.apply_change(Change(0, "p-1", "d-1", "000.00.00.H41", "done", moment, ""), at=now())
        board.apply_change(Change(0, "p-1", "d-2", "000.00.00.H26", "fail", moment, ""), at=now())
        board.apply_change(Change(0, "p-0", "d-0", "000.00.00.H26", "done", moment, ""), at=now())  # of long ago
    rows = {one.recipient.code: (board.state_of(one), one.delivery_id) for one in board.current(document)}
    assert rows == {"H41": ("delivered", "d-1"), "H26": ("not_taken", "d-2")}
    assert CorrectionTask.objects.count() == EarlyChange.objects.count() == 1
    assert Event.objects.filter(name=OfficeEvent.HANDED_OVER.value).count() == 1


def test_statuses_in_any_order_tell_the_same(office: Office) -> None:
    document = issued(office)
    for code in (S.FINISHED, S.ARRIVED, S.ACCEPTED, S.ARRIVED):
        board.apply_status(report(document, code), document, at=now())
    rows = {one.recipient.code: board.state_of(one) for one in board.current(document)}
    assert rows == {"H41": "06", "H26": "waiting"}
    assert not board.apply_status(report(document, S.ACCEPTED, "000.00.00.G12"), document, at=now())
