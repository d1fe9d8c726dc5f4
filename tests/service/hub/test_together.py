"""Many packets acknowledged in one request: each by itself, each once."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from uuid import uuid4

import httpx
import pytest

from lienthong.evidence.receipts import KeyRing
from lienthong.hub.models import Change, Delivery
from lienthong.journal.models import Event
from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.messages import MOST_TOGETHER, Acknowledgement, InboxItem
from lienthong.protocol.problems import Problem
from tests.horizon import await_final
from tests.service.hub.conftest import Country, make_document, submit


def taken(country: Country, several: int) -> tuple[NativeConnection, list[InboxItem]]:
    """H41's connection, and what it has fetched."""
    for _ in range(several):
        submit(country.native("G22"), make_document())
    recipient = country.native("H41")
    items = recipient.inbox()
    for item in items:
        recipient.fetch(item, io.BytesIO())
    return recipient, items


def outcome(answered: Acknowledgement | Problem) -> str:
    return answered.code if isinstance(answered, Problem) else answered.state


@pytest.mark.law("R-14.2-1")
def test_each_is_done_with_a_receipt_an_event_and_an_entry_of_its_own(country: Country) -> None:
    recipient, items = taken(country, 3)
    done = recipient.acknowledge_together(items)  # which verifies each receipt
    assert [outcome(one) for one in done] == ["done"] * 3
    assert recipient.inbox() == []
    events = Event.objects.filter(name="delivery.done")
    assert {event.subject for event in events} == {item.delivery_id for item in items}
    assert {event.data["packet"] for event in events} == {item.packet_id for item in items}
    assert {(event.actor_kind, event.actor, event.subject_kind) for event in events} == {("system", "H41", "delivery")}
    assert len({bytes(event.salt) for event in events}) == 3
    await_final()
    told = [change for change in country.native("G22").changes(after=0) if change.state == "done"]
    assert {change.delivery_id for change in told} == {item.delivery_id for item in items}
    said = [KeyRing([country.keys["H41"].public_jwk()]).verify(change.statement) for change in told]
    assert {one.delivery_id for one in said} == {item.delivery_id for item in items}


def test_one_that_is_refused_keeps_back_no_other(country: Country) -> None:
    recipient, [first, second, third] = taken(country, 3)
    submit(country.native("G22"), make_document(("H26",)))
    [strange] = country.native("H26").inbox()
    submit(country.native("G22"), make_document())
    [unseen] = [item for item in recipient.inbox() if item.state == "initial"]
    nowhere, other = replace(first, delivery_id=str(uuid4())), replace(second, digest=third.digest)
    answered = recipient.acknowledge_together([first, strange, unseen, nowhere, other, third])
    assert [outcome(one) for one in answered] == [
        "done", "unknown_delivery", "wrong_state", "unknown_delivery", "statement_invalid", "done",
    ]  # fmt: skip
    assert {item.delivery_id for item in recipient.inbox()} == {second.delivery_id, unseen.delivery_id}
    assert Delivery.objects.get(pk=strange.delivery_id).state == "initial"


def test_what_is_done_stays_done_and_what_is_said_twice_is_done_once(country: Country) -> None:
    recipient, items = taken(country, 2)
    [before] = recipient.acknowledge_together(items[:1])
    again = recipient.acknowledge_together([*items, *items])
    assert [outcome(one) for one in again] == ["done"] * 4
    assert again[0] == again[2] == before
    assert again[1] == again[3]
    assert Event.objects.filter(name="delivery.done").count() == Change.objects.filter(state="done").count() == 2


def test_two_who_say_the_same_at_once_in_another_order_wait_for_each_other(country: Country) -> None:
    recipient, items = taken(country, 20)
    both = Barrier(4)

    def say(order: int) -> list[str]:
        connection = country.native("H41")
        connection.time()
        both.wait(10)
        return [outcome(one) for one in connection.acknowledge_together(items[::order])]

    with ThreadPoolExecutor(4) as pool:
        assert all(answer == ["done"] * 20 for answer in pool.map(say, (1, -1, 1, -1)))
    assert Event.objects.filter(name="delivery.done").count() == 20
    assert recipient.inbox() == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "bad_request"),
        ({"statements": "one"}, "bad_request"),
        ({"statements": []}, "bad_request"),
        ({"statements": [7]}, "bad_request"),
        ({"statements": ["x"] * (MOST_TOGETHER + 1)}, "bad_request"),
    ],
)
def test_what_is_no_list_of_statements_is_refused_as_a_whole(
    country: Country, body: dict[str, object], code: str
) -> None:
    recipient, _ = taken(country, 1)
    place = f"{country.url}/api/v1/acknowledgements"
    answer = httpx.post(place, headers=recipient._bearer(), json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert httpx.post(place, json={"statements": ["x"]}).status_code == 401
    assert Delivery.objects.get().state == "processing"


def test_a_text_that_is_no_statement_says_so_in_its_place(country: Country) -> None:
    recipient, _ = taken(country, 1)
    answer = httpx.post(
        f"{country.url}/api/v1/acknowledgements", headers=recipient._bearer(), json={"statements": ["x", "a.b.c"]}
    )
    assert answer.status_code == 200
    assert [one["problem"]["code"] for one in answer.json()["answers"]] == ["statement_invalid"] * 2
    assert all(one["acknowledgement"] is None and one["problem"]["next"] for one in answer.json()["answers"])
