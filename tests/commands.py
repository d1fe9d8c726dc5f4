"""Runs the command `lienthong`, each time as a process of its own, without reading its code from disk each time: the
processes fork from one that has read it, and get arguments, environment, folder and streams of their own."""

from __future__ import annotations

import importlib
import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.doors import ENTERED

SECONDS = 120
READ_BEFORE = (
    "lienthong.runtime.cli", "lienthong.evidence.receipts", "lienthong.protocol.messages", "lienthong.runtime.embedded",
    "django.core.management", "django.db.backends.postgresql.base", "django.forms", "django.http", "django.urls",
    "django.db.migrations.executor", "django.views.generic", "httpx", "lienthong.protocol.support",
    "lienthong.standards.signatures.certificates", "lienthong.standards.signatures.material", "lienthong.storage.files",
    "openpyxl", "psycopg_pool", "pydantic.functional_validators", "structlog.dev", "typer._adapters",
    "typer.rich_utils",
)  # fmt: skip
"""What does not ask Django for its settings, for each process has its own."""


@dataclass(frozen=True)
class Done:
    """How a command ended: its exit code, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


def run(*words: str, environment: Mapping[str, str]) -> Done:
    """Run `lienthong WORDS` to its end. Raises `TimeoutError`: it did not come."""
    with tempfile.TemporaryDirectory(prefix="lienthong-command-") as folder:
        streams = [str(Path(folder) / name) for name in ("stdout", "stderr")]
        sys.audit(ENTERED)
        server = _server()
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps([words, dict(environment), os.getcwd(), *streams]) + "\n")
        server.stdin.flush()
        if not select.select([server.stdout], [], [], SECONDS)[0]:
            server.kill()
            _server.cache_clear()
            raise TimeoutError(" ".join(words))
        code = int(server.stdout.readline())
        return Done(code, *(Path(one).read_text(encoding="utf-8") for one in streams))


@cache
def _server() -> subprocess.Popen[str]:
    """One for a process of the tests; it ends with it, when nobody can write to it any more."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.commands"], cwd=Path(__file__).parent.parent, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def _serve() -> None:
    for name in READ_BEFORE:
        importlib.import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _command(*json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _command(words: list[str], environment: dict[str, str], folder: str, *streams: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in enumerate(streams, start=1):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    sys.argv = ["lienthong", *words]
    importlib.import_module("lienthong.runtime.cli").main()
    raise SystemExit


if __name__ == "__main__":
    _serve()
