"""`lienthong bench signatures`: how long the acts on a document take, with keys loaded and no network between."""

import json as json_module
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import typer

from lienthong.runtime.commands.bench_papers import SLOTS, Authority, draft
from lienthong.runtime.processes import settle
from lienthong.standards.signatures.sign import fill, prepare, seal, sign_person

ROUNDS = 20
LIMITS_MS = {"sign_person": 100.0, "judge": 30.0}
"""What each act may take at the median; the others are shown for comparison."""

Made = TypeVar("Made")


@dataclass(frozen=True)
class Measure:
    """Milliseconds of one act over all rounds: median and the slowest."""

    act: str
    median_ms: float
    worst_ms: float


def measure(rounds: int = ROUNDS) -> list[Measure]:
    """Run all acts on a two-page document, RSA 2048, `rounds` times after one to warm up."""
    now = datetime.now(UTC).replace(microsecond=0)
    authority = Authority(now)
    stamps, text = authority.stamps, draft()
    times: dict[str, list[float]] = {}

    def timed(act: str, run: Callable[[], Made]) -> Made:
        start = time.perf_counter()
        made = run()
        times.setdefault(act, []).append((time.perf_counter() - start) * 1000)
        return made

    person, sealer = authority.person, authority.agency
    for _ in range(rounds + 1):
        ready = timed("prepare", partial(prepare, text, SLOTS))
        signed = timed("sign_person", partial(sign_person, ready, key=person, timestamps=stamps, at=now, image=None))
        full = timed("fill", partial(fill, signed, number="15", day="02", month="3"))
        act = partial(seal, full, key=sealer, timestamps=stamps, validation=authority.validation, at=now, image=None)
        sealed = timed("seal", act)
        timed("judge", partial(authority.judge, sealed))
    return [
        Measure(act, round(statistics.median(found[1:]), 1), round(max(found[1:]), 1)) for act, found in times.items()
    ]


def run(json: bool) -> None:
    """Measure as in a process that serves, and print; with `json` as one object of act → figures."""
    settle()
    found = measure()
    if json:
        figures = {m.act: {"median_ms": m.median_ms, "worst_ms": m.worst_ms} for m in found}
        typer.echo(json_module.dumps({"rounds": ROUNDS, "limits_ms": LIMITS_MS, "acts": figures}))
        return
    for m in found:
        limit = f"   limit {LIMITS_MS[m.act]:.0f} ms" if m.act in LIMITS_MS else ""
        typer.echo(f"{m.act:12} median {m.median_ms:6.1f} ms   worst {m.worst_ms:6.1f} ms{limit}")
