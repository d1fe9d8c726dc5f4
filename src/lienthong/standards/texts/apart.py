"""Taking text in a process of its own, which ends with the file: a file comes from anybody, and what it may take of
time and memory is bounded there. It is told nothing of this process: no settings, no secrets."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from lienthong.standards.texts.problems import NoText, Why
from lienthong.standards.texts.reading import BOUNDS, Text


class Means(NamedTuple):
    """What the process may use: seconds on the clock, seconds of the processor, bytes of memory."""

    seconds: float = 40
    processor: int = 20
    memory: int = 1_000_000_000


MEANS = Means()
_WORKER = "lienthong.standards.texts"


def text_apart(file: Path, *, means: Means = MEANS) -> Text:
    """The text of a file. Raises `NoText`."""
    if file.stat().st_size > BOUNDS.size:
        raise NoText(Why.TOO_LARGE)
    asked = json.dumps({"processor": means.processor, "memory": means.memory})
    try:
        with file.open("rb") as content:
            done = subprocess.run(
                [sys.executable, "-I", "-m", _WORKER, asked], stdin=content, capture_output=True,
                timeout=means.seconds, check=False, env={}, cwd="/",
            )  # fmt: skip
    except subprocess.TimeoutExpired as reason:
        raise NoText(Why.TOO_SLOW) from reason
    if done.returncode or not done.stdout:
        slow = done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
        raise NoText(Why.TOO_SLOW if slow else Why.BROKEN)
    answer = json.loads(done.stdout)
    if why := answer.get("none"):
        raise NoText(Why(why))
    return Text(str(answer["words"]), tuple(answer["pictured"]))
