"""What happens between the question to the clerk's token and its seal: another clerk, a recall, the administrator, a killed
process; and that what is sealed so reaches every recipient, by the hub or inside the installation (Decree 30, Articles 17
and 32; Decision 28, Article 6.2)."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthong.journal.models import Event
from lienthong.office.exchange import outbox
from lienthong.office.models import (
    DirectoryAgency,
    KeyKind,
    Notice,
    OutboxPacket,
    OutgoingDocument,
    OutgoingState,
    RemoteRequest,
    RemoteState,
)
from lienthong.office.people import certificates, setup
from lienthong.office.sealing import asking, putting_in
from lienthong.runtime.demo.cast import H41
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import PIN, Office, install, now, press, signed
from tests.service.office.local_exchange import arrived, carry, inside, key, recipient, tracked
from tests.service.office.test_copies import scan
from tests.service.office.test_dossier_archive import second_clerk
from tests.service.office.test_incoming import MemoryHub
from tests.service.office.test_queue import ISSUING, state
from tests.service.office.test_remote_signing import Killed, the_request
from tests.service.office.test_seal_at_desk import (
    at,
    bring,
    by_the_seal,
    chosen,
    move,
    question,
    the_seal,
    told_of,
    with_annex,
    work,
)

__all__ = ["inside", "key"]
S = OutgoingState
R = RemoteState
AT_DESK = "thiết bị ở máy văn thư"
WHY = {"reason": "Ban hành nhầm thẩm quyền", "authority": "Phó Chủ nhiệm"}


@pytest.fixture
def desk(office: Office) -> Office:
    """The seal is a token at the clerk's machine."""
    assert move(office) == ""
    return office


def made(office: Office, told: dict[str, Any]) -> dict[str, list[str]]:
    """What the agency's key signs of a question, as a token does."""
    private = office.seal.private_key
    assert isinstance(private, rsa.RSAPrivateKey)
    asked = [b64decode(one["attributes"]) for one in told["documents"]]
    return {"signatures": [private.sign(raw, padding.PKCS1v15(), hashes.SHA256()).hex() for raw in asked]}


def seal(office: Office, place: str) -> str:
    """The clerk seals what waits there; the code of the refusal, or ""."""
    return bring(office, place, made(office, question(office, place)))


def sent(office: Office, *documents: OutgoingDocument) -> None:
    chosen(office, *documents)
    assert seal(office, ISSUING) == ""
    assert [state(one) for one in documents] == [S.ISSUED] * len(documents)


# -- who else brings it ------------------------------------------------------------------------------------------------


@pytest.mark.law("SEC-6", "D30-17-1")
def test_another_clerk_another_agency_and_a_page_from_elsewhere_bring_no_seal(
    desk: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    first, second = signed(desk, subject="Về việc một"), signed(desk, subject="Về việc hai")
    chosen(desk, first, second)
    answer = made(desk, question(desk, ISSUING))
    second_clerk(desk)
    other = install(H41, authority, tmp_path)
    assert bring(desk, ISSUING, answer, by="luu.tru") == "not_found"
    assert bring(other, ISSUING, answer) == "not_found"
    assert bring(desk, ISSUING, {"signatures": answer["signatures"][::-1]}) == "foreign_signature"  # each for the other
    assert bring(desk, ISSUING, {"signatures": answer["signatures"][:1] * 2}) == "foreign_signature"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(desk["van.thu"].user)
    assert strict.post(ISSUING, {"act": "take_seal", "request": the_request().pk}).status_code == 403
    assert (the_request().state, state(first), state(second)) == (R.WAITING, S.NUMBERED, S.NUMBERED)
    assert bring(desk, ISSUING, answer) == ""
    assert (state(first), state(second)) == (S.ISSUED, S.ISSUED)


@pytest.mark.law("D30-17-1")
def test_the_journal_says_that_the_seal_was_made_at_the_clerks_machine(desk: Office) -> None:
    document = signed(desk)
    sent(desk, document)
    assert Event.objects.get(name="outgoing.sealed", subject=str(document.pk)).data["service"] == AT_DESK


def test_of_two_clerks_at_once_one_has_the_document_and_the_others_documents_go_on(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_clerk(desk)
    first, second = signed(desk, subject="Về việc một"), signed(desk, subject="Về việc hai")
    keep = asking._keep

    def meanwhile(*args: Any, **more: Any) -> RemoteRequest:
        monkeypatch.setattr(asking, "_keep", keep)
        chosen(desk, first, by="luu.tru")
        return keep(*args, **more)

    monkeypatch.setattr(asking, "_keep", meanwhile)
    page = chosen(desk, first, second).content.decode()
    assert page.count('data-outcome="seal_already_asked"') == 1
    asked = RemoteRequest.objects.order_by("pk")
    assert [(one.person, one.sealings.get().document) for one in asked] == [
        (desk["luu.tru"], first), (desk["van.thu"], second),
    ]  # fmt: skip
    assert seal(desk, ISSUING) == ""
    assert (state(first), state(second)) == (S.NUMBERED, S.ISSUED)
    shown = desk.client("van.thu").get(at(first)).content.decode()
    assert desk["luu.tru"].full_name in shown  # who has it
    assert press(desk, "van.thu", first, "number_and_seal") == "seal_already_asked"


# -- what changes meanwhile --------------------------------------------------------------------------------------------


@pytest.mark.law("R-9.2-1")
def test_files_of_a_document_that_is_recalled_meanwhile_are_not_sealed(desk: Office, hub: MemoryHub) -> None:
    document = signed(desk)
    sent(desk, document)
    assert outbox.send_one(hub, at=now())
    assert press(desk, "van.thu", document, "enclose", file=SimpleUploadedFile("phu-luc.pdf", scan())) == ""
    assert press(desk, "van.thu", document, "seal_files") == ""
    answer = made(desk, question(desk, at(document)))
    assert press(desk, "van.thu", document, "recall", recipient=recipient(document, "H26"), **WHY) == ""
    assert bring(desk, at(document), answer) == ""  # it was made for this; where it belongs is gone
    assert state(document) == S.RECALLING
    assert document.enclosures.get().sealed_digest == ""
    assert not Event.objects.filter(name="outgoing.files_sealed").exists()


@pytest.mark.law("R-6.2-1")
def test_what_its_clerk_calls_off_between_seal_and_sending_is_not_sent(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = signed(desk)
    chosen(desk, document)
    send = putting_in._send

    def called_off(*args: Any) -> None:
        told = {"act": "cancel_seal", "request": the_request().pk}
        assert desk.client("van.thu").post(ISSUING, told).status_code == 302
        send(*args)

    monkeypatch.setattr(putting_in, "_send", called_off)
    assert seal(desk, ISSUING) == ""
    assert (the_request().state, state(document)) == (R.CANCELLED, S.SEALED)
    assert not OutboxPacket.objects.exists()
    assert the_request().why == "người yêu cầu đã hủy"
    assert press(desk, "van.thu", document, "issue") == ""


@pytest.mark.law("R-6.2-1", "R-6.2-4")
def test_the_clerk_who_has_left_the_page_hears_what_the_worker_could_not_send(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = signed(desk, subject="Về việc gấp")
    chosen(desk, document)

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(putting_in, "_send", killed)
        with pytest.raises(Killed):
            seal(desk, ISSUING)
    DirectoryAgency.objects.filter(code="H26").update(open=False)
    work(seconds=80)
    assert (the_request().state, state(document)) == (R.DONE, S.SEALED)
    told = Notice.objects.filter(person=desk["van.thu"], text__startswith="Đã đóng dấu, chưa gửi được: Về việc gấp")
    assert told.get().link == at(document)


@pytest.mark.law("SEC-5", "D30-15-1")
@pytest.mark.parametrize("to", ["server", "another"])
def test_what_waits_for_a_token_that_is_the_seal_no_more_ends_at_once_and_keeps_its_number(
    desk: Office, authority: TestAuthority, tmp_path: Path, to: str
) -> None:
    document = signed(desk)
    assert press(desk, "van.thu", document, "number_and_seal") == ""
    file, identity = tmp_path / "dau.p12", desk.seal
    if to == "another":
        identity = authority.issue_agency(desk.organization.name, desk.organization.alias)
    file.write_bytes(identity.pkcs12(PIN))
    certificates.keep_key(
        desk.organization, identity.certificate, kind=KeyKind.PKCS12, location=str(file), image=None,
        actor=setup.SETUP, at=now(),
    )  # fmt: skip
    if to == "server":
        shown = desk.client("van.thu").get(at(document)).content.decode()
        assert "Con dấu không còn ở thiết bị này" in shown
        assert "Thiết bị đã ký" not in shown  # it has not
    work(seconds=5)
    assert (the_request().state, state(document)) == (R.FAILED, S.NUMBERED)
    assert Notice.objects.filter(person=desk["van.thu"], text__contains="không còn ở thiết bị").count() == 1
    assert "Đóng dấu số 01/QĐ-VPCP" in desk.client("van.thu").get(at(document)).content.decode()
    assert press(desk, "van.thu", document, "number_and_seal", pin=PIN) == ""
    assert (state(document), document.number) == (S.SEALED, 1)


def test_the_seal_that_moves_to_another_port_is_still_the_one_that_is_waited_for(desk: Office) -> None:
    document = signed(desk)
    assert press(desk, "van.thu", document, "number_and_seal") == ""
    assert move(desk, port=18_300, key=the_seal(desk)) == ""
    work(seconds=5)
    policy = desk.client("van.thu").get(at(document)).headers["Content-Security-Policy"]
    assert policy.endswith("http://127.0.0.1:18300")
    assert seal(desk, at(document)) == ""
    assert state(document) == S.SEALED


# -- where it goes then ------------------------------------------------------------------------------------------------


@pytest.mark.law("R-6.3-1", "R-5.4-2", "D30-17-1")
def test_what_is_sealed_at_the_desk_reaches_recipients_by_the_hub_and_inside_and_is_completed_and_sent_again(
    office: Office, inside: Office, hub: MemoryHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert move(office) == ""
    document = with_annex(office, recipients=("H41", "H26"))
    chosen(office, document)

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(putting_in, "_send", killed)
        with pytest.raises(Killed):
            seal(office, ISSUING)
    RemoteRequest.objects.update(claimed_until=now())  # the minute of the one who was killed is over
    putting_in.go_on_with_all(now)
    assert state(document) == S.ISSUED
    by_hub, within = document.packets.get(carrier="hub"), document.packets.get(carrier="local")
    assert by_hub.digest == within.digest
    assert outbox.send_one(hub, at=now())
    document.refresh_from_db()
    received = arrived(document)
    assert received.legal_value == "equivalent"
    assert {check["result"] for check in received.checks} == {"passed"}
    said = {"act": "refuse", "reason": "MISSING_FILE", "text": "Thiếu phụ lục kèm theo"}
    assert inside.client("van.thu").post(f"/van-ban-den/{received.pk}/", said).status_code == 302
    arrive_again(office, document)
    assert tracked(office, document)["H41"] == "01"
    assert by_the_seal(office, document.enclosures.get(name="bo-sung.pdf").sealed_digest)


def arrive_again(office: Office, document: OutgoingDocument) -> None:
    """The file that was missing is added, sealed by the token, and goes to the one who refused it."""
    carry()
    assert tracked(office, document)["H41"] == "02"
    assert press(office, "van.thu", document, "enclose", file=SimpleUploadedFile("bo-sung.pdf", scan())) == ""
    again = {"recipient": recipient(document)}
    assert press(office, "van.thu", document, "send_again", **again) == "seal_files_first"
    assert press(office, "van.thu", document, "seal_files") == ""
    assert seal(office, at(document)) == ""
    assert press(office, "van.thu", document, "send_again", **again) == ""
    assert arrived(document).legal_value == "equivalent"


def test_a_refusal_is_said_once(desk: Office) -> None:
    document = signed(desk)
    chosen(desk, document)
    answer = made(desk, question(desk, ISSUING))
    why = {"reason": "Ban hành nhầm văn bản", "authority": "Chánh Văn phòng"}
    assert press(desk, "van.thu", document, "void", **why) == ""
    page = told_of(desk, answer)
    assert 'data-outcome="seal_missed"' in page
    assert ".." not in page[page.index('data-outcome="seal_missed"') :][:900]
