"""Official documents as pages: the layout of Decree 30/2020/NĐ-CP, Annex I."""

from lienthong.office.typeset import word_processor
from lienthong.office.typeset.blocks import blocks_of
from lienthong.office.typeset.content import Draft
from lienthong.office.typeset.copies import Elements, printable
from lienthong.office.typeset.pages import as_seen, count, signed_pages
from lienthong.office.typeset.prints import Mark, Printed, Sheet, Stamp, render_envelope, render_print, render_slip
from lienthong.office.typeset.render import (
    Typeset,
    TypesetProblem,
    render,
    render_annex,
    render_book,
    slot_from_json,
    slot_to_json,
)
from lienthong.office.typeset.scans import fault_of
from lienthong.office.typeset.uploaded import place_in_upload, require_signable

__all__ = [
    "Draft",
    "Elements",
    "Mark",
    "Printed",
    "Sheet",
    "Stamp",
    "Typeset",
    "TypesetProblem",
    "as_seen",
    "blocks_of",
    "count",
    "fault_of",
    "place_in_upload",
    "printable",
    "render",
    "render_annex",
    "render_book",
    "render_envelope",
    "render_print",
    "render_slip",
    "require_signable",
    "signed_pages",
    "slot_from_json",
    "slot_to_json",
    "word_processor",
]
