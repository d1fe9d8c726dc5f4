"""The check in a process of its own, which ends with the file: the library that reads pages is native code, knows no
threads, and the file comes from anybody. What it may take of time and memory is bounded there, and
it is told nothing of this process: no settings, no secrets.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import asdict
from typing import Any, NamedTuple

from lienthong.standards.presentation.findings import Finding, Known
from lienthong.standards.presentation.problems import Unreadable, Why
from lienthong.standards.presentation.reading import BOUNDS


class Means(NamedTuple):
    """What the process may use: seconds on the clock, seconds of the processor, bytes of memory."""

    seconds: float = 30
    processor: int = 15
    memory: int = 1_500_000_000


MEANS = Means()
_WORKER = "lienthong.standards.presentation"


def check_apart(pdf: bytes, known: Known, *, means: Means = MEANS) -> tuple[Finding, ...]:
    """What a document breaks of the rules of presentation. Raises `Unreadable`."""
    if len(pdf) > BOUNDS.size:
        raise Unreadable(Why.TOO_LARGE)
    asked = json.dumps({"known": asdict(known), "processor": means.processor, "memory": means.memory})
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", _WORKER, asked], input=pdf, capture_output=True, timeout=means.seconds,
            check=False, env={}, cwd="/",
        )  # fmt: skip
    except subprocess.TimeoutExpired as reason:
        raise Unreadable(Why.TOO_SLOW) from reason
    if done.returncode < 0 or not done.stdout:
        raise Unreadable(Why.TOO_SLOW if _was_out_of_time(done.returncode) else Why.BROKEN)
    answer = json.loads(done.stdout)
    if why := answer.get("unreadable"):
        raise Unreadable(Why(why))
    return tuple(_finding(row) for row in answer["findings"])


def _was_out_of_time(code: int) -> bool:
    return code in (-signal.SIGXCPU, -signal.SIGKILL)


def _finding(row: dict[str, Any]) -> Finding:
    return Finding(row["rule"], row["page"], tuple(row["box"]) if row["box"] else None, row["seen"])
