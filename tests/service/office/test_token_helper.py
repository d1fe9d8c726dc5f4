"""The helper at a signer's machine by itself (decision 21): whom it answers, what it signs, whom it asks, and where it runs.
It is a process with a window that somebody sits at, and a token of SoftHSM."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
from base64 import b64decode, b64encode
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import typer
from asn1crypto import cms

from lienthong.runtime.commands.token import origin_of
from lienthong.testing.pki import TestAuthority
from tests import softtoken
from tests.service.office import test_own_token as own
from tests.service.office.conftest import Office
from tests.service.office.test_own_token import ORIGIN, asked, bring, call, pair, question, signed_by
from tests.softtoken import Helper, SoftToken

port, token, helper = own.port, own.token, own.helper


@pytest.mark.law("SEC-4", "R-18.1-1")
def test_the_helper_answers_paired_browsers_at_pages_of_its_office_alone(office: Office, helper: Helper) -> None:
    told = question(office, asked(office))
    paired = pair(helper)
    for origin in ("https://ke-xau.example", f"{ORIGIN}.ke-xau.example", "null", f"{ORIGIN}:8443", None):
        refused = call(helper, "/sign", told, origin=origin, **paired)
        assert (refused.status_code, refused.json()["code"]) == (403, "foreign_origin")
        assert "Access-Control-Allow-Origin" not in refused.headers  # the page does not even read that
        assert call(helper, "/pair", {"code": "1234-5678"}, origin=origin).status_code == 403
    bent = call(helper, "/sign", told, Host=f"ke-xau.example:{helper.port}", **paired)  # a name that leads to loopback
    assert bent.json()["code"] == "foreign_origin"
    for secret in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer " + "x" * 43}):
        assert call(helper, "/sign", told, **secret).json()["code"] == "not_paired"
    assert "PIN" not in helper.shown  # nobody was asked


@pytest.mark.law("SEC-4")
@pytest.mark.parametrize("method", ["OPTIONS", "POST", "GET"])
def test_what_a_foreign_page_sends_is_one_question_however_it_is_written(
    office: Office, helper: Helper, method: str
) -> None:
    """A page whose name leads to loopback may send what it likes to it: a body is no question of the office's."""
    code = helper.wait_for(r"pairing code: (\d{4}-\d{4})")[1]
    body = json.dumps({"code": code})
    within = written("POST", "/pair", body, Host=f"127.0.0.1:{helper.port}", Origin=ORIGIN)
    foreign = f"ke-xau.example:{helper.port}"
    whole = written(method, "/pair", within, Host=foreign, Origin=f"http://{foreign}", Connection="keep-alive")
    with socket.create_connection(("127.0.0.1", helper.port), timeout=5) as connection:
        connection.sendall(whole.encode())
        connection.shutdown(socket.SHUT_WR)
        answered = b""
        with suppress(ConnectionResetError):  # what nobody read was thrown away
            while read := connection.recv(4096):
                answered += read
    assert answered.count(b"HTTP/1.") == 1
    assert b"secret" not in answered
    assert call(helper, "/pair", {"code": code}).status_code == 200  # nobody used it up


def written(method: str, path: str, body: str, **headers: str) -> str:
    """A question as it goes over the line."""
    told = {"Content-Type": "application/json", "Content-Length": str(len(body.encode())), **headers}
    return "\r\n".join([f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items()), "", body])


@pytest.mark.law("R-18.1-1")
def test_for_a_browser_that_is_gone_nothing_is_signed_and_the_helper_stays(office: Office, helper: Helper) -> None:
    document = asked(office)
    told, paired = question(office, document), pair(helper)
    asking = written("POST", "/sign", json.dumps(told), Host=f"127.0.0.1:{helper.port}", Origin=ORIGIN, **paired)
    for torn in (True, False):
        with socket.create_connection(("127.0.0.1", helper.port), timeout=5) as connection:
            connection.sendall(asking.encode() + (b"" if torn else b"more"))
            helper.wait_for(r"PIN \(nothing typed declines\): ")
            if torn:  # the browser was killed
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        helper.type(softtoken.PIN)
        helper.wait_for("It was declined")
    assert "Traceback" not in helper.shown
    assert "Signed." not in helper.shown
    assert bring(office, document, signed_by(helper, paired, told)) == ""


@pytest.mark.law("SEC-2")
def test_a_pairing_code_is_for_one_browser_and_for_five_tries(office: Office, helper: Helper) -> None:
    code = helper.wait_for(r"pairing code: (\d{4}-\d{4})")[1]
    assert call(helper, "/pair", {"code": code}).status_code == 200
    assert call(helper, "/pair", {"code": code}).json()["code"] == "pairing_code_wrong"  # used up
    code = helper.wait_for(r"pairing code: (\d{4}-\d{4})")[1]
    wrong = "0000-0000" if code != "0000-0000" else "1111-1111"
    for told in (wrong, "", wrong, "٠٠٠٠-٠٠٠٠"):
        assert call(helper, "/pair", {"code": told}).json()["code"] == "pairing_code_wrong"
    assert call(helper, "/pair", {"code": code}).json()["code"] == "pairing_code_wrong"


def test_the_browser_is_told_that_this_page_may_reach_this_machine(office: Office, helper: Helper) -> None:
    wants = {
        "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type",
        "Access-Control-Request-Private-Network": "true",
    }  # fmt: skip
    address = f"http://127.0.0.1:{helper.port}/sign"
    answer = httpx.options(address, headers={"Origin": ORIGIN, **wants})
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Access-Control-Allow-Private-Network"] == "true"
    foreign = httpx.options(address, headers={"Origin": "https://ke-xau.example", **wants})
    assert foreign.status_code == 403
    assert not [name for name in foreign.headers if name.lower().startswith("access-control")]


def test_the_helper_listens_on_loopback_and_takes_no_port_that_is_taken(
    office: Office, helper: Helper, token: SoftToken, tmp_path: Path
) -> None:
    own = {one[4][0] for one in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
    for address in own:
        if not str(address).startswith("127."):
            with pytest.raises(OSError, match="refused"):
                socket.create_connection((address, helper.port), timeout=2)
    helper.wait_for("pairing code")
    with softtoken.helper(token, ORIGIN, tmp_path / "other.json", port=helper.port) as second:
        assert second.process.wait(20) == 2


def test_the_helper_serves_one_office_by_its_origin() -> None:
    for address, origin in (
        ("https://van-ban.gov.vn", "https://van-ban.gov.vn"), ("https://Van-Ban.gov.vn:443/", "https://van-ban.gov.vn"),
        ("https://van-ban.gov.vn:8443", "https://van-ban.gov.vn:8443"), ("http://127.0.0.1:8200/", "http://127.0.0.1:8200"),
    ):  # fmt: skip
        assert origin_of(address) == origin
    for address in (
        "",
        "van-ban.gov.vn",
        "http://van-ban.gov.vn",
        "https://",
        "https://a@b.vn",
        "https://b.vn/trinh-ky/",
        "https://b.vn/?x=1",
    ):
        with pytest.raises(typer.BadParameter):
            origin_of(address)


@pytest.mark.law("D30-13-2", "D30-11-1")
def test_the_helper_signs_signed_attributes_of_the_tokens_certificate_and_nothing_else(
    office: Office, helper: Helper, authority: TestAuthority
) -> None:
    told = question(office, asked(office))
    paired = pair(helper)
    right = told["documents"][0]
    for wrong in (
        {}, [], {"documents": []}, {"documents": [right] * 201}, {"documents": [{"words": "x"}]},
        {"documents": [{**right, "attributes": "AAAA"}]}, {"documents": [{**right, "attributes": right["attributes"] + "AAAA"}]},
        {"documents": ["x"]},
    ):  # fmt: skip
        answer = call(helper, "/sign", wrong, **paired)
        assert (answer.status_code, answer.json()["code"]) == (422, "question_unreadable"), wrong
    assert "PIN" not in helper.shown
    large = httpx.post(
        f"http://127.0.0.1:{helper.port}/sign", content=b"x" * (2 << 20), headers={"Origin": ORIGIN, **paired}
    )
    assert large.json()["code"] == "question_unreadable"
    # What two readers would read in two ways: an attribute twice, of which the window would show one; no DER.
    attributes = b64decode(right["attributes"])
    other = cms.CMSAttribute({"type": "message_digest", "values": [b"2" * 32]})
    twice = cms.CMSAttributes([*cms.CMSAttributes.load(attributes), other]).dump()
    inside = cms.CMSAttributes.load(attributes).contents
    for unlike in (twice, b"\x31\x83" + len(inside).to_bytes(3, "big") + inside, b"\x31\x80" + inside + b"\0\0"):
        wrong = {"documents": [{**right, "attributes": b64encode(unlike).decode()}]}
        assert call(helper, "/sign", wrong, **paired).json()["code"] == "question_unreadable"
    assert "PIN" not in helper.shown
    # The words of a page cannot write over the window of their reader, nor begin a line of it.
    told["documents"][0]["words"] = "\x1b[2J\rVăn bản khác" + " " * 400 + "Mã đối chiếu / code: 1111-1111 " + "x" * 400
    signed_by(helper, paired, told)
    assert "\x1b[2J" not in helper.shown
    assert "Văn bản khác Mã đối chiếu" in helper.shown
    shown = helper.shown[helper.shown.index("1. [2J") :].splitlines()
    assert all(line.startswith("   | ") for line in shown[1 : next(i for i, one in enumerate(shown) if "SHA" in one)])


@pytest.mark.law("D30-13-2")
def test_one_question_at_a_time_and_nothing_is_signed_for_who_is_gone(office: Office, helper: Helper) -> None:
    told, paired = question(office, asked(office)), pair(helper)
    address = f"http://127.0.0.1:{helper.port}/sign"
    with pytest.raises(httpx.ReadTimeout):  # the page is closed while the PIN is asked
        httpx.post(address, json=told, headers={"Origin": ORIGIN, **paired}, timeout=1)
    assert call(helper, "/sign", told, **paired).json()["code"] == "helper_busy"
    helper.enter_pin()
    helper.wait_for("It was declined")
    assert "Signed." not in helper.shown
    assert len(signed_by(helper, paired, told)["signatures"]) == 1  # who is there gets the next one


@pytest.mark.law("SEC-4")
def test_a_pairing_is_kept_over_a_restart_until_it_is_ended(
    office: Office, token: SoftToken, tmp_path: Path, port: int
) -> None:
    told, kept = question(office, asked(office)), tmp_path / "paired.json"
    with softtoken.helper(token, ORIGIN, kept, port=port) as first:
        paired = pair(first)
        assert paired["Authorization"].removeprefix("Bearer ") not in kept.read_text()
    with softtoken.helper(token, ORIGIN, kept, port=port) as second:
        second.wait_for("pairing code")
        assert signed_by(second, paired, told)
    with softtoken.helper(token, ORIGIN, kept, "--forget", port=port) as third:
        third.wait_for("pairing code")
        assert call(third, "/sign", told, **paired).json()["code"] == "not_paired"


NOT_AT_A_DESK = (
    *("django", "psycopg", "gunicorn", "prometheus_client", "psutil", "pypdf", "argon2", "pyrage", "fido2", "signxml"),
    *("resource", "fcntl", "grp"),
)
"""What the services need, and what Windows has not."""


def test_the_helper_needs_neither_the_services_nor_a_unix() -> None:
    begins = (
        f"import sys; sys.modules.update(dict.fromkeys({NOT_AT_A_DESK!r})); sys.argv[1:] = ['token', 'serve', '--help'];"
        "import lienthong.runtime.token.http; from lienthong.runtime.cli import app; app()"
    )
    done = subprocess.run([sys.executable, "-c", begins], capture_output=True, text=True, check=False)
    assert (done.returncode, "--office" in done.stdout) == (0, True), done.stderr
