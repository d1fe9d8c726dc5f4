"""Measures memory over a long time: the hub's after a tenth of the packets, and after all of them.

Small packets, in rounds of a few thousand from processes that end, so that only the hub grows old. What the hub keeps
for speed (tokens, directories, prepared statements, connections) is there after the first tenth; what it has more
after all of them is a leak. What each process holds is counted, whether it shares it or not: forked processes share
less the longer they run, which is no leak, and is told beside it.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from lienthong.runtime.commands import bench_exchange as exchange

ROUND = 5000
ROUND_SECONDS = 240
LONGEST_SECONDS = 3600
SETTLED_S = 3.0
MOST_GROWTH = 0.10


def run(*, packets: int, as_json: bool) -> int:
    """Measure and print; 0 when the hub did not grow by more than a tenth."""
    size = min(ROUND, packets // 10)
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        hub, keys, _ = exchange.start_hub(Path(folder), stack)
        plan = {
            "url": hub.settings.address, "packets": size, "connections": 8, "kilobytes": 1, "seconds": ROUND_SECONDS,
            "keys": {code: key.private_jwk() for code, key in keys.items()},
        }  # fmt: skip
        began, taken, rss, shared = monotonic(), 0, dict[int, float](), dict[int, float]()
        while taken < packets and monotonic() - began < LONGEST_SECONDS:
            sent = exchange.answer_of(exchange.start_child("bench_intake", "send", plan))
            taken += len(sent["acknowledged"])
            sleep(SETTLED_S)
            rss[taken], shared[taken] = exchange.resident_mb(hub), exchange.rss_mb(hub)
            if len(sent["acknowledged"]) < size:
                break  # the machine is too slow, or something was refused: the run is void
        seconds = monotonic() - began
    early = next((mb for count, mb in rss.items() if count >= packets // 10), 0.0)
    late = rss.get(taken, 0.0)
    growth = late / early - 1 if early else 1.0
    figures: dict[str, Any] = {
        "void": taken < packets, "packets": taken, "seconds": round(seconds),
        "rss_mb_after_a_tenth": early, "rss_mb_after_all": late, "growth_percent": round(growth * 100, 1),
        "goal_percent": MOST_GROWTH * 100, "rss_mb": rss, "rss_mb_counting_shared_once": shared,
        "cores": len(os.sched_getaffinity(0)), "load": round(os.getloadavg()[0], 1),
        "ok": taken >= packets and growth <= MOST_GROWTH,
    }  # fmt: skip
    print(json.dumps(figures) if as_json else "\n".join(f"{key:22} {value}" for key, value in figures.items()))
    return 0 if figures["ok"] else 1
