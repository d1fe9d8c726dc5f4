"""Work on a file that comes from anybody, in a process of its own that ends with the file.

The libraries that read and draw pages are native code, and know no threads. What the process may take of time, of the
processor and of memory is bounded there; it writes no file, and is told nothing of this process: no settings, no
secrets.

The bounds are those of a Unix, and their module is loaded in that process alone: on Windows, where it is not,
signers use the same package for their tokens.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, BinaryIO, NamedTuple


class Means(NamedTuple):
    """What the process may use: seconds on the clock, seconds of the processor, bytes of memory."""

    seconds: float
    processor: int
    memory: int


class OutOfTime(Exception):
    """It took longer than it was given."""


class Died(Exception):
    """It ended without an answer: of what the file did to it, or for want of memory."""


def ask(worker: str, asked: Mapping[str, Any], content: bytes | BinaryIO, *, means: Means) -> bytes:
    """What a module, run as a program, writes about a file.

    Args:
        worker: the module's name; its `main` begins with `begin`.
        asked: what it is to know beside the file, as JSON takes it.
        content: the file, on its standard input.

    Raises:
        OutOfTime, Died: there is no answer.
    """
    told = json.dumps({**asked, "processor": means.processor, "memory": means.memory})
    given: dict[str, Any] = {"input": content} if isinstance(content, bytes) else {"stdin": content}
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", worker, told], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=means.seconds, check=False, env={}, cwd="/", **given,
        )  # fmt: skip
    except subprocess.TimeoutExpired as reason:
        raise OutOfTime from reason
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise OutOfTime
    if done.returncode:
        raise Died
    answer: bytes = done.stdout
    return answer


def begin() -> dict[str, Any]:
    """In the process: bound what it may take, and give what it was asked."""
    import resource

    asked: dict[str, Any] = json.loads(sys.argv[1])
    for what, most in (
        (resource.RLIMIT_CPU, asked.pop("processor")),
        (resource.RLIMIT_AS, asked.pop("memory")),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    return asked


def write_nothing() -> None:
    """In the process: no file grows from now on."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
