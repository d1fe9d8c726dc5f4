"""The chart of a day: packets a second with the same weekday a week ago behind, and the backlog below. Lines are drawn
here, colours come from the style sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from lienthong.hub.pulse import STEP, Step
from lienthong.look.language import figures

LEFT, RIGHT = 40, 752
TOP, FLOOR = 21, 186
LOW_TOP, LOW_FLOOR = 206, 264
STEPS = int(timedelta(days=1) / STEP)
ROUND = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True)
class Label:
    """A text in the chart."""

    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True)
class Chart:
    """What the template draws: paths, and labels."""

    today: str
    area: str
    before: str
    backlog: str
    grid: list[Label]
    hours: list[Label]
    peak: Label | None
    now: Label | None
    now_backlog: Label | None
    most_backlog: str


def draw(today: Sequence[Step], before: Sequence[Step]) -> Chart:
    """A chart of the steps of a day so far, and of those of the day that it is compared with."""
    rates = [step.rate for step in (*today, *before) if step.rate is not None]
    most = _round_up(max(rates, default=0.0), least=0.4)
    most_backlog = _round_up(max((step.backlog or 0 for step in today), default=0), least=10)

    def rate(value: float) -> float:
        return FLOOR - (FLOOR - TOP) * value / most

    def low(value: float) -> float:
        return LOW_FLOOR - (LOW_FLOOR - LOW_TOP) * value / most_backlog

    counted = [(_x(index + 1), step) for index, step in enumerate(today) if step.rate is not None]
    last = counted[-1] if counted else None
    return Chart(
        today=_line(today, lambda step: step.rate, rate),
        area=_area(today, lambda step: step.rate, rate, FLOOR),
        before=_line(before, lambda step: step.rate, rate),
        backlog=_area(today, lambda step: step.backlog, low, LOW_FLOOR),
        grid=[Label(LEFT - 8, rate(most * part / 4), _axis(most * part / 4), "end") for part in range(0, 5, 2)],
        hours=[Label(_x(hour * 4), 282, f"{hour:02d}:00", _anchor(hour)) for hour in range(0, 25, 3)],
        peak=_peak(counted, rate),
        now=Label(last[0], rate(last[1].rate or 0), figures().decimal(last[1].rate or 0)) if last else None,
        now_backlog=Label(last[0], low(last[1].backlog or 0), figures().number(last[1].backlog or 0)) if last else None,
        most_backlog=figures().number(int(most_backlog)),
    )


def _x(index: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * index / STEPS, 1)


def _anchor(hour: int) -> str:
    return {0: "start", 24: "end"}.get(hour, "middle")


def _axis(value: float) -> str:
    return str(figures().number(round(value))) if value >= 10 or value == round(value) else figures().decimal(value)


def _round_up(value: float, *, least: float) -> float:
    """A round number at or above a value: the end of an axis."""
    value = max(value, least)
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return next(part * power for part in ROUND if part * power >= value * 0.9999)


Value = Callable[[Step], float | None]
Place = Callable[[float], float]


def _runs(steps: Sequence[Step], value: Value, place: Place) -> list[list[tuple[float, float]]]:
    """The points of a line; where nothing was counted it is broken."""
    runs: list[list[tuple[float, float]]] = [[]]
    for index, step in enumerate(steps):
        found = value(step)
        if found is None:
            runs.append([])
        else:
            runs[-1].append((_x(index + 1), round(place(found), 1)))
    return [run for run in runs if run]


def _line(steps: Sequence[Step], value: Value, place: Place) -> str:
    return "".join("M" + "L".join(f"{x} {y}" for x, y in run) for run in _runs(steps, value, place))


def _area(steps: Sequence[Step], value: Value, place: Place, floor: float) -> str:
    """The line down to the floor; a single point is a thin post."""
    return "".join(
        f"M{run[0][0] - 4} {floor}" + "".join(f"L{x} {y}" for x, y in [(run[0][0] - 4, run[0][1]), *run])
        + f"L{run[-1][0]} {floor}Z"
        for run in _runs(steps, value, place)
    )  # fmt: skip


def _peak(counted: Sequence[tuple[float, Step]], rate: Place) -> Label | None:
    """The highest point, unless it is now: that one is named anyway."""
    if len(counted) < 4:
        return None
    x, step = max(counted[:-1], key=lambda pair: pair[1].rate or 0)
    if (step.rate or 0) <= (counted[-1][1].rate or 0) or counted[-1][0] - x < 90:
        return None
    words = f"{figures().decimal(step.rate or 0)} · {timezone.localtime(step.at + STEP):%H:%M}"
    return Label(min(max(x, LEFT + 60), RIGHT - 60), rate(step.rate or 0) - 8, words, "middle")


def rows(today: Sequence[Step], before: Sequence[Step]) -> list[tuple[datetime, Step, Step | None]]:
    """The same figures as a table, the newest first: end of the step, today, the day before."""
    paired = [
        (step.at + STEP, step, before[index] if index < len(before) else None) for index, step in enumerate(today)
    ]
    return [row for row in reversed(paired) if row[1].rate is not None or (row[2] and row[2].rate is not None)]
