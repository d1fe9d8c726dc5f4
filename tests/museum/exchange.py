"""The museum of what is wrong between a packet and the world: sound XML that must not pass the hub, and attachments that
must not harm who unpacks them. Each piece is named by its defect.

`python -m tests.museum.exchange FOLDER` writes them out for a look; the tests make them anew in memory.
"""

from __future__ import annotations

import io
import struct
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from lienthong.standards.edxml import Business, Document, Organ
from lienthong.standards.statuses import BusinessType, StatusCode
from tests.museum.packets import DOCUMENT, PDF, STATUS, document_packet, status_packet, zipped

ATTACHMENT = "AttachmentEncoded/Attachment"
LETTER = replace(
    DOCUMENT, sender=Organ("G22", "Văn phòng Chính phủ"), recipients=(Organ("H41", "UBND tỉnh Nghệ An"),), answers=()
)
"""A sound document of G22 to H41, from which the pieces differ in one thing."""


# -- attachments -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Attached:
    """An attachment that lies.

    Attributes:
        name, content: as the packet carries them.
        code: of the refusal; empty where it can be kept without harm.
        kept: name and content under which it is kept then.
    """

    name: str
    content: bytes
    code: str = ""
    kept: tuple[str, bytes] = ("", b"")


def _packed_by(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("bang.csv", bytes(64 << 20))
    return out.getvalue()


def _of_many_entries(count: int = 2_000) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(count):
            archive.writestr(f"muc-{number:06}.txt", b"")
    return out.getvalue()


def _encrypted() -> bytes:
    """One entry that says that it is encrypted."""
    content = bytearray(zipped("mat-khau.txt", b"x" * 40))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(signature) + offset
        content[place] |= 1
    return bytes(content)


def _with_wrong_sum() -> bytes:
    content = bytearray(zipped("bang.csv", b"a,b\n" * 99))
    for signature, offset in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        struct.pack_into("<I", content, content.index(signature) + offset, 0)
    return bytes(content)


def _same(name: str, content: bytes) -> Attached:
    """What is kept as it came."""
    return Attached(name, content, kept=(name, content))


ATTACHED: dict[str, Callable[[], Attached]] = {
    "zip-bomb": lambda: Attached("bang.csv", zipped("bang.csv", bytes(64 << 20)), "zip_bomb"),
    "zip-cut-off": lambda: Attached("bang.csv", zipped("bang.csv", b"a,b\n" * 99)[:60], "damaged_zip"),
    "zip-with-wrong-sum": lambda: Attached("bang.csv", _with_wrong_sum(), "damaged_zip"),
    "bzip2-bomb": lambda: _same("bang.csv", _packed_by(zipfile.ZIP_BZIP2)),
    "lzma-bomb": lambda: _same("bang.csv", _packed_by(zipfile.ZIP_LZMA)),
    "zip-of-thousands-of-entries": lambda: _same("bang.csv", _of_many_entries()),
    "zip-encrypted": lambda: _same("mat-khau.txt", _encrypted()),
    "path-in-archive": lambda: Attached("xau.txt", zipped("../../../etc/passwd", b"x"), kept=("xau.txt", b"x")),
    "root-in-archive": lambda: Attached("xau.txt", zipped("/etc/passwd", b"x"), kept=("xau.txt", b"x")),
    "path-in-name": lambda: Attached("../../../etc/passwd", PDF, kept=("passwd", PDF)),
    "windows-path-in-name": lambda: Attached("..\\..\\Windows\\win.ini", PDF, kept=("win.ini", PDF)),
    "hidden-name": lambda: Attached(".bashrc", PDF, kept=("bashrc", PDF)),
    "right-to-left-name": lambda: Attached("van-ban-\u202efdp.exe", b"MZ\x90", kept=("van-ban-fdp.exe", b"MZ\x90")),
    "pdf-that-is-a-zip": lambda: Attached("van-ban.pdf", zipped("van-ban.pdf", PDF), kept=("van-ban.pdf", PDF)),
    "pdf-that-is-a-page": lambda: _same("van-ban.pdf", b"<html><script>alert(1)</script></html>"),
    "pdf-that-is-a-program": lambda: _same("van-ban.pdf", b"MZ\x90\x00" + bytes(60)),
    "spreadsheet-that-is-a-pdf": lambda: _same("bang.xlsx", PDF),
}


def attached_packet(one: Attached, document: Document = LETTER) -> bytes:
    """A packet with a sound PDF, and with this attachment."""
    plain = document_packet(document, van_ban_chinh_pdf=PDF, thay_zip=one.content)
    return plain.replace(b">thay.zip<", f">{one.name}<".encode())


# -- what a packet says -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """A packet that the hub must refuse for what it says, or for what is said of it.

    Attributes:
        code: of the problem.
        make: the packet's bytes.
        system: who sends it; `sender` for which agency, and `to` for whom, as the request says.
        announced: the digest that the request names, where it is another.
        ahead: by how much the sender's clock is ahead.
        ids: what is to remain of a state secret.
        before: packets of G22 that went the right way before; `closed` an agency that has closed since.
    """

    code: str
    make: Callable[[], bytes]
    system: str = "G22"
    sender: str = "G22"
    to: tuple[str, ...] = ()
    announced: str = ""
    ahead: timedelta = timedelta()
    before: tuple[Callable[[], bytes], ...] = ()
    closed: str = ""
    ids: Mapping[str, object] = field(default_factory=dict)


def _ids(*recipients: str, identifier: str = LETTER.identifier) -> dict[str, object]:
    return {"identifier": identifier, "sender": "G22", "recipients": list(recipients)}


def _letter(**changes: object) -> Callable[[], bytes]:
    return lambda: document_packet(replace(LETTER, **changes))  # type: ignore[arg-type]


def _to(*codes: str) -> Callable[[], bytes]:
    return _letter(recipients=tuple(Organ(code, code) for code in codes))


def _status(code: StatusCode, reporter: str) -> Callable[[], bytes]:
    about = replace(STATUS.about, organ="G22", identifier=LETTER.identifier, number="28/QĐ-VPCP")
    return lambda: status_packet(replace(STATUS, sender=Organ(reporter, reporter), about=about, code=code))


def _recall(sender: str) -> Callable[[], bytes]:
    business = Business(BusinessType.RECALL, "Ban hành nhầm nội dung", LETTER.identifier)
    return _letter(sender=Organ(sender, sender), business=business)


def _secret_cut_off() -> bytes:
    packet = document_packet(replace(LETTER, sphere="TUYỆT MẬT"))
    return packet[: packet.rindex(b"edXMLHeader>") + 200]


SAID: dict[str, Said] = {
    "other-bytes-than-announced": Said("digest_mismatch", _letter(), announced="0" * 64),
    "clock-ahead": Said("clock_ahead", _letter(), ahead=timedelta(seconds=45)),
    "twin": Said(
        "twin_document", lambda: document_packet(LETTER, van_pdf=b"%PDF other"), before=(_letter(),)
    ),
    "sender-of-another-system": Said("not_your_agency", _letter(sender=Organ("H26", "Hà Nội")), sender="H26"),
    "sender-unknown": Said("not_your_agency", _letter(sender=Organ("X99", "Không có")), sender="X99"),
    "sender-other-than-asked": Said("from_mismatch", _letter(), sender="H26"),
    "recipient-unknown": Said("unknown_recipient", _to("X99")),
    "one-recipient-of-two-unknown": Said("unknown_recipient", _to("H41", "X99")),
    "recipient-closed": Said("closed_recipient", _to("H26"), closed="H26"),
    "one-recipient-of-two-closed": Said("closed_recipient", _to("H41", "H26"), closed="H26"),
    "recipient-asked-but-not-named": Said("recipient_not_in_packet", _letter(), to=("G12",)),
    "secret-by-its-field": Said("state_secret", _letter(sphere="Tối mật"), ids=_ids("H41")),
    "secret-and-cut-off": Said("state_secret", _secret_cut_off, ids=_ids(identifier="")),
    "secret-and-other-bytes": Said("state_secret", _letter(sphere="MẬT"), announced="0" * 64, ids=_ids("H41")),
    "secret-for-nobody": Said("state_secret", _letter(sphere="MẬT", recipients=(Organ("X99", "X99"),)), ids=_ids("X99")),
    "status-of-no-document": Said(
        "unknown_document", _status(StatusCode.ACCEPTED, "H41"), system="H41", sender="H41"
    ),
    "status-of-a-stranger": Said(
        "not_a_recipient", _status(StatusCode.ACCEPTED, "H26"), system="H26", sender="H26", before=(_letter(),)
    ),
    "recall-of-anothers-document": Said(
        "not_the_sender", _recall("H26"), system="H26", sender="H26", before=(_letter(),)
    ),
}  # fmt: skip


def main() -> None:
    """Write the pieces to a folder."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in ATTACHED.items():
        (folder / f"{name}.edxml").write_bytes(attached_packet(make()))
    for name, said in SAID.items():
        (folder / f"{name}.edxml").write_bytes(said.make())
    print(f"{len(ATTACHED) + len(SAID)} packets in {folder}")


if __name__ == "__main__":
    main()
