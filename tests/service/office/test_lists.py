"""Lists of documents: their pages begin after a row, show every document once, and ask no more of the database however
many there are."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.look import paging
from lienthong.office.models import IncomingDocument, ListHabit, OutgoingDocument
from lienthong.standards.statuses import Urgency
from tests.service.office.conftest import Office, drafted
from tests.service.office.test_incoming import MemoryHub, arrived
from tests.service.office.test_search import letter

ROW = re.compile(r'href="(/van-ban-d(?:en|i)/\d+/)"')
NEXT = re.compile(r'href="(\?[^"]*sau=[^"]*)"')


def pages(office: Office, login: str, place: str) -> list[list[str]]:
    """The documents of each page, in order, until there is no further page."""
    client, shown, address = office.client(login), list[list[str]](), place
    while address:
        assert len(shown) < 9
        page = client.get(address).content.decode().partition("<main")[2]
        shown.append(ROW.findall(page))
        following = NEXT.search(page)
        address = place.partition("?")[0] + following[1].replace("&amp;", "&") if following else ""
    return shown


def test_pages_of_incoming_documents_show_each_once_the_most_urgent_and_newest_first(office: Office) -> None:
    ListHabit.objects.create(person=office["van.thu"], list="in", rows=2)
    hub, usual = MemoryHub(), Urgency.NORMAL
    for number, urgency in enumerate((usual, Urgency.EXPRESS, usual, usual, Urgency.URGENT)):
        arrived(hub, letter(str(20 + number), urgency=urgency))
    ordered = IncomingDocument.objects.order_by("-urgency", "-arrived_at", "-pk").values_list("pk", flat=True)
    wanted = [f"/van-ban-den/{pk}/" for pk in ordered]
    for tab in ("tat-ca", "cho-tiep-nhan"):
        found = pages(office, "van.thu", f"/van-ban-den/?muc={tab}")
        assert [len(page) for page in found] == [2, 2, 1]
        assert [row for page in found for row in page] == wanted, tab
    assert len(pages(office, "van.thu", "/van-ban-den/?muc=tat-ca&sau=x-1-1")[0]) == 2  # no place is the beginning


def test_pages_of_outgoing_documents_show_each_once(office: Office) -> None:
    ListHabit.objects.create(person=office["chuyen.vien"], list="out", rows=2)
    made = [drafted(office).pk for _ in range(4)]
    OutgoingDocument.objects.filter(pk=made[0]).update(urgency=3)
    found = pages(office, "chuyen.vien", "/van-ban-di/?muc=du-thao")
    assert found == [[f"/van-ban-di/{pk}/" for pk in page] for page in ((made[0], made[3]), (made[2], made[1]))]


def test_a_long_list_is_counted_only_so_far(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = MemoryHub()
    for number in range(3):
        arrived(hub, letter(str(20 + number)))
    client = office.client("van.thu")
    assert "Chờ tiếp nhận <em>3</em>" in client.get("/van-ban-den/").content.decode()
    monkeypatch.setattr(paging, "COUNTED", 2)
    assert paging.counted(IncomingDocument.objects.all()) == 3  # one more than is counted stands for all that follow


def test_few_and_many_are_counted_alike(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = MemoryHub()
    for number in range(3):
        arrived(hub, letter(str(20 + number)))
    IncomingDocument.objects.filter(number="20").update(state="finished")
    groups = {
        "new": ["arrived"],
        "over": ["finished", "refused"],
        "none": ["assigned"],
        "both": ["arrived", "finished"],
    }
    counted = paging.counted_by(IncomingDocument.objects.all(), "state", groups)
    assert counted == {"new": 2, "over": 1, "none": 0, "both": 3}
    monkeypatch.setattr(paging, "FEW", 2)
    assert paging.counted_by(IncomingDocument.objects.all(), "state", groups) == counted


def test_what_is_late_is_asked_for_with_a_plan_of_its_own(office: Office) -> None:
    """A plan for any values goes through a million documents for the few that are late."""
    modes = list[str]()

    def listen(execute: Any, statement: str, *rest: Any) -> Any:
        if "present_due_at" in statement and "COUNT" in statement:
            with connection.cursor() as cursor:
                cursor.execute("SHOW plan_cache_mode")
                modes.append(cursor.fetchone()[0])
        return execute(statement, *rest)

    with connection.execute_wrapper(listen):
        assert office.client("van.thu").get("/van-ban-den/").status_code == 200
    assert modes == ["force_custom_plan"] * 2


@pytest.mark.parametrize("place", ["/van-ban-den/", "/van-ban-di/?muc=tat-ca", "/tra-cuu/?q=ra+soat", "/"])
def test_more_documents_are_no_more_questions(office: Office, place: str) -> None:
    hub, client = MemoryHub(), office.client("van.thu")
    arrived(hub, letter("20"))
    client.get(place)
    with CaptureQueriesContext(
        connection,
    ) as before:
        client.get(place)
    for number in range(3):
        arrived(hub, letter(str(21 + number)))
    with CaptureQueriesContext(connection) as after:
        client.get(place)
    assert len(after) == len(before)
