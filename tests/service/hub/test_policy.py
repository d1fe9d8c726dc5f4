"""What each system may do, at both doors; and what is done when its secret or its key is in other hands."""

import json
from collections.abc import Iterator
from datetime import timedelta
from time import monotonic

import httpx
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.evidence.receipts import SigningKey
from lienthong.hub import agencies, hubkeys, policy, systems
from lienthong.hub.http import vxp
from lienthong.hub.models import Packet, System, SystemKey
from lienthong.journal.models import Event
from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.problems import (
    DoorClosed,
    ForeignNetwork,
    Problem,
    StatementInvalid,
    Suspended,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
)
from lienthong.testing.vxp_client import JavaClient
from tests.museum.packets import document_packet
from tests.service.hub.conftest import SECRET, Country, make_document, now, receive_all, submit

OLD, NEW = "000.00.00.G22", "H26"
"""A system of existing client software, and one of ours."""


def asked(client: JavaClient) -> dict[str, str]:
    """The answer to a question of the client, whatever it is."""
    _, body = client._request("POST", "countReceiveEdoc", b"{}", "application/json")
    return dict(json.loads(body))


def native_refusal(connection: NativeConnection) -> type[Problem] | None:
    """What the native door refuses a question with, None when it answers."""
    try:
        connection.inbox()
    except Problem as problem:
        return type(problem)
    return None


# -- suspension ------------------------------------------------------------------------------------------------------


@pytest.mark.law("R-13.2-1")
def test_a_suspended_system_is_stopped_at_both_doors_and_what_is_sent_to_it_waits(old_country: Country) -> None:
    ours = old_country.native(NEW)
    ours.inbox()  # it holds a token already
    for code in (OLD, NEW):
        systems.suspend(code, reason="Nghi lộ khóa", at=now())
    answer = asked(old_country.java("G22"))
    assert answer["ErrorCode"] == "15"
    assert "Nghi lộ khóa" in answer["ErrorDesc"]
    assert "Liên hệ đơn vị vận hành" in answer["ErrorDesc"]
    assert native_refusal(ours) is Suspended
    assert native_refusal(old_country.native(NEW)) is Suspended  # nor does it get a new token
    submit(old_country.native("G12"), make_document((NEW, "G22"), sender="G12"))
    for code in (OLD, NEW):
        systems.resume(code, at=now())
    assert len(ours.inbox()) == 1
    assert len(old_country.java("G22").received()) == 1


@pytest.mark.parametrize("place", sorted(vxp.ROUTES))
def test_a_suspended_system_is_stopped_at_every_operation_of_the_old_door(old_country: Country, place: str) -> None:
    systems.suspend(OLD, reason="Nghi lộ khóa", at=now())
    method = "GET" if place == "downloadEdoc" else "POST"
    status, body = old_country.java("G22")._request(method, place, b"{}", "application/json")
    if place == "downloadEdoc":
        assert (status, body) == (403, b"")
    else:
        assert json.loads(body)["ErrorCode"] == "15"


def test_a_suspension_has_a_reason(country: Country) -> None:
    with pytest.raises(ValueError, match="lý do"):
        systems.suspend(NEW, reason=" ", at=now())
    with pytest.raises(ValueError, match="Không có hệ thống X99"):
        systems.suspend("X99", reason="thử", at=now())


# -- doors -----------------------------------------------------------------------------------------------------------


def test_each_door_is_opened_and_closed_by_itself(old_country: Country) -> None:
    ours = old_country.native(NEW)
    ours.inbox()
    systems.set_doors(NEW, native=False, at=now())
    assert native_refusal(ours) is DoorClosed
    systems.set_doors(NEW, native=True, at=now())
    assert native_refusal(ours) is None
    with pytest.raises(ValueError, match="rotate-secret"):
        systems.set_doors(NEW, vxp=True, at=now())
    systems.set_doors(OLD, vxp=False, at=now())
    assert asked(old_country.java("G22"))["ErrorCode"] == "15"


# -- networks --------------------------------------------------------------------------------------------------------


@pytest.fixture
def behind_a_proxy() -> Iterator[None]:
    """The hub trusts a proxy on this machine."""
    before = settings.LIENTHONG
    settings.LIENTHONG = before.at(trusted_proxies="127.0.0.0/8, 10.9.0.0/24")
    yield
    settings.LIENTHONG = before


@pytest.mark.law("R-13.2-1", "R-12.1-1")
@pytest.mark.refuses("R-12.1-1")
def test_a_call_from_elsewhere_is_refused_at_both_doors(old_country: Country) -> None:
    ours = old_country.native(NEW)
    ours.inbox()
    for code in (OLD, NEW):
        systems.set_networks(code, ["10.20.0.0/16", "2001:db8::/32"], at=now())
    answer = asked(old_country.java("G22"))
    assert answer["ErrorCode"] == "15"
    assert "127.0.0.1" in answer["ErrorDesc"]
    assert native_refusal(ours) is ForeignNetwork
    for code in (OLD, NEW):
        systems.set_networks(code, ["10.20.0.0/16", "127.0.0.1/32"], at=now())
    assert asked(old_country.java("G22"))["status"] == "OK"
    assert native_refusal(ours) is None


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("127.0.0.1", "10.20.3.4", "10.20.3.4"),
        ("127.0.0.1", "10.20.3.4, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "1.1.1.1, 10.20.3.4, 10.9.0.7", "10.20.3.4"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "10.9.0.7", "127.0.0.1"),
        ("127.0.0.1", "lạ", "lạ"),
        ("203.0.113.9", "10.20.3.4", "203.0.113.9"),
    ],
    ids=["its word", "the last one counts", "past our own proxies", "nothing said", "only proxies", "garbage", "liar"],
)
@pytest.mark.usefixtures("behind_a_proxy")
def test_only_a_trusted_proxy_says_where_a_call_comes_from(peer: str, forwarded: str, caller: str) -> None:
    assert policy.caller(peer, forwarded) == caller


@pytest.mark.usefixtures("behind_a_proxy")
def test_a_forged_address_before_the_proxy_opens_nothing(old_country: Country) -> None:
    systems.set_networks(OLD, ["10.20.0.0/16"], at=now())
    client = old_country.java("G22")
    sign = client.headers
    for forwarded, code in (("10.20.3.4", "0"), ("10.20.3.4, 203.0.113.9", "15"), ("lạ".encode().hex(), "15")):
        client.headers = lambda kind, said=forwarded: [
            *sign(kind),
            ("X-Forwarded-For", said),
            ("X-Forwarded-Proto", "https"),
        ]  # type: ignore[method-assign,misc]
        assert asked(client)["ErrorCode"] == code, forwarded


def test_a_range_that_is_none_is_refused(country: Country) -> None:
    with pytest.raises(ValueError, match=r"10\.1"):
        systems.set_networks(NEW, ["10.1"], at=now())
    assert System.objects.get(code=NEW).networks == []


# -- limits ----------------------------------------------------------------------------------------------------------


def test_who_calls_too_often_is_told_when_to_come_again(old_country: Country) -> None:
    for code in (OLD, NEW):
        systems.set_limits(code, per_minute=6, largest_packet=None, at=now())
    ours = old_country.native(NEW)
    bearer = ours._bearer()  # the token is a call too
    answers = [httpx.get(f"{old_country.url}/api/v1/inbox", headers=bearer) for _ in range(8)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) == 3
    assert refused[0].json()["code"] == TooManyRequests.code
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 10
    client = old_country.java("G22")
    replies = [client._request("POST", "countReceiveEdoc", b"{}", "application/json") for _ in range(8)]
    assert [status for status, _ in replies] == [200] * 6 + [503] * 2
    said = json.loads(replies[-1][1])
    assert said["ErrorCode"] == "20"
    assert "Retry-After" in said["ErrorDesc"]


def test_a_bucket_fills_evenly_and_never_overflows() -> None:
    bucket = policy.Bucket(60, 0.0)
    assert [bucket.take(0.0) for _ in range(61)] == [0] * 60 + [1]
    assert bucket.take(0.5) == 1
    assert bucket.take(1.0) == 0
    assert [bucket.take(1000.0) for _ in range(61)] == [0] * 60 + [1]
    assert policy.Bucket(1, 0.0).take(0.0) == 0


def test_a_system_has_its_own_largest_packet(old_country: Country) -> None:
    for code in (OLD, NEW):
        systems.set_limits(code, per_minute=None, largest_packet=3000, at=now())
    big = document_packet(make_document(("H41",), sender="G22", subject="x" * 400), **{"a.pdf": b"%PDF" + b"0" * 4000})
    answer = old_country.java("G22").send_edoc(big, sender=OLD)
    assert (answer["ErrorCode"], Packet.objects.count()) == ("10", 0)
    assert "3000 byte" in answer["ErrorDesc"]
    with pytest.raises(TooLarge):
        submit(old_country.native(NEW), big, sender=NEW)
    connection = old_country.native(NEW)
    upload = {"Tus-Resumable": "1.0.0", "Upload-Length": "3001", "Idempotency-Key": "khoa-thu-nghiem-1"}
    begun = httpx.post(f"{old_country.url}/api/v1/uploads", headers=connection._bearer() | upload)
    assert (begun.status_code, begun.json()["code"]) == (413, TooLarge.code)
    with pytest.raises(ValueError, match="lớn hơn 0"):
        systems.set_limits(NEW, per_minute=0, largest_packet=None, at=now())


# -- secrets and keys ------------------------------------------------------------------------------------------------


def test_the_old_secret_opens_until_its_moment(old_country: Country) -> None:
    fresh = systems.change_secret(OLD, old_until=now() + timedelta(days=7), at=now())
    old, new = old_country.java("G22"), JavaClient(old_country.url, OLD, fresh)
    assert asked(old)["status"] == asked(new)["status"] == "OK"
    System.objects.filter(code=OLD).update(vxp_secret_before_until=now() - timedelta(seconds=1))
    policy.forget_copy()
    assert (asked(old)["ErrorCode"], asked(new)["status"]) == ("15", "OK")
    told = Event.objects.get(name="system.secret_changed")
    assert fresh not in json.dumps(told.data)
    assert SECRET not in json.dumps(told.data)


def test_a_secret_in_other_hands_is_out_at_once_with_the_one_before(old_country: Country) -> None:
    second = systems.change_secret(OLD, old_until=now() + timedelta(days=7), at=now())
    third = systems.change_secret(OLD, old_until=now(), at=now())
    assert [asked(JavaClient(old_country.url, OLD, each))["ErrorCode"] for each in (SECRET + "G22", second, third)] == [
        "15", "15", "0",
    ]  # fmt: skip


def test_the_old_key_serves_until_its_moment(country: Country) -> None:
    fresh = SigningKey.generate()
    kid = systems.change_key(NEW, fresh.public_jwk(), old_until=now() + timedelta(days=7), at=now())
    assert kid == fresh.id
    submit(country.native(NEW), make_document(("H41",), sender=NEW))
    submit(country.native(NEW, fresh), make_document(("H41",), sender=NEW))
    SystemKey.objects.filter(kid=country.keys[NEW].id).update(retired_at=now() - timedelta(seconds=1))
    agencies.forget_copy()
    assert native_refusal(country.native(NEW)) is Unauthenticated
    assert native_refusal(country.native(NEW, fresh)) is None
    with pytest.raises(ValueError, match="đã đăng ký"):
        systems.change_key(NEW, fresh.public_jwk(), old_until=now(), at=now())
    with pytest.raises(ValueError, match="không dùng được"):
        systems.change_key(NEW, {"kty": "RSA"}, old_until=now(), at=now())


@pytest.mark.law("R-13.2-1")
def test_a_revoked_key_opens_nothing_and_its_deeds_are_listed(country: Country) -> None:
    """Not even the access token that it was given before."""
    ours, fresh = country.native(NEW), SigningKey.generate()
    systems.change_key(NEW, fresh.public_jwk(), old_until=now() + timedelta(days=7), at=now())
    began = now()
    by_old = submit(ours, make_document(("H41",), sender=NEW))
    by_new = submit(country.native(NEW, fresh), make_document(("H41",), sender=NEW))
    submit(country.native("G12"), make_document((NEW,), sender="G12"))
    receive_all(ours)
    old = country.keys[NEW].id
    systems.revoke_key(NEW, old, reason="Mất máy trạm", at=now())
    assert native_refusal(ours) is Unauthenticated
    assert native_refusal(country.native(NEW, fresh)) is None
    deeds = list(systems.done_since(NEW, began, kid=old))
    assert [deed.event for deed in deeds] == ["packet.accepted", "delivery.fetched", "delivery.done"]
    assert deeds[0].subject == f"packet {by_old.packet_id}"
    assert [deed.key for deed in deeds] == [old, "", old]
    assert f"packet {by_new.packet_id}" in {deed.subject for deed in systems.done_since(NEW, began)}
    assert list(systems.done_since(NEW, now(), kid=old)) == []
    assert Event.objects.get(name="system.key_revoked").data["kid"] == old
    for code, kid in ((NEW, "không có"), ("G12", old)):
        with pytest.raises(ValueError, match="không có khóa"):
            systems.revoke_key(code, kid, reason="thử", at=now())


def test_what_a_revoked_key_signed_is_not_taken_later(country: Country) -> None:
    """A statement prepared before the revocation, sent with a token of the new key."""
    fresh = SigningKey.generate()
    systems.change_key(NEW, fresh.public_jwk(), old_until=now() + timedelta(days=7), at=now())
    systems.revoke_key(NEW, country.keys[NEW].id, reason="Mất máy trạm", at=now())
    connection = country.native(NEW, fresh)
    connection.inbox()
    connection._key = country.keys[NEW]
    with pytest.raises(StatementInvalid):
        submit(connection, make_document(("H41",), sender=NEW))
    assert not Packet.objects.exists()


def test_the_hub_changes_its_own_key_and_what_the_old_one_signed_stays_provable(country: Country) -> None:
    connection = country.native(NEW)
    before = submit(connection, make_document(("H41",), sender=NEW)).receipt
    kid = hubkeys.rotate(now())
    keys = httpx.get(f"{country.url}/api/v1/keys").json()["keys"]
    assert keys[0]["kid"] == kid
    assert len(keys) == 2
    assert connection.inbox() == []  # a token of the old key still opens
    assert before
    assert Event.objects.get(name="hub.key_changed").data["kid"] == kid


# -- last contact, cost ----------------------------------------------------------------------------------------------


def test_the_last_contact_is_kept_to_the_minute(old_country: Country) -> None:
    assert System.objects.get(code=OLD).last_contact_at is None
    client = JavaClient(old_country.url, OLD, "wrong")
    asked(client)
    assert System.objects.get(code=OLD).last_contact_at is None
    asked(old_country.java("G22"))
    first = System.objects.get(code=OLD)
    assert (first.last_contact_door, now() - first.last_contact_at < timedelta(minutes=1)) == ("vxp", True)
    asked(old_country.java("G22"))
    assert System.objects.get(code=OLD).last_contact_at == first.last_contact_at
    old_country.native(NEW).inbox()
    assert System.objects.get(code=NEW).last_contact_door == "native"


def test_a_policy_costs_no_statement_of_its_own(country: Country) -> None:
    systems.set_networks(NEW, ["127.0.0.0/8"], at=now())
    systems.set_limits(NEW, per_minute=100_000, largest_packet=1 << 20, at=now())
    policy.admit(NEW, door="native", address="127.0.0.1", certificate=None, at=now())
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        for _ in range(50):
            policy.admit(NEW, door="native", address="127.0.0.1", certificate=None, at=now())
            policy.of(NEW).packet_limit()
    assert len(asked_for) == 0


def test_who_was_registered_by_another_process_a_moment_ago_may_speak_at_once(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each process keeps copies for two seconds; a newcomer, and what it may, is looked for past them."""
    agencies.directory()
    before, policies = agencies._copy, policy._copy
    for code, where in (("X77", []), ("X78", ["10.0.0.0/8"])):
        country.keys[code] = SigningKey.generate()
        agencies.add_agency(code, name=code, at=now())
        agencies.add_system(code, name=code, agencies=[code], key=country.keys[code].public_jwk(), at=now())
        systems.set_networks(code, where, at=now())

    def as_it_was() -> None:
        monkeypatch.setattr(agencies, "_copy", before)
        monkeypatch.setattr(agencies, "_read_at", monotonic())
        monkeypatch.setattr(policy, "_copy", policies)

    as_it_was()
    newcomer = country.native("X77")
    assert newcomer.inbox() == []
    as_it_was()
    assert newcomer.inbox() == []  # with the token that another process gave
    as_it_was()
    with pytest.raises(ForeignNetwork):
        country.native("X78").inbox()
    for nobody in ("X79", "x\0y", "\ud800"):
        assert agencies.member(nobody) is None
