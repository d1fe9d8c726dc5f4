"""Pages of the console that keep themselves true: what they ask for again, and when that is news."""

from collections.abc import Callable
from time import monotonic, sleep

import pytest
from lxml import html

from lienthong.hub import agencies, journaltree, requests, systems, tickets
from lienthong.hub.http.console.access import AGAIN
from lienthong.hub.models import System, Ticket
from lienthong.hub.operators import Role
from lienthong.hub.watch import alerts
from lienthong.journal.record import Actor
from tests.service.hub.conftest import Country, make_document, now, receive_all, submit
from tests.service.hub.people import sit_down

ASKED = {AGAIN: "1"}


def _a_document(country: Country) -> None:
    submit(country.native("G22"), make_document())


def _fetched(country: Country) -> None:
    receive_all(country.native("H41"))


def _suspended(_: Country) -> None:
    systems.suspend("H26", reason="rà soát", at=now())


def _silent(_: Country) -> None:
    System.objects.update(last_contact_at=now().replace(year=2020))
    alerts.look(now())


def _a_ticket(_: Country) -> None:
    member = agencies.member("G22")
    assert member is not None
    tickets.open_ticket(tickets.of_member(member, "G22"), subject="Chậm", text="Danh sách lâu", at=now())


def _an_answer(_: Country) -> None:
    ticket = Ticket.objects.get()
    tickets.answer(ticket, text="Đang xem", to=tickets.State.IN_PROGRESS, actor=Actor("person", "truc"), at=now())


def _a_wish(_: Country) -> None:
    wish = {"code": "H41.77", "pcode": "H41", "name": "Sở Mới"}
    member = agencies.member("H41")
    assert member is not None
    requests.ask_to_register(requests.system(member), wish, at=now())


def _sealed(country: Country) -> None:
    _a_document(country)
    assert journaltree.grow(now())


def nothing(_: Country) -> None:
    """What is shown is there already."""


PAGES: dict[str, tuple[Callable[[Country], None], Callable[[Country], None]]] = {
    "": (nothing, _a_document),
    "van-ban/": (nothing, _a_document),
    "van-ban/?sender=G22&state=open": (nothing, _a_document),
    "he-thong/": (nothing, _suspended),
    "he-thong/ma/H26/": (nothing, _suspended),
    "nhat-ky/niem-phong/": (_sealed, _sealed),
    "nhat-ky/": (nothing, _a_document),
    "canh-bao/": (nothing, _silent),
    "su-co/": (nothing, _a_ticket),
    "su-co/phieu/1/": (_a_ticket, _an_answer),
    "co-quan/yeu-cau/": (nothing, _a_wish),
}


@pytest.mark.law("R-15.2-1")
@pytest.mark.parametrize("place", PAGES)
def test_a_page_asks_for_itself_and_gets_what_changed(country: Country, place: str) -> None:
    before, news = PAGES[place]
    before(country)
    operator = sit_down()
    page = html.fromstring(operator.get(f"/console/{place}").content)
    (live,) = page.xpath("//*[@data-live and @data-seconds]")
    names = page.xpath("//@data-part")
    first = operator.get(live.get("data-live"), headers=ASKED)
    assert first.status_code == 200
    parts = html.fromstring(first.content)
    assert sorted(parts.xpath("//@data-part")) == sorted(names)
    assert len(names) == len(set(names)) > 1
    assert parts.xpath("//nav[@data-part='nav']//a[@aria-current='page']")
    assert not parts.xpath("//head/title|//script|//form[@action='/console/dang-xuat/']")
    again = operator.get(live.get("data-live"), headers={**ASKED, "If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    news(country)
    changed = operator.get(live.get("data-live"), headers={**ASKED, "If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)


def test_the_way_of_a_packet_goes_on_before_ones_eyes(country: Country) -> None:
    place = f"/console/van-ban/{submit(country.native('G22'), make_document()).packet_id}/"
    officer = sit_down(Role.AGENCY, "H41")
    first = officer.get(place, headers=ASKED)
    assert html.fromstring(first.content).xpath("//*[@data-part='way']//@data-transport") == ["initial"]
    _fetched(country)
    changed = officer.get(place, headers={**ASKED, "If-None-Match": first["ETag"]})
    assert html.fromstring(changed.content).xpath("//*[@data-part='way']//@data-transport") == ["done"]
    foreign = sit_down(Role.AGENCY, "H26").get(place, headers=ASKED)
    assert foreign.status_code == 404


def test_what_is_shown_once_or_was_refused_is_not_asked_for_again(country: Country) -> None:
    operator = sit_down()
    refused = operator.post("/console/su-co/moi/", {"impact": "minor", "title": "", "text": ""})
    assert refused.status_code == 422
    assert not html.fromstring(refused.content).xpath("//*[@data-live and @data-seconds]")
    secret = operator.post("/console/he-thong/ma/H41/khoa-chung/", {"given": "0", "overlap": "0"})
    assert html.fromstring(secret.content).xpath("//*[@id='secret']")
    assert not html.fromstring(secret.content).xpath("//*[@data-live and @data-seconds]")


def test_what_a_system_does_is_seen_on_its_page_without_asking(country: Country) -> None:
    operator = sit_down()

    def part(name: str) -> str:
        page = operator.get("/console/he-thong/ma/H41/", headers=ASKED)
        return " ".join(
            html.fromstring(page.content.decode()).xpath(f"//*[@data-part='{name}']")[0].text_content().split()
        )

    assert "1 gói tin" not in part("connection")
    _a_document(country)
    assert "1 gói tin" in part("connection")
    _fetched(country)
    end = monotonic() + 20
    while "GET /deliveries/{delivery_id}/packet" not in part("calls"):
        assert monotonic() < end
        sleep(0.1)
    systems.suspend("H41", reason="rà soát", at=now())
    assert "rà soát" in part("told")
    assert "Tạm ngừng" in part("state")
