"""Several documents in one act: the signer signs, the clerk numbers, seals and sends, each whole or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from lienthong.journal.vocabulary import Access
from lienthong.office.models import OutboxPacket, OutgoingDocument, OutgoingState, RegisterNumber
from lienthong.office.outgoing import batch, drafting, review, signing
from lienthong.office.people.actors import log_opened
from lienthong.standards.signatures.errors import TimeStampRefused
from tests.service.office.conftest import PIN, Office, approved, drafted, manuscript, now, sealed, signed

SIGNING, ISSUING = "/trinh-ky/", "/phat-hanh/"
S = OutgoingState


def value(document: OutgoingDocument) -> str:
    return f"{document.pk}-{document.versions.latest('ordinal').ordinal}"


def post(client: Client, address: str, *documents: OutgoingDocument, pin: str = PIN) -> HttpResponse:
    asked = {"document": [value(one) for one in documents], "pin": pin}
    return client.post(address, asked, follow=True)  # type: ignore[return-value]


def checked(office: Office, **changes: object) -> OutgoingDocument:
    document = drafted(office, **changes)
    review.submit(document, actor=office["chuyen.vien"], at=now())
    review.check_content(document, actor=office["truong.dv"], at=now())
    review.check_presentation(document, actor=office["the.thuc"], at=now())
    return document


def state(document: OutgoingDocument) -> str:
    return OutgoingDocument.objects.get(pk=document.pk).state


@pytest.mark.law("C-11")
def test_the_signer_signs_what_is_ready_and_what_is_approved_with_one_pin(office: Office) -> None:
    ready, before = checked(office, subject="Về việc thứ nhất"), approved(office, subject="Về việc thứ hai")
    left = checked(office, subject="Về việc thứ ba")
    leader = office.client("lanh.dao")
    said = leader.get(SIGNING).content.decode()
    assert all(one.subject in said for one in (ready, before, left))
    answer = post(leader, SIGNING, ready, before).content.decode()
    assert answer.count('data-outcome="done"') == 2
    assert [state(one) for one in (ready, before, left)] == [S.SIGNED, S.SIGNED, S.IN_REVIEW]
    assert ready.versions.latest("ordinal").author == office["lanh.dao"]
    assert 'data-outcome="done"' not in leader.get(SIGNING).content.decode()  # said once


def test_a_wrong_pin_signs_nothing_and_what_was_chosen_stays_chosen(office: Office) -> None:
    first, second = checked(office), checked(office)
    answer = post(office.client("lanh.dao"), SIGNING, first, second, pin="000000")
    assert 'data-problem="wrong_pin"' in answer.content.decode()
    assert answer.content.decode().count(" checked>") == 2
    assert [state(first), state(second)] == [S.IN_REVIEW, S.IN_REVIEW]


def test_one_that_was_changed_or_signed_meanwhile_holds_up_no_other(office: Office) -> None:
    changed, good, gone = checked(office), checked(office), approved(office)
    stale = value(changed)
    drafting.change(changed, manuscript(office, subject="Về việc khác"), actor=office["chuyen.vien"], at=now())
    leader, stale_gone = office.client("lanh.dao"), value(gone)
    leader.post(f"/van-ban-di/{gone.pk}/", {"act": "sign", "pin": PIN})
    asked = {"document": [stale, stale_gone, value(good)], "pin": PIN}
    said = leader.post(SIGNING, asked, follow=True).content.decode()
    assert said.count('data-outcome="version_changed"') == 1
    assert said.count('data-outcome="not_found"') == 1  # it went back to its drafter
    assert said.count('data-outcome="done"') == 1
    assert [state(changed), state(good)] == [S.DRAFT, S.SIGNED]
    assert gone.versions.filter(stage="signed").count() == 1


def test_nobody_signs_what_another_is_to_sign(office: Office) -> None:
    document = checked(office)
    for login in ("truong.dv", "the.thuc"):  # they see it, and are not its signer
        client = office.client(login)
        assert document.subject not in client.get(SIGNING).content.decode()
        answer = post(client, SIGNING, document)
        assert answer.status_code == 403
        assert 'data-problem="forbidden"' in answer.content.decode()
    assert post(office.client("van.thu"), SIGNING, document).status_code == 404
    assert state(document) == S.IN_REVIEW


def test_nothing_chosen_and_too_much_chosen_are_said(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "MOST", 1)
    first, second = checked(office), checked(office)
    leader = office.client("lanh.dao")
    for documents in ((), (first, second)):
        answer = post(leader, SIGNING, *documents)
        assert answer.status_code == 422
        assert 'data-problem="nothing_chosen"' in answer.content.decode()
    assert leader.post(SIGNING, {"document": ["x"], "pin": PIN}).status_code == 404
    assert [state(first), state(second)] == [S.IN_REVIEW, S.IN_REVIEW]


@pytest.mark.law("R-8.1-1", "D30-15-1")
def test_the_clerk_numbers_seals_and_sends_in_order_with_one_pin(office: Office) -> None:
    first, second, before = signed(office), signed(office), sealed(office)
    clerk = office.client("van.thu")
    assert first.subject in clerk.get(ISSUING).content.decode()
    said = post(clerk, ISSUING, first, second, before).content.decode()
    assert said.count('data-outcome="done"') == 3
    found = {one.pk: one for one in OutgoingDocument.objects.all()}
    assert {one.state for one in found.values()} == {S.ISSUED}
    assert [found[one.pk].number for one in (before, first, second)] == [1, 2, 3]
    assert OutboxPacket.objects.count() == 3


def test_what_is_sealed_and_cannot_be_sent_waits_with_its_reason(office: Office) -> None:
    lacking, good = sealed(office, appendixes=("Phụ lục I",)), signed(office)
    clerk = office.client("van.thu")
    said = post(clerk, ISSUING, lacking, good).content.decode()
    assert said.count('data-outcome="incomplete_files"') == 1
    assert [state(lacking), state(good)] == [S.SEALED, S.ISSUED]
    assert "Phụ lục I" in clerk.get(ISSUING).content.decode()
    assert lacking.subject in clerk.get(ISSUING).content.decode()


def test_what_could_not_be_sent_gets_no_number(office: Office) -> None:
    nobody, lacking = signed(office, recipients=()), signed(office, appendixes=("Phụ lục I",))
    said = post(office.client("van.thu"), ISSUING, nobody, lacking).content.decode()
    assert said.count('data-outcome="no_recipients"') == said.count('data-outcome="incomplete_files"') == 1
    assert [state(nobody), state(lacking)] == [S.SIGNED, S.SIGNED]
    assert not RegisterNumber.objects.exists()


def test_a_fault_that_is_not_the_documents_stops_the_rest_before_it_takes_numbers(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [signed(office) for _ in range(3)]

    def away(*_: object, **__: object) -> None:
        raise TimeStampRefused(reason="away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(signing, "_fill_and_seal", away)
        said = post(office.client("van.thu"), ISSUING, *documents).content.decode()
    assert said.count('data-outcome="time_stamp_refused"') == 1
    assert said.count('data-outcome="not_begun"') == 2
    assert [state(one) for one in documents] == [S.NUMBERED, S.SIGNED, S.SIGNED]
    assert post(office.client("van.thu"), ISSUING, *documents).content.decode().count('data-outcome="done"') == 3
    assert [OutgoingDocument.objects.get(pk=one.pk).number for one in documents] == [1, 2, 3]


def test_one_queue_does_not_tell_what_was_done_in_the_other(office: Office) -> None:
    clerk = office.client("van.thu")
    clerk.post(ISSUING, {"document": [value(signed(office))], "pin": PIN})
    assert "data-outcome" not in clerk.get(SIGNING).content.decode()
    assert "data-outcome" in clerk.get(ISSUING).content.decode()


def test_only_clerks_come_to_the_queue_of_what_is_to_be_issued(office: Office) -> None:
    document = signed(office)
    for login in ("lanh.dao", "chuyen.vien", "truong.dv", "kiem.tra", "quan.tri"):
        client = office.client(login)
        assert client.get(ISSUING).status_code == 403
        assert client.post(ISSUING, {"document": [value(document)], "pin": PIN}).status_code == 403
    assert state(document) == S.SIGNED


def test_the_queue_says_whether_the_version_was_opened(office: Office) -> None:
    document = checked(office)
    leader = office.client("lanh.dao")
    assert "chưa mở xem" in leader.get(SIGNING).content.decode()
    log_opened(Access.OPENED, office["lanh.dao"], document, now() - timedelta(days=1))  # of a version before
    assert "chưa mở xem" in leader.get(SIGNING).content.decode()
    leader.get(f"/van-ban-di/{document.pk}/")
    said = leader.get(SIGNING).content.decode()
    assert "đã mở xem" in said
    assert "chưa mở xem" not in said
