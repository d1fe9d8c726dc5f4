"""What a reader sees in the kept places: one-page PDFs set in Liberation Serif (metric twin of Times New Roman)."""

import json
from functools import lru_cache

import typst
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from lienthong.standards.signatures.errors import PictureUnusable
from lienthong.standards.signatures.fonts import FAMILY, fonts
from lienthong.standards.signatures.reading import QuickReader

# The text stands on the lower edge of the place: that edge is the baseline of the line around it, so the number keeps
# step with the printed "Số:" before it. Centring by height leaves it one or two pixels off.
_WORD = """
#let d = json(bytes(sys.inputs.d))
#set page(width: d.w * 1pt, height: d.h * 1pt, margin: 0pt, fill: none)
#set text(font: d.font, size: d.size * 1pt, style: d.style, bottom-edge: "baseline", top-edge: "cap-height")
#align(center + bottom, d.text)
"""

_PICTURE = """
#let d = json(bytes(sys.inputs.d))
#set page(width: d.w * 1pt, height: d.h * 1pt, margin: 0pt, fill: none)
#image(bytes(d.png), width: 100%, height: 100%, fit: "contain")
"""

_LINES = """
#let d = json(bytes(sys.inputs.d))
#let swapped = calc.rem(d.turn, 180) != 0
#set page(width: d.w * 1pt, height: d.h * 1pt, margin: 0pt, fill: none)
#set text(font: d.font, size: d.size * 1pt, lang: "vi")
#set par(leading: 0.35em, spacing: 0.35em)
#let side = if d.right { right + top } else { left + horizon }
#let body = block(
  width: if swapped { d.h * 1pt } else { d.w * 1pt },
  height: if swapped { d.w * 1pt } else { d.h * 1pt },
  align(side, d.lines.map(line => text(line)).join(linebreak())),
)
#rotate(-d.turn * 1deg, reflow: true, body)
"""


def _compile(source: str, values: dict[str, object]) -> bytes:
    """Set a page. Texts of people and pictures travel as data, never as markup."""
    inputs = {"d": json.dumps({"font": FAMILY, **values}, ensure_ascii=False)}
    return typst.compile(source.encode(), font_paths=fonts(), sys_inputs=inputs, pdf_tags=False)


@lru_cache(maxsize=256)
def word(text: str, *, width: float, height: float, size: float, italic: bool) -> bytes:
    """One word centred over the lower edge of a place; sizes in points."""
    style = "italic" if italic else "normal"
    return _compile(_WORD, {"text": text, "w": width, "h": height, "size": size, "style": style})


@lru_cache(maxsize=64)
def picture(png: bytes, *, width: float, height: float) -> bytes:
    """A PNG fitted into a place, its transparency kept.

    Raises:
        PictureUnusable.
    """
    try:
        return _compile(_PICTURE, {"w": width, "h": height, "png": list(png)})
    except typst.TypstError as error:
        raise PictureUnusable from error


@lru_cache(maxsize=64)
def lines(
    texts: tuple[str, ...], *, width: float, height: float, size: float, right: bool = False, turn: int = 0
) -> bytes:
    """Lines of text in a box, from the left in its middle, or from its upper right corner.

    `turn` is the page's own rotation in degrees clockwise: the text is turned back, so that it reads upright.
    """
    values = {"lines": texts, "w": width, "h": height, "size": size, "right": right, "turn": turn}
    return _compile(_LINES, values)


def put_on(writer: IncrementalPdfFileWriter, widget: generic.DictionaryObject, page: bytes) -> None:
    """Make a one-page PDF the normal appearance of a widget."""
    content = writer.import_page_as_xobject(QuickReader(page))
    widget[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): content})
    writer.update_container(widget)
