"""The museum of bad documents: each PDF named by its defect, with the verdict it must get.

`python -m tests.museum.make_pdfs DIRECTORY` writes them; the test walks over the same list. Keys are made afresh each
time, so nothing signed lies in the repository.
"""

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.stamp.noop import NoOpStampStyle
from pypdf import PdfWriter

from lienthong.standards.signatures.engine import HeldSigner, sign_field
from lienthong.standards.signatures.judge import Expected
from lienthong.standards.signatures.layout import Place
from lienthong.standards.signatures.pdf import field as pdf_field
from lienthong.standards.signatures.prepare import prepare
from tests.unit.signatures.world import AGENCY, PERSON, SLOTS, T0, YEAR, Owner, World, appended, draft, numbered, seals

Writer = IncrementalPdfFileWriter


@dataclass(frozen=True)
class Piece:
    """A bad document.

    Attributes:
        defect: its name.
        pdf: its bytes.
        reason: the code of the report's reason.
        findings: codes that must be among the findings of any signature.
        given: what the judge is told otherwise than for a good document.
    """

    defect: str
    pdf: bytes
    reason: str
    findings: frozenset[str] = frozenset()
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Workshop:
    """What the pieces are made of."""

    world: World
    person: Owner
    agency: Owner
    approved: bytes
    good: bytes


def workshop(world: World, person: Owner, agency: Owner) -> Workshop:
    approved = world.approved(person)
    return Workshop(world, person, agency, approved, world.sealed(numbered(approved), agency))


def pieces(shop: Workshop) -> list[Piece]:
    """All pieces, in the order of the stations of a document."""
    return [piece for make in _MAKERS for piece in make(shop)]


def _files(shop: Workshop) -> list[Piece]:
    encrypted = PdfWriter(clone_from=BytesIO(draft()))
    encrypted.encrypt("secret", algorithm="AES-256")
    out = BytesIO()
    encrypted.write(out)
    return [
        Piece("not-a-pdf", b"PK\x03\x04 this is an archive", "unreadable"),
        Piece("empty-file", b"", "unreadable"),
        Piece("truncated", shop.good[:-700], "unreadable"),
        Piece("cut-in-half", shop.good[: len(draft()) // 2], "unreadable"),
        Piece("number-that-is-none", re.sub(rb"(/Rect \[ ?\d)\d(\d*\.)", rb"\1-\2", shop.good), "unreadable"),
        Piece("table-in-unknown-filter", table_in(b"/LZWDecode"), "unreadable"),
        Piece("encrypted", out.getvalue(), "encrypted"),
        Piece("encrypted-for-certificates", encrypted_for_certificates(), "unreadable"),
        Piece("unsigned", draft(), "unsigned"),
        Piece("prepared-but-unsigned", prepare(draft(), SLOTS), "unsigned"),
        Piece("never-sealed", numbered(shop.approved), "indeterminate", frozenset({"no_revocation_information"})),
        Piece("signature-zeroed", _zeroed(shop.good), "unreadable"),
    ]


_ONE_PAGE = (
    b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
)  # fmt: skip


def _written(objects: Sequence[bytes]) -> tuple[bytes, list[int]]:
    """A file up to its table of references, and where each object begins."""
    pdf, places = b"%PDF-1.7\n", list[int]()
    for number, one in enumerate(objects, 1):
        places.append(len(pdf))
        pdf += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    return pdf, places


def table_in(filter_name: bytes) -> bytes:
    """A file whose table of references is packed as readers of today need not know."""
    pdf, _ = _written(_ONE_PAGE)
    table = b"<</Type/XRef/Size 5/W[1 3 1]/Root 1 0 R/Filter%b/Length 2>>stream\n\x80\x0b\nendstream" % filter_name
    return pdf + b"4 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(pdf))


def encrypted_for_certificates() -> bytes:
    """A file that has no password: it opens for whose certificates it was made (ISO 32000-2, 7.6.5)."""
    pdf, places = _written(_ONE_PAGE)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    asks = b"<</Filter/Adobe.PubSec/SubFilter/adbe.pkcs7.s5/V 4>>/ID[<00><00>]"
    end = b"trailer\n<</Size 4/Root 1 0 R/Encrypt%b>>\nstartxref\n%d\n%%%%EOF\n" % (asks, len(pdf))
    return pdf + b"xref\n0 4\n0000000000 65535 f \n" + rows + end


def _zeroed(pdf: bytes) -> bytes:
    return re.sub(rb"(/Contents\s*<)([0-9a-fA-F]+)(>)", lambda m: m[1] + b"0" * len(m[2]) + m[3], pdf)


def _tampered(shop: Workshop) -> list[Piece]:
    good, world = shop.good, shop.world
    flipped = bytearray(good)
    flipped[good.index(b"/MediaBox") + 12] ^= 0x01
    emptied_early = world.sealed(numbered(appended(shop.approved, empty_page)), shop.agency)
    failed = "failed"
    return [
        Piece("byte-changed", bytes(flipped), failed, frozenset({"bytes_changed"})),
        Piece("page-emptied-after-seal", appended(good, empty_page), failed, frozenset({"changed_after"})),
        Piece("page-emptied-before-seal", emptied_early, failed, frozenset({"changed_after"})),
        Piece("number-changed-after-seal", appended(good, rewrite("so", "16")), failed, frozenset({"changed_after"})),
        Piece("date-changed-after-seal", appended(good, rewrite("ngay", "09")), failed, frozenset({"changed_after"})),
        Piece("number-removed-after-seal", appended(good, drop_field("so")), failed, frozenset({"changed_after"})),
        Piece("note-added-after-seal", appended(good, annotate("Đã thu hồi")), failed, frozenset({"changed_after"})),
        Piece("script-added-after-seal", appended(good, open_action), failed, frozenset({"changed_after"})),
        Piece("signature-moved-after-seal", appended(good, move("LanhDao")), failed, frozenset({"changed_after"})),
        Piece("other-field-changed-before-seal", _other_field(shop), failed, frozenset({"changed_after"})),
        Piece("number-changed-in-unlocked-seal", _unlocked(shop), failed, frozenset({"changed_after"})),
    ]


def _foreign(shop: Workshop) -> list[Piece]:
    """Genuine documents of other tools, which put the number on after the first signature."""
    first = plain(draft(), shop.person, "Signature1", shop.world)
    stamped = plain(appended(first, annotate("15")), shop.agency, "Signature2", shop.world)
    new_field = plain(appended(first, add_field("so_vb", "15")), shop.agency, "Signature2", shop.world)
    unproven = frozenset({"added_after", "no_revocation_information"})
    return [
        Piece("number-as-annotation", stamped, "indeterminate", unproven),
        Piece("number-as-new-field", new_field, "indeterminate", unproven),
        Piece("no-material", stamped, "indeterminate", frozenset({"no_revocation_information"})),
    ]


def _owners(shop: Workshop) -> list[Piece]:
    world = shop.world
    stranger = world.issue("Sở Tài chính tỉnh Khác")
    foreign = World()
    outsider = foreign.issue(PERSON)
    from_outside = plain(draft(), outsider, "LanhDao", foreign)
    no_usage = world.issue(PERSON, usage=False)
    other = world.issued(shop.person, stranger)
    owner = {f"{_print(stranger)}": "H02"}
    late = seals(shop.agency, start=T0 + timedelta(days=1))
    closed = seals(shop.agency, end=T0 - timedelta(days=1))
    registered = frozenset({"seal_unregistered"})
    return [
        Piece("seal-of-another-agency", other, "failed", frozenset({"seal_of_another"}), {"agency": seals(**owner)}),
        Piece("seal-unregistered", other, "indeterminate", registered, {"agency": seals(shop.agency)}),
        Piece("seal-registered-later", shop.good, "indeterminate", registered, {"agency": late}),
        Piece("seal-registration-ended", shop.good, "indeterminate", registered, {"agency": closed}),
        Piece("agency-unknown", shop.good, "indeterminate", frozenset({"agency_unknown"}), {"agency": None}),
        Piece("wrong-name", shop.good, "failed", frozenset({"name_differs"}), {"signer_name": "Trần Văn Bình"}),
        Piece("untrusted-root", from_outside, "indeterminate", frozenset({"no_chain"})),
        Piece("key-not-for-signing", world.issued(no_usage, shop.agency), "indeterminate", frozenset({"usage"})),
        Piece("other-number-than-sent", shop.good, "differs", given={"expected": Expected("16", "02", "3")}),
        Piece("other-date-than-sent", shop.good, "differs", given={"expected": Expected("15", "03", "3")}),
        Piece("never-numbered", world.sealed(shop.approved, shop.agency), "differs"),
    ]


def _times(shop: Workshop) -> list[Piece]:
    world = shop.world
    expired = world.issue(PERSON, valid_from=T0 - 2 * YEAR, valid_to=T0 - timedelta(days=1))
    unborn = world.issue(PERSON, valid_from=T0 + timedelta(days=1))
    short = world.issue(PERSON, valid_to=T0 + timedelta(minutes=1))
    revoked, bad_seal = world.issue(PERSON), world.issue(AGENCY)
    world.revoked |= {o.certificate.serial_number: T0 - timedelta(hours=2) for o in (revoked, bad_seal)}
    unstamped = plain(draft(), short, "LanhDao", world, stamped=False)
    crls = replace(world.trust, crls=(world.crl(world.issuing), world.crl(world.root)))
    revoked_pdf = plain(draft(), revoked, "LanhDao", world)
    seal_pdf = _bare_seal(shop, bad_seal)
    return [
        Piece("signed-after-expiry", plain(draft(), expired, "LanhDao", world), "failed", frozenset({"expired"}),
              {"trust": crls}),
        Piece("signed-before-validity", plain(draft(), unborn, "LanhDao", world), "failed",
              frozenset({"not_yet_valid"}), {"trust": crls}),
        Piece("expired-without-stamp", unstamped, "indeterminate", frozenset({"expired_unproven"})),
        Piece("person-revoked", revoked_pdf, "failed", frozenset({"revoked"}), {"trust": crls}),
        Piece("seal-revoked", seal_pdf, "failed", frozenset({"revoked"}),
              {"trust": crls, "agency": seals(bad_seal)}),
    ]  # fmt: skip


_MAKERS: tuple[Callable[[Workshop], list[Piece]], ...] = (_files, _tampered, _foreign, _owners, _times)


def plain(pdf: bytes, owner: Owner, name: str, world: World, *, stamped: bool = True) -> bytes:
    """An approval signature in a field of its own, without validation material, as many tools make it."""
    import asyncio

    from lienthong.standards.signatures.engine import FetchedTimeStamper

    signer = PdfSigner(
        PdfSignatureMetadata(field_name=name, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES),
        HeldSigner(owner.key),
        timestamper=FetchedTimeStamper(world.stamps) if stamped else None,
        stamp_style=NoOpStampStyle(),
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    out = asyncio.run(signer.async_sign_pdf(writer, bytes_reserved=16_384))
    return bytes(out.getbuffer())


def _bare_seal(shop: Workshop, owner: Owner) -> bytes:
    """Our own seal, by an office that did not ask whether its certificate still stands."""
    writer = IncrementalPdfFileWriter(BytesIO(numbered(shop.approved)), strict=False)
    return sign_field(writer, Place.SEAL.value, key=owner.key, timestamps=shop.world.stamps, at=shop.world.now)


def _other_field(shop: Workshop) -> bytes:
    """A field beside the kept ones, changed between signature and seal."""
    start = appended(draft(), add_field("ghichu", "một"))
    approved = shop.world.approved(shop.person, prepare(start, SLOTS))
    return shop.world.sealed(numbered(appended(approved, rewrite("ghichu", "hai"))), shop.agency)


def _unlocked(shop: Workshop) -> bytes:
    """A seal by a tool that does not lock, and the number changed behind it."""
    ready = appended(prepare(draft(), SLOTS), lambda w: _forget(w, pdf_field(w, Place.SEAL), "/Lock"))
    approved = shop.world.approved(shop.person, ready)
    sealed = plain(numbered(approved), shop.agency, "CoQuan", shop.world)
    return appended(sealed, rewrite("so", "16"))


def _forget(writer: Writer, node: generic.DictionaryObject, key: str) -> None:
    del node[key]
    writer.update_container(node)


def empty_page(writer: Writer) -> None:
    """Take everything off page 1."""
    reference = writer.find_page_for_modification(0)[0]
    page = reference.get_object()
    page[pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b""))
    writer.mark_update(reference)


def rewrite(name: str, text: str) -> Callable[[Writer], None]:
    """Write another value into a text field, its picture too."""

    def change(writer: Writer) -> None:
        from lienthong.standards.signatures.pdf import fields

        node = dict(fields(writer))[name]
        node[pdf_name("/V")] = pdf_string(text)
        writer.update_container(node)

    return change


def drop_field(name: str) -> Callable[[Writer], None]:
    def change(writer: Writer) -> None:
        form = writer.root["/AcroForm"]
        kept = [item for item in form["/Fields"] if item.get_object()["/T"] != name]
        form[pdf_name("/Fields")] = generic.ArrayObject(kept)
        writer.update_container(form)

    return change


def move(name: str) -> Callable[[Writer], None]:
    def change(writer: Writer) -> None:
        node = pdf_field(writer, Place(name))
        node[pdf_name("/Rect")] = generic.ArrayObject(generic.NumberObject(n) for n in (10, 10, 150, 80))
        writer.update_container(node)

    return change


def open_action(writer: Writer) -> None:
    action = {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): pdf_string("app.alert(1)")}
    writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(action)
    writer.update_root()


def annotate(text: str) -> Callable[[Writer], None]:
    """Put text on page 1, as tools without forms write the number."""

    def change(writer: Writer) -> None:
        note = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/Rect"): generic.ArrayObject(generic.NumberObject(n) for n in (100, 750, 134, 764)),
                pdf_name("/Contents"): pdf_string(text),
                pdf_name("/DA"): pdf_string("/TiRo 13 Tf 0 g"),
                pdf_name("/F"): generic.NumberObject(4),
            }
        )
        writer.register_annotation(writer.find_page_for_modification(0)[0], writer.add_object(note))

    return change


def add_field(name: str, text: str) -> Callable[[Writer], None]:
    """A text field of a foreign form."""

    def change(writer: Writer) -> None:
        widget = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/FT"): pdf_name("/Tx"),
                pdf_name("/T"): pdf_string(name),
                pdf_name("/V"): pdf_string(text),
                pdf_name("/F"): generic.NumberObject(4),
                pdf_name("/Rect"): generic.ArrayObject(generic.NumberObject(n) for n in (100, 750, 134, 764)),
            }
        )
        reference = writer.add_object(widget)
        writer.register_annotation(writer.find_page_for_modification(0)[0], reference)
        if "/AcroForm" not in writer.root:
            form = generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject()})
            writer.root[pdf_name("/AcroForm")] = writer.add_object(form)
            writer.update_root()
        listed = writer.root["/AcroForm"]["/Fields"]
        listed.append(reference)
        writer.update_container(listed)
        writer.update_container(writer.root["/AcroForm"])

    return change


def _print(owner: Owner) -> str:
    from lienthong.standards.signatures.agency import fingerprint

    return fingerprint(owner.der)


def main(directory: Path) -> None:
    """Write every piece as `<defect>.pdf`."""
    world = World()
    directory.mkdir(parents=True, exist_ok=True)
    for piece in pieces(workshop(world, world.issue(PERSON), world.issue(AGENCY))):
        (directory / f"{piece.defect}.pdf").write_bytes(piece.pdf)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
