"""Where a stamp has room on the first page of a PDF: a place of its size on which nothing is printed.

The page is drawn and looked at in a process of its own, for the file comes from anybody (`standards.apart`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from lienthong.standards import apart
from lienthong.standards.apart import Means
from lienthong.standards.presentation.apart import MEANS
from lienthong.standards.presentation.reading import BOUNDS, PT

DOTS = 2
"""Dots of a millimetre."""
LARGEST_MM = 900
"""Of a page's side: an A0 has no more than 1189 mm, and is no document that is stamped."""
INK = 225
"""A dot darker than this is printed on; paper that was scanned is not quite white."""
CLEAR = 2
"""Millimetres round the stamp."""
EDGE = 8
"""Millimetres that printers do not print."""


class Room(NamedTuple):
    """A place on a page in millimetres: its upper left corner, from the page's."""

    left: float
    top: float


def free_room(pdf: bytes, width: float, height: float, *, means: Means = MEANS) -> Room | None:
    """A place of this size in millimetres on page 1 where nothing is printed: below the number and notation at the
    left, as arrival stamps are put, else wherever there is one; None where there is none, or none can be found.

    The place counts from the upper left corner of the page as it is seen.
    """
    if len(pdf) > BOUNDS.size:
        return None
    try:
        answer = json.loads(apart.ask(__name__, {"width": width, "height": height}, pdf, means=means))
    except (apart.OutOfTime, apart.Died):
        return None
    return Room(*answer) if answer else None


def found_on(rows: list[bytes], width: float, height: float) -> Room | None:
    """The best free place of a page that is given as its dots, one byte each, row by row."""
    if not rows:
        return None
    sums = _sums(rows)
    across, down = round((width + 2 * CLEAR) * DOTS), round((height + 2 * CLEAR) * DOTS)
    for x, y in _places(len(rows[0]) // DOTS, len(rows) // DOTS, width, height):
        left, top = (x - CLEAR) * DOTS, (y - CLEAR) * DOTS
        right, bottom = left + across, top + down
        if sums[bottom][right] - sums[top][right] - sums[bottom][left] + sums[top][left] == 0:
            return Room(float(x), float(y))
    return None


def _places(page_width: int, page_height: int, width: float, height: float) -> Iterator[tuple[int, int]]:
    """Corners to try, the best first: in the upper half from the left, then in the lower one."""
    last_x, last_y = int(page_width - EDGE - CLEAR - width), int(page_height - EDGE - CLEAR - height)
    half = page_height // 2
    for rows in (range(EDGE + CLEAR, min(half, last_y)), range(max(half, EDGE + CLEAR), last_y)):
        yield from product(range(EDGE + CLEAR, last_x, 2), rows[::2])


def _sums(rows: list[bytes]) -> list[list[int]]:
    """How much ink is above and left of each dot."""
    above = [0] * (len(rows[0]) + 1)
    sums = [above]
    for row in rows:
        line, total = [0], 0
        for place, dot in enumerate(row, 1):
            total += dot < INK
            line.append(above[place] + total)
        sums.append(line)
        above = line
    return sums


def _dots_of_first_page(pdf: bytes) -> list[bytes]:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    width, height = (side * PT for side in page.get_size())
    if max(width, height) > LARGEST_MM:
        return []
    drawn = page.render(scale=DOTS * PT, grayscale=True)
    dots = bytes(drawn.buffer)
    return [dots[row * drawn.stride : row * drawn.stride + drawn.width] for row in range(drawn.height)]


def main() -> None:
    """Look at the page that comes in, and say where there is room."""
    asked = apart.begin()
    apart.write_nothing()
    room = found_on(_dots_of_first_page(sys.stdin.buffer.read()), asked["width"], asked["height"])
    json.dump(list(room) if room else None, sys.stdout)


if __name__ == "__main__":
    main()
