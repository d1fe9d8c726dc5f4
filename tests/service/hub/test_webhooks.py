"""Systems are told that something waits: signed, at least once, in order; the inbox never depends on it."""

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.db import connection, transaction
from django.db.backends.signals import connection_created

from lienthong.hub import agencies, jobs, rows, systems
from lienthong.hub.models import Webhook, WebhookAttempt, WebhookCursor, WebhookMessage
from lienthong.hub.webhooks import endpoints, outbox, sending, targets, worker
from lienthong.hub.webhooks.sending import Breaker
from lienthong.hub.webhooks.targets import Outcome
from lienthong.journal.models import Event
from lienthong.protocol import webhooks
from lienthong.protocol.webhooks import CHOOSABLE, WebhookEvent
from lienthong.standards.statuses import StatusCode
from lienthong.testing.webhook_receiver import Call, Receiver
from tests.horizon import await_final
from tests.service.hub.conftest import Country, make_document, make_status, now, receive_all, submit

EVERYTHING = [event.value for event in CHOOSABLE]


@pytest.fixture(autouse=True)
def _on_this_machine(settings: Any) -> None:
    """Receivers of these tests are on loopback, which must be said."""
    settings.LIENTHONG = settings.LIENTHONG.at(webhook_networks="127.0.0.0/8")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as one:
        yield one


class Owner:
    """A system at the routes of its webhooks."""

    def __init__(self, country: Country, system: str) -> None:
        bearer = country.native(system)._bearer()
        self.http = httpx.Client(base_url=f"{country.url}/api/v1/", headers=bearer, timeout=20)

    def register(self, url: str, *events: str) -> dict[str, Any]:
        answer = self.http.post("webhooks", json={"url": url, "events": list(events)})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def shown(self, webhook: dict[str, Any]) -> dict[str, Any]:
        return dict(self.http.get(f"webhooks/{webhook['id']}").json())

    def attempts(self, webhook: dict[str, Any]) -> list[dict[str, Any]]:
        return list(self.http.get(f"webhooks/{webhook['id']}/attempts").json()["attempts"])


@pytest.fixture
def owner(country: Country) -> Iterator[Owner]:
    one = Owner(country, "H41")
    yield one
    one.http.close()


@contextmanager
def working() -> Iterator[None]:
    """A worker that tells."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)


def collect_all() -> None:
    """Make messages of all that is committed, once no transaction of another test holds the horizon back."""
    await_final()
    while outbox.collect(now()):
        pass


def said(call: Call, *secrets: str) -> dict[str, Any]:
    return webhooks.verify(call.headers, call.body, secrets=secrets, at=now())


# -- what is told ----------------------------------------------------------------------------------------------------


def test_a_system_hears_that_a_document_waits_and_whoever_sent_it_what_became_of_it(
    country: Country, owner: Owner, receiver: Receiver
) -> None:
    made = owner.register(receiver.url, "delivery.waiting")
    with Receiver() as senders, working():
        sender = Owner(country, "G22")
        theirs = sender.register(senders.url, "packet.changed", "status.received")
        document = make_document()
        submission = submit(country.native("G22"), document)
        [call] = receiver.wait_for(1)
        payload = said(call, made["secret"])
        assert (payload["type"], payload["data"]["system"], payload["data"]["count"]) == ("delivery.waiting", "H41", 1)
        [item] = payload["data"]["items"]
        assert item == {
            "delivery_id": submission.deliveries[0].delivery_id, "packet_id": submission.packet_id, "agency": "H41",
            "urgency": 0,
        }  # fmt: skip
        receive_all(country.native("H41"))
        submit(country.native("H41"), make_status(document, StatusCode.ARRIVED))
        end = monotonic() + 20
        heard: list[tuple[str, str]] = []
        while ("status.received", "") not in heard or ("packet.changed", "done") not in heard:
            assert monotonic() < end, heard
            heard = [
                (payload["type"], item.get("state", ""))
                for payload in (said(call, theirs["secret"]) for call in senders.calls)
                for item in payload["data"]["items"]
            ]
            sleep(0.05)
        sender.http.close()
    states = [state for kind, state in heard if kind == "packet.changed"]
    assert states == ["processing", "done"]


def test_a_message_names_no_content(country: Country, owner: Owner, receiver: Receiver) -> None:
    owner.register(receiver.url)
    document = make_document(subject="Về việc không ai được đọc", number="77/QĐ-VPCP")
    submit(country.native("G22"), document)
    collect_all()
    bodies = [sending.body_of(message, "H41").decode() for message in WebhookMessage.objects.all()]
    assert bodies
    for body in bodies:
        for secret in ("không ai được đọc", "77/QĐ-VPCP", document.identifier):
            assert secret not in body


def test_a_change_of_the_directory_is_told(country: Country, owner: Owner, receiver: Receiver) -> None:
    made = owner.register(receiver.url, "directory.changed")
    collect_all()
    WebhookMessage.objects.all().delete()
    agencies.add_agency("H41.99", name="Xã Mới", parent="H41", at=now())
    with working():
        payload = said(receiver.wait_for(1)[0], made["secret"])
    assert payload["data"]["items"] == [{"agency": "H41.99"}]


def test_nobody_hears_of_another_systems_affairs(country: Country, owner: Owner, receiver: Receiver) -> None:
    owner.register(receiver.url, *EVERYTHING)
    collect_all()
    WebhookMessage.objects.all().delete()
    submit(country.native("G22"), make_document(("H26",)))
    receive_all(country.native("H26"))
    collect_all()
    assert not WebhookMessage.objects.exists()


def test_what_comes_together_is_one_message_and_the_queue_stays_short(
    country: Country, owner: Owner, receiver: Receiver
) -> None:
    owner.register(receiver.url, "delivery.waiting")
    for _ in range(3):
        submit(country.native("G22"), make_document())
        collect_all()
    [message] = WebhookMessage.objects.all()
    assert (message.count, len(message.items)) == (3, 3)
    outbox.enqueue("H41", WebhookEvent.DELIVERY_WAITING, [{"delivery_id": str(n)} for n in range(80)], 80, at=now())
    message.refresh_from_db()
    assert (message.count, len(message.items)) == (83, outbox.MOST_ITEMS)
    # What was attempted stays as it is: the same message has the same bytes.
    refuse = lambda *_: Outcome("answered", 500, 3)  # noqa: E731
    sending.send_next(message.webhook_id, clock=now, post=refuse)
    for _ in range(2):
        outbox.enqueue("H41", WebhookEvent.DELIVERY_WAITING, [{"delivery_id": "x"}], 1, at=now())
    assert [one.count for one in WebhookMessage.objects.order_by("id")] == [83, 2]


def test_taking_a_packet_in_costs_no_statement_for_it(
    country: Country, owner: Owner, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements: list[str] = []
    run = rows._run

    def note_hot(statement: str, values: Any) -> Any:  # these go to the driver itself
        statements.append(statement)
        return run(statement, values)

    def note(execute: Any, sql: str, *more: Any) -> Any:
        statements.append(sql)
        return execute(sql, *more)

    def listen(connection: Any, **_: object) -> None:
        connection.execute_wrappers.append(note)

    owner.register(receiver.url)
    monkeypatch.setattr(rows, "_run", note_hot)
    connection_created.connect(listen)
    try:
        submit(country.native("G22"), make_document(("H41", "H26")))
    finally:
        connection_created.disconnect(listen)
    assert any("hub_delivery" in sql for sql in statements)
    assert not [sql for sql in statements if "webhook" in sql.lower()]
    collect_all()
    assert WebhookMessage.objects.exists()


def test_a_fan_out_makes_messages_only_for_those_who_listen(country: Country, owner: Owner, receiver: Receiver) -> None:
    owner.register(receiver.url, "delivery.waiting")
    submit(country.native("G22"), make_document(("H41", "H26", "G12")))
    collect_all()
    assert [(one.webhook.system_id, one.count) for one in WebhookMessage.objects.all()] == [("H41", 1)]


def test_a_late_commit_is_not_passed_by(country: Country, owner: Owner, receiver: Receiver) -> None:
    """What began earlier and commits later is told, though the worker has looked in between."""
    owner.register(receiver.url, "directory.changed")
    collect_all()
    WebhookMessage.objects.all().delete()
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            agencies.add_agency("H41.98", name="Xã Chậm", parent="H41", at=now())
            begun.set()
            go_on.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(20)
    outbox.collect(now())
    assert not WebhookMessage.objects.exists()
    go_on.set()
    thread.join(20)
    collect_all()
    assert WebhookMessage.objects.get().items == [{"agency": "H41.98"}]


def test_a_worker_that_was_away_for_long_catches_up_in_steps(
    country: Country, owner: Owner, receiver: Receiver
) -> None:
    owner.register(receiver.url, "delivery.waiting")
    submit(country.native("G22"), make_document())
    newest = Event.objects.latest("transaction").transaction
    WebhookCursor.objects.update(transaction=max(0, newest - 3 * outbox.WINDOW))
    steps = 0
    while outbox.collect(now()):
        steps += 1
        assert steps < 100
    collect_all()
    assert WebhookMessage.objects.get().count == 1


# -- how it is told --------------------------------------------------------------------------------------------------


def waiting_message(system: str = "H41", **facts: Any) -> Webhook:
    """An endpoint with something to tell."""
    outbox.enqueue(system, WebhookEvent.DELIVERY_WAITING, [{"delivery_id": str(uuid4()), **facts}], 1, at=now())
    return Webhook.objects.get(system_id=system)


def attempt(webhook: Webhook, at: datetime, *, outcome: Outcome | None = None) -> bool:
    def answer(*_: object) -> Outcome:
        return outcome or Outcome("delivered", 204, 5)

    return sending.send_next(webhook.pk, clock=lambda: at, post=answer)


FAILED = Outcome("answered", 500, 5)


def test_a_repeat_is_the_same_message_and_the_same_bytes(country: Country, owner: Owner, receiver: Receiver) -> None:
    made = owner.register(receiver.url, "delivery.waiting")
    answers = iter([500, 503, 204])
    receiver.answer = lambda _: next(answers)
    webhook = waiting_message()
    for _ in range(3):
        Webhook.objects.update(next_at=now())
        sending.send_next(webhook.pk, clock=now)
    first, second, third = receiver.calls
    assert first.body == second.body == third.body
    assert {call.headers[webhooks.ID] for call in receiver.calls} == {first.headers[webhooks.ID]}
    assert said(third, made["secret"])["type"] == "delivery.waiting"
    log = owner.attempts(made)
    assert [(one["number"], one["outcome"], one["status"]) for one in log] == [
        (3, "delivered", 204), (2, "answered", 503), (1, "answered", 500),
    ]  # fmt: skip
    assert owner.shown(made)["waiting"] == 0


def test_messages_of_an_endpoint_come_in_order_one_at_a_time(
    country: Country, owner: Owner, receiver: Receiver
) -> None:
    made = owner.register(receiver.url, "delivery.waiting", "packet.changed")
    webhook = waiting_message()
    attempt(webhook, now(), outcome=FAILED)
    outbox.enqueue("H41", WebhookEvent.PACKET_CHANGED, [{"seq": 1}], 1, at=now())
    later = now() + timedelta(minutes=1)
    assert sending.due(later, slow=True, limit=9) == [webhook.pk]
    while sending.send_next(webhook.pk, clock=lambda: later):
        pass
    kinds = [said(call, made["secret"])["type"] for call in receiver.calls]
    assert kinds == ["delivery.waiting", "packet.changed"]


def test_pauses_grow_with_jitter_and_the_breaker_opens(country: Country, owner: Owner, receiver: Receiver) -> None:
    made = owner.register(receiver.url, "delivery.waiting")
    webhook, at = waiting_message(), now()
    pauses = []
    for number in range(1, 9):
        assert not attempt(webhook, at, outcome=FAILED)
        webhook.refresh_from_db()
        assert webhook.next_at is not None
        pauses.append((webhook.next_at - at).total_seconds())
        expected = Breaker.CLOSED if number < sending.OPENS_AFTER else Breaker.OPEN
        assert sending.breaker_of(webhook, at) is expected
        assert not attempt(webhook, webhook.next_at - timedelta(seconds=1), outcome=FAILED)  # not before its time
        at = webhook.next_at
    grown = [5 * 3**n for n in range(8)]
    for pause, plain in zip(pauses, grown, strict=True):
        assert 0.8 * min(plain, 3600) <= pause <= 1.2 * min(plain, 3600)
    assert len(owner.attempts(made)) == 8
    # Half open: one probe; taken, the breaker is closed and the rest follows.
    outbox.enqueue("H41", WebhookEvent.DELIVERY_WAITING, [{"delivery_id": "x"}], 1, at=at)
    webhook.refresh_from_db()
    assert sending.breaker_of(webhook, at) is Breaker.HALF_OPEN
    assert attempt(webhook, at)
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.next_at) == (0, at)
    assert attempt(webhook, at)
    webhook.refresh_from_db()
    assert (webhook.next_at, webhook.messages.count()) == (None, 0)


def test_a_message_is_given_up_after_a_day_and_the_next_follows(
    country: Country, owner: Owner, receiver: Receiver
) -> None:
    made = owner.register(receiver.url, "delivery.waiting")
    webhook, at = waiting_message(), now()
    tries = 0
    while webhook.messages.exists():
        attempt(webhook, at, outcome=FAILED)
        webhook.refresh_from_db()
        assert webhook.next_at is not None
        at, tries = webhook.next_at, tries + 1
    assert 20 < tries < 40
    assert timedelta(hours=23) < at - now() < timedelta(hours=27)
    assert owner.attempts(made)[0]["given_up"]
    waiting_message()
    assert attempt(webhook, at)


def test_a_receiver_says_how_long_it_wants_to_be_left_alone(country: Country, owner: Owner, receiver: Receiver) -> None:
    owner.register(receiver.url, "delivery.waiting")
    receiver.answer, receiver.headers = (lambda _: 429), {"Retry-After": "120"}
    webhook, at = waiting_message(), now()
    sending.send_next(webhook.pk, clock=lambda: at)
    webhook.refresh_from_db()
    assert webhook.next_at is not None
    assert webhook.next_at - at >= timedelta(seconds=120)


def test_a_receiver_that_is_gone_is_not_called_again(country: Country, owner: Owner, receiver: Receiver) -> None:
    made = owner.register(receiver.url, "delivery.waiting")
    receiver.answer = lambda _: 410
    webhook = waiting_message()
    sending.send_next(webhook.pk, clock=now)
    shown = owner.shown(made)
    assert (shown["enabled"], shown["disabled_for"]) == (False, "410 Gone")
    assert sending.due(now() + timedelta(days=2), slow=True, limit=9) == []
    again = owner.http.patch(f"webhooks/{made['id']}", json={"enabled": True}).json()
    assert (again["enabled"], again["disabled_for"]) == (True, "")
    assert sending.due(now(), slow=True, limit=9) == [webhook.pk]


def test_two_workers_do_not_attempt_the_same_and_a_killed_ones_lease_ends(
    country: Country, owner: Owner, receiver: Receiver
) -> None:
    owner.register(receiver.url, "delivery.waiting")
    webhook, at = waiting_message(), now()
    inside: list[bool] = []

    def while_sending(*_: object) -> Outcome:
        inside.append(sending.send_next(webhook.pk, clock=lambda: at, post=while_sending))
        connection.close()
        return Outcome("delivered", 204, 5)

    assert sending.send_next(webhook.pk, clock=lambda: at, post=while_sending)
    assert inside == [False]
    waiting_message()
    at = now()
    claimed = sending._claim(webhook.pk, at)  # … and its process is killed
    assert claimed is not None
    assert not attempt(webhook, at + sending.LEASE / 2)
    assert sending.due(at + sending.LEASE / 2, slow=False, limit=9) == []
    assert attempt(webhook, at + sending.LEASE)
    assert WebhookAttempt.objects.order_by("-id").first().number == 2  # type: ignore[union-attr]
    # The first one was only slow: by now it has no say.
    sending._settle(claimed, FAILED, at, at)
    webhook.refresh_from_db()
    assert webhook.failures == 0


def test_slow_and_dead_receivers_keep_nobody_waiting(country: Country, receiver: Receiver) -> None:
    """More receivers than places take their time, or are not there; a quick one hears at once."""
    hold = threading.Event()

    def late(_: Call) -> int:
        hold.wait(8)
        return 204

    with Receiver(late) as slow:
        for number in range(worker.PLACES + 4):
            code = f"S{number}"
            agencies.add_system(code, name=code, agencies=[], vxp_secret="Zm9v", at=now())
            url = f"{slow.url}/{number}" if number % 2 else f"http://127.0.0.1:9/{number}"
            endpoints.register(code, url, ["delivery.waiting"], actor=systems.OPERATOR, at=now())
        Webhook.objects.update(slow=True)  # as their last answers have shown
        owner = Owner(country, "H41")
        owner.register(receiver.url, "delivery.waiting")
        for number in range(worker.PLACES + 4):
            outbox.enqueue(f"S{number}", WebhookEvent.DELIVERY_WAITING, [], 1, at=now())
        with working():
            slow.wait_for(2)
            begun = monotonic()
            submit(country.native("G22"), make_document())
            receiver.wait_for(1, seconds=6)
            took = monotonic() - begun
            assert len(country.native("H41").inbox()) == 1
            hold.set()
        owner.http.close()
    assert took < 6


def test_a_slow_endpoint_takes_only_some_places(country: Country) -> None:
    for number in range(worker.PLACES):
        code = f"S{number}"
        agencies.add_system(code, name=code, agencies=[], vxp_secret="Zm9v", at=now())
        url = f"http://127.0.0.1:9/{number}"
        endpoints.register(code, url, ["delivery.waiting"], actor=systems.OPERATOR, at=now())
        outbox.enqueue(code, WebhookEvent.DELIVERY_WAITING, [], 1, at=now())
    Webhook.objects.update(slow=True)
    with ThreadPoolExecutor(1) as pool:
        sender = worker.Sender(pool)
        assert len(list(sender._due(slow=True))) == worker.PLACES_OF_SLOW
        assert list(sender._due(slow=False)) == []


def test_a_suspended_system_is_not_called(country: Country, owner: Owner, receiver: Receiver) -> None:
    owner.register(receiver.url, "delivery.waiting")
    webhook = waiting_message()
    systems.suspend("H41", reason="Nghi lộ khóa", at=now())
    assert sending.due(now(), slow=False, limit=9) == []
    systems.resume("H41", at=now())
    assert sending.due(now(), slow=False, limit=9) == [webhook.pk]


# -- whom the hub calls ----------------------------------------------------------------------------------------------

REFUSED = [
    "http://example.vn/hook", "ftp://example.vn/", "https://", "https:///x", "//example.vn/", "example.vn",
    "https://user:password@example.vn/", "https://example.vn/#part", "https://example.vn:0/", "https://example.vn:x/",
    "https://10.0.0.1/", "https://192.168.1.1/", "https://172.16.0.1/", "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/", "https://0.0.0.0/", "https://[::]/", "https://[::1]/", "https://[fe80::1]/",
    "https://[fc00::1]/", "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://[2002:a00:1::]/",
    "https://[::7f00:1]/", "https://[fec0::1]/", "https://224.0.0.1/", "https://[ff02::1]/", "https://255.255.255.255/", "http://8.8.8.8/", "https://exa mple.vn/",
    "https://example.vn\\@127.0.0.1/", "https://ví-dụ.vn/", "https://example.vn/" + "x" * 400,
]  # fmt: skip


@pytest.mark.law("SEC-6")
@pytest.mark.parametrize("url", REFUSED)
def test_the_hub_does_not_call_what_is_not_public_and_https(country: Country, owner: Owner, url: str) -> None:
    answer = owner.http.post("webhooks", json={"url": url})
    assert (answer.status_code, answer.json()["code"]) == (422, "webhook_target_refused"), answer.text
    assert not Webhook.objects.exists()
    assert targets.post(url, b"{}", {}, networks="").word in {"target_refused", "no_address"}


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://localhost:8443/x", "http://localhost:1/"])
def test_loopback_is_called_only_where_the_operators_allow_it(
    country: Country, owner: Owner, settings: Any, url: str
) -> None:
    settings.LIENTHONG = settings.LIENTHONG.at(webhook_networks="10.0.0.0/8")
    assert owner.http.post("webhooks", json={"url": url}).json()["code"] == "webhook_target_refused"
    settings.LIENTHONG = settings.LIENTHONG.at(webhook_networks="10.0.0.0/8, 127.0.0.0/8")
    assert owner.http.post("webhooks", json={"url": url}).status_code == 201
    assert owner.http.post("webhooks", json={"url": "https://10.1.2.3/hook"}).status_code == 201
    assert owner.http.post("webhooks", json={"url": "http://10.1.2.3/hook"}).json()["code"] == "webhook_target_refused"


def test_a_name_is_judged_by_where_it_leads_at_each_attempt(
    country: Country, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever lets a name lead to a public address at first, and inside later, is refused then; and what was checked
    is what is connected to."""
    port = int(receiver.url.rpartition(":")[2].partition("/")[0])
    leads = ["93.184.215.14", "10.0.0.1"]
    asked: list[str] = []

    def names(host: str, *_: object, **__: object) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", (address, port)) for address in leads]

    monkeypatch.setattr(targets, "getaddrinfo", names)
    assert targets.post("https://member.example/", b"{}", {}, networks="").word == "target_refused"
    leads[:] = ["127.0.0.1"]
    assert targets.post("https://member.example/", b"{}", {}, networks="").word == "target_refused"
    assert targets.post(f"http://member.example:{port}/", b"{}", {}, networks="127.0.0.0/8").delivered
    assert asked == ["member.example"] * 3
    assert receiver.calls[0].headers["Host"] == f"member.example:{port}"


def test_no_redirect_is_followed(receiver: Receiver) -> None:
    with Receiver() as inner:
        receiver.answer, receiver.location = (lambda _: 302), inner.url
        outcome = targets.post(receiver.url, b"{}", {}, networks="127.0.0.0/8")
        assert (outcome.word, outcome.status) == ("redirect", 302)
        assert inner.calls == []


def test_an_answer_that_drips_ends_with_the_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "DEADLINE_SECONDS", 0.8)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            wire, _ = server.accept()
            with wire:
                wire.recv(65536)
                try:
                    for letter in b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 1000:
                        wire.sendall(bytes([letter]))
                        sleep(0.05)
                except OSError:
                    return

        thread = threading.Thread(target=drip)
        thread.start()
        begun = monotonic()
        outcome = targets.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {}, networks="127.0.0.0/8")
        assert outcome.word == "timeout"
        assert monotonic() - begun < 3
        thread.join(20)


def test_a_large_answer_is_not_read(receiver: Receiver) -> None:
    sent: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def flood() -> None:
            wire, _ = server.accept()
            with wire:
                wire.recv(65536)
                try:
                    wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
                    for _ in range(10_000):
                        sent.append(wire.send(bytes(1 << 16)))
                except OSError:
                    return

        thread = threading.Thread(target=flood)
        thread.start()
        outcome = targets.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {}, networks="127.0.0.0/8")
        thread.join(20)
    assert outcome.delivered
    assert sum(sent) < 100 << 20


@pytest.mark.parametrize(
    ("url", "word"),
    [("http://127.0.0.1:9/", "no_connection"), ("https://nobody.invalid/", "no_address")],
)
def test_what_goes_wrong_has_a_name(url: str, word: str) -> None:
    assert targets.post(url, b"{}", {}, networks="127.0.0.0/8").word == word


def test_a_certificate_that_nobody_vouches_for_is_refused(receiver: Receiver) -> None:
    """Plain HTTP where TLS is spoken is no TLS."""
    secure = receiver.url.replace("http:", "https:")
    assert targets.post(secure, b"{}", {}, networks="127.0.0.0/8").word == "tls"
    assert receiver.calls == []


# -- the routes ------------------------------------------------------------------------------------------------------


def test_an_endpoint_is_registered_once_and_its_secret_told_once(
    country: Country, owner: Owner, receiver: Receiver
) -> None:
    made = owner.register(receiver.url)
    assert made["secret"].startswith("whsec_")
    assert made["events"] == EVERYTHING
    again = owner.http.post("webhooks", json={"url": receiver.url})
    assert (again.status_code, again.json()["id"], again.json()["secret"]) == (200, made["id"], "")
    assert owner.shown(made)["secret"] == ""
    assert [one["id"] for one in owner.http.get("webhooks").json()["webhooks"]] == [made["id"]]
    journal = json.dumps(list(Event.objects.filter(name__startswith="webhook.").values_list("data", flat=True)))
    assert made["secret"] not in journal
    assert "/hook" not in journal
    assert made["secret"].encode() not in bytes(Webhook.objects.get().secret)


def test_many_who_register_at_once_make_one(country: Country, owner: Owner, receiver: Receiver) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: owner.http.post("webhooks", json={"url": receiver.url}), range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert Webhook.objects.count() == 1


def test_a_system_has_only_so_many(country: Country, owner: Owner, receiver: Receiver) -> None:
    for number in range(endpoints.MOST):
        owner.register(f"{receiver.url}/{number}")
    refused = owner.http.post("webhooks", json={"url": receiver.url})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_webhooks")


@pytest.mark.parametrize(
    "body",
    [
        {}, {"url": 7}, {"url": "https://a.vn/", "events": "delivery.waiting"}, {"url": "https://a.vn/", "events": [1]},
        {"url": "https://a.vn/", "events": ["webhook.test"]}, {"url": "https://a.vn/", "events": ["unknown"]},
    ],
)  # fmt: skip
def test_what_is_not_in_its_form_is_refused(country: Country, owner: Owner, body: dict[str, Any]) -> None:
    answer = owner.http.post("webhooks", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert not Webhook.objects.exists()


def test_a_secret_is_changed_with_overlap(country: Country, owner: Owner, receiver: Receiver) -> None:
    made = owner.register(receiver.url, "delivery.waiting")
    changed = owner.http.post(f"webhooks/{made['id']}/secret", json={"overlap_hours": 1}).json()
    assert changed["secret"] not in ("", made["secret"])
    assert changed["former_secret_until"]
    webhook = waiting_message()
    sending.send_next(webhook.pk, clock=now)
    both = receiver.calls[0]
    assert said(both, made["secret"]) == said(both, changed["secret"])
    waiting_message()
    Webhook.objects.update(secret_before_until=now() - timedelta(seconds=1))
    sending.send_next(webhook.pk, clock=now)
    assert said(receiver.calls[1], changed["secret"])
    with pytest.raises(webhooks.InvalidWebhook):
        said(receiver.calls[1], made["secret"])
    last = owner.http.post(f"webhooks/{made['id']}/secret", json={"overlap_hours": 0}).json()
    assert last["former_secret_until"] is None
    for wrong in (-1, 169, "a", True):
        answer = owner.http.post(f"webhooks/{made['id']}/secret", json={"overlap_hours": wrong})
        assert answer.json()["code"] == "bad_request"


def test_an_endpoint_is_tested_though_its_breaker_is_open(country: Country, owner: Owner, receiver: Receiver) -> None:
    made = owner.register(receiver.url, "delivery.waiting")
    webhook, at = waiting_message(), now()
    for _ in range(sending.OPENS_AFTER):
        attempt(webhook, at, outcome=FAILED)
        webhook.refresh_from_db()
        assert webhook.next_at is not None
        at = webhook.next_at
    assert owner.shown(made)["breaker"] == "open"
    asked = owner.http.post(f"webhooks/{made['id']}/test")
    assert asked.status_code == 202
    with working():
        calls = receiver.wait_for(2)
    assert [said(call, made["secret"])["type"] for call in calls] == ["delivery.waiting", "webhook.test"]
    assert calls[1].headers[webhooks.ID] == asked.json()["message"]
    assert owner.shown(made)["breaker"] == "closed"


def test_an_endpoint_is_changed_stopped_and_removed(country: Country, owner: Owner, receiver: Receiver) -> None:
    made = owner.register(receiver.url, "delivery.waiting")
    place = f"webhooks/{made['id']}"
    stopped = owner.http.patch(place, json={"enabled": False}).json()
    assert (stopped["enabled"], stopped["disabled_for"]) == (False, "system")
    assert owner.http.post(f"{place}/test").json()["code"] == "bad_request"
    assert owner.http.patch(place, json={"enabled": "yes"}).json()["code"] == "bad_request"
    moved = owner.http.patch(place, json={"url": f"{receiver.url}/2", "events": ["packet.changed"], "enabled": True})
    assert (moved.json()["url"], moved.json()["events"]) == (f"{receiver.url}/2", ["packet.changed"])
    assert owner.http.patch(place, json={"url": "https://10.0.0.1/"}).json()["code"] == "webhook_target_refused"
    other = owner.register(receiver.url)
    assert owner.http.patch(place, json={"url": other["url"]}).json()["code"] == "bad_request"
    assert owner.http.delete(place).status_code == 204
    assert owner.http.get(place).json()["code"] == "unknown_webhook"
    assert owner.http.delete(place).status_code == 404
    names = list(Event.objects.filter(name__startswith="webhook.").order_by("id").values_list("name", flat=True))
    assert names == [
        "webhook.registered",
        "webhook.changed",
        "webhook.changed",
        "webhook.registered",
        "webhook.removed",
    ]


@pytest.mark.law("SEC-6")
@pytest.mark.parametrize(
    ("method", "below"),
    [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/secret"), ("POST", "/test"), ("GET", "/attempts")],
)
def test_nobody_reaches_anothers_endpoint(
    country: Country, owner: Owner, receiver: Receiver, method: str, below: str
) -> None:
    made = owner.register(receiver.url)
    stranger = Owner(country, "H26")
    body = {"json": {}} if method in ("PATCH", "POST") else {}
    answer = stranger.http.request(method, f"webhooks/{made['id']}{below}", **body)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_webhook")
    assert httpx.request(method, f"{country.url}/api/v1/webhooks/{made['id']}{below}").status_code == 401
    assert stranger.http.get("webhooks").json() == {"webhooks": []}
    stranger.http.close()
    assert owner.shown(made)["events"] == EVERYTHING


def test_the_log_stays_short(
    country: Country, owner: Owner, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.register(receiver.url, "delivery.waiting")
    webhook = Webhook.objects.get()

    def log(at: datetime) -> None:
        WebhookAttempt.objects.create(
            webhook=webhook, message="m", event="e", number=1, at=at, outcome="delivered", milliseconds=1
        )

    log(now() - timedelta(days=worker.LOG_DAYS + 1))
    for _ in range(7):
        log(now())
    monkeypatch.setattr(worker, "LOG_KEPT", 5)
    newest = list(WebhookAttempt.objects.order_by("-id").values_list("id", flat=True)[:5])
    jobs.work_once(now())
    assert list(WebhookAttempt.objects.order_by("-id").values_list("id", flat=True)) == newest


@pytest.mark.parametrize("body", ["[" * 100_000, '{"url": "https://example.vn/", "events": ["\\ud800"]}'])
def test_a_body_that_no_program_should_send_has_its_name_too(country: Country, body: str) -> None:
    headers = {**country.native("G22")._bearer(), "Content-Type": "application/json"}
    answer = httpx.post(f"{country.url}/api/v1/webhooks", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
