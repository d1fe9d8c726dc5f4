"""The museum of bad packets: each piece is named by its defect and made by this script.

`python -m tests.museum.packets FOLDER` writes them out for a look; the tests make them anew in memory.
"""

from __future__ import annotations

import base64
import io
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from lienthong.standards.edxml import (
    Business,
    Document,
    FileToSend,
    Organ,
    Related,
    Signer,
    Staff,
    StatusReport,
    Trace,
    write_document,
    write_status,
)
from lienthong.standards.statuses import StatusCode, Urgency
from lienthong.standards.times import VIETNAM

G22 = Organ("000.00.00.G22", "Văn phòng Chính phủ", "Chính phủ", "01 Hoàng Hoa Thám, Ba Đình, Hà Nội")
H41 = Organ("000.00.00.H41", "Ủy ban nhân dân tỉnh Nghệ An")
H26 = Organ("000.00.00.H26", "Ủy ban nhân dân thành phố Hà Nội")
PDF = b"%PDF-1.7\n%" + bytes(range(256)) * 8 + b"\n%%EOF\n"
"""Some bytes, of a length whose base64 is padded."""
MOMENT = datetime(2026, 11, 23, 9, 15, 30, tzinfo=VIETNAM)

DOCUMENT = Document(
    sender=G22,
    recipients=(H41, H26),
    identifier="000.00.00.G22,2026/11/23,28/QĐ-VPCP",
    number="28",
    notation="QĐ-VPCP",
    subject="Về việc ban hành Quy chế gửi, nhận văn bản điện tử",
    issued_on=date(2026, 11, 23),
    place="Hà Nội",
    kind=2,
    kind_detail=2,
    kind_name="Quyết định",
    signer=Signer("Trần Quốc Vượng", "PHÓ CHỦ NHIỆM", "KT. BỘ TRƯỞNG, CHỦ NHIỆM"),
    urgency=Urgency.EXPRESS,
    pages=3,
    appendixes=("Phụ lục I. Danh mục mã trạng thái",),
    answers=(Related("000.00.00.H41", "15/UBND-VX", "000.00.00.H41,2026/11/20,15/UBND-VX", date(2026, 11, 20)),),
    steering=1,
    places=("Như Điều 3;", "Lưu: VT, KSTT (2)."),
    business=Business(reason="Văn bản điện tử mới", staff=Staff("Vụ Hành chính", "Nguyễn Thị Hạnh"), paper=False),
    traces=(Trace("000.00.00.G22", MOMENT),),
)

STATUS = StatusReport(
    sender=H41,
    about=Related("000.00.00.G22", "28/QĐ-VPCP", "000.00.00.G22,2026/11/23,28/QĐ-VPCP", date(2026, 11, 23)),
    code=StatusCode.ACCEPTED,
    description="Đã tiếp nhận, số đến 1",
    at=MOMENT,
    staff=Staff("Văn phòng", "Hoàng Thị Lam"),
)


def document_packet(document: Document = DOCUMENT, **files: bytes) -> bytes:
    """A document packet; files by name, with `_` for the dot before the extension."""
    out = io.BytesIO()
    given = files or {"van-ban_pdf": PDF}
    to_send = [
        FileToSend(name.replace("_", "."), lambda content=content: io.BytesIO(content), content_id=f"tep-{n}")  # type: ignore[misc]
        for n, (name, content) in enumerate(given.items())
    ]
    write_document(document, to_send, out)
    return out.getvalue()


def status_packet(report: StatusReport = STATUS) -> bytes:
    """A status packet."""
    out = io.BytesIO()
    write_status(report, out)
    return out.getvalue()


def swap(old: str, new: str, count: int = 1) -> bytes:
    """The sound packet with one text in the place of another."""
    text = document_packet().decode()
    assert old in text, old
    return text.replace(old, new, count).encode()


def _swap_status(old: str, new: str) -> bytes:
    text = status_packet().decode()
    assert old in text, old
    return text.replace(old, new, 1).encode()


def _without(element: str) -> bytes:
    """The sound packet without the first element of this name."""
    text = document_packet().decode()
    start = text.index(f"<edXML:{element}>")
    end = text.index(f"</edXML:{element}>") + len(f"</edXML:{element}>")
    return (text[:start] + text[end:]).encode()


def _content() -> str:
    return base64.b64encode(PDF).decode()


def _stray() -> str:
    return "<ContentTransferEncoded>JVBERg==</ContentTransferEncoded>"


def _wrapped(before: str, after: str) -> bytes:
    """A packet whose header carries a whole sound one, as a signature's reader would find it, and says something else."""
    sound = document_packet().decode().partition("?>\n")[2].strip()
    other = document_packet(replace(DOCUMENT, subject="Nội dung của kẻ khác")).decode()
    return other.replace("</edXML:edXMLHeader>", f"{before}{sound}{after}</edXML:edXMLHeader>").encode()


def _second_header() -> bytes:
    text = document_packet().decode()
    end = text.index("</edXML:MessageHeader>") + len("</edXML:MessageHeader>")
    header = text[text.index("<edXML:MessageHeader>") : end]
    return (text[:end] + header.replace("Quy chế", "Quy định") + text[end:]).encode()


def _nested(levels: int) -> bytes:
    return swap("<edXML:Subject>", "<edXML:x>" * levels + "</edXML:x>" * levels + "<edXML:Subject>")


def _recipients_twice() -> bytes:
    text = document_packet().decode()
    return text.replace("000.00.00.H26", "000.00.00.H41").encode()


class Piece(NamedTuple):
    """A bad packet.

    Attributes:
        code: of the first problem.
        path: of the element that is at fault; empty for the packet as a whole.
    """

    code: str
    path: str
    make: Callable[[], bytes]


PIECES: dict[str, Piece] = {
    # by their defect
    "empty": Piece("truncated", "", lambda: b""),
    "not-xml": Piece("malformed", "", lambda: b"%PDF-1.7 this is no packet"),
    "another-xml": Piece("not_edxml", "", lambda: b"<html><body/></html>"),
    "old-dialect": Piece(
        "not_edxml", "", lambda: b'<EdXMLMessage xmlns="http://www.e-doc.vn/Schema/"><a/></EdXMLMessage>'
    ),
    "no-envelope": Piece("not_edxml", "", lambda: b'<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016"/>'),
    "cut-in-header": Piece("truncated", "", lambda: document_packet()[:900]),
    "cut-in-content": Piece("truncated", "", lambda: document_packet()[:-700]),
    "cut-before-last-tag": Piece("truncated", "", lambda: document_packet()[:-9]),
    "tags-crossed": Piece("malformed", "", lambda: swap("</edXML:Subject>", "</edXML:Code>")),
    "attribute-without-quotes": Piece("malformed", "", lambda: swap('version="1.0">', "version=1.0>")),
    "bare-ampersand": Piece("malformed", "", lambda: swap("Quy chế", "Quy chế & quy định")),
    "null-byte": Piece("malformed", "", lambda: swap("Quy chế", "Quy\x00chế")),
    "control-character": Piece("malformed", "", lambda: swap("Quy chế", "Quy\x01chế")),
    "two-roots": Piece("malformed", "", lambda: document_packet() + document_packet()),
    "text-after-end": Piece("malformed", "", lambda: document_packet() + b"x"),
    "utf16": Piece("not_utf8", "", lambda: document_packet().decode().encode("utf-16")),
    "declared-latin1": Piece("not_utf8", "", lambda: swap('encoding="UTF-8"', 'encoding="ISO-8859-1"')),
    "broken-utf8": Piece("malformed", "", lambda: document_packet().replace("ế".encode(), b"\xe1\xbe", 1)),
    "doctype": Piece("doctype_forbidden", "", lambda: swap("?>\n", "?>\n<!DOCTYPE edXML>\n")),
    "external-entity": Piece(
        "doctype_forbidden",
        "",
        lambda: swap("?>\n", '?>\n<!DOCTYPE edXML [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n').replace(
            "Quy chế".encode(), b"&x;", 1
        ),
    ),
    "billion-laughs": Piece(
        "doctype_forbidden",
        "",
        lambda: swap(
            "?>\n",
            '?>\n<!DOCTYPE edXML [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>\n',
        ),
    ),
    "undeclared-entity": Piece("malformed", "", lambda: swap("Quy chế", "Quy &cheche;")),
    "nested-too-deep": Piece("too_deep", "", lambda: _nested(40)),
    "header-of-nine-megabytes": Piece("header_too_large", "", lambda: swap("Quy chế", "a" * 9_000_000)),
    "attribute-of-eleven-megabytes": Piece(
        "malformed",
        "",
        lambda: swap('version="1.0"', 'version="' + "a" * 11_000_000 + '"'),
    ),
    "content-not-base64": Piece(
        "bad_base64",
        "AttachmentEncoded/Attachment/ContentTransferEncoded",
        lambda: swap(_content()[:12], "JVB*RiÄxLjc="),
    ),
    "content-after-padding": Piece(
        "bad_base64",
        "AttachmentEncoded/Attachment/ContentTransferEncoded",
        lambda: swap(_content(), _content() + _content()),
    ),
    "content-cut-mid-quantum": Piece(
        "bad_base64",
        "AttachmentEncoded/Attachment/ContentTransferEncoded",
        lambda: swap(_content(), _content()[:-3]),
    ),
    "content-beside-the-attachments": Piece(
        "stray_content",
        "AttachmentEncoded/Extra/ContentTransferEncoded",
        lambda: swap("<AttachmentEncoded>", f"<AttachmentEncoded><Extra>{_stray()}</Extra>"),
    ),
    "content-in-the-header": Piece(
        "stray_content",
        "MessageHeader/ContentTransferEncoded",
        lambda: swap("<edXML:Subject>", f"{_stray()}<edXML:Subject>"),
    ),
    "signed-packet-wrapped-in-its-signature": Piece(
        "stray_content",
        "Signature/Object/AttachmentEncoded/Attachment/ContentTransferEncoded",
        lambda: _wrapped('<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><Object>', "</Object></Signature>"),
    ),
    "signed-packet-wrapped-beside-its-signature": Piece(
        "stray_content",
        "Wrapper/AttachmentEncoded/Attachment/ContentTransferEncoded",
        lambda: _wrapped("<Wrapper>", "</Wrapper>"),
    ),
    "second-message-header": Piece("too_many", "MessageHeader", _second_header),
    "second-list-of-attachments": Piece(
        "stray_content",
        "AttachmentEncoded/Attachment/ContentTransferEncoded",
        lambda: swap(
            "</AttachmentEncoded>",
            "</AttachmentEncoded><AttachmentEncoded><Attachment><AttachmentName>x.pdf</AttachmentName>"
            f"{_stray()}</Attachment></AttachmentEncoded>",
        ),
    ),
    "two-contents-in-one-attachment": Piece(
        "second_content",
        "AttachmentEncoded/Attachment",
        lambda: swap("</Attachment>", f"{_stray()}</Attachment>"),
    ),
    "ten-thousand-contents-in-one-attachment": Piece(
        "second_content",
        "AttachmentEncoded/Attachment",
        lambda: swap("</Attachment>", _stray() * 10_000 + "</Attachment>"),
    ),
    "content-missing": Piece(
        "missing",
        "AttachmentEncoded/Attachment/ContentTransferEncoded",
        lambda: (
            swap(_content(), "")
            .replace(b"<edXML:ContentTransferEncoded", b"<edXML:Other", 1)
            .replace(b"</edXML:ContentTransferEncoded", b"</edXML:Other", 1)
        ),
    ),
    "no-from": Piece("missing", "MessageHeader/From", lambda: _without("From")),
    "no-recipient": Piece(
        "missing", "MessageHeader/To", lambda: document_packet().replace(b"edXML:To>", b"edXML:Toward>")
    ),
    "recipient-twice": Piece("duplicate_recipient", "MessageHeader/To/OrganId", _recipients_twice),
    "sender-code-empty": Piece(
        "missing",
        "MessageHeader/From/OrganId",
        lambda: swap("<edXML:OrganId>000.00.00.G22<", "<edXML:OrganId><"),
    ),
    "sender-code-too-long": Piece(
        "too_long",
        "MessageHeader/From/OrganId",
        lambda: swap("000.00.00.G22", "000." * 9 + "G22"),
    ),
    "sender-code-with-markup": Piece(
        "wrong_form",
        "MessageHeader/From/OrganId",
        lambda: swap("000.00.00.G22", "G22&lt;script&gt;"),
    ),
    "sender-code-with-space": Piece(
        "wrong_form",
        "MessageHeader/From/OrganId",
        lambda: swap("000.00.00.G22", "000 00 00 G22"),
    ),
    "no-document-id": Piece("missing", "MessageHeader/DocumentId", lambda: _without("DocumentId")),
    "no-code": Piece("missing", "MessageHeader/Code", lambda: _without("Code")),
    "no-number": Piece("missing", "MessageHeader/Code/CodeNumber", lambda: _without("CodeNumber")),
    "number-too-long": Piece("too_long", "MessageHeader/Code/CodeNumber", lambda: swap(">28<", ">281234567890<")),
    "no-notation": Piece("missing", "MessageHeader/Code/CodeNotation", lambda: _without("CodeNotation")),
    "no-date": Piece(
        "missing", "MessageHeader/PromulgationInfo/PromulgationDate", lambda: _without("PromulgationDate")
    ),
    "date-of-no-calendar": Piece(
        "wrong_form",
        "MessageHeader/PromulgationInfo/PromulgationDate",
        lambda: swap("Date>2026/11/23", "Date>2026/02/30"),
    ),
    "date-in-words": Piece(
        "wrong_form",
        "MessageHeader/PromulgationInfo/PromulgationDate",
        lambda: swap("Date>2026/11/23", "Date>ngày 23 tháng 11"),
    ),
    "date-in-the-future": Piece(
        "future_date",
        "MessageHeader/PromulgationInfo/PromulgationDate",
        lambda: swap("Date>2026/11/23", "Date>2126/11/23"),
    ),
    "no-subject": Piece("missing", "MessageHeader/Subject", lambda: _without("Subject")),
    "subject-too-long": Piece("too_long", "MessageHeader/Subject", lambda: swap("Quy chế", "Quy chế " * 80)),
    "urgency-five": Piece("wrong_form", "MessageHeader/OtherInfo/Priority", lambda: swap("Priority>3<", "Priority>5<")),
    "urgency-in-words": Piece(
        "wrong_form",
        "MessageHeader/OtherInfo/Priority",
        lambda: swap("Priority>3<", "Priority>hỏa tốc<"),
    ),
    "steering-empty": Piece(
        "wrong_form", "MessageHeader/SteeringType", lambda: swap("SteeringType>1<", "SteeringType><")
    ),
    "steering-nine": Piece(
        "wrong_form", "MessageHeader/SteeringType", lambda: swap("SteeringType>1<", "SteeringType>9<")
    ),
    "business-type-seven": Piece(
        "wrong_form",
        "TraceHeaderList/Bussiness/BussinessDocType",
        lambda: swap("BussinessDocType>0<", "BussinessDocType>7<"),
    ),
    "business-type-in-words": Piece(
        "wrong_form",
        "TraceHeaderList/Bussiness/BussinessDocType",
        lambda: swap("BussinessDocType>0<", "BussinessDocType>mới<"),
    ),
    "pages-negative": Piece(
        "wrong_form",
        "MessageHeader/OtherInfo/PageAmount",
        lambda: swap("PageAmount>3<", "PageAmount>-3<"),
    ),
    "attachment-without-name": Piece(
        "missing",
        "AttachmentEncoded/Attachment/AttachmentName",
        lambda: swap("<AttachmentName>van-ban.pdf</AttachmentName>", ""),
    ),
    "attachment-twice": Piece(
        "duplicate_file",
        "AttachmentEncoded/Attachment/ContentId",
        lambda: document_packet(DOCUMENT, a_pdf=PDF, b_pdf=PDF).replace(b"cid:tep-1", b"cid:tep-0"),
    ),
    "status-without-code": Piece(
        "missing",
        "MessageHeader/StatusCode",
        lambda: _swap_status("StatusCode>03<", "StatusCode><"),
    ),
    "status-unknown": Piece(
        "wrong_form",
        "MessageHeader/StatusCode",
        lambda: _swap_status("StatusCode>03<", "StatusCode>99<"),
    ),
    "status-in-words": Piece(
        "wrong_form",
        "MessageHeader/StatusCode",
        lambda: _swap_status("StatusCode>03<", "StatusCode>đã nhận<"),
    ),
    "status-about-nothing": Piece(
        "missing",
        "MessageHeader/ResponseFor",
        lambda: status_packet().replace(b"ResponseFor", b"Other"),
    ),
    "status-without-sender": Piece(
        "missing",
        "MessageHeader/From",
        lambda: status_packet().replace(b"edXML:From", b"edXML:X"),
    ),
}


def zipped(name: str, content: bytes, entries: int = 1) -> bytes:
    """A ZIP as the museum's attachments use it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(entries):
            archive.writestr(name if number == 0 else f"{number}-{name}", content)
    return out.getvalue()


def main() -> None:
    """Write the pieces to a folder."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, piece in PIECES.items():
        (folder / f"{name}.edxml").write_bytes(piece.make())
    print(f"{len(PIECES)} packets in {folder}")


if __name__ == "__main__":
    main()
