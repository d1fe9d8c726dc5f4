"""The text of a page that is a picture, recognised by Tesseract where the machine has it with its Vietnamese.

The file comes from anybody. A process of its own draws one page of it and then becomes Tesseract: what both may take of
time, of the processor and of memory is bounded, neither writes a file, and they are told nothing of this process. The
file stays as it is.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from lienthong.standards.texts.apart import Means
from lienthong.standards.texts.problems import NoText, Why
from lienthong.standards.texts.reading import BOUNDS, joined

LANGUAGE = "vie"
PACKAGES = ("tesseract-ocr", "tesseract-ocr-vie")
"""What brings it on Debian."""
MEANS = Means(seconds=120, processor=60, memory=1_000_000_000)
_WORKER = "lienthong.standards.texts.drawing"
_LOOK_SECONDS = 10


def recogniser() -> str | None:
    """Where Tesseract is, if it is on this machine and knows Vietnamese."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        told = subprocess.run(
            [program, "--list-langs"], stdin=subprocess.DEVNULL, capture_output=True, timeout=_LOOK_SECONDS,
            check=False, env={}, cwd="/",
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return program if LANGUAGE in told.stdout.decode(errors="replace").split() else None


def recognised(file: Path, page: int, *, program: str, means: Means = MEANS) -> str:
    """What a page of a PDF says, as a machine read it: it errs.

    Args:
        page: from 0.
        program: a `recogniser`.

    Raises:
        NoText: the page cannot be drawn or read, or not in time.
    """
    if file.stat().st_size > BOUNDS.size:
        raise NoText(Why.TOO_LARGE)
    asked = json.dumps({
        "page": page, "program": program, "language": LANGUAGE, "processor": means.processor, "memory": means.memory,
    })  # fmt: skip
    try:
        with file.open("rb") as content:
            done = subprocess.run(
                [sys.executable, "-I", "-m", _WORKER, asked], stdin=content, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, timeout=means.seconds, check=False, env={}, cwd="/",
            )  # fmt: skip
    except subprocess.TimeoutExpired as reason:
        raise NoText(Why.TOO_SLOW) from reason
    if done.returncode:
        slow = done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
        raise NoText(Why.TOO_SLOW if slow else Why.BROKEN)
    return joined(iter(done.stdout.decode("utf-8", errors="replace").splitlines()))
