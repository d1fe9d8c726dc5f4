"""`lienthong conformance`: the self-test of the connector at a test hub, and the report that is published of it."""

from __future__ import annotations

import threading
from pathlib import Path
from time import sleep

import pytest

from lienthong.runtime.conformance import CHECKS, Trial
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
