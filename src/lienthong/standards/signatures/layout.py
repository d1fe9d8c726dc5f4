"""Where the kept fields and the two signatures stand on a document's pages."""

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """The places that a document keeps for what comes after the approval (Decree 30/2020, Annex I, part IV)."""

    NUMBER = "so"  # box 3, the number before the slash
    DAY = "ngay"  # box 4
    MONTH = "thang"  # box 4
    SIGNATURE = "LanhDao"  # box 7c, the competent person's signature
    SEAL = "CoQuan"  # box 8, the agency's seal, over a third of the signature


@dataclass(frozen=True)
class Slot:
    """A rectangle on a page. The lower edge of a text's place is the baseline of the line it stands in.

    Attributes:
        place: what the rectangle is kept for.
        page: page number, from 1.
        x, y: its upper left corner, in points (1/72 inch) from the upper left corner of the page.
        width, height: its size in points.
    """

    place: Place
    page: int
    x: float
    y: float
    width: float
    height: float
