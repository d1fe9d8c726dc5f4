"""The measurement of the exchange counts only where all that was sent was received."""

from typing import Any

import pytest

from lienthong.runtime.commands.bench_exchange import _figures

SENT = ("a", "b", "c", "d")


def figures(*, receipts: tuple[str, ...] = SENT, received: tuple[str, ...] = SENT) -> dict[str, Any]:
    times = [0.001 * place for place, _ in enumerate(receipts, start=1)]
    sent = {"digests": sorted(receipts), "times": times, "seconds": 2.0}
    return _figures(sent, {"digests": sorted(received)}, {"sender": 30.0, "hub": 50.0}, len(SENT))


def test_what_arrived_whole_is_counted() -> None:
    found = figures()
    assert not found["void"]
    wanted = {"docs_per_s": 2.0, "p50_ms": 3.0, "p99_ms": 4.0, "cpu_ms_per_doc": 20.0}
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("receipts", "received"),
    [
        (SENT[:3], SENT), (SENT, SENT[:3]), (SENT[:3], SENT[:3]), (SENT, (*SENT[:3], "x")), (SENT, (*SENT, "a")), ((), ()),
    ],
    ids=["a receipt is missing", "one did not arrive", "one was never sent", "one is another", "one came twice", "none"],
)  # fmt: skip
def test_it_is_void_when_anything_is_missing_changed_or_doubled(
    receipts: tuple[str, ...], received: tuple[str, ...]
) -> None:  # fmt: skip
    assert figures(receipts=receipts, received=received)["void"]
