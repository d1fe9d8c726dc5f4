"""A test of the law enters through a public door (CONTRIBUTING, rule 1): one that carries `@pytest.mark.law`, or
`@pytest.mark.refuses` for what must not be possible, and passed without having entered fails. Named in `addopts` of
pyproject.toml.

What counts as entering, while the test itself runs; what its fixtures did before is preparation, and does not count:

- a request that an office or a hub in this process begins to answer: of Django's test client, of the live server;
- a TCP connection to another process: a service of the country, a hub behind its proxy. What this process listens on by
  itself is none: there a webhook or a mail of ours arrives, which goes out;
- the command `lienthong` in a process of its own;
- what no hook of Python sees, and who does it tells by `sys.audit(ENTERED)`: a command of `tests.commands`, which forks
  elsewhere; a browser at a service in another process.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Generator
from itertools import pairwise
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest
from django.core.signals import request_started

ENTERED = "lienthong.tests.entered"
"""The audit event by which a helper of the tests says that it entered."""
RULE = (
    "This test says that it proves {ids}, or what is refused there, and it entered through no public door: it made no request to an office or a "
    "hub, and ran no command. Let it enter where people and systems do, or take the marker away (CONTRIBUTING, rule 1)."
)

_entries = 0
_bound: WeakSet[socket.socket] = WeakSet()


def _enter(*_: object, **__: object) -> None:
    global _entries
    _entries += 1


def _connected(_connecting: socket.socket, address: object) -> None:
    if isinstance(address, tuple) and address[1] not in {_port(one) for one in _bound}:
        _enter()


def _port(bound: socket.socket) -> int | None:
    """The port that a socket of this process is bound to; None where it is closed, or of another kind."""
    if bound.fileno() < 0 or bound.family not in (socket.AF_INET, socket.AF_INET6):
        return None
    return int(bound.getsockname()[1])


def _began(_executable: object, words: Any, *_: object) -> None:
    told = [str(one) for one in words] if isinstance(words, list | tuple) else [str(words)]
    if Path(told[0]).name == "lienthong" or ("-m", "lienthong") in pairwise(told):
        _enter()


_HEARD = {
    "socket.bind": lambda one, _address: _bound.add(one),
    "socket.connect": _connected,
    "subprocess.Popen": _began,
    ENTERED: _enter,
}


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    """Called for all that Python audits, some thousand times in a test: what is not in the table costs one look."""
    if event in _HEARD:
        _HEARD[event](*arguments)


sys.addaudithook(_hear)
request_started.connect(_enter, weak=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test of the law that passed without having entered."""
    before = _entries
    result = yield
    if _entries == before and (ids := _ids(item)):
        pytest.fail(RULE.format(ids=", ".join(ids)), pytrace=False)
    return result


def _ids(item: pytest.Item) -> list[str]:
    """The requirements of which a test says something, each once."""
    marks = [*item.iter_markers("law"), *item.iter_markers("refuses")]
    return list(dict.fromkeys(identifier for mark in marks for identifier in mark.args))
