"""The acts on a prepared document, in the order of the law: the person signs, the clerk numbers, the agency seals."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from lienthong.standards.signatures import appearance
from lienthong.standards.signatures.engine import Prepared, finish_field, prepare_field, sign_field
from lienthong.standards.signatures.errors import (
    PdfAlreadySigned,
    PdfEncrypted,
    PdfNotApproved,
    PdfUnreadable,
    SlotMissing,
    TextDoesNotFit,
)
from lienthong.standards.signatures.keys import Key
from lienthong.standards.signatures.layout import Place
from lienthong.standards.signatures.material import (
    Material,
    Validation,
    cms_certificates,
    embed,
    read,
    signer_certificate,
    subject,
)
from lienthong.standards.signatures.network import TimeStamps
from lienthong.standards.signatures.pdf import (
    BROKEN,
    entry,
    field,
    fields,
    finish,
    is_signed,
    open_reader,
    open_writer,
    page_box,
    page_turn,
)
from lienthong.standards.signatures.prepare import TEXT_PLACES, prepare
from lienthong.standards.times import VIETNAM

__all__ = [
    "Prepared",
    "fill",
    "fill_and_seal",
    "finish_seal",
    "kept_values",
    "material_at_hand",
    "prepare",
    "prepare_enclosure",
    "prepare_person",
    "prepare_seal",
    "seal",
    "seal_enclosure",
    "sign_person",
]

_SIZE = 13.0  # points: number and date in the body size of Decree 30/2020, Annex I
_LINE_SIZE = 10.0  # points: information about the signature on an enclosure (Annex I, II.9)
_SMALL = 8.0  # points: what stands in a place without a picture
_CORNER_WIDTH = 300.0  # points
_MARGIN = 20.0  # points from the edge of the page
_FORMS = {
    Place.NUMBER: re.compile(r"(?:[1-9][0-9]{0,7}|0[1-9])[a-zđ]{0,3}"),
    Place.DAY: re.compile(r"0?[1-9]|[12][0-9]|3[01]"),
    Place.MONTH: re.compile(r"0?[1-9]|1[0-2]"),
}


def sign_person(pdf: bytes, *, key: Key, timestamps: TimeStamps, at: datetime, image: bytes | None) -> bytes:
    """The competent person's signature (PAdES B-T): certifies the text and lets only the kept fields be filled.

    `at` is the claimed time (aware), `image` a PNG of the handwritten signature; without it name and time are shown.

    Raises:
        SlotMissing, PdfAlreadySigned, TimeStampRefused, KeyUnusable, and what opening refuses.
    """
    writer = open_writer(pdf)
    try:
        _show_person(writer, key, at, image)
        return sign_field(writer, Place.SIGNATURE.value, key=key, timestamps=timestamps, at=at, certify=True)
    except BROKEN as error:
        raise PdfUnreadable(reason=type(error).__name__) from error


def prepare_person(pdf: bytes, *, key: Key, timestamps: TimeStamps, at: datetime, image: bytes | None) -> Prepared:
    """`sign_person` by a key that is not at hand: everything up to its use. `engine.finish_field` goes on from there,
    in another process and hours later if need be.

    Raises:
        SlotMissing, PdfAlreadySigned, and what opening refuses.
    """
    writer = open_writer(pdf)
    try:
        _show_person(writer, key, at, image)
        return prepare_field(writer, Place.SIGNATURE.value, key=key, timestamps=timestamps, at=at, certify=True)
    except BROKEN as error:
        raise PdfUnreadable(reason=type(error).__name__) from error


def fill(pdf: bytes, *, number: str, day: str, month: str) -> bytes:
    """Write number, day and month into the kept places, once, between signature and seal.

    Day and month are written as given (two digits for days below 10 and months 1, 2 by Decree 30/2020).

    Raises:
        PdfNotApproved, PdfAlreadySigned (sealed), TextDoesNotFit, SlotMissing, and what opening refuses.
    """
    texts = _texts(number, day, month)
    writer = open_writer(pdf)
    try:
        _require_approved(writer)
        _fill(writer, texts)
        return finish(writer)
    except BROKEN as error:
        raise PdfUnreadable(reason=type(error).__name__) from error


def _texts(number: str, day: str, month: str) -> dict[Place, str]:
    """Raises `TextDoesNotFit`."""
    texts = dict(zip(TEXT_PLACES, (number, day, month), strict=True))
    for place, text in texts.items():
        if not _FORMS[place].fullmatch(text):
            raise TextDoesNotFit(text=text, place=place.value)
    return texts


def _fill(writer: IncrementalPdfFileWriter, texts: dict[Place, str]) -> None:
    for place, text in texts.items():
        widget = field(writer, place)
        width, height = _extent(widget)
        page = appearance.word(text, width=width, height=height, size=_SIZE, italic=place is not Place.NUMBER)
        widget[pdf_name("/V")] = pdf_string(text)
        appearance.put_on(writer, widget, page)


def seal(
    pdf: bytes, *, key: Key, timestamps: TimeStamps, validation: Validation, at: datetime, image: bytes | None
) -> bytes:
    """The agency's signature (PAdES B-LT): nothing may change afterwards; the material of both signatures goes along.

    `image` is a PNG of the red seal, over a third of the signature (Decree 30/2020, Annex I, II.8).

    Raises:
        PdfNotApproved, PdfAlreadySigned, SlotMissing, MaterialUnavailable, TimeStampRefused, KeyUnusable.
    """
    return _seal(pdf, {}, key, timestamps, validation, at, image)


def fill_and_seal(
    pdf: bytes,
    *,
    number: str,
    day: str,
    month: str,
    key: Key,
    timestamps: TimeStamps,
    validation: Validation,
    at: datetime,
    image: bytes | None,
) -> bytes:
    """`fill` and `seal` in one revision: the file is read and written once.

    Raises:
        What both raise.
    """
    return _seal(pdf, _texts(number, day, month), key, timestamps, validation, at, image)


def _seal(
    pdf: bytes,
    texts: dict[Place, str],
    key: Key,
    timestamps: TimeStamps,
    validation: Validation,
    at: datetime,
    image: bytes | None,
) -> bytes:
    writer = open_writer(pdf)
    try:
        _show_seal(writer, texts, key, at, image)
        sealed = sign_field(writer, Place.SEAL.value, key=key, timestamps=timestamps, at=at)
        return with_material(sealed, validation, at)
    except BROKEN as error:
        raise PdfUnreadable(reason=type(error).__name__) from error


def prepare_seal(
    pdf: bytes,
    *,
    number: str,
    day: str,
    month: str,
    key: Key,
    timestamps: TimeStamps,
    at: datetime,
    image: bytes | None,
) -> Prepared:
    """`fill_and_seal` by a key that is not at hand: everything up to its use; `finish_seal` goes on from there.

    Raises:
        PdfNotApproved, PdfAlreadySigned, TextDoesNotFit, SlotMissing, and what opening refuses.
    """
    texts = _texts(number, day, month)
    writer = open_writer(pdf)
    try:
        _show_seal(writer, texts, key, at, image)
        return prepare_field(writer, Place.SEAL.value, key=key, timestamps=timestamps, at=at, certify=False)
    except BROKEN as error:
        raise PdfUnreadable(reason=type(error).__name__) from error


def _show_seal(
    writer: IncrementalPdfFileWriter, texts: dict[Place, str], key: Key, at: datetime, image: bytes | None
) -> None:
    _require_approved(writer)
    _fill(writer, texts)
    _show(writer, field(writer, Place.SEAL), key, at, image)


def seal_enclosure(
    pdf: bytes, *, key: Key, lines: Sequence[str], timestamps: TimeStamps, validation: Validation, at: datetime
) -> bytes:
    """The agency's signature on an enclosure: text at the upper right of page 1, 10 pt, no picture.

    `lines` name the main document, the time and the agency (Decree 30/2020, Annex I, II.9).

    Raises:
        PdfAlreadySigned: the agency's field is there already; MaterialUnavailable, TimeStampRefused, KeyUnusable.
    """
    writer = open_writer(pdf)
    try:
        _add_corner(writer, tuple(lines))
        sealed = sign_field(writer, Place.SEAL.value, key=key, timestamps=timestamps, at=at)
        return with_material(sealed, validation, at)
    except BROKEN as error:
        raise PdfUnreadable(reason=type(error).__name__) from error


def prepare_enclosure(pdf: bytes, *, key: Key, lines: Sequence[str], timestamps: TimeStamps, at: datetime) -> Prepared:
    """`seal_enclosure` by a key that is not at hand: everything up to its use; `finish_seal` goes on from there.

    Raises:
        PdfAlreadySigned: the agency's field is there already; what opening refuses.
    """
    writer = open_writer(pdf)
    try:
        _add_corner(writer, tuple(lines))
        return prepare_field(writer, Place.SEAL.value, key=key, timestamps=timestamps, at=at, certify=False)
    except BROKEN as error:
        raise PdfUnreadable(reason=type(error).__name__) from error


def finish_seal(prepared: Prepared, *, key: Key, timestamps: TimeStamps, validation: Validation, at: datetime) -> bytes:
    """What was prepared, with the signature that `key` gives for it, its time stamp, and the material for later.

    Raises:
        MaterialUnavailable, CertificateRevoked, TimeStampRefused, KeyUnusable.
    """
    sealed = finish_field(prepared, key=key, timestamps=timestamps)
    try:
        return with_material(sealed, validation, at)
    except BROKEN as error:
        raise PdfUnreadable(reason=type(error).__name__) from error


def kept_values(pdf: bytes) -> dict[Place, str]:
    """What stands in the kept text fields that the document has; an empty string where nothing was filled in yet.

    Raises:
        PdfUnreadable, PdfEncrypted.
    """
    return values_of(open_reader(pdf))


def values_of(reader: PdfFileReader) -> dict[Place, str]:
    """`kept_values` of an open document."""
    found = dict(fields(reader))
    return {place: str(entry(found[place.value], "/V", "")) for place in TEXT_PLACES if place.value in found}


def with_material(pdf: bytes, validation: Validation, at: datetime) -> bytes:
    """Add what is needed to judge every signature and time stamp of the document without a network.

    Raises:
        MaterialUnavailable.
    """
    gathered, reader = Material(), open_reader(pdf)
    for signature in _signatures(reader):
        for signed in _signed(signature):
            leaf = signer_certificate(signed)
            if leaf not in gathered.certificates:
                gathered += validation.collect(leaf, cms_certificates(signed), at)
    return embed(reader, gathered)


def material_at_hand(pdf: bytes, validation: Validation, at: datetime) -> Material:
    """What the authorities say at the moment `at` of everybody who signed or stamped, for `judge`: a document may carry
    no material, or only what was said before a revocation. Never raises on a bad file; empty when nobody answers."""
    gathered = Material()
    with suppress(PdfEncrypted, PdfUnreadable, *BROKEN):  # the judge says what is wrong with the file
        reader = open_reader(pdf)
        carried = read(reader).certificates  # the judge finds issuers among them, and so has who asks
        for signature in _signatures(reader):
            with suppress(*BROKEN):
                for signed in _signed(signature):
                    gathered += _at_hand(signed, carried, gathered, validation, at)
    return gathered


def _at_hand(
    signed: cms.SignedData, carried: tuple[bytes, ...], known: Material, validation: Validation, at: datetime
) -> Material:
    """Of one signature or time stamp: one that cannot be read keeps nobody from being asked about the others."""
    try:
        leaf = signer_certificate(signed)
        if leaf in known.certificates:
            return Material()
        return validation.at_hand(leaf, (*cms_certificates(signed), *carried), at)
    except BROKEN:
        return Material()


def _signatures(reader: PdfFileReader) -> list[EmbeddedPdfSignature]:
    return [*reader.embedded_regular_signatures, *reader.embedded_timestamp_signatures]


def _signed(signature: EmbeddedPdfSignature) -> Iterator[cms.SignedData]:
    """A signature, and the time stamps upon it."""
    yield signature.signed_data
    for attribute in signature.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            for token in attribute["values"]:
                yield token["content"]


def _require_approved(writer: IncrementalPdfFileWriter) -> None:
    found = dict(fields(writer))
    for place in (Place.SIGNATURE, Place.SEAL):
        if place.value not in found:
            raise SlotMissing(place=place.value)
    if not is_signed(found[Place.SIGNATURE.value]):
        raise PdfNotApproved
    if is_signed(found[Place.SEAL.value]):
        raise PdfAlreadySigned


def _add_corner(writer: IncrementalPdfFileWriter, texts: tuple[str, ...]) -> None:
    """A signature field with the lines, where a reader sees the upper right corner of page 1. Raises
    `PdfAlreadySigned`: the agency's is there already."""
    if any(name == Place.SEAL for name, _ in fields(writer)):
        raise PdfAlreadySigned
    page = writer.find_page_for_modification(0)[0].get_object()
    left, bottom, right, top = page_box(page)
    turn = page_turn(page)
    seen_width = top - bottom if turn % 180 else right - left
    width = min(_CORNER_WIDTH, seen_width - 2 * _MARGIN)
    height = _LINE_SIZE * 1.35 * len(texts)
    box = {
        0: (right - _MARGIN - width, top - _MARGIN - height, right - _MARGIN, top - _MARGIN),
        90: (left + _MARGIN, top - _MARGIN - width, left + _MARGIN + height, top - _MARGIN),
        180: (left + _MARGIN, bottom + _MARGIN, left + _MARGIN + width, bottom + _MARGIN + height),
        270: (right - _MARGIN - height, bottom + _MARGIN, right - _MARGIN, bottom + _MARGIN + width),
    }[turn]
    append_signature_field(writer, SigFieldSpec(Place.SEAL.value, box=box))
    widget = field(writer, Place.SEAL)
    width, height = _extent(widget)
    shown = appearance.lines(texts, width=width, height=height, size=_LINE_SIZE, right=True, turn=turn)
    appearance.put_on(writer, widget, shown)


def _show_person(writer: IncrementalPdfFileWriter, key: Key, at: datetime, image: bytes | None) -> None:
    widget = field(writer, Place.SIGNATURE)
    if any(is_signed(node) for _, node in fields(writer)):
        raise PdfAlreadySigned
    _show(writer, widget, key, at, image)


def _extent(widget: generic.DictionaryObject) -> tuple[float, float]:
    x1, y1, x2, y2 = (float(value) for value in widget["/Rect"])
    return abs(x2 - x1), abs(y2 - y1)


def _show(
    writer: IncrementalPdfFileWriter, widget: generic.DictionaryObject, key: Key, at: datetime, image: bytes | None
) -> None:
    width, height = _extent(widget)
    if image is not None:
        page = appearance.picture(image, width=width, height=height)
    else:
        texts = (subject(key.certificate), f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S %z}")
        page = appearance.lines(texts, width=width, height=height, size=_SMALL)
    appearance.put_on(writer, widget, page)
