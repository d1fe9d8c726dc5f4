"""`lienthong conformance`: the self-test of the connector at a test hub, and the report that is published of it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import sleep

import pytest

from lienthong.protocol.messages import Header
from lienthong.runtime.conformance import CHECKS, Trial, as_text
from lienthong.runtime.ports import free_port
from tests.commands import run
from tests.service.hub.conftest import Country
from tests.service.hub.test_sandbox import Sandbox, hub  # noqa: F401 - a fixture
from tests.service.runtime.test_commands import plain_environment


class Playing:
    """The counterparts answer for as long as it lasts."""

    def __init__(self, hub: Sandbox) -> None:  # noqa: F811
        self._hub, self._over = hub, threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)

    def _play(self) -> None:
        while not self._over.is_set():
            if not self._hub.play():
                sleep(0.2)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(timeout=30)


@pytest.mark.law("R-14.1-1", "R-14.2-1")
def test_the_connector_is_tried_by_a_command_and_its_report_can_be_published(
    hub: Sandbox,  # noqa: F811
    tmp_path: Path,
) -> None:
    file = tmp_path / "bao-cao.md"
    with Playing(hub):
        done = run("conformance", hub.url, "--report", str(file), environment=plain_environment())
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    report = file.read_text(encoding="utf-8")
    assert report.strip() == done.stdout.strip()
    assert f"Đạt / passed: {len(CHECKS)} / {len(CHECKS)}" in report
    for clause, what, _check in CHECKS.values():
        assert f"| {what.vi} / {what.en} | {clause} | đạt / passed |" in report
    assert "Z99.TLT" in report


@pytest.mark.law("R-14.1-1")
def test_what_does_not_go_as_it_ought_to_is_named_and_keeps_nothing_else_from_being_tried(
    hub: Sandbox,  # noqa: F811
) -> None:
    """Nobody answers here: what an agency does alone is sound, and all else is said not to have come."""
    made, connection = hub.register("Sở A")
    outcomes = {one.name: one.fault for one in Trial(connection, made["agencies"][0]["code"], patience=0.2).run()}
    alone = {"clock", "directory", "submission", "once", "unsound"}
    assert {name for name, fault in outcomes.items() if not fault} == alone
    assert set(outcomes) == set(CHECKS)
    assert all("không đến" in fault for name, fault in outcomes.items() if name not in alone)


def test_at_a_real_hub_nothing_is_tried(country: Country) -> None:
    done = run("conformance", country.url, environment=plain_environment())
    assert done.returncode == 2
    assert "đào tạo" in done.stderr
    away = run("conformance", f"http://127.0.0.1:{free_port()}", environment=plain_environment())
    assert away.returncode == 2
    assert "không trả lời" in away.stderr


ANSWERS = {
    "no JSON": (201, b"<html>"),
    "a list": (201, b"[1]"),
    "a refusal that is none": (404, b"[1]"),
    "nothing of what is asked for": (201, b'{"agencies": []}'),
}


@pytest.mark.parametrize("told", ANSWERS)
def test_what_only_says_that_it_is_a_test_hub_is_named_and_nothing_is_reported_of_it(told: str) -> None:
    status, body = ANSWERS[told]

    class Pretends(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header(Header.SANDBOX, "true")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Pretends) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = run("conformance", f"http://127.0.0.1:{server.server_port}", environment=plain_environment())
        server.shutdown()
    assert (done.returncode, done.stdout) == (2, "")
    assert "sai dạng" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.law("R-14.1-1")
def test_an_answer_of_another_form_fails_its_check_and_a_hubs_words_stay_in_their_row(
    hub: Sandbox,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, connection = hub.register("Sở A")
    monkeypatch.setattr(connection, "time", lambda: datetime.fromisoformat("một hôm"))
    outcomes = list(Trial(connection, made["agencies"][0]["code"], patience=0.2).run())
    assert next(one for one in outcomes if one.name == "clock").fault.endswith("ValueError")
    assert len(outcomes) == len(CHECKS)
    odd = replace(outcomes[0], fault="dòng một\n| dòng hai")
    report = as_text([odd], version="1", hub="HUB", at=datetime.now(UTC))
    assert report.rstrip().splitlines()[-1].endswith("dòng một / dòng hai |")
