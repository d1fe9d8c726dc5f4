"""Sealing with the agency's token at the clerk's own machine (Decree 30, Articles 17, 25 and 32; Annex I, II.8–9): a token
of SoftHSM, the helper as a process with a window, and everybody who would have the seal by another way. The whole act in a
browser: `test_seal_in_browser`."""

from __future__ import annotations

import json
import subprocess
import threading
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from lxml import html

from lienthong.journal.models import Event
from lienthong.office import config
from lienthong.office.config import blobs
from lienthong.office.copies import making
from lienthong.office.exchange import outbox
from lienthong.office.incoming.checks import agency_seals
from lienthong.office.models import (
    Copy,
    DirectoryAgency,
    KeyKind,
    Notice,
    OutboxPacket,
    OutgoingDocument,
    OutgoingState,
    RegisterNumber,
    RemoteRequest,
    RemoteState,
    Sealing,
    SigningKey,
    Stage,
)
from lienthong.office.outgoing import drafting, signing
from lienthong.office.people import certificates, custody, setup
from lienthong.office.sealing import asking, putting_in
from lienthong.protocol.problems import NotYourAgency
from lienthong.runtime.demo.cast import H41
from lienthong.standards.signatures.judge import judge
from lienthong.standards.statuses import Urgency
from lienthong.testing.pki import TestAuthority
from tests import softtoken
from tests.service.office.conftest import PIN, Office, approve, drafted, install, issued, now, press, refusal, signed
from tests.service.office.test_copies import SHORT, may_sign, scan, scanned
from tests.service.office.test_incoming import MemoryHub
from tests.service.office.test_own_token import ORIGIN, call, pair, port, signed_by
from tests.service.office.test_queue import ISSUING, state, value
from tests.service.office.test_remote_signing import Killed, later, the_request
from tests.softtoken import Helper, SoftToken

__all__ = ["port"]
S = OutgoingState
R = RemoteState


@pytest.fixture
def token(office: Office, tmp_path: Path, port: int) -> SoftToken:
    """The agency's own, plugged into the clerk's machine: so says the administrator, on the certificate's page."""
    made = SoftToken.make(tmp_path / "softhsm")
    made.put("dau", office.seal)
    assert move(office, port=port) == ""
    return made


@pytest.fixture
def helper(token: SoftToken, tmp_path: Path, port: int) -> Iterator[Helper]:
    with softtoken.helper(token, ORIGIN, tmp_path / "paired.json", label="dau", port=port) as running:
        running.wait_for("Signing for this office")
        yield running


@pytest.fixture
def paired(helper: Helper) -> dict[str, str]:
    return pair(helper)


def the_seal(office: Office) -> SigningKey:
    return SigningKey.objects.filter(organization=office.organization).latest("registered_at")


def move(office: Office, *, by: str = "quan.tri", port: object = 18_299, key: SigningKey | None = None) -> str:
    """The seal is on a token at the clerk's machine; the code of the refusal, or ""."""
    place = f"/chung-thu/{(key or the_seal(office)).pk}/"
    answer = office.client(by).post(place, {"act": "at_owner", "port": port})
    return "" if answer.status_code == 302 else refusal(answer)  # type: ignore[arg-type]


def with_annex(office: Office, **changes: object) -> OutgoingDocument:
    """A document that the leader signed, with two enclosures: one is a PDF."""
    document = drafted(office, **changes)
    for name, content in (("phu-luc.pdf", scan()), ("so-lieu.csv", b"a,b\n1,2\n")):
        drafting.add_enclosure(
            document, name=name, media_type="", content=[content], actor=office["chuyen.vien"], at=now()
        )
    signing.sign(approve(office, document), pin=PIN, actor=office["lanh.dao"], at=now())
    return document


def question(office: Office, place: str, login: str = "van.thu") -> dict[str, Any]:
    """What a page that waits would have sealed."""
    page = html.fromstring(office.client(login).get(place).content.decode())
    return dict(json.loads(unescape(str(page.xpath("string(//form[@data-token]/@data-question)")))))


def at(document: OutgoingDocument) -> str:
    return f"/van-ban-di/{document.pk}/"


def bring(office: Office, place: str, told: object, *, by: str = "van.thu") -> str:
    """The page brings what the helper gave; the code of the refusal, or ""."""
    form = {"act": "take_seal", "request": the_request().pk, "answer": json.dumps(told)}
    answer = office.client(by).post(place, form)
    return "" if answer.status_code == 302 else refusal(answer)  # type: ignore[arg-type]


def told_of(office: Office, told: object) -> str:
    """The same, in the queue; what it says then."""
    form = {"act": "take_seal", "request": the_request().pk, "answer": json.dumps(told)}
    return office.client("van.thu").post(ISSUING, form, follow=True).content.decode()


def chosen(office: Office, *documents: OutgoingDocument, by: str = "van.thu") -> HttpResponse:
    """The clerk marks documents in the queue and has them numbered, sealed and sent."""
    form = {"document": [value(one) for one in documents]}
    return office.client(by).post(ISSUING, form, follow=True)  # type: ignore[return-value]


def work(**time: int) -> None:
    putting_in.go_on_with_all(later(**time))


def by_the_seal(office: Office, digest: str) -> bool:
    """Whether the last signature of a file is the agency's, by the judgement that a recipient makes."""
    report = judge(
        blobs().read(digest), trust=config.trust(), at=now(), agency=agency_seals(office.organization.code), signer_name=None
    )  # fmt: skip
    return report.signatures[-1].verdict.value == "passed"


def is_whole(office: Office, document: OutgoingDocument) -> bool:
    """Whether a document is sealed with its PDF enclosures, each by the agency, and never twice."""
    version = document.versions.get(stage=Stage.SEALED)
    enclosures = [one for one in document.enclosures.all() if one.name.endswith(".pdf")]
    others = document.enclosures.exclude(name__endswith=".pdf")
    files = [version.digest, *(one.sealed_digest for one in enclosures)]
    return all(by_the_seal(office, one) for one in files) and not any(one.sealed_digest for one in others)


# -- the act -----------------------------------------------------------------------------------------------------------


@pytest.mark.law("D30-17-1", "R-18.2-1", "D30-15-1")
def test_the_clerk_numbers_and_seals_a_document_with_its_enclosures_by_one_pin(
    office: Office, helper: Helper, paired: dict[str, str]
) -> None:
    document = with_annex(office)
    clerk, page = office.client("van.thu"), at(document)
    shown = clerk.get(page).content.decode()
    assert "Cấp số và đóng dấu bằng thiết bị" in shown
    assert 'type="password"' not in shown  # no PIN of the seal is typed on a page
    assert press(office, "van.thu", document, "number_and_seal", pin=PIN) == ""
    assert (document.state, document.number) == (S.NUMBERED, 1)
    told = question(office, page)
    assert [one["words"].partition(":")[0] for one in told["documents"]] == [
        "Quyết định 01/QĐ-VPCP", "Tệp kèm theo 01/QĐ-VPCP",
    ]  # fmt: skip
    made = signed_by(helper, paired, told)
    assert document.subject in helper.shown
    assert bring(office, page, made) == ""
    assert state(document) == S.SEALED
    assert is_whole(office, document)
    corner = " ".join(_text(document.enclosures.get(name="phu-luc.pdf").sealed_digest).split())
    assert "Kèm theo văn bản số 01/QĐ-VPCP" in corner
    assert "Thời gian ký: " in corner
    assert bring(office, page, made) == "nothing_waits"  # and is taken once
    assert Event.objects.filter(name="outgoing.sealed", subject=str(document.pk)).count() == 1
    used = clerk.get(f"/chung-thu/{the_seal(office).pk}/").content.decode()
    said = html.fromstring(used).xpath("string(//*[@id='su-dung']//li)")
    assert office["van.thu"].full_name in said
    assert "2 tệp, bằng thiết bị ở máy văn thư" in " ".join(said.split())


def _text(digest: str) -> str:
    """What a reader sees on the first page, the fields among it."""
    told = ["pdftotext", "-l", "1", "-", "-"]
    return subprocess.run(told, input=blobs().read(digest), capture_output=True, check=True).stdout.decode()


@pytest.mark.law("C-11", "R-6.2-4", "D30-17-1")
def test_several_are_sealed_and_sent_with_one_pin_and_what_cannot_be_sent_gets_no_number(
    office: Office, helper: Helper, paired: dict[str, str]
) -> None:
    first, second = with_annex(office, subject="Về việc một"), signed(office, subject="Về việc hai")
    nobody = signed(office, subject="Về việc ba", recipients=())
    before = signed(office, subject="Về việc bốn")
    assert press(office, "van.thu", before, "number_and_seal") == ""
    assert bring(office, at(before), signed_by(helper, paired, question(office, at(before)))) == ""
    page = chosen(office, first, second, nobody, before).content.decode()
    assert 'data-outcome="no_recipients"' in page
    assert nobody.state == S.SIGNED
    assert page.count('data-outcome="done"') == 1  # what was sealed before is sent
    assert state(before) == S.ISSUED
    listed = html.fromstring(page).xpath("//input[@name='document']/@value")
    assert listed == [value(nobody)]  # what waits for the token is not offered again
    told = question(office, ISSUING)
    assert len(told["documents"]) == 3
    said = told_of(office, signed_by(helper, paired, told))
    assert said.count('data-outcome="done"') == 2
    assert [state(one) for one in (first, second, nobody)] == [S.ISSUED, S.ISSUED, S.SIGNED]
    assert OutboxPacket.objects.count() == 3
    assert is_whole(office, first)
    assert [one.number for one in RegisterNumber.objects.order_by("number")] == [1, 2, 3]


@pytest.mark.law("R-6.2-1")
def test_what_became_impossible_to_send_is_sealed_and_says_why_it_waits(
    office: Office, helper: Helper, paired: dict[str, str]
) -> None:
    document = signed(office)
    chosen(office, document)
    told = question(office, ISSUING)
    DirectoryAgency.objects.filter(code="H26").update(open=False)
    assert 'data-outcome="sealed_not_sent"' in told_of(office, signed_by(helper, paired, told))
    assert state(document) == S.SEALED
    assert "Đã đóng dấu, chưa gửi được" in office.client("van.thu").get(at(document)).content.decode()
    DirectoryAgency.objects.filter(code="H26").update(open=True)
    assert press(office, "van.thu", document, "issue") == ""  # without the token
    assert state(document) == S.ISSUED


@pytest.mark.law("D30-25-1", "D30-17-1")
def test_an_electronic_copy_is_sealed_by_the_token_with_its_mark(
    office: Office, helper: Helper, paired: dict[str, str]
) -> None:
    document, signer = issued_at_desk(office, helper, paired, body=SHORT), may_sign(office)
    place, clerk = f"/van-ban-di/{document.pk}/sao/", office.client("van.thu")
    assert "PIN con dấu" not in clerk.get(place).content.decode()
    form = {"kind": "SY", "way": "paper-electronic", "signer": signer.pk, "recipients": "- Lưu: VT."}
    answer = clerk.post(place, {**form, "scan": scanned(scan())})
    copy = Copy.objects.get()
    page = f"/ban-sao/{copy.pk}/"
    assert (answer["Location"], copy.state) == (page, "numbered")
    told = question(office, page)
    assert told["documents"][0]["words"].startswith("Sao y 01/SY-VPCP: ")
    assert "Hủy yêu cầu" in clerk.get(page).content.decode()
    # Called off, it goes on with the same number.
    assert clerk.post(page, {"act": "cancel_seal", "request": the_request().pk}).status_code == 302
    assert "chưa đóng dấu được: người yêu cầu đã hủy" in clerk.get(page).content.decode()
    assert clerk.post(page, {"act": "finish"}).status_code == 302
    assert bring(office, page, signed_by(helper, paired, question(office, page))) == ""
    copy.refresh_from_db()
    assert (copy.state, copy.number) == ("made", 1)
    assert by_the_seal(office, copy.digest)
    assert "Sao y" in _text(copy.digest)
    assert Event.objects.filter(name="copy.made").count() == 1


@pytest.mark.law("R-5.4-2")
def test_files_that_were_added_since_are_sealed_by_the_token_before_the_document_is_sent_again(
    office: Office, helper: Helper, paired: dict[str, str], hub: MemoryHub
) -> None:
    document = issued_at_desk(office, helper, paired)
    hub.refuses = NotYourAgency(system="G22", agency="H41")
    assert outbox.send_one(hub, at=now())
    assert press(office, "van.thu", document, "seal_files") == "nothing_to_seal"
    assert press(office, "van.thu", document, "enclose", file=SimpleUploadedFile("phu-luc.pdf", scan())) == ""
    shown = office.client("van.thu").get(at(document)).content.decode()
    assert "Đóng dấu tệp mới bằng thiết bị" in shown
    assert 'name="pin"' not in shown
    assert press(office, "van.thu", document, "send_anew", pin=PIN) == "seal_files_first"
    assert press(office, "van.thu", document, "seal_files") == ""
    assert bring(office, at(document), signed_by(helper, paired, question(office, at(document)))) == ""
    enclosure = document.enclosures.get()
    assert by_the_seal(office, enclosure.sealed_digest)
    assert Event.objects.filter(name="outgoing.files_sealed", subject=str(document.pk)).count() == 1
    assert press(office, "van.thu", document, "send_anew") == ""
    assert OutboxPacket.objects.count() == 2


@pytest.mark.law("R-8.2-3")
def test_files_that_were_added_since_are_sealed_by_the_token_before_an_update_goes(
    office: Office, helper: Helper, paired: dict[str, str], hub: MemoryHub
) -> None:
    document = issued_at_desk(office, helper, paired)
    assert outbox.send_one(hub, at=now())
    told = {
        "recipient": document.recipients.get(code="H41").pk,
        "reason": "Bổ sung phụ lục",
        "authority": "Chánh Văn phòng",
    }
    assert press(office, "van.thu", document, "enclose", file=SimpleUploadedFile("phu-luc.pdf", scan())) == ""
    assert press(office, "van.thu", document, "update", **told) == "seal_files_first"
    assert press(office, "van.thu", document, "seal_files") == ""
    assert bring(office, at(document), signed_by(helper, paired, question(office, at(document)))) == ""
    assert press(office, "van.thu", document, "update", **told) == ""


def issued_at_desk(office: Office, helper: Helper, paired: dict[str, str], **changes: object) -> OutgoingDocument:
    document = signed(office, **changes)
    chosen(office, document)
    assert bring(office, ISSUING, signed_by(helper, paired, question(office, ISSUING))) == ""
    document.refresh_from_db()
    assert document.state == S.ISSUED
    return document


# -- wrong tokens ------------------------------------------------------------------------------------------------------


@pytest.mark.law("D30-17-1", "R-18.1-1")
@pytest.mark.refuses("D30-17-1")
def test_another_agencys_token_and_a_persons_seal_nothing(
    office: Office, token: SoftToken, authority: TestAuthority, tmp_path: Path, port: int
) -> None:
    document = signed(office)
    assert press(office, "van.thu", document, "number_and_seal") == ""
    told = question(office, at(document))
    others = {"khac": authority.issue_agency(H41.name, H41.alias), "nguoi": office.identities["lanh.dao"]}
    for label, identity in others.items():
        token.put(label, identity)
        with softtoken.helper(token, ORIGIN, tmp_path / f"{label}.json", label=label, port=port) as helper:
            paired = pair(helper)
            threading.Thread(target=helper.enter_pin, daemon=True).start()
            assert call(helper, "/sign", told, **paired).json()["code"] == "certificate_on_token_differs"
        # Who leaves the helper out, and signs with that key.
        key = identity.private_key
        assert isinstance(key, rsa.RSAPrivateKey)
        raw = b64decode(told["documents"][0]["attributes"])
        forged = key.sign(raw, padding.PKCS1v15(), hashes.SHA256()).hex()
        assert bring(office, at(document), {"signatures": [forged]}) == "foreign_signature"
    for wrong in ("", [], {}, {"signatures": []}, {"signatures": ["zz"]}, {"signatures": [7]}):
        assert bring(office, at(document), wrong) == "foreign_signature"
    assert (the_request().state, state(document)) == (R.WAITING, S.NUMBERED)  # it still waits for its own
    # And none of them is registered as the seal.
    for identity in others.values():
        pem = SimpleUploadedFile("x.cer", identity.certificate)
        answer = office.client("quan.tri").post(
            "/chung-thu/", {"act": "register", "owner": "co-quan", "certificate": pem}
        )
        assert refusal(answer) == "certificate_of_another"  # type: ignore[arg-type]


@pytest.mark.law("D30-17-1", "R-18.1-1")
@pytest.mark.refuses("R-18.1-1")
@pytest.mark.parametrize("what", ["expired", "withdrawn", "revoked", "held", "forbidden"])
def test_an_expired_or_revoked_seal_and_one_that_another_holds_take_no_number(
    office: Office, token: SoftToken, authority: TestAuthority, what: str
) -> None:
    document, key, by = signed(office), the_seal(office), "van.thu"
    if what == "expired":
        SigningKey.objects.filter(pk=key.pk).update(valid_to=now() - timedelta(days=1))
    elif what == "withdrawn":
        with transaction.atomic():
            certificates.revoke(key, since=now(), reason="mất thiết bị", actor=setup.SETUP, at=now())
    elif what == "revoked":
        made = authority.issue_agency(office.organization.name, office.organization.alias)
        certificates.keep_key(
            office.organization, made.certificate, kind=KeyKind.OWN_TOKEN, location="18299", image=None,
            actor=setup.SETUP, at=now(),
        )  # fmt: skip
        authority.revoke(made, now() - timedelta(hours=1))
        config.validation.cache_clear()
    elif what == "held":
        papers = custody.HandOver(None, office["quan.tri"], now() - timedelta(hours=1), "1/QĐ", "1/BB")
        custody.hand_over(key, papers, actor=office["quan.tri"], at=now())
    else:
        by = "lanh.dao"
    code = {
        "expired": "certificate_expired", "withdrawn": "certificate_withdrawn", "revoked": "certificate_revoked",
        "held": "not_the_holder", "forbidden": "forbidden",
    }[what]  # fmt: skip
    assert press(office, by, document, "number_and_seal") == code
    if by == "van.thu":
        assert f'data-problem="{code}"' in chosen(office, document).content.decode()
    assert document.state == S.SIGNED
    assert not RegisterNumber.objects.exists()
    assert not RemoteRequest.objects.exists()


@pytest.mark.law("SEC-6", "D30-17-1")
def test_nobody_but_the_clerk_who_asked_and_holds_the_token_brings_the_seal(
    office: Office, helper: Helper, paired: dict[str, str]
) -> None:
    document, page = signed(office), ""
    assert press(office, "van.thu", document, "number_and_seal") == ""
    page, request = at(document), the_request()
    made = signed_by(helper, paired, question(office, page))
    for login in ("lanh.dao", "truong.dv", "chuyen.vien"):
        assert bring(office, page, made, by=login) == "not_found"
        assert press(office, login, document, "cancel_seal", request=request.pk) == "not_found"
        assert "data-question" not in office.client(login).get(page).content.decode()
        assert "connect-src" not in office.client(login).get(page).headers["Content-Security-Policy"]
    told = {"act": "take_signature", "request": request.pk, "answer": json.dumps(made)}
    assert refusal(office.client("van.thu").post("/trinh-ky/", told)) == "not_found"  # type: ignore[arg-type]
    policy = office.client("van.thu").get(page).headers["Content-Security-Policy"]
    assert policy.endswith(f"; connect-src 'self' http://127.0.0.1:{helper.port}")
    # Whoever knows a request by its number alone, of another agency, finds none.
    assert press(office, "van.thu", document, "number_and_seal") == "seal_already_asked"
    papers = custody.HandOver(None, office["quan.tri"], now(), "1/QĐ", "1/BB")
    custody.hand_over(the_seal(office), papers, actor=office["quan.tri"], at=now())
    assert bring(office, page, made) == "not_the_holder"  # the token changed hands meanwhile
    assert state(document) == S.NUMBERED


# -- what is interrupted -----------------------------------------------------------------------------------------------


@pytest.mark.law("D30-15-1", "R-6.2-4", "R-6.2-3")
def test_what_was_not_sealed_keeps_its_number_and_an_urgent_one_rings_the_clerk(
    office: Office, helper: Helper, paired: dict[str, str]
) -> None:
    document = signed(office, urgency=Urgency.EXPRESS, subject="Về việc khẩn")
    rung = Notice.objects.get(
        person=office["van.thu"], link=at(document), text__startswith="Văn bản khẩn, cần thiết bị"
    )
    assert rung.urgent
    assert press(office, "van.thu", document, "number_and_seal") == ""
    made = signed_by(helper, paired, question(office, at(document)))
    RemoteRequest.objects.update(expires_at=now(), claimed_until=now())
    assert bring(office, at(document), made) == "nothing_waits"
    work()
    assert (the_request().state, state(document)) == (R.LAPSED, S.NUMBERED)
    assert Notice.objects.get(person=office["van.thu"], text__startswith="Chưa đóng dấu được: Về việc khẩn").urgent
    shown = office.client("van.thu").get(at(document)).content.decode()
    assert "Lần trước chưa đóng dấu được" in shown
    assert "Đóng dấu số 01/QĐ-VPCP bằng thiết bị" in shown
    assert "Về việc khẩn" in office.client("van.thu").get(ISSUING).content.decode()  # back in the queue
    assert press(office, "van.thu", document, "number_and_seal") == ""
    assert bring(office, at(document), made) == "foreign_signature"  # of the request before: another time is claimed
    assert bring(office, at(document), signed_by(helper, paired, question(office, at(document)))) == ""
    assert (state(document), document.number) == (S.SEALED, 1)
    assert RegisterNumber.objects.count() == 1


@pytest.mark.law("D30-15-1")
@pytest.mark.parametrize("step", ["_take_steps", "_sealed", "_keep", "_send"])
def test_whoever_is_killed_leaves_nothing_half_and_the_worker_goes_on(
    office: Office, helper: Helper, paired: dict[str, str], step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = with_annex(office)
    chosen(office, document)
    made = signed_by(helper, paired, question(office, ISSUING))

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(putting_in, step, killed)
        with pytest.raises(Killed):
            bring(office, ISSUING, made)
    sealed = step == "_send"
    assert state(document) == (S.SEALED if sealed else S.NUMBERED)
    assert document.versions.filter(stage=Stage.SEALED).exists() == sealed
    assert document.enclosures.exclude(sealed_digest="").exists() == sealed
    work(seconds=10)
    assert state(document) != S.ISSUED  # who was killed has it in hand for a minute
    work(seconds=80)
    assert (state(document), the_request().state) == (S.ISSUED, R.DONE)
    assert is_whole(office, document)
    assert OutboxPacket.objects.count() == 1
    assert Event.objects.filter(name="outgoing.sealed", subject=str(document.pk)).count() == 1


@pytest.mark.law("R-18.2-1")
def test_a_seal_that_came_waits_for_its_time_stamp_and_is_not_asked_for_again(
    office: Office, helper: Helper, paired: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    document = signed(office)
    chosen(office, document)
    work(minutes=5)  # nobody works on what the clerk has to do
    assert the_request().state == R.WAITING
    made = signed_by(helper, paired, question(office, ISSUING))

    def away(*_: object) -> bytes:
        raise OSError("away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(config, "fetch", away)
        config.timestamps.cache_clear()
        assert bring(office, ISSUING, made) == ""
    config.timestamps.cache_clear()
    assert (the_request().state, state(document)) == (R.SIGNED, S.NUMBERED)
    shown = office.client("van.thu").get(ISSUING).content.decode()
    assert "đang ghi dấu vào văn bản" in shown
    assert "Hệ thống tự làm tiếp" in shown
    assert "data-token=" not in shown
    work(minutes=20)  # it does not lapse by then
    assert state(document) == S.ISSUED
    assert is_whole(office, document)


@pytest.mark.law("D30-15-1")
def test_a_number_that_was_voided_meanwhile_is_not_sealed(
    office: Office, helper: Helper, paired: dict[str, str]
) -> None:
    first, second = signed(office, subject="Về việc một"), signed(office, subject="Về việc hai")
    chosen(office, first, second)
    made = signed_by(helper, paired, question(office, ISSUING))
    why = {"reason": "Ban hành nhầm văn bản", "authority": "Chánh Văn phòng"}
    assert press(office, "van.thu", first, "void", **why) == ""
    assert 'data-outcome="seal_missed"' in told_of(office, made)  # one holds up no other
    assert (state(first), state(second)) == (S.VOIDED, S.ISSUED)
    assert not first.versions.filter(stage=Stage.SEALED).exists()


def test_of_two_who_ask_at_once_one_waits_and_too_many_files_are_refused_before_a_number_is_taken(
    office: Office, token: SoftToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = with_annex(office)
    monkeypatch.setattr(asking, "MOST_SIGNED", 1)
    assert press(office, "van.thu", document, "number_and_seal") == "too_many_files_to_seal"
    assert document.state == S.SIGNED
    monkeypatch.setattr(asking, "MOST_SIGNED", 2)
    assert press(office, "van.thu", document, "number_and_seal") == ""
    row = Sealing.objects.filter(enclosure=None).get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


# -- where the seal is -------------------------------------------------------------------------------------------------


@pytest.mark.law("SEC-5", "R-18.1-1")
def test_the_administrator_says_where_the_seal_is_and_every_other_way_to_it_is_refused_by_name(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    document = issued(office)
    assert move(office, by="van.thu") == "forbidden"
    assert move(office, port="80") == "missing"
    assert press(office, "van.thu", document, "seal_files") == "seal_on_server"
    assert move(office) == ""
    key = the_seal(office)
    assert (key.kind, key.location) == (KeyKind.OWN_TOKEN, "18299")
    shown = office.client("quan.tri").get(f"/chung-thu/{key.pk}/").content.decode()
    assert "thiết bị ở máy văn thư (cổng 18299)" in shown
    assert "Khóa ở máy văn thư…" in shown
    other = install(H41, authority, tmp_path)
    assert move(office, key=SigningKey.objects.get(organization=other.organization)) == "not_found"
    # A copy whose number was taken while the seal was on the server goes on with the token.
    waiting = making.take(
        document, making.Order("SY", "electronic", "paper", may_sign(office), "- Lưu: VT."),  # type: ignore[arg-type]
        pin="", actor=office["van.thu"], at=now(),
    )[0]  # fmt: skip
    Copy.objects.filter(pk=waiting.pk).update(form="electronic")
    assert "Đóng dấu bằng thiết bị" in office.client("van.thu").get(f"/ban-sao/{waiting.pk}/").content.decode()
    # Back on the server, by the command of who runs it: what waits for the token is not taken any more.
    first = signed(office)
    assert press(office, "van.thu", first, "number_and_seal") == ""
    file = tmp_path / "dau.p12"
    file.write_bytes(office.seal.pkcs12(PIN))
    certificates.attach_key(
        certificates.facts_of(key).serial, kind=KeyKind.PKCS12, location=str(file), actor=setup.SETUP, at=now()
    )
    assert bring(office, at(first), {"signatures": ["00"]}) == "nothing_waits"
    assert press(office, "van.thu", first, "cancel_seal", request=the_request().pk) == ""
    assert press(office, "van.thu", first, "number_and_seal", pin=PIN) == ""
    assert state(first) == S.SEALED
