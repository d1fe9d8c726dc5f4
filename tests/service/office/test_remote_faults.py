"""Signing from afar where something is amiss: an account that was closed, work that takes long, a service whose answers
are no answers. Nobody signs who may not, no signature that came is lost, and nothing ends in a fault of this system."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from time import monotonic, sleep
from typing import Any

import pytest

from lienthong.office import config
from lienthong.office.models import OutgoingState, RemoteRequest, RemoteState
from lienthong.office.outgoing import remote, review
from lienthong.office.people import csc
from lienthong.testing.csc_service import Credential as Kept
from lienthong.testing.csc_service import CscService
from lienthong.testing.pki import TestAuthority
from tests.service.office import test_remote_signing as afar
from tests.service.office.conftest import Office, now, press
from tests.service.office.test_queue import checked, state
from tests.service.office.test_remote_signing import ask, attach, declare, issued, the_request, work

S = OutgoingState
R = RemoteState
service, key = afar.service, afar.key
Answering = Callable[[BaseHTTPRequestHandler], None]


def close(office: Office) -> None:
    """The administrator closes the leader's account."""
    form = {"act": "close", "reason": "nghỉ hưu, quyết định ngày 01/11/2026"}
    assert office.client("quan.tri").post(f"/can-bo/{office['lanh.dao'].pk}/", form).status_code == 302


def without_stamps(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> bytes:
        raise OSError("away")

    monkeypatch.setattr(config, "fetch", away)
    config.timestamps.cache_clear()


@pytest.mark.law("SEC-5", "D30-13-2")
@pytest.mark.parametrize("when", ["before", "while it is put in"])
def test_whose_account_was_closed_signs_nothing(
    office: Office, service: CscService, key: Kept, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    document = checked(office)
    ask(office, document)
    service.agree()
    if when == "before":
        close(office)
        work()
        assert the_request().state == R.FAILED
        assert "signatures/signHash" not in service.calls
    else:
        real = remote.finish_field

        def meanwhile(*told: Any, **how: Any) -> bytes:
            close(office)
            return real(*told, **how)

        monkeypatch.setattr(remote, "finish_field", meanwhile)
        work()
    work(seconds=20)
    assert state(document) == S.APPROVED
    assert not document.versions.filter(stage="signed").exists()


@pytest.mark.law("SEC-6")
def test_who_is_no_clerk_does_not_return_what_is_signed_meanwhile(
    office: Office, service: CscService, key: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = checked(office)
    ask(office, document)
    service.agree()
    real = review.heads_of

    def meanwhile(unit: Any) -> Any:
        if state(document) == S.APPROVED:
            work()
        return real(unit)

    monkeypatch.setattr(review, "heads_of", meanwhile)
    assert press(office, "truong.dv", document, "give_back", note="Sửa lại") == "forbidden"
    assert state(document) == S.SIGNED


@pytest.mark.law("R-18.2-1")
def test_in_a_long_round_nobody_else_takes_what_is_in_hand(
    office: Office, service: CscService, key: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [checked(office), checked(office)]
    for one in documents:
        ask(office, one)
    service.agree()
    moment, signed, real = [now() + timedelta(seconds=5)], [0], csc.Csc.sign

    def slowly(*told: Any) -> list[bytes]:
        moment[0] += timedelta(seconds=50)
        signed[0] += 1
        if signed[0] == 2:
            remote.go_on_with_all(lambda: moment[0])  # another worker, at this moment
        return real(*told)

    monkeypatch.setattr(csc.Csc, "sign", slowly)
    remote.go_on_with_all(lambda: moment[0])
    assert service.calls.count("signatures/signHash") == 2
    assert [state(one) for one in documents] == [S.SIGNED, S.SIGNED]


@pytest.mark.law("R-18.2-1")
def test_who_has_it_in_hand_no_more_does_not_throw_away_what_another_got(
    office: Office, service: CscService, key: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = checked(office)
    ask(office, document)
    service.agree()
    real = csc.Csc.sign

    def stalled(*told: Any) -> list[bytes]:
        monkeypatch.setattr(csc.Csc, "sign", real)
        with monkeypatch.context() as meanwhile:
            without_stamps(meanwhile)
            work(seconds=100)  # another worker gets the signature; its time stamp waits
        config.timestamps.cache_clear()
        assert the_request().state == R.SIGNED
        return real(*told)  # the consent was used: this one is refused

    monkeypatch.setattr(csc.Csc, "sign", stalled)
    work()
    assert the_request().state == R.SIGNED
    work(seconds=200)
    assert state(document) == S.SIGNED


@pytest.mark.law("R-18.2-1")
def test_a_signature_that_came_waits_for_its_time_stamp_without_end(
    office: Office, service: CscService, key: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [checked(office), checked(office)]
    for one in documents:
        ask(office, one)
    service.agree()
    tried, real = [0], remote.finish_field

    def counted(*told: Any, **how: Any) -> bytes:
        tried[0] += 1
        return real(*told, **how)

    monkeypatch.setattr(remote, "finish_field", counted)
    with monkeypatch.context() as meanwhile:
        without_stamps(meanwhile)
        work()
        tried[0] = 0
        work(minutes=30)
        assert tried == [1]  # the second is not tried where the first found nobody
    config.timestamps.cache_clear()
    assert {one.state for one in RemoteRequest.objects.all()} == {R.SIGNED}
    work(minutes=45)
    assert [state(one) for one in documents] == [S.SIGNED, S.SIGNED]
    assert service.signed == 2


def says(body: bytes, **headers: str) -> Answering:
    """An answer as it stands."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        for name, value in headers.items():
            to.send_header(name.replace("_", "-"), value)
        to.end_headers()
        with suppress(OSError):
            to.wfile.write(body)

    return answer


@pytest.mark.law("R-18.2-1")
def test_an_answer_is_bounded_in_bytes_and_in_time(
    office: Office, service: CscService, key: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = checked(office)
    encodings, written = [], [0]

    def press_it() -> str:
        return press(office, "lanh.dao", document, "approve_and_sign")

    def endless(to: BaseHTTPRequestHandler) -> None:
        encodings.append(to.headers["Accept-Encoding"])
        to.send_response(200)
        to.end_headers()
        with suppress(OSError):
            while written[0] < 64 << 20:
                written[0] += to.wfile.write(b" " * (64 << 10))

    service.by_hand["credentials/info"] = endless
    assert press_it() == "remote_service_refused"
    assert encodings == ["identity"]
    assert written[0] < 32 << 20

    packed = gzip.compress(b'{"x": "' + b"a" * (64 << 20) + b'"}')
    service.by_hand["credentials/info"] = says(packed, Content_Encoding="gzip")
    tracemalloc.start()
    assert press_it() == "remote_service_refused"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 32 << 20

    def drips(head: bytes) -> Answering:
        def answer(to: BaseHTTPRequestHandler) -> None:
            with suppress(OSError):
                to.wfile.write(head)
                for _ in range(60):
                    sleep(0.2)
                    to.wfile.write(b"x")
                    to.wfile.flush()

        return answer

    monkeypatch.setattr(csc, "CALL_SECONDS", 2)
    for head in (
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ):
        service.by_hand["credentials/info"] = drips(head)
        began = monotonic()
        form = {"act": "approve_and_sign"}
        answer = office.client("lanh.dao").post(f"/van-ban-di/{document.pk}/", form)
        assert 'data-problem="remote_service_away"' in answer.content.decode()
        assert monotonic() - began < 8
    assert state(document) == S.IN_REVIEW


def credential(authority: TestAuthority, office: Office, **changes: Any) -> dict[str, Any]:
    """A description that holds, but for the changes."""
    told: dict[str, Any] = {
        "credentialID": "a", "key": {"status": "enabled", "algo": ["1.2.840.10045.4.3.2"], "len": 256},
        "cert": {"status": "valid", "certificates": [b64encode(issued(authority, office).certificate).decode()]},
        "auth": {"mode": "explicit", "objects": []}, "multisign": 1,
    }  # fmt: skip
    return told | changes


def certificates(*texts: str) -> dict[str, Any]:
    return {"cert": {"status": "valid", "certificates": list(texts)}}


AMISS: Sequence[dict[str, Any]] = (
    certificates("AAAA"),
    certificates("không phải"),
    certificates(b64encode(b"-----BEGIN CERTIFICATE-----").decode()),
    {"cert": {"status": "valid", "certificates": [7]}},
    {"multisign": float("inf")},
    {"multisign": float("nan")},
    {"multisign": "1"},
    {"credentialID": "a\0b"},
    {"credentialID": "\ud800"},
    {"credentialID": "a" * 301},
    {"credentialID": None},
    {"key": {"status": "enabled", "algo": "1.2.840.10045.4.3.2"}},
    {"auth": {"mode": ["explicit"]}},
    {"auth": {"mode": "explicit", "objects": [{"id": "\0", "type": "Password"}]}},
    {"auth": {"mode": "explicit", "objects": ["PIN"]}},
)
"""What no description of a credential may say."""


@pytest.mark.law("R-18.1-1")
def test_whatever_a_service_lists_is_read_or_refused_by_name(
    office: Office, service: CscService, authority: TestAuthority
) -> None:
    declare(office, service)

    def listed(*bodies: bytes) -> None:
        for body in bodies:
            service.by_hand["credentials/list"] = says(body)
            assert attach(office) == "remote_service_refused", body[:200]

    listed(*(json.dumps({"credentialInfos": [credential(authority, office, **one)]}).encode() for one in AMISS))
    listed(b"[" * 100_000, b'{"a":' * 100_000, b'{"credentialInfos": [7]}', b'{"credentialInfos": 1e999}', b"\xff", b"")
    listed(b'{"credentialInfos": ' + b"[" * 90 + b"]" * 90 + b"}")
    huge = json.dumps({"credentialInfos": [credential(authority, office)]}).replace(
        '"multisign": 1', f'"multisign": {"9" * 40}'
    )
    service.by_hand["credentials/list"] = says(huge.encode())
    assert attach(office) == ""


@pytest.mark.law("R-18.2-1")
def test_whatever_a_service_answers_of_consent_and_token_is_read_or_refused_by_name(
    office: Office, service: CscService, key: Kept
) -> None:
    document = checked(office)
    assert press(office, "lanh.dao", document, "approve_and_sign") == ""
    assert press(office, "lanh.dao", document, "cancel_remote") == ""
    for told in ({"handle": "\ud800"}, {"SAD": "\udfff"}, {"SAD": "\0"}, {"handle": 7}, {"SAD": "a" * 20_000}, {}):
        service.by_hand["credentials/authorize"] = says(json.dumps(told).encode())
        assert press(office, "lanh.dao", document, "sign") == "remote_service_refused", told
    for token in ("é", "a\nb", "\ud800", ["a"], ""):
        csc._tokens.clear()
        service.by_hand["oauth2/token"] = says(json.dumps({"access_token": token}).encode())
        assert press(office, "lanh.dao", document, "sign") == "remote_service_refused", token
    service.by_hand.clear()
    csc._tokens.clear()
    ask(office, document)
    service.agree()
    for told in ({"signatures": [7]}, {"signatures": ["\ud800"]}):
        service.by_hand["signatures/signHash"] = says(json.dumps(told).encode())
        work()
        assert the_request().state == R.FAILED
        ask(office, document)
        service.agree()
    assert state(document) == S.APPROVED
