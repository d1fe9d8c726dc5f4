"""Taking text in a process of its own, for the file comes from anybody (`standards.apart`)."""

from __future__ import annotations

import json
from pathlib import Path

from lienthong.standards import apart
from lienthong.standards.apart import Means
from lienthong.standards.texts.problems import NoText, Why
from lienthong.standards.texts.reading import BOUNDS, Text

MEANS = Means(seconds=40, processor=20, memory=1_000_000_000)
_WORKER = "lienthong.standards.texts"


def text_apart(file: Path, *, means: Means = MEANS) -> Text:
    """The text of a file. Raises `NoText`."""
    answer = json.loads(asked_of(_WORKER, {}, file, means=means))
    if why := answer.get("none"):
        raise NoText(Why(why))
    return Text(str(answer["words"]), tuple(answer["pictured"]))


def asked_of(worker: str, asked: dict[str, object], file: Path, *, means: Means) -> bytes:
    """What a worker says of a file. Raises `NoText`: it is too large, or there is no answer."""
    if file.stat().st_size > BOUNDS.size:
        raise NoText(Why.TOO_LARGE)
    try:
        with file.open("rb") as content:
            return apart.ask(worker, asked, content, means=means)
    except apart.OutOfTime as reason:
        raise NoText(Why.TOO_SLOW) from reason
    except apart.Died as reason:
        raise NoText(Why.BROKEN) from reason
