"""Sample pictures: a signature written with a blue pen, and an agency's round red seal marked as a sample ("MẪU").

Drawn four times as large and made smaller afterwards, so that edges are smooth on the transparent ground.
"""

import io
import math
import random
import unicodedata
from functools import lru_cache
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from lienthong.standards.signatures import fonts

Point = tuple[float, float]

_FINE = 4
"""How much larger the drawing is than the picture."""

# --- a signature ------------------------------------------------------------------------------------------------------

_SIGNATURE = (600, 240)
_BLUE = (22, 52, 148)
_PEN = 3.1
"""Half the width of a slow downstroke, in pixels of the picture."""

_ROUND: tuple[Point, ...] = ((0.62, 0.92), (0.30, 0.98), (0.06, 0.48), (0.30, 0.03), (0.62, 0.42), (0.72, 0.92))
_HUMP: tuple[Point, ...] = ((0.08, 0.92), (0.14, 0.06), (0.34, 0.78), (0.56, 0.90), (0.62, 0.12), (0.86, 0.14))
_TALL: tuple[Point, ...] = ((0.34, 1.40), (0.40, 2.30), (0.20, 2.36), (0.10, 1.20), (0.12, 0.06))
_LETTERS: dict[str, tuple[Point, ...]] = {
    "a": (*_ROUND, (0.76, 0.10), (1.00, 0.16)),
    "b": (*_TALL, (0.42, 0.04), (0.56, 0.46), (0.36, 0.72), (0.70, 0.70)),
    "c": ((0.56, 0.82), (0.30, 0.98), (0.06, 0.46), (0.32, 0.02), (0.70, 0.24)),
    "d": (*_ROUND[:5], (0.84, 2.10), (0.78, 0.10), (1.04, 0.16)),
    "e": ((0.44, 0.54), (0.44, 0.94), (0.16, 0.84), (0.10, 0.20), (0.38, 0.00), (0.72, 0.26)),
    "g": (*_ROUND, (0.66, -0.80), (0.36, -1.36), (0.14, -0.96), (0.94, 0.18)),
    "h": (*_TALL, (0.34, 0.78), (0.56, 0.90), (0.62, 0.10), (0.88, 0.16)),
    "i": ((0.16, 0.92), (0.20, 0.10), (0.46, 0.16)),
    "k": (*_TALL, (0.46, 0.92), (0.30, 0.52), (0.62, 0.06), (0.88, 0.18)),
    "l": (*_TALL, (0.42, 0.14)),
    "m": (*_HUMP[:5], (0.80, 0.78), (1.00, 0.90), (1.06, 0.12), (1.30, 0.16)),
    "n": _HUMP,
    "o": (*_ROUND[:4], (0.62, 0.50), (0.46, 0.94), (0.84, 0.84)),
    "p": ((0.18, 0.96), (0.12, -1.20), (0.30, 0.60), (0.56, 0.92), (0.60, 0.30), (0.34, 0.06), (0.86, 0.16)),
    "q": (*_ROUND, (0.68, -1.24), (0.90, -0.60), (1.02, 0.18)),
    "r": ((0.14, 0.90), (0.30, 1.06), (0.46, 0.86), (0.46, 0.12), (0.74, 0.18)),
    "s": ((0.34, 1.04), (0.44, 0.50), (0.30, 0.02), (0.10, 0.16), (0.70, 0.20)),
    "t": ((0.26, 1.76), (0.18, 0.60), (0.28, 0.04), (0.58, 0.18)),
    "u": ((0.10, 0.92), (0.16, 0.14), (0.40, 0.04), (0.62, 0.88), (0.66, 0.12), (0.92, 0.18)),
    "v": ((0.10, 0.94), (0.34, 0.04), (0.60, 0.90), (0.86, 0.80)),
    "x": ((0.14, 0.90), (0.40, 0.50), (0.62, 0.04), (0.80, 0.14)),
    "y": (
        (0.10, 0.92),
        (0.18, 0.18),
        (0.42, 0.06),
        (0.64, 0.90),
        (0.58, -0.80),
        (0.28, -1.40),
        (0.10, -0.96),
        (0.92, 0.18),
    ),
}
"""One stroke for each small letter: x and y in heights of a small letter from where the letter starts on its line."""

# fmt: off
_CAPITALS: tuple[tuple[str, tuple[Point, ...]], ...] = (
    ("CEGOQS", (
        (1.50, 2.50), (1.05, 3.15), (0.25, 2.30), (0.10, 0.80), (0.80, -0.15), (1.60, 0.50), (1.35, 1.20),
        (0.95, 0.80), (1.80, 0.20),
    )),
    ("TFIJ", (
        (0.05, 2.40), (0.60, 2.95), (1.40, 2.65), (2.20, 3.05), (1.25, 2.60), (0.95, 0.90), (0.50, -0.20),
        (-0.15, 0.30), (0.70, 0.45), (1.60, 0.20),
    )),
    ("BDĐPR", (
        (0.45, 2.60), (0.30, 0.10), (0.15, 1.60), (0.80, 3.10), (1.75, 2.55), (1.35, 1.65), (0.65, 1.50),
        (1.60, 1.10), (1.45, 0.10), (0.70, -0.05), (1.90, 0.25),
    )),
    ("HKLXU", (
        (0.10, 2.20), (0.60, 2.95), (0.55, 1.20), (0.20, -0.10), (0.85, 0.90), (1.60, 2.95), (1.30, 1.50),
        (1.25, 0.15), (1.90, 0.20),
    )),
    ("AMNVWYZ", (
        (-0.30, 0.50), (0.10, -0.10), (0.75, 1.60), (1.10, 2.95), (1.20, 0.30), (1.35, 0.20), (1.90, 2.85),
        (2.00, 1.20), (2.15, 0.12), (2.50, 0.25),
    )),
)
"""One stroke for each family of capitals."""
# fmt: on


@lru_cache(maxsize=256)
def signature_image(name: str) -> bytes:
    """A signature for a person's name: PNG, 600 × 240 pixels, blue on transparent; always the same for one name."""
    chance = random.Random(name)  # noqa: S311 - a picture, not a secret
    strokes = _fitted(_written(name, chance))
    ink = Image.new("L", (_SIGNATURE[0] * _FINE, _SIGNATURE[1] * _FINE), 0)
    for stroke in strokes:
        _draw_stroke(ImageDraw.Draw(ink), stroke)
    picture = Image.new("RGBA", _SIGNATURE, (*_BLUE, 0))
    picture.putalpha(ink.resize(_SIGNATURE, Image.Resampling.LANCZOS))
    return _png(picture)


def _written(name: str, chance: random.Random) -> list[list[Point]]:
    """The strokes of a signature: the given name in one line with a flourish, then bars and tone marks."""
    words = name.split() or ["?"]
    given = words[-1]
    slant, narrowing = chance.uniform(0.22, 0.42), chance.uniform(0.03, 0.075)
    line: list[Point] = []
    marks: list[list[Point]] = []
    x = 0.0
    if len(words) > 2 and chance.random() < 0.6:
        x = _put(line, _capital(words[-2][0]), x, 0.8, chance) - 0.25
    x = _put(line, _capital(given[0]), x, 1.0, chance)
    marks += _marks(given[0], x - 1.0, 3.2, chance)
    size = 1.0
    for letter in given[1:]:
        start = x
        x = _put(line, _LETTERS.get(_plain(letter), _LETTERS["u"]), x, size, chance)
        marks += _marks(letter, (start + x) / 2, 1.4 * size, chance)
        size = max(0.55, size - narrowing)
    line += _flourish(x, chance)
    return [[(px + slant * py, py) for px, py in _smooth(stroke)] for stroke in (line, *marks)]


def _put(line: list[Point], shape: tuple[Point, ...], x: float, size: float, chance: random.Random) -> float:
    """Add a letter's stroke at `x`; the place where the next letter starts."""
    wide = size * chance.uniform(1.0, 1.25)
    for dx, y in shape:
        line.append((x + dx * wide + chance.uniform(-0.03, 0.03), y * size + chance.uniform(-0.06, 0.06)))
    return line[-1][0] - 0.05


def _flourish(x: float, chance: random.Random) -> list[Point]:
    """The end of the signature: out to the right, back under the whole name, and away."""
    out, depth = chance.uniform(1.0, 1.8), chance.uniform(1.0, 1.5)
    back, rise = x * chance.uniform(0.05, 0.30), chance.uniform(0.3, 0.8)
    turn = [(x + out, rise), (x + out * 0.9, rise - 0.9), (x * 0.65, -depth * 0.85)]
    if chance.random() < 0.5:
        curl = ((back, -depth), (back - 0.35, -depth - 0.35), (back + 0.5, -depth - 0.50))
        return [*turn, *curl, (x * 0.8, -depth - 0.15)]
    return [*turn, (back, -depth - 0.25)]


def _marks(letter: str, x: float, top: float, chance: random.Random) -> list[list[Point]]:
    """The bar of t and đ, the dot of i, and one quick stroke for whatever stands above a Vietnamese vowel."""
    if letter in "tđĐ":
        y = top * 0.62
        return [[(x - 0.55, y - 0.05), (x, y + 0.08), (x + 0.75, y + 0.20)]]
    above = set(unicodedata.normalize("NFD", letter)[1:]) - {"\u0323", "\u031b"}
    y = top + chance.uniform(0.1, 0.4)
    if {"\u0302", "\u0306"} & above:
        return [[(x - 0.30, y - 0.05), (x, y + 0.28), (x + 0.35, y + 0.02)]]
    if above or letter == "i":
        length = 0.45 if above else 0.12
        lean = -0.25 if "\u0300" in above else 0.25
        return [[(x - length / 2, y - lean * length), (x + length / 2, y + lean * length * 1.6)]]
    return []


def _plain(letter: str) -> str:
    """The letter without its marks."""
    return "d" if letter in "đĐ" else unicodedata.normalize("NFD", letter)[0].lower()


def _capital(letter: str) -> tuple[Point, ...]:
    base = "Đ" if letter in "đĐ" else unicodedata.normalize("NFD", letter)[0].upper()
    return next((shape for letters, shape in _CAPITALS if base in letters), _CAPITALS[0][1])


def _smooth(points: list[Point], steps: int = 48) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    ends = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(steps):
            t = step / steps
            curve.append((_between(a[0], b[0], c[0], d[0], t), _between(a[1], b[1], c[1], d[1], t)))
    return [*curve, points[-1]]


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def _fitted(strokes: list[list[Point]]) -> list[list[Point]]:
    """The strokes in pixels of the large drawing, y downwards, as large as the picture allows."""
    xs, ys = [x for stroke in strokes for x, _ in stroke], [y for stroke in strokes for _, y in stroke]
    west, east, south, north = min(xs), max(xs), min(ys), max(ys)
    width, height = (side * _FINE for side in _SIGNATURE)
    margin = 14 * _FINE
    scale = min((width - 2 * margin) / (east - west), (height - 2 * margin) / (north - south))
    left = (width - scale * (east - west)) / 2
    low = (height + scale * (north - south)) / 2
    return [[(left + scale * (x - west), low - scale * (y - south)) for x, y in stroke] for stroke in strokes]


def _draw_stroke(draw: ImageDraw.ImageDraw, stroke: list[Point]) -> None:
    """Ink along a stroke: broad where the pen goes slowly or down, fine where it hurries, pointed at both ends."""
    radius, length = 0.0, len(stroke)
    for index, ((x, y), (nx, ny)) in enumerate(pairwise(stroke)):
        distance = math.hypot(nx - x, ny - y)
        down = (ny - y) / distance if distance else 0.0
        wanted = _PEN * _FINE * (0.62 + 0.30 * down) / (0.75 + distance / (3.2 * _FINE))
        ends = min(1.0, 0.35 + index / 40, 0.25 + (length - index) / 90)
        radius = wanted if index == 0 else radius + 0.06 * (wanted - radius)
        reach = max(0.55 * _FINE, radius * ends)
        for part in range(max(1, int(distance / 2))):
            share = part / max(1, int(distance / 2))
            px, py = x + share * (nx - x), y + share * (ny - y)
            draw.ellipse((px - reach, py - reach, px + reach, py + reach), fill=235)


# --- a seal -----------------------------------------------------------------------------------------------------------

SEAL_MILLIMETRES = 36
DPI = 300
_SIDE = round(SEAL_MILLIMETRES / 25.4 * DPI)
_RED = (208, 22, 30)
_INK = 232
"""How opaque the seal's ink is (of 255): a signature under it stays readable."""
_TEXT_RADIUS, _CENTRE_RADIUS = 0.735, 0.555
"""Where the middle of the ring's letters and the inner circle lie, in parts of the seal's radius."""


@lru_cache(maxsize=64)
def seal_image(agency: str, superior: str = "") -> bytes:
    """A round seal of 36 mm at 300 dpi: PNG, 425 × 425 pixels, red on transparent.

    The agency's name runs round the ring in capitals; the name of the agency above it, if given, below. Long names are
    set smaller. "MẪU" marks the seal as a sample.

    Raises:
        FontMissing: Liberation Serif is not installed.
    """
    side = _SIDE * _FINE
    ink = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(ink)
    radius = side / 2 - 2 * _FINE
    for part, width in ((1.0, 5.0), (0.945, 1.6), (_CENTRE_RADIUS, 1.6)):
        _circle(draw, side / 2, radius * part, width)
    _ring(ink, agency.upper(), radius * _TEXT_RADIUS, size=38, reach=200 if superior else 292, top=True)
    if superior:
        _ring(ink, superior.upper(), radius * _TEXT_RADIUS, size=28, reach=104, top=False)
    for degrees in (114, 246) if superior else (180,):
        angle = math.radians(degrees)
        where = side / 2 + radius * _TEXT_RADIUS * math.sin(angle), side / 2 - radius * _TEXT_RADIUS * math.cos(angle)
        draw.polygon(_star(where, 13 * _FINE), fill=255)
    _emblem(draw, side / 2, radius * _CENTRE_RADIUS)
    picture = Image.new("RGBA", (_SIDE, _SIDE), (*_RED, 0))
    picture.putalpha(ink.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS).point([v * _INK // 255 for v in range(256)]))
    return _png(picture)


def _circle(draw: ImageDraw.ImageDraw, centre: float, radius: float, width: float) -> None:
    box = (centre - radius, centre - radius, centre + radius, centre + radius)
    draw.ellipse(box, outline=255, width=round(width * _FINE))


@lru_cache(maxsize=64)
def _font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(fonts.folder() / "LiberationSerif-Bold.ttf"), size)


def _ring(ink: Image.Image, text: str, radius: float, *, size: float, reach: float, top: bool) -> None:
    """Letters along the ring, `size` pixels high at most, within `reach` degrees about its top or its foot."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    longest = math.radians(reach) * radius
    full = _font(size * _FINE)
    # Narrow letters read better than small ones: the width gives way first, down to three quarters.
    natural = sum(full.getlength(letter) for letter in text) or 1.0
    narrow = max(0.75, min(1.0, longest / natural))
    font = _font(size * _FINE * min(1.0, longest / (natural * narrow)))
    widths = [font.getlength(letter) * narrow for letter in text]
    spare = min(3.5 * _FINE, max(0.0, longest - sum(widths)) / max(1, len(text)))
    angle = -(sum(widths) + spare * (len(text) - 1)) / radius / 2
    for letter, width in zip(text, widths, strict=True):
        _letter(ink, letter, font, narrow, radius, angle + width / radius / 2, top)
        angle += (width + spare) / radius


def _letter(
    ink: Image.Image, letter: str, font: ImageFont.FreeTypeFont, narrow: float, radius: float, angle: float, top: bool
) -> None:
    """One letter, upright on its radius; all stand on one line, whatever marks they carry above or below."""
    half = int(font.size * 1.3)
    tile = Image.new("L", (2 * half, 2 * half), 0)
    # The middle of a capital is 0.33 em above its line.
    ImageDraw.Draw(tile).text((half, half + font.size * 0.33), letter, font=font, fill=255, anchor="ms")
    slim = tile.resize((max(1, round(2 * half * narrow)), 2 * half), Image.Resampling.LANCZOS)
    tile = Image.new("L", (2 * half, 2 * half), 0)
    tile.paste(slim, ((2 * half - slim.width) // 2, 0))
    tile = tile.rotate(-math.degrees(angle) * (1 if top else -1), resample=Image.Resampling.BICUBIC)
    x = ink.width / 2 + radius * math.sin(angle) - half
    y = ink.height / 2 - radius * math.cos(angle) * (1 if top else -1) - half
    ink.paste(255, (round(x), round(y)), tile)


def _emblem(draw: ImageDraw.ImageDraw, centre: float, radius: float) -> None:
    """A simple motif after the national emblem: a star between ears of rice, half a cogwheel, a ribbon with "MẪU"."""
    draw.polygon(_star((centre, centre - 0.20 * radius), 0.42 * radius), fill=255)
    for side in (-1, 1):
        for step in range(11):
            angle = math.radians(150 - step * 12.5)
            _grain(draw, centre, radius * 0.80, side * angle, radius)
        stalk = 0.70 * radius
        box = (centre - stalk, centre - stalk, centre + stalk, centre + stalk)
        start, end = (-62, 62) if side > 0 else (118, 242)
        draw.arc(box, start, end, fill=255, width=round(1.3 * _FINE))
    _cogwheel(draw, (centre, centre + 0.56 * radius), 0.26 * radius)
    font = _font(0.22 * radius)
    box = (centre - 0.36 * radius, centre + 0.56 * radius, centre + 0.36 * radius, centre + 0.86 * radius)
    draw.rounded_rectangle(box, 0.05 * radius, fill=0, outline=255, width=round(1.2 * _FINE))
    draw.text((centre, centre + 0.815 * radius), "MẪU", font=font, fill=255, anchor="ms")


def _grain(draw: ImageDraw.ImageDraw, centre: float, reach: float, angle: float, radius: float) -> None:
    """A grain of rice on its ear: a small leaf that leans outwards and up."""
    x, y = centre + reach * math.sin(angle), centre - reach * math.cos(angle)
    lean = angle - math.copysign(0.55, angle)
    along, across = 0.105 * radius, 0.036 * radius
    # Along the circle towards the top, which is where the ears end.
    tangent = lean - math.copysign(math.pi / 2, angle)
    sine, cosine = math.sin(tangent), math.cos(tangent)
    outline: list[Point] = []
    for step in range(16):
        turn = 2 * math.pi * step / 16
        u, v = along * math.cos(turn), across * math.sin(turn)
        outline.append((x + u * sine + v * cosine, y - u * cosine + v * sine))
    draw.polygon(outline, fill=255)


def _cogwheel(draw: ImageDraw.ImageDraw, centre: Point, radius: float) -> None:
    """The upper half of a cogwheel."""
    x, y = centre
    outline: list[Point] = []
    for step in range(9):
        start = math.pi + math.pi * step / 9
        for share, reach in ((0.0, 0.80), (0.22, 1.0), (0.68, 1.0), (0.90, 0.80)):
            angle = start + share * math.pi / 9
            outline.append((x + reach * radius * math.cos(angle), y + reach * radius * math.sin(angle)))
    draw.polygon([*outline, (x + 0.80 * radius, y), (x - 0.80 * radius, y)], fill=255)
    hole = 0.42 * radius
    draw.pieslice((x - hole, y - hole, x + hole, y + hole), 180, 360, fill=0)


def _star(centre: Point, radius: float) -> list[Point]:
    """A five-pointed star, one point up."""
    inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(54))
    corners: list[Point] = []
    for index in range(10):
        reach, angle = (radius, inner)[index % 2], math.pi * index / 5
        corners.append((centre[0] + reach * math.sin(angle), centre[1] - reach * math.cos(angle)))
    return corners


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", dpi=(DPI, DPI))
    return out.getvalue()
