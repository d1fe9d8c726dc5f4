"""`lienthong office train` at a test hub: an agency that does not exist, its people, their documents; and for good."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import TextIO

import httpx
import pytest

from lienthong.runtime.ports import free_port
from tests.service.runtime.test_commands import plain_environment

COMMAND = [sys.executable, "-m", "lienthong"]
PATIENCE = 120.0
"""Seconds until a service must have said that it is ready."""


@contextmanager
def running(*words: str, until: str) -> Iterator[str]:
    """A service that runs meanwhile; gives what it said up to a line that begins so."""
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen([*COMMAND, *words], env=plain_environment(), stdout=out, start_new_session=True)
        try:
            yield _said(process, out, until)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _said(process: subprocess.Popen[bytes], out: TextIO, until: str) -> str:
    end = monotonic() + PATIENCE
    while True:
        out.seek(0)
        said = out.read()
        if any(line.startswith(until) and line.endswith("\n") for line in said.splitlines(keepends=True)):
            return said
        assert process.poll() is None, said
        assert monotonic() < end, said
        sleep(0.1)


def signed_in(address: str, login: str, password: str) -> httpx.Client:
    client = httpx.Client(base_url=address, follow_redirects=True, timeout=30)
    page = client.get("/dang-nhap/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    form = {"csrfmiddlewaretoken": token[1], "username": login, "password": password}
    assert client.post("/dang-nhap/", data=form, headers={"Referer": address}).status_code == 200
    return client


@pytest.mark.law("R-19.4-1")
@pytest.mark.xdist_group("commands")
def test_a_training_office_is_made_by_a_command_and_stays_one() -> None:
    with tempfile.TemporaryDirectory(prefix="lienthong-train-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the database runs as an unprivileged user under root
        ports = [str(free_port()) for _ in range(2)]
        hub = f"http://127.0.0.1:{ports[0]}"
        data = str(folder / "office")
        with (
            running("hub", "serve", "--sandbox", "--data", str(folder / "hub"), "--port", ports[0], until="http"),
            running("office", "train", "--data", data, "--hub", hub, "--port", ports[1], until="con dấu") as said,
        ):
            password = re.search(r"^van\.thu +(\S+)", said, re.MULTILINE)
            assert password is not None
            assert re.search(r"^lanh\.dao +\S+ +\d{6} ", said, re.MULTILINE)
            clerk = signed_in(f"http://127.0.0.1:{ports[1]}", "van.thu", password[1])
            assert "data-training" in clerk.get("/").text
            assert "giả định phục vụ đào tạo" in clerk.get("/van-ban-den/").text
            clerk.close()
        key, trust = folder / "office" / "keys" / "system.json", folder / "office" / "trust"
        other = subprocess.run(
            [*COMMAND, "office", "serve", "--data", data, "--hub", hub, "--system", "G22", "--key", str(key), "--trust",
             str(trust), "--tsa", hub, "--port", ports[1]],
            env=plain_environment(), capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert other.returncode == 1
        assert "dùng cho đào tạo" in other.stderr + other.stdout
        gone = subprocess.run(
            [*COMMAND, "office", "train", "--data", str(folder / "new"), "--hub", hub, "--port", ports[1]],
            env=plain_environment(), capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert gone.returncode == 1
        assert "không trả lời" in gone.stderr
