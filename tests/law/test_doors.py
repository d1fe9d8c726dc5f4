"""A test of the law that enters through no public door fails, and says why."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SESSION = """
import socket
import subprocess
import sys

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from tests import commands

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver"])
urlpatterns = [path("", lambda _request: HttpResponse("a page"))]
law = pytest.mark.law("R-6.2-1", "R-8.1-1")
refuses = pytest.mark.refuses("R-6.2-1", "R-5.4-1")
LISTENER = "import socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True); s.accept()"


@pytest.fixture
def prepared():
    return Client().get("/")


@law
def test_a_request_enters():
    assert Client().get("/").content == b"a page"


@law
def test_a_function_does_not_enter():
    assert 1 + 1 == 2


@law
def test_what_a_fixture_asked_for_does_not_enter(prepared):
    assert prepared.status_code == 200


@law
def test_a_connection_to_oneself_does_not_enter():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


@law
def test_another_program_does_not_enter():
    subprocess.run([sys.executable, "-c", "import lienthong"], check=True)


@law
def test_a_connection_to_another_process_enters():
    with subprocess.Popen([sys.executable, "-c", LISTENER], stdout=subprocess.PIPE, text=True) as other:
        socket.create_connection(("127.0.0.1", int(other.stdout.readline()))).close()


@law
def test_a_command_enters():
    assert subprocess.run([sys.executable, "-m", "lienthong", "--help"], capture_output=True).returncode == 0


@law
def test_a_command_of_the_tests_enters():
    assert commands.run("--help", environment={}).returncode == 0


@refuses
def test_a_refusal_at_a_door_enters():
    assert Client().get("/nowhere/").status_code == 404


@refuses
def test_a_refusal_of_a_function_does_not_enter():
    with pytest.raises(ValueError):
        int("x")


def test_that_is_not_of_the_law_goes_its_own_ways():
    assert 1 + 1 == 2


@law
@pytest.mark.xfail(raises=AssertionError, strict=True)
def test_that_fails_keeps_its_own_reason():
    raise AssertionError
"""
PASSES = (
    "test_a_request_enters", "test_a_connection_to_another_process_enters", "test_a_command_enters",
    "test_a_command_of_the_tests_enters", "test_a_refusal_at_a_door_enters", "test_that_is_not_of_the_law_goes_its_own_ways",
)  # fmt: skip
FAILS = (
    "test_a_function_does_not_enter", "test_what_a_fixture_asked_for_does_not_enter",
    "test_a_connection_to_oneself_does_not_enter", "test_another_program_does_not_enter",
    "test_a_refusal_of_a_function_does_not_enter",
)  # fmt: skip


@pytest.mark.parametrize("workers", [0, 1])
def test_what_enters_passes_and_what_does_not_fails_with_the_rule(tmp_path: Path, workers: int) -> None:
    (tmp_path / "test_session.py").write_text(SESSION, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    law\n    refuses\n", encoding="utf-8")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "-p", "tests.doors", "-p", "no:django", "-n", str(workers), "."],
        cwd=tmp_path, env={**plain, "PYTHONPATH": str(ROOT), "COLUMNS": "400"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = re.findall(r"^(PASSED|FAILED|XFAIL) test_session.py::(\w+)(.*)$", done.stdout, re.MULTILINE)
    found, told = {name: word for word, name, _ in lines}, {name: reason for _, name, reason in lines}
    expected = {**dict.fromkeys(PASSES, "PASSED"), **dict.fromkeys(FAILS, "FAILED")}
    assert found == {**expected, "test_that_fails_keeps_its_own_reason": "XFAIL"}, done.stdout + done.stderr
    for name in FAILS:
        ids = "R-6.2-1, R-5.4-1" if "refusal" in name else "R-6.2-1, R-8.1-1"
        said = f"says that it proves {ids}, or what is refused there, and it entered through no public door"
        assert said in told[name], name
