"""A machine's clock that jumps loses nothing, doubles nothing and dates nothing back; the clerk sees how it stands, and how
the connection to the hub fares."""

from datetime import timedelta

import pytest

from lienthong.office.exchange import outbox
from lienthong.office.exchange.connection import note_contact, note_problem
from lienthong.office.models import IncomingDocument, OutboxPacket, Sequence
from lienthong.office.outgoing import board, signing
from lienthong.protocol.problems import HubUnreachable
from lienthong.standards.statuses import StatusCode
from tests.service.office.conftest import PIN, Office, issued, now, press, signed
from tests.service.office.test_handling import CALM
from tests.service.office.test_incoming import MemoryHub, arrived

DAY = timedelta(days=1)


@pytest.mark.law("D30-15-1")
def test_a_clock_that_was_put_back_gives_no_number_of_an_earlier_day(office: Office) -> None:
    tomorrow = signed(office)
    signing.take_number_and_date(tomorrow, actor=office["van.thu"], at=now() + DAY)  # the clock was ahead
    later = signed(office)
    assert press(office, "van.thu", later, "number_and_seal", pin=PIN) == "clock_behind"
    assert (
        press(office, "van.thu", later, "sub_number", reason="Văn bản bổ sung", authority="Chánh Văn phòng")
        == "clock_behind"
    )
    assert (later.state, later.number) == ("signed", None)
    assert Sequence.objects.get(key="outgoing:QĐ").last == 1
    signing.number_and_seal(later, pin=PIN, actor=office["van.thu"], at=now() + DAY)  # no number was lost by it
    assert later.number == 2


@pytest.mark.law("R-14.4-1")
@pytest.mark.parametrize("tried", [0, 3])
def test_what_a_clock_that_was_ahead_put_off_leaves_now(office: Office, hub: MemoryHub, tried: int) -> None:
    document = issued(office)
    OutboxPacket.objects.update(next_at=now() + DAY, attempts=tried)
    assert outbox.send_one(hub, at=now())
    assert {board.state_of(one) for one in board.current(document)} == {"at_hub"}
    assert len(hub.submitted) == 1
    assert not outbox.send_one(hub, at=now() - DAY)  # and nothing twice
    assert 'data-sending="at_hub"' in office.client("van.thu").get(f"/van-ban-di/{document.pk}/").content.decode()


def test_a_lease_of_before_the_jump_is_sent_under_the_same_key(office: Office, hub: MemoryHub) -> None:
    issued(office)
    hub.lost.add("submit")
    with pytest.raises(HubUnreachable):
        outbox.send_one(hub, at=now() + DAY)
    assert outbox.send_one(hub, at=now())
    assert len(hub.submitted) == 1  # twice by the same key: the hub keeps one
    assert OutboxPacket.objects.get().state == "sent"


def test_what_is_held_back_on_purpose_stays_so(office: Office, hub: MemoryHub, long_day: None) -> None:
    """An acceptance that can still be undone has its notice held; a clock that did not jump changes nothing of that."""
    document = arrived(hub, CALM)
    while outbox.send_one(hub, at=now()):
        pass
    assert office.client("van.thu").post(f"/van-ban-den/{document.pk}/", {"act": "accept"}).status_code == 302
    held = OutboxPacket.objects.get(status_code=StatusCode.ACCEPTED.value)
    assert held.next_at > now()
    assert not outbox.send_one(hub, at=now())
    assert IncomingDocument.objects.get(pk=document.pk).state == "accepted"


@pytest.mark.law("R-12.2-1", "R-14.4-1")
def test_every_page_says_how_the_connection_fares_what_waits_and_how_far_the_clock_is_off(
    office: Office,
    hub: MemoryHub,
) -> None:
    issued(office)
    clerk = office.client("van.thu")

    def line() -> str:
        page = clerk.get("/van-ban-di/").content.decode()
        return " ".join(page[page.index('class="hubline"') : page.index("</aside>")].split())

    assert "Chưa liên lạc" in line()
    hub.skew = timedelta(seconds=0.4)  # type: ignore[attr-defined]
    note_contact(hub)
    assert 'data-hub="ok"' in line()
    assert "Chờ gửi 1" in line()
    assert "<span>0,4 giây" in line()
    hub.skew = timedelta(seconds=-31)  # type: ignore[attr-defined]
    note_contact(hub)
    assert '<span class="stop">31' in line()
    note_problem("không trả lời")
    assert 'data-hub="away"' in line()
    assert "gián đoạn" in line()
    assert outbox.send_one(hub, at=now())
    note_contact(hub)
    assert "Chờ gửi 0" in line()
