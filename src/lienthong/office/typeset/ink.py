"""How low the marks of a page reach: text, strokes, pictures. What is below is free.

It follows the commands of the page (ISO 32000-2, Annex A) as far as places need it. What it cannot follow counts as
reaching down to the edge, so that nothing is ever printed over something.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Matrix = tuple[float, float, float, float, float, float]
SAME: Matrix = (1, 0, 0, 1, 0, 0)
DESCENT = 0.3
"""How far letters reach below their line, of their size."""
DEEPEST = 8
PAINTS = frozenset({b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"})
SHOWS = frozenset({b"Tj", b"TJ", b"'", b'"'})


def lowest_mark(page: Any) -> float:
    """Points from the lower edge of the page's box to its lowest mark; 0 where they cannot be followed, the height of
    the page where there is none."""
    box = page.cropbox
    bottom, top = float(box.bottom), float(box.top)
    try:
        found = min(_Follower(page.pdf).marks(page.get_contents(), page.get("/Resources", {}), SAME, 0), default=top)
    except (ArithmeticError, AttributeError, LookupError, NotImplementedError, TypeError, ValueError, RecursionError):
        return 0.0
    return min(max(found, bottom), top) - bottom


@dataclass
class _State:
    """What `q` keeps, and the text's own."""

    ctm: Matrix
    size: float = 0.0
    leading: float = 0.0
    line: Matrix = SAME
    path: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class _Follower:
    """Follows the commands of a page and of the drawings in it."""

    pdf: Any

    def marks(self, content: Any, resources: Any, ctm: Matrix, depth: int) -> Iterator[float]:
        """The lowest place of each mark."""
        from pypdf.generic import ContentStream

        if content is None:
            return
        if depth > DEEPEST:
            raise ValueError("drawings in drawings")
        state, kept = _State(ctm), list[tuple[Matrix, float, float]]()
        for operands, operator in ContentStream(content, self.pdf).operations:
            if operator == b"q":
                kept.append((state.ctm, state.size, state.leading))
            elif operator == b"Q":
                state.ctm, state.size, state.leading = kept.pop() if kept else (ctm, 0.0, 0.0)
            elif operator == b"cm":
                state.ctm = _times(_matrix(operands), state.ctm)
            elif operator == b"Do":
                yield from self._drawing(resources, operands[0], state.ctm, depth)
            elif operator == b"INLINE IMAGE":
                yield _lowest_of_square(state.ctm)
            else:
                yield from _text(state, operator, operands)
                yield from _path(state, operator, operands)

    def _drawing(self, resources: Any, name: str, ctm: Matrix, depth: int) -> Iterator[float]:
        drawing = resources.get_object()["/XObject"].get_object()[name].get_object()
        if drawing["/Subtype"] == "/Image":
            yield _lowest_of_square(ctm)
            return
        own = _times(_matrix(drawing.get("/Matrix", SAME)), ctm)
        yield from self.marks(drawing, drawing.get("/Resources", resources), own, depth + 1)


def _text(state: _State, operator: bytes, operands: list[Any]) -> Iterator[float]:
    if operator == b"BT":
        state.line = SAME
    elif operator == b"Tf":
        state.size = float(operands[1])
    elif operator == b"TL":
        state.leading = float(operands[0])
    elif operator == b"Tm":
        state.line = _matrix(operands)
    elif operator in (b"Td", b"TD"):
        if operator == b"TD":
            state.leading = -float(operands[1])
        state.line = _times((1, 0, 0, 1, float(operands[0]), float(operands[1])), state.line)
    if operator in (b"T*", b"'", b'"'):
        state.line = _times((1, 0, 0, 1, 0, -state.leading), state.line)
    if operator in SHOWS:
        _, b, _, d, _, y = _times(state.line, state.ctm)
        yield y - DESCENT * state.size * (abs(b) + abs(d))


def _path(state: _State, operator: bytes, operands: list[Any]) -> Iterator[float]:
    """A path counts when it is painted; one that only cuts does not."""
    if operator in (b"m", b"l", b"c", b"v", b"y"):
        numbers = [float(value) for value in operands]
        state.path += [_y(state.ctm, x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    elif operator == b"re":
        x, y, width, height = (float(value) for value in operands)
        state.path += [_y(state.ctm, x + dx, y + dy) for dx in (0, width) for dy in (0, height)]
    elif operator in PAINTS or operator == b"n":
        if state.path and operator != b"n":
            yield min(state.path)
        state.path.clear()


def _lowest_of_square(ctm: Matrix) -> float:
    return min(_y(ctm, x, y) for x in (0, 1) for y in (0, 1))


def _y(matrix: Matrix, x: float, y: float) -> float:
    return matrix[1] * x + matrix[3] * y + matrix[5]


def _matrix(values: Any) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m
