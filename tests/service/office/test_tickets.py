"""Difficulties reported to the hub's operators: from a page of the office to a real hub and back to the bell."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings as django_settings

from lienthong.hub import tickets as desk
from lienthong.hub.models import Ticket as HubTicket
from lienthong.hub.models import TicketEntry as HubEntry
from lienthong.journal.models import Event
from lienthong.journal.record import Actor
from lienthong.office.exchange import tickets
from lienthong.office.models import Notice, Ticket, TicketEntry
from lienthong.office.people.ticket_errors import NoDesk
from lienthong.protocol.problems import HubUnreachable
from lienthong.protocol.support import NewTicket
from tests.service.hub.conftest import Country, country, members_at_hub  # noqa: F401 - two are fixtures
from tests.service.office.conftest import Office, drafted, issued, now, refusal
from tests.service.office.test_incoming import MemoryHub, arrived

NEW = "/co-quan/ho-tro/lap/"
OPERATOR = Actor("person", "truc.ban", "Trực Ban")


@pytest.fixture(autouse=True)
def _routes(settings: pytest.FixtureRequest) -> None:
    settings.ROOT_URLCONF = "lienthong.runtime.urls_office"  # type: ignore[attr-defined]


@contextmanager
def at_hub(settings: pytest.FixtureRequest) -> Iterator[None]:
    """The server of the test is the hub while the office speaks to it."""
    settings.ROOT_URLCONF = "lienthong.runtime.urls_hub"  # type: ignore[attr-defined]
    try:
        yield
    finally:
        settings.ROOT_URLCONF = "lienthong.runtime.urls_office"  # type: ignore[attr-defined]


def exchange(country: Country, settings: pytest.FixtureRequest) -> None:  # noqa: F811
    """What the worker does in a round, later than the last one."""
    Ticket.objects.update(asked_at=now() - timedelta(minutes=1))
    with at_hub(settings):
        hub = country.native("G22")
        while tickets.send_one(hub, at=now() + timedelta(minutes=10)):
            pass
        tickets.ask(hub, at=now())


def reported(office: Office, login: str = "van.thu", **changes: str) -> Ticket:
    form = {"subject": "Gửi bị treo", "text": "Từ 8 giờ, gói tin thứ ba.", **changes}
    answer = office.client(login).post(NEW, form)
    assert answer.status_code == 302, answer.content.decode()
    return Ticket.objects.latest("pk")


def page_of(office: Office, ticket: Ticket, login: str = "van.thu") -> str:
    return office.client(login).get(f"/co-quan/ho-tro/{ticket.pk}/").content.decode()


@pytest.mark.law("R-19.5-1")
def test_a_difficulty_goes_to_the_hub_and_its_answers_ring_here(
    office: Office,
    country: Country,  # noqa: F811
    settings: pytest.FixtureRequest,
) -> None:
    ticket = reported(office)
    assert 'data-ticket="queued"' in page_of(office, ticket)  # nothing is lost while the hub is away
    exchange(country, settings)
    ticket.refresh_from_db()
    at_the_hub = HubTicket.objects.get()
    assert (ticket.state, ticket.number) == ("open", at_the_hub.number)
    assert (at_the_hub.system_id, at_the_hub.agency_id, at_the_hub.subject) == ("G22", "G22", "Gửi bị treo")
    desk.answer(at_the_hub, text="Xin mã phiên.", to=HubTicket.State.WAITING, actor=OPERATOR, at=now())
    exchange(country, settings)
    told = Notice.objects.get(person=office["van.thu"])
    assert (told.link, "chờ cơ quan bổ sung" in told.text) == (f"/co-quan/ho-tro/{ticket.pk}/", True)
    assert "Xin mã phiên." in page_of(office, ticket)
    exchange(country, settings)
    assert Notice.objects.filter(person=office["van.thu"]).count() == 1  # the same answer rings once
    place = f"/co-quan/ho-tro/{ticket.pk}/"
    assert office.client("quan.tri").post(place, {"act": "write", "text": "Mã 12."}).status_code == 302
    exchange(country, settings)
    assert [entry.text for entry in HubEntry.objects.order_by("pk")] == [
        "Từ 8 giờ, gói tin thứ ba.", "Xin mã phiên.", "Mã 12.",
    ]  # fmt: skip
    desk.answer(at_the_hub, text="Đã sửa.", to=HubTicket.State.SOLVED, actor=OPERATOR, at=now())
    exchange(country, settings)
    assert 'data-ticket="solved"' in page_of(office, ticket)
    assert office.client("van.thu").post(place, {"act": "close"}).status_code == 302
    exchange(country, settings)
    ticket.refresh_from_db()
    at_the_hub.refresh_from_db()
    assert (ticket.state, at_the_hub.state) == ("closed", "closed")
    assert refusal(office.client("van.thu").post(place, {"act": "write", "text": "Nữa."})) == "ticket_ended"
    written = str(list(Event.objects.values_list("data", flat=True)))
    assert "Gửi bị treo" not in written
    assert "Mã 12" not in written


@pytest.mark.law("R-19.5-1")
def test_a_document_that_went_by_the_hub_is_named_by_its_packet_and_no_other_is(
    office: Office,
    country: Country,  # noqa: F811
    settings: pytest.FixtureRequest,
) -> None:
    document = issued(office)
    clerk = office.client("van.thu")
    assert refusal(clerk.get(f"{NEW}?di={document.pk}")) == "not_at_hub"
    document.packets.update(state="sent", packet_id="00000000-0000-4000-8000-000000000001")
    assert f"{NEW}?di={document.pk}" in clerk.get(f"/van-ban-di/{document.pk}/").content.decode()
    assert clerk.post(f"{NEW}?di={document.pk}", {"subject": "Treo", "text": "Chưa tới"}).status_code == 302
    ticket = Ticket.objects.get()
    assert ticket.packet_id == "00000000-0000-4000-8000-000000000001"
    assert document.printed_number in page_of(office, ticket)
    assert document.printed_number not in page_of(office, ticket, "quan.tri")  # administrators see no documents
    exchange(country, settings)
    ticket.refresh_from_db()
    assert ticket.state == "rejected"  # this hub knows no such packet
    assert "Trục không nhận" in page_of(office, ticket)
    assert Notice.objects.filter(person=office["van.thu"], link=f"/co-quan/ho-tro/{ticket.pk}/").exists()
    assert refusal(office.client("quan.tri").get(f"{NEW}?di={document.pk}")) == "not_found"
    assert refusal(clerk.get(f"{NEW}?di={drafted(office).pk}")) == "not_found"  # no draft of others for the clerk


@pytest.mark.law("R-19.5-1")
def test_nothing_is_written_twice_and_nothing_is_lost_whatever_breaks(
    office: Office,
    country: Country,  # noqa: F811
    settings: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticket = reported(office)
    with at_hub(settings):
        hub = country.native("G22")
        whole = hub.open_ticket

        def lost(ticket: NewTicket, *, key: str) -> object:
            whole(ticket, key=key)
            raise HubUnreachable("the answer is lost")

        monkeypatch.setattr(hub, "open_ticket", lost)
        with pytest.raises(HubUnreachable):
            tickets.send_one(hub, at=now())
        assert not tickets.send_one(hub, at=now())  # it waits a moment
    entry = ticket.entries.get()
    assert (entry.sent_at, entry.attempts) == (None, 1)
    exchange(country, settings)
    assert HubTicket.objects.count() == HubEntry.objects.count() == 1
    ticket.refresh_from_db()
    assert ticket.state == "open"
    office.client("van.thu").post(f"/co-quan/ho-tro/{ticket.pk}/", {"act": "write", "text": "Thêm"})
    second = ticket.entries.latest("pk")
    with at_hub(settings):  # killed between sending and noting
        country.native("G22").write_to_ticket(ticket.hub_ticket, "Thêm", key=second.key)
    exchange(country, settings)
    assert HubEntry.objects.count() == 2
    assert not TicketEntry.objects.filter(sent_at=None).exists()


@pytest.mark.law("R-19.5-1")
def test_the_longer_nothing_is_written_the_less_often_the_hub_is_asked_and_of_what_is_solved_no_more(
    office: Office,
    country: Country,  # noqa: F811
    settings: pytest.FixtureRequest,
) -> None:
    reported(office)
    exchange(country, settings)

    def asked(*, written: timedelta, before: timedelta) -> int:
        TicketEntry.objects.update(at=now() - written)
        Ticket.objects.update(asked_at=now() - before)
        with at_hub(settings):
            return tickets.ask(country.native("G22"), at=now())

    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    assert asked(written=minute, before=timedelta(seconds=20)) == 1
    assert asked(written=3 * hour, before=minute) == 0
    assert asked(written=3 * hour, before=3 * minute) == 1
    assert asked(written=72 * hour, before=3 * minute) == 0
    assert asked(written=72 * hour, before=20 * minute) == 1
    assert asked(written=24 * 90 * hour, before=hour) == 0
    assert asked(written=24 * 90 * hour, before=3 * hour) == 1
    desk.answer(HubTicket.objects.get(), text="Đã sửa.", to=HubTicket.State.SOLVED, actor=OPERATOR, at=now())
    exchange(country, settings)
    assert asked(written=minute, before=hour) == 1
    Ticket.objects.update(solved_at=now() - timedelta(days=8))
    assert asked(written=minute, before=hour) == 0


@pytest.mark.law("R-19.5-1")
def test_a_state_that_only_a_newer_hub_knows_stops_nothing(
    office: Office,
    country: Country,  # noqa: F811
    settings: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = reported(office), reported(office)
    exchange(country, settings)
    one, other = HubTicket.objects.order_by("number")
    for ticket in (one, other):
        desk.answer(ticket, text="Xin mã phiên.", to=HubTicket.State.WAITING, actor=OPERATOR, at=now())
    Ticket.objects.update(asked_at=now() - timedelta(minutes=1))
    with at_hub(settings):
        hub = country.native("G22")
        told = hub.ticket
        strange = str(one.pk)
        monkeypatch.setattr(
            hub, "ticket", lambda pk: replace(told(pk), state="escalated") if pk == strange else told(pk)
        )
        assert tickets.ask(hub, at=now()) == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("open", "waiting")
    assert "Xin mã phiên." in page_of(office, first)  # what was answered is read all the same


@pytest.mark.law("R-19.5-1")
def test_a_door_without_tickets_says_so_and_what_is_empty_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, came, sent = office.client("van.thu"), arrived(MemoryHub()), issued(office)
    pages = (f"/van-ban-den/{came.pk}/", f"/van-ban-di/{sent.pk}/")
    assert all(NEW in clerk.get(place).content.decode() for place in pages)
    assert refusal(clerk.post(NEW, {"subject": " ", "text": "x"})) == "missing"
    assert refusal(clerk.post(NEW, {"subject": "x", "text": " "})) == "missing"
    assert refusal(clerk.post(NEW, {"subject": "x", "text": "x" * 4001})) == "text_too_long"
    assert refusal(clerk.post(NEW, {"subject": "x" * 201, "text": "x"})) == "text_too_long"
    told = django_settings.LIENTHONG.at(hub_door="vxp")
    monkeypatch.setattr(django_settings, "LIENTHONG", told, raising=False)
    refused = clerk.post(NEW, {"subject": "x", "text": "x"})
    assert refusal(refused) == "no_desk"
    assert 'name="subject"' not in refused.content.decode()
    # Nobody is let write what cannot be sent, and the page of all tickets says why.
    assert clerk.get(NEW)["Location"] == "/co-quan/ho-tro/"
    assert not any(NEW in clerk.get(place).content.decode() for place in pages)
    listing = clerk.get("/co-quan/ho-tro/").content.decode()
    assert 'data-warning="desk"' in listing
    assert NoDesk.vi in listing
    assert NEW not in listing
    assert not Ticket.objects.exists()
