"""Official documents as pages: the layout of Decree 30/2020/NĐ-CP, Annex I."""

from lienthong.office.typeset.blocks import blocks_of
from lienthong.office.typeset.content import Draft
from lienthong.office.typeset.render import (
    Typeset,
    TypesetProblem,
    render,
    render_annex,
    render_book,
    slot_from_json,
    slot_to_json,
)
from lienthong.office.typeset.uploaded import place_in_upload

__all__ = [
    "Draft",
    "Typeset",
    "TypesetProblem",
    "blocks_of",
    "place_in_upload",
    "render",
    "render_annex",
    "render_book",
    "slot_from_json",
    "slot_to_json",
]
