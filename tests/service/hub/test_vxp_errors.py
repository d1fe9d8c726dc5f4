"""The error codes of existing client software (`wire.md` 3.5): each says what to do, in the one text that is shown."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.db import OperationalError

from lienthong.hub import agencies, intake
from lienthong.hub.models import Agency, Packet
from lienthong.protocol.problems import Problem
from lienthong.testing.vxp_client import JavaClient
from tests.museum.packets import PIECES, document_packet
from tests.service.hub.conftest import Country, close, make_document, now

SENDER = "000.00.00.G22"


def _too_large(country: Country, client: JavaClient) -> dict[str, Any]:
    from lienthong.hub import systems

    systems.set_limits(SENDER, per_minute=None, largest_packet=1000, at=now())
    return client.send_edoc(document_packet(make_document(("H41",), sender="G22")), sender=SENDER)


def _wrong_secret(_country: Country, client: JavaClient) -> dict[str, Any]:
    client.secret = "wrong"
    return client.send_edoc(b"<x/>", sender=SENDER)


def _document(**changes: Any) -> Callable[[Country, JavaClient], dict[str, Any]]:
    def call(_country: Country, client: JavaClient) -> dict[str, Any]:
        document = make_document(**{"to": ("H41",), "sender": "G22", **changes})
        return client.send_edoc(document_packet(document), sender=SENDER)

    return call


def _changed_on_the_way(_country: Country, client: JavaClient) -> dict[str, Any]:
    client.parameters |= {"messagetype": "edoc", "hash-file": "0" * 64, "from": SENDER}
    packet = document_packet(make_document(("H41",), sender="G22"))
    _, body = client._request("POST", "sendEdoc", packet + b"\r\n", "application/octet-stream")
    return dict(json.loads(body))


def _broken(_country: Country, client: JavaClient) -> dict[str, Any]:
    return client.send_edoc(PIECES["cut-in-header"].make(), sender=SENDER)


def _closed_recipient(_country: Country, client: JavaClient) -> dict[str, Any]:
    close("H26")
    return _document(to=("H26",))(_country, client)


def _not_in_the_box(_country: Country, client: JavaClient) -> dict[str, Any]:
    return client.update_status("5bebcfeff858e3e0cc154762", "done")


ERRORS: list[tuple[str, Callable[[Country, JavaClient], dict[str, Any]], str]] = [
    ("10", _too_large, "giảm dung lượng"),
    ("10", _not_in_the_box, "Đọc lại danh sách"),
    ("15", _wrong_secret, "Kiểm tra mã hệ thống và khóa"),
    ("18", _document(to=("X99",)), "Xem danh mục cơ quan"),
    ("19", _document(sender="H26"), "Gửi bằng hệ thống của cơ quan đó"),
    ("21", _changed_on_the_way, "Gửi lại gói tin gốc"),
    ("22", _broken, "Sửa các lỗi"),
    ("23", _closed_recipient, "Dùng mã thay thế"),
]


@pytest.mark.law("R-14.2-1")
@pytest.mark.parametrize(
    ("code", "call", "advice"), ERRORS, ids=[f"{code}-{call.__name__}" for code, call, _ in ERRORS]
)
def test_every_error_code_of_the_field_says_what_to_do(
    old_country: Country, code: str, call: Callable[[Country, JavaClient], dict[str, Any]], advice: str
) -> None:
    answer = call(old_country, old_country.java("G22"))
    assert (answer["status"], answer["ErrorCode"]) == ("FAIL", code)
    assert advice in answer["ErrorDesc"]
    assert not Packet.objects.exists()


@pytest.mark.parametrize("fault", [RuntimeError("bên trong"), OperationalError("bên trong")])
def test_a_fault_of_the_hub_is_20_and_may_be_repeated(
    old_country: Country, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clients give up what a body refuses with 200, and repeat what was answered with 5xx."""

    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(intake, "accept", fail)
    client = old_country.java("G22")
    client.parameters |= {"from": SENDER, "hash-file": "0"}
    status, body = client._request("POST", "sendEdoc", b"<x/>\r\n", "application/json")
    said = json.loads(body)
    assert (status, said["ErrorCode"], said["DocId"]) == (503, "20", "")
    assert "Gửi lại sau" in said["ErrorDesc"]
    assert "bên trong" not in said["ErrorDesc"]


@pytest.mark.parametrize("nested", ["[" * 7000, '{"a":' * 1400])
def test_a_header_that_nests_without_end_is_no_fault_of_the_hub(old_country: Country, nested: str) -> None:
    """It is read before its signature is, so that anybody may send one."""
    headers = {"XroadVnpt-systemid": SENDER, "XroadVnpt-sign-header": nested, "XroadVnpt-hash-header": "0"}
    answer = httpx.post(f"{old_country.url}/sendEdoc", headers=headers, content=b"<x/>")
    assert (answer.status_code, answer.json()["ErrorCode"]) == (200, "10")


def test_recipients_that_nest_without_end_are_refused_by_name(old_country: Country) -> None:
    client = old_country.java("G22")
    client.parameters |= {"from": SENDER, "hash-file": "0", "to": "[" * 3000}
    status, body = client._request("POST", "sendEdoc", b"<x/>\r\n", "application/json")
    assert (status, json.loads(body)["ErrorCode"]) == (200, "10")


def test_every_problem_of_the_hub_has_a_code_of_the_field_and_advice() -> None:
    from lienthong.protocol.problems import ALL

    known = {"10", "15", "18", "19", "20", "21", "22", "23"}
    for problem in ALL:
        assert problem.vxp in known, problem
        assert problem.vi != Problem.vi, problem
        assert problem.next_vi, problem


def test_the_faults_of_a_packet_are_named_in_the_text_itself(old_country: Country) -> None:
    """The client shows `ErrorDesc` and nothing else."""
    answer = _broken(old_country, old_country.java("G22"))
    assert "«problems»" not in answer["ErrorDesc"]
    assert len(answer["ErrorDesc"]) > 40


def test_the_successor_of_a_closed_recipient_is_named_in_the_text_itself(old_country: Country) -> None:
    Agency.objects.filter(code="H26").update(open=False, successor_id="G12")
    agencies.forget_copy()
    answer = _document(to=("H26",))(old_country, old_country.java("G22"))
    assert answer["ErrorCode"] == "23"
    assert "H26 → G12" in answer["ErrorDesc"]
