"""The bell: asked by the page every few seconds, answered without content while nothing changed, aloud for what is
urgent, quiet once the document was opened."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.office.models import Notice
from lienthong.standards.statuses import Urgency
from tests.museum.packets import document_packet
from tests.service.office.conftest import Office, now
from tests.service.office.test_handling import CALM
from tests.service.office.test_incoming import LETTER, MemoryHub
from tests.service.office.test_law_incoming import opened, received

BELL = "/thong-bao/moi/"


@pytest.mark.law("AVI-1i", "R-6.2-5", "C-6")
def test_the_bell_tells_of_what_is_new_and_what_is_urgent_and_nothing_while_nothing_changes(
    office: Office,
    hub: MemoryHub,
) -> None:
    clerk = office.client("van.thu")
    quiet = clerk.get(BELL)
    assert quiet.json() == {"count": 0, "urgent": 0}
    assert clerk.get(BELL, headers={"If-None-Match": quiet["ETag"]}).status_code == 304
    calm = received(hub, document_packet(CALM), sender="000.00.00.H41", to="G22")
    told = clerk.get(BELL, headers={"If-None-Match": quiet["ETag"]})
    assert told.json() == {"count": 1, "urgent": 0}
    express = replace(LETTER, urgency=Urgency.EXPRESS, number="17", identifier="y")
    received(hub, document_packet(express), sender="000.00.00.H41", to="G22")
    told = clerk.get(BELL, headers={"If-None-Match": told["ETag"]})
    assert told.json() == {"count": 2, "urgent": Notice.objects.filter(person=office["van.thu"]).latest("pk").pk}
    unchanged = clerk.get(BELL, headers={"If-None-Match": told["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    page = clerk.get("/thong-bao/?muc=chua-doc").content.decode()
    assert page.count("data-urgent>") == 1
    opened(office, "van.thu", calm)  # read is told
    assert clerk.get(BELL).json()["count"] == 1
    assert f"/van-ban-den/{calm.pk}/" not in clerk.get("/thong-bao/?muc=chua-doc").content.decode()
    assert f"/van-ban-den/{calm.pk}/" in clerk.get("/thong-bao/").content.decode()
    assert office.client("chuyen.vien").get(BELL).json()["count"] == 0


def test_the_bell_costs_the_same_however_much_is_unread(office: Office) -> None:
    clerk, person = office.client("van.thu"), office["van.thu"]
    cost = []
    for more in (1, 300):
        Notice.objects.bulk_create(Notice(person=person, at=now(), text="x", link="/") for _ in range(more))
        with CaptureQueriesContext(connection) as asked:
            told = clerk.get(BELL).json()
        cost.append(len(asked))
    assert told["count"] == 100
    assert cost[0] == cost[1]
