"""Notices by e-mail, at a real mail server: what is urgent at once, the rest gathered, nothing of what a document says,
nothing lost while the server is away, nothing to who wants none."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.journal.models import Event
from lienthong.office.models import IncomingDocument, MailServer, Notice, NoticeMail, NoticeWay
from lienthong.office.people import mail_sending, mailing, setup
from lienthong.office.people.notices import notify
from lienthong.standards.statuses import Urgency, Words
from tests.museum.packets import document_packet
from tests.service.hub.smtp import MailServer as Postman
from tests.service.hub.smtp import mail_server
from tests.service.office.conftest import Office, now, refusal
from tests.service.office.test_handling import CALM
from tests.service.office.test_incoming import LETTER, MemoryHub
from tests.service.office.test_law_incoming import opened, received

PLACE = "/thong-bao/cach-nhan/"
OWN = "van.thu@vpcp.gov.vn"
EXPRESS = replace(LETTER, urgency=Urgency.EXPRESS, number="17", identifier="y")


@pytest.fixture
def post(office: Office) -> Iterator[Postman]:
    """A mail server that the office knows; the agency has an address of its own."""
    office.organization.email = "vanphong@vpcp.gov.vn"
    office.organization.save(update_fields=["email"])
    with mail_server() as server:
        mailing.set_server(server.address, sender="qlvb@vpcp.gov.vn", password="", actor=setup.SETUP, at=now())
        yield server


def wish(
    office: Office, login: str = "van.thu", address: str = OWN, kinds: tuple[str, ...] = ("urgent", "incoming")
) -> str:
    answer = office.client(login).post(PLACE, {"act": "save", "address": address, "kinds": kinds, "sound": "on"})
    return "" if answer.status_code == 302 else refusal(answer)


def arrives(hub: MemoryHub, letter: object) -> IncomingDocument:
    return received(hub, document_packet(letter), sender="000.00.00.H41", to="G22")  # type: ignore[arg-type]


def sent(minutes: int = 0) -> int:
    """What the worker does in a round, so many minutes later."""
    rounds = 0
    while mail_sending.send_one(now() + timedelta(minutes=minutes)):
        rounds += 1
    return rounds


def body_of(mail: EmailMessage) -> str:
    return str(mail.get_content())


@pytest.mark.law("AVI-1i", "R-1.1-1")
def test_an_urgent_document_is_told_at_once_by_number_and_sender_and_nothing_else(
    office: Office,
    hub: MemoryHub,
    post: Postman,
) -> None:
    assert wish(office) == ""
    document = arrives(hub, EXPRESS)
    sent()
    (mail,) = post.mails
    assert (mail["To"], mail["From"]) == (OWN, "qlvb@vpcp.gov.vn")
    assert mail["Subject"].startswith("KHẨN: ")
    said = body_of(mail)
    assert f"Khẩn: Văn bản đến {document.printed_number}, {document.sender_name}" in said
    assert f"/van-ban-den/{document.pk}/" in said
    assert document.subject not in said
    assert document.subject not in mail["Subject"]
    assert sent() == 0  # once
    assert Notice.objects.filter(person=office["lanh.dao"]).exists()  # who rang and wants no mail gets none
    assert len(post.mails) == 1


@pytest.mark.law("AVI-1i")
def test_what_is_not_urgent_is_gathered_and_what_was_seen_meanwhile_is_not_sent(
    office: Office,
    hub: MemoryHub,
    post: Postman,
) -> None:
    wish(office)
    first, second = (
        arrives(hub, CALM),
        arrives(hub, replace(LETTER, urgency=Urgency.NORMAL, number="18", identifier="z")),
    )
    third = arrives(hub, replace(LETTER, urgency=Urgency.NORMAL, number="19", identifier="t"))
    assert sent() == 0
    opened(office, "van.thu", first)
    sent(minutes=11)
    (mail,) = post.mails
    assert "2 thông báo mới" in mail["Subject"]
    assert all(f"/van-ban-den/{one.pk}/" in body_of(mail) for one in (second, third))
    assert f"/van-ban-den/{first.pk}/" not in body_of(mail)
    wish(office, kinds=("urgent",))
    arrives(hub, replace(LETTER, urgency=Urgency.NORMAL, number="20", identifier="u"))
    assert sent(minutes=30) == 0
    assert not NoticeMail.objects.filter(due_at__isnull=False).exists()


@pytest.mark.law("AVI-1i")
def test_a_mail_server_that_is_away_loses_nothing_and_a_mail_that_comes_again_is_the_same(
    office: Office,
    hub: MemoryHub,
    post: Postman,
) -> None:
    wish(office)
    arrives(hub, EXPRESS)
    post.refusing = True
    assert not mail_sending.send_one(now())
    kept = MailServer.objects.get()
    assert (kept.failures, kept.last_error) == (1, "SMTPSenderRefused")
    post.refusing = False
    assert not mail_sending.send_one(now())  # the server has a rest
    post.hangs_up_after_data = True
    assert not mail_sending.send_one(now() + timedelta(minutes=3))  # it took the mail, and nobody heard of it
    post.hangs_up_after_data = False
    assert sent(minutes=10) == 1
    first, again = post.mails
    assert first["Message-ID"] == again["Message-ID"]
    assert body_of(first) == body_of(again)
    assert MailServer.objects.get().failures == 0


@pytest.mark.law("AVI-1i")
def test_a_full_mailbox_and_an_address_that_is_the_agencys_no_more_hold_up_nobody(
    office: Office,
    hub: MemoryHub,
    post: Postman,
) -> None:
    assert wish(office) == ""
    assert wish(office, "lanh.dao", "lanh.dao@vpcp.gov.vn") == ""
    post.full = {OWN}
    arrives(hub, EXPRESS)
    notify([office["lanh.dao"]], IncomingDocument.objects.get(), Words("Khẩn", "Urgent"), at=now(), urgent=True)
    sent()
    assert [mail["To"] for mail in post.mails] == ["lanh.dao@vpcp.gov.vn"]
    assert MailServer.objects.get().failures == 0
    assert NoticeWay.objects.get(person=office["van.thu"]).refused_for == "SMTP 552"
    office.organization.email = "vanphong@khac.gov.vn"
    office.organization.save(update_fields=["email"])
    notify([office["lanh.dao"]], IncomingDocument.objects.get(), Words("Khẩn", "Urgent"), at=now(), urgent=True)
    sent()
    assert len(post.mails) == 1, "nothing leaves for a domain that is the agency's no more"


@pytest.mark.law("AVI-1i")
def test_a_mail_that_was_begun_tells_nothing_that_was_seen_or_is_old_by_now(
    office: Office,
    hub: MemoryHub,
    post: Postman,
) -> None:
    wish(office)
    first = arrives(hub, EXPRESS)
    second = arrives(hub, replace(EXPRESS, number="23", identifier="k"))
    post.refusing = True
    assert not mail_sending.send_one(now())
    post.refusing = False
    opened(office, "van.thu", first)
    assert sent(minutes=5) == 1
    (mail,) = post.mails
    assert "1 thông báo mới" in mail["Subject"]
    assert f"/van-ban-den/{second.pk}/" in body_of(mail)
    third = arrives(hub, replace(EXPRESS, number="24", identifier="l"))
    post.refusing = True
    assert not mail_sending.send_one(now() + timedelta(minutes=10))
    post.refusing = False
    assert sent(minutes=3 * 24 * 60) == 0
    assert len(post.mails) == 1
    assert not NoticeMail.objects.filter(due_at__isnull=False).exists()
    assert not Notice.objects.get(person=office["van.thu"], link=f"/van-ban-den/{third.pk}/").mail.sent_at


@pytest.mark.law("AVI-1i")
def test_a_mail_of_many_notices_costs_as_much_as_of_one(
    office: Office,
    hub: MemoryHub,
    post: Postman,
) -> None:
    wish(office)

    def queries(letters: int, identifier: str) -> int:
        for number in range(letters):
            arrives(hub, replace(EXPRESS, number=f"{number + 30}", identifier=f"{identifier}{number}"))
        with CaptureQueriesContext(connection) as captured:
            assert mail_sending.send_one(now())
        assert body_of(post.mails[-1]).count("/van-ban-den/") == 2 * letters
        return len(captured)

    assert queries(1, "m") == queries(5, "n")


@pytest.mark.law("AVI-1i")
def test_a_mailbox_that_is_refused_is_shown_to_its_owner_and_asked_no_more(
    office: Office,
    hub: MemoryHub,
    post: Postman,
) -> None:
    wish(office)
    post.unknown.add(OWN)
    arrives(hub, EXPRESS)
    sent()
    assert 'data-warning="refused"' in office.client("van.thu").get(PLACE).content.decode()
    arrives(hub, replace(EXPRESS, number="21", identifier="v"))
    assert sent() == 0
    post.unknown.clear()
    wish(office)
    arrives(hub, replace(EXPRESS, number="22", identifier="w"))
    sent()
    assert len(post.mails) == 1


@pytest.mark.law("R-1.1-1")
def test_mail_goes_to_the_agencys_own_domain_alone(office: Office, post: Postman) -> None:
    for address in ("van.thu@gmail.com", "van.thu@xvpcp.gov.vn", "không phải", "a@vpcp.gov.vn\r\nBcc: x@y.vn",
                    "a@đ.vpcp.gov.vn", f"{'a' * 60}@{'b' * 40}.vpcp.gov.vn"):  # fmt: skip
        assert wish(office, address=address) == "address_elsewhere"
    assert wish(office, address="an@vanthu.vpcp.gov.vn") == ""
    assert wish(office, address="") == ""
    assert NoticeWay.objects.get().kinds == []
    office.organization.email = ""
    office.organization.save(update_fields=["email"])
    assert wish(office) == "no_agency_mail"
    page = office.client("chuyen.vien").get(PLACE).content.decode()
    assert "van.thu" not in page
    assert Event.objects.filter(name="person.notice_way_changed").count() == 2


def test_who_wants_no_sound_sees_and_does_not_hear(office: Office) -> None:
    clerk = office.client("van.thu")
    assert "data-silent" not in clerk.get("/").content.decode()
    assert clerk.post(PLACE, {"act": "save", "address": ""}).status_code == 302
    assert "data-silent" in clerk.get("/").content.decode()
    assert "data-silent" not in office.client("lanh.dao").get("/").content.decode()


def test_a_server_is_set_and_taken_away_and_its_password_is_nowhere(office: Office) -> None:
    mailing.set_server(
        "smtps://qlvb@thu.vpcp.gov.vn", sender="qlvb@vpcp.gov.vn", password="rat-bi-mat", actor=setup.SETUP, at=now()
    )
    kept = MailServer.objects.get()
    assert b"rat-bi-mat" not in bytes(kept.secret)
    assert "rat-bi-mat" not in str(list(Event.objects.values_list("data", flat=True)))
    for address, sender in (
        ("http://x", "a@b.vn"),
        ("smtp://a:b@x", "a@b.vn"),
        ("smtp://a@x", "a@b.vn"),
        ("smtp://[::1", "a@b.vn"),
        ("smtp://x:y", "a@b.vn"),
        ("smtp://x", "không"),
    ):
        with pytest.raises(mailing.BadMailServer):
            mailing.set_server(address, sender=sender, password="", actor=setup.SETUP, at=now())
    mailing.switch_off(actor=setup.SETUP, at=now())
    assert not mail_sending.send_one(now())
