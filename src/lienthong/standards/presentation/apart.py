"""The check in a process of its own, for the file comes from anybody (`standards.apart`)."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from lienthong.standards import apart
from lienthong.standards.apart import Means
from lienthong.standards.presentation.findings import Finding, Known
from lienthong.standards.presentation.problems import Unreadable, Why
from lienthong.standards.presentation.reading import BOUNDS

MEANS = Means(seconds=30, processor=15, memory=1_500_000_000)
_WORKER = "lienthong.standards.presentation"


def check_apart(pdf: bytes, known: Known, *, means: Means = MEANS) -> tuple[Finding, ...]:
    """What a document breaks of the rules of presentation. Raises `Unreadable`."""
    if len(pdf) > BOUNDS.size:
        raise Unreadable(Why.TOO_LARGE)
    try:
        answer = json.loads(apart.ask(_WORKER, asdict(known), pdf, means=means))
    except apart.OutOfTime as reason:
        raise Unreadable(Why.TOO_SLOW) from reason
    except apart.Died as reason:
        raise Unreadable(Why.BROKEN) from reason
    if why := answer.get("unreadable"):
        raise Unreadable(Why(why))
    return tuple(_finding(row) for row in answer["findings"])


def _finding(row: dict[str, Any]) -> Finding:
    return Finding(row["rule"], row["page"], tuple(row["box"]) if row["box"] else None, row["seen"])
