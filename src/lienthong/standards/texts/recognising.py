"""The text of a page that is a picture, recognised by Tesseract where the machine has it with its Vietnamese.

The file comes from anybody. A process of its own (`standards.apart`) draws one page of it and then becomes Tesseract,
with no more than it was given. The file stays as it is.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from lienthong.standards.apart import Means
from lienthong.standards.texts.apart import asked_of
from lienthong.standards.texts.reading import joined

LANGUAGE = "vie"
PACKAGES = ("tesseract-ocr", "tesseract-ocr-vie")
"""What brings it on Debian."""
MEANS = Means(seconds=120, processor=60, memory=1_000_000_000)
_WORKER = "lienthong.standards.texts.drawing"
_LOOK_SECONDS = 10
_EMPTY = b"P5 64 64 255\n" + b"\xff" * 64 * 64


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


def is_sound(program: str) -> bool:
    """Whether a recogniser reads an empty page: what it does not say of another one is then that page's fault."""
    try:
        told = subprocess.run(
            [program, "stdin", "stdout", "-l", LANGUAGE], input=_EMPTY, capture_output=True, timeout=_LOOK_SECONDS,
            check=False, env={}, cwd="/",
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return False
    return told.returncode == 0


def recognised(file: Path, page: int, *, program: str, means: Means = MEANS) -> str:
    """What a page of a PDF says, as a machine read it: it errs.

    Args:
        page: from 0.
        program: a `recogniser`.

    Raises:
        NoText: the page cannot be drawn or read, or not in time.
    """
    asked: dict[str, object] = {"page": page, "program": program, "language": LANGUAGE}
    said = asked_of(_WORKER, asked, file, means=means)
    return joined(iter(said.decode("utf-8", errors="replace").splitlines()))
