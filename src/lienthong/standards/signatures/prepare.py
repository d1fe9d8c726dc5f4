"""Keep the places of number, day, month, signature and seal in a draft, before anybody signs it.

Fields that appear after a first signature look like tampering to every validator; so all five are made now, the text
fields read-only and empty, and the seal's field with a lock: once it is signed, nothing may change any more.
"""

from collections.abc import Sequence

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    append_signature_field,
    ensure_sig_flags,
)

from lienthong.standards.signatures.errors import PdfAlreadySigned, PdfUnreadable, SlotMissing, SlotOffPage
from lienthong.standards.signatures.layout import Place, Slot
from lienthong.standards.signatures.pdf import BROKEN, fields, finish, is_signed, open_writer, page_box, page_turn

TEXT_PLACES = (Place.NUMBER, Place.DAY, Place.MONTH)
_PRINT = 4  # annotation flag: shown on paper too (ISO 32000-2, table 167)
_READ_ONLY = 1  # field flag: people do not type here (table 227); our own filling is not bound by it
_TOLERANCE = 0.5  # points that a place may stick out of its page: rounding of layout programs

Box = tuple[float, float, float, float]


def prepare(pdf: bytes, slots: Sequence[Slot]) -> bytes:
    """Add the five fields to an unsigned draft, at the places its layout kept.

    Returns the PDF with one revision added.

    Raises:
        SlotMissing: a place of `Place` is not among `slots`, or is twice.
        SlotOffPage: a place lies outside its page or on a turned page.
        PdfAlreadySigned, PdfEncrypted, PdfHasXfa, PdfUnreadable.
    """
    by_place = {slot.place: slot for slot in slots}
    for place in Place:
        if place not in by_place or sum(slot.place is place for slot in slots) != 1:
            raise SlotMissing(place=place.value)
    writer = open_writer(pdf)
    try:
        if any(is_signed(node) or name in set(Place) for name, node in fields(writer)):
            raise PdfAlreadySigned
        boxes = {place: _box(writer, slot) for place, slot in by_place.items()}
        for place in TEXT_PLACES:
            _add_text_field(writer, by_place[place], boxes[place])
        _add_signature_field(writer, by_place[Place.SIGNATURE], boxes[Place.SIGNATURE], lock=None)
        # The lock names only the approval: a lock on the filled text fields makes pyHanko call the seal broken as soon
        # as validation material follows, though no field changed. P=1 (no changes) protects them all the same. And P
        # is only written together with a field lock.
        lock = FieldMDPSpec(FieldMDPAction.INCLUDE, fields=[Place.SIGNATURE.value])
        _add_signature_field(writer, by_place[Place.SEAL], boxes[Place.SEAL], lock=lock)
        return finish(writer)
    except BROKEN as error:
        raise PdfUnreadable(reason=type(error).__name__) from error


def _box(writer: IncrementalPdfFileWriter, slot: Slot) -> Box:
    """The place in PDF coordinates: from the lower left corner of the page, upwards."""
    pages = int(writer.root["/Pages"]["/Count"])
    if not 1 <= slot.page <= pages:
        raise SlotOffPage(place=slot.place.value, page=slot.page)
    page = writer.find_page_for_modification(slot.page - 1)[0].get_object()
    left, bottom, right, top = page_box(page)
    box = (left + slot.x, top - slot.y - slot.height, left + slot.x + slot.width, top - slot.y)
    inside = (
        box[0] >= left - _TOLERANCE
        and box[1] >= bottom - _TOLERANCE
        and box[2] <= right + _TOLERANCE
        and box[3] <= top + _TOLERANCE
    )
    if not inside or slot.width <= 0 or slot.height <= 0 or page_turn(page):
        raise SlotOffPage(place=slot.place.value, page=slot.page)
    return box


def _add_text_field(writer: IncrementalPdfFileWriter, slot: Slot, box: Box) -> None:
    page = writer.find_page_for_modification(slot.page - 1)[0]
    empty = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): _numbers((0, 0, box[2] - box[0], box[3] - box[1])),
        },
        stream_data=b"",
    )
    widget = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/FT"): pdf_name("/Tx"),
            pdf_name("/T"): pdf_string(slot.place.value),
            pdf_name("/TU"): pdf_string(_SPOKEN[slot.place]),
            pdf_name("/F"): generic.NumberObject(_PRINT),
            pdf_name("/Ff"): generic.NumberObject(_READ_ONLY),
            pdf_name("/Rect"): _numbers(box),
            pdf_name("/P"): generic.IndirectObject(page.idnum, page.generation, writer),
            pdf_name("/V"): pdf_string(""),
            pdf_name("/DA"): pdf_string("/TiRo 13 Tf 0 g"),
            pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(empty)}),
        }
    )
    reference = writer.add_object(widget)
    writer.register_annotation(page, reference)
    _form_fields(writer).append(reference)


def _form_fields(writer: IncrementalPdfFileWriter) -> generic.ArrayObject:
    """The list of the document's fields, made when there is none, and marked as changed."""
    if "/AcroForm" not in writer.root:
        form = generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject()})
        writer.root[pdf_name("/AcroForm")] = writer.add_object(form)
        writer.update_root()
        ensure_sig_flags(writer=writer, lock_sig_flags=False)
    form = writer.root["/AcroForm"]
    if "/Fields" not in form:
        form[pdf_name("/Fields")] = generic.ArrayObject()
    listed: generic.ArrayObject = form["/Fields"]
    writer.update_container(listed)
    writer.update_container(form)
    return listed


def _add_signature_field(writer: IncrementalPdfFileWriter, slot: Slot, box: Box, *, lock: FieldMDPSpec | None) -> None:
    spec = SigFieldSpec(
        slot.place.value,
        on_page=slot.page - 1,
        box=box,
        readable_field_name=_SPOKEN[slot.place],
        field_mdp_spec=lock,
        doc_mdp_update_value=MDPPerm.NO_CHANGES if lock else None,
    )
    append_signature_field(writer, spec)


def _numbers(values: Sequence[float]) -> generic.ArrayObject:
    return generic.ArrayObject(generic.FloatObject(round(value, 3)) for value in values)


_SPOKEN = {
    Place.NUMBER: "Số văn bản",
    Place.DAY: "Ngày ban hành",
    Place.MONTH: "Tháng ban hành",
    Place.SIGNATURE: "Chữ ký số của người có thẩm quyền",
    Place.SEAL: "Chữ ký số của cơ quan, tổ chức",
}
"""What a screen reader says at each place."""
