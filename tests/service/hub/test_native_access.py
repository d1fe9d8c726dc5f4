"""Every route of the native API is walked by those who must not pass: nobody, a suspended system, a stranger."""

import io
import re
import uuid
from dataclasses import dataclass

import httpx
import pytest

from lienthong.hub import systems
from lienthong.hub.http.described import PLACE
from lienthong.hub.http.native import DESCRIBED
from lienthong.hub.models import Delivery, Quarantined, Ticket, Upload, Webhook
from lienthong.protocol import problems
from tests.service.hub.conftest import Country, make_document, now, submit

WITHOUT_A_TOKEN = {
    ("post", "token"), ("get", "time"), ("get", "keys"), ("get", "hub"), ("get", "standards"), ("get", "problems"),
    ("options", "uploads"), ("get", "keys/<str:kid>"), ("get", "codes"),
    ("get", "journal/heads"), ("get", "journal/consistency"),
}  # fmt: skip
"""What everybody may ask: a new route is not among them unless it is written here."""
ROUTES = [(method, place) for place, one in DESCRIBED.items() for method in one.handlers]  # type: ignore[attr-defined]
GUARDED = [
    (method, place)
    for place, one in DESCRIBED.items()
    for method, view in one.handlers.items()  # type: ignore[attr-defined]
    if getattr(view, "authenticated", False)
]
"""What systems may ask; security monitoring has a credential of its own."""
ABOUT_SOMETHING = [route for route in GUARDED if PLACE.search(route[1])]
MORE = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}


def walked(url: str, method: str, place: str, ids: dict[str, str], **headers: str) -> httpx.Response:
    path = PLACE.sub(lambda found: ids[found[1]], place)
    body = {} if method in ("get", "head", "delete", "options") else {"content": b"{}"}
    return httpx.request(method.upper(), f"{url}/api/v1/{path}", headers={**MORE, **headers}, timeout=30, **body)  # type: ignore[arg-type]


@dataclass
class World:
    """What G22 has at the hub, and nobody else may see or touch."""

    country: Country
    ids: dict[str, str]

    def bearer(self, system: str) -> dict[str, str]:
        return self.country.native(system)._bearer()


@pytest.fixture
def world(country: Country) -> World:
    owner = country.native("G22")
    packet = submit(owner, make_document(("H41",)))
    submit(country.native("H41"), make_document(("G22",), sender="H41"))
    [item] = owner.inbox()
    owner.fetch(item, io.BytesIO())
    with pytest.raises(problems.UnknownRecipient):
        submit(owner, make_document(("X77",)))
    api, bearer = f"{country.url}/api/v1", owner._bearer()
    begun = httpx.post(
        f"{api}/uploads",
        headers={**bearer, "Tus-Resumable": "1.0.0", "Upload-Length": "9", "Idempotency-Key": uuid.uuid4().hex},
    )
    hook = httpx.post(f"{api}/webhooks", headers=bearer, json={"url": "https://dms.example.vn/hook"})
    ticket = httpx.post(f"{api}/tickets", headers=bearer, json={"subject": "Gửi chậm", "text": "Văn bản chờ lâu."})
    return World(
        country,
        {
            "packet_id": packet.packet_id, "delivery_id": item.delivery_id,
            "upload_id": begun.headers["Location"].rpartition("/")[2], "webhook_id": hook.json()["id"],
            "quarantine_id": str(Quarantined.objects.get().pk), "ticket_id": ticket.json()["ticket_id"],
        },
    )  # fmt: skip


def names(routes: list[tuple[str, str]]) -> list[str]:
    return [f"{method}-{re.sub('[<>/]', '-', place)}" for method, place in routes]


@pytest.mark.law("SEC-6")
def test_every_route_is_open_to_everybody_by_name_or_to_nobody(country: Country) -> None:
    ids = dict.fromkeys((name for place in DESCRIBED for name in PLACE.findall(place)), str(uuid.uuid4()))
    ids["kid"] = country.keys["G22"].id
    for method, place in ROUTES:
        answer = walked(country.url, method, place, ids)
        if (method, place) in WITHOUT_A_TOKEN:
            assert answer.status_code in (200, 204, 400), (method, place)
        else:
            assert answer.status_code == 401, (method, place)
            forged = walked(country.url, method, place, ids, Authorization="Bearer x.y.z")
            assert forged.status_code == 401, (method, place)


def test_a_suspended_system_is_stopped_at_every_route(world: World) -> None:
    bearer = world.bearer("G22")
    systems.suspend("G22", reason="Nghi lộ khóa", at=now())
    for method, place in GUARDED:
        answer = walked(world.country.url, method, place, world.ids, **bearer)
        assert answer.status_code == 403, (method, place)
        assert method == "head" or answer.json()["code"] == "suspended"


@pytest.mark.law("SEC-6")
@pytest.mark.parametrize(("method", "place"), ABOUT_SOMETHING, ids=names(ABOUT_SOMETHING))
def test_to_a_stranger_nothing_of_another_exists(world: World, method: str, place: str) -> None:
    answer = walked(world.country.url, method, place, world.ids, **world.bearer("H26"))
    assert answer.status_code == 404
    assert method == "head" or answer.json()["code"].startswith("unknown_")
    assert Delivery.objects.get(pk=world.ids["delivery_id"]).state == "processing"
    assert Upload.objects.filter(pk=world.ids["upload_id"]).exists()
    assert Webhook.objects.get(pk=world.ids["webhook_id"]).enabled
    assert Ticket.objects.get(pk=world.ids["ticket_id"]).entries.count() == 1
    assert Quarantined.objects.filter(pk=world.ids["quarantine_id"], packet__isnull=True).exists()


def test_no_list_shows_a_stranger_anything_of_another(world: World) -> None:
    for method, place in GUARDED:
        if method != "get" or (method, place) in ABOUT_SOMETHING:
            continue
        query = "?q=h" if place == "agencies/search" else ""
        answer = httpx.get(f"{world.country.url}/api/v1/{place}{query}", headers=world.bearer("H26"), timeout=30)
        assert answer.status_code == 200, place
        long = [one for one in world.ids.values() if len(one) > 30]
        assert not [one for one in long if one in answer.text], place
        if place in ("quarantine", "webhooks", "inbox", "changes", "tickets"):
            assert [] in answer.json().values(), place


def test_a_part_of_the_query_that_is_said_twice_is_refused(world: World) -> None:
    """Of two the last would count, and who sent it would not know."""
    for query, status in (("limit=4", 200), ("limit=x&limit=4", 400), ("limit=4&limit=4", 400)):
        answer = httpx.get(f"{world.country.url}/api/v1/changes?{query}", headers=world.bearer("H26"), timeout=30)
        assert answer.status_code == status, query
    assert "limit" in answer.json()["detail"]
