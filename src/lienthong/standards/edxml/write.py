"""Writes packets as existing software reads them: the literal prefix `edXML:`, the order of the common library, empty
elements left out, PDF raw and unknown types packed. Content streams from files; memory stays flat."""

from __future__ import annotations

import base64
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import escape

from lienthong.standards.edxml.attachments import RAW_TYPES, extension, pack
from lienthong.standards.edxml.lexical import write_date, write_time
from lienthong.standards.edxml.model import Business, Document, Organ, Packet, Related, Staff, StatusReport
from lienthong.standards.statuses import BusinessType
from lienthong.standards.text import ILLEGAL

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
_PREFIX = f'xmlns:edXML="{NAMESPACE}"'
_READ = 3 << 16
"""Bytes read at a time: a multiple of three, so that base64 has no padding inside."""


class IllegalText(ValueError):
    """A text has characters that XML cannot carry."""


class WithoutForm(ValueError):
    """A packet cannot be written as it stood: how it stood was not kept."""


@dataclass(frozen=True)
class FileToSend:
    """A file for a packet.

    Attributes:
        name: with its extension.
        open: opens the content for reading; called once for each packet written.
        content_id: name of the content inside the packet, without `cid:`.
    """

    name: str
    open: Callable[[], BinaryIO]
    description: str = ""
    content_id: str = ""

    @classmethod
    def of(cls, path: Path, name: str = "") -> FileToSend:
        """A file on disk, under its own or another name."""
        return cls(name or path.name, lambda: path.open("rb"))

    def named(self) -> FileToSend:
        """The same file with a content id."""
        return self if self.content_id else FileToSend(self.name, self.open, self.description, str(uuid.uuid4()))

    @property
    def travels_raw(self) -> bool:
        """Whether the content travels as it is; else in a ZIP with one entry."""
        return extension(self.name) in RAW_TYPES

    @property
    def media_type(self) -> str:
        """The media type as written in the packet."""
        return RAW_TYPES.get(extension(self.name), "application/zip")


@dataclass(frozen=True)
class _Element:
    """An element to write: name, and text or children. None and empty ones are left out."""

    name: str
    content: str | tuple[_Element | None, ...]


def _of(name: str, *content: _Element | str | None) -> _Element | None:
    if len(content) == 1 and (isinstance(content[0], str) or content[0] is None):
        return _Element(name, content[0]) if content[0] else None
    children = tuple(child for child in content if isinstance(child, _Element))
    return _Element(name, children) if children else None


def _many(name: str, values: Iterable[str]) -> list[_Element | None]:
    return [_of(name, value) for value in values]


def _number(value: int | None) -> str:
    return "" if value is None else str(int(value))


def _flag(value: bool | None) -> str:
    return "" if value is None else str(int(value))


def _organ(name: str, organ: Organ) -> _Element | None:
    return _of(
        name,
        _of("OrganId", organ.code),
        _of("OrganizationInCharge", organ.in_charge),
        _of("OrganName", organ.name),
        _of("OrganAdd", organ.address),
        _of("Email", organ.email),
        _of("Telephone", organ.telephone),
        _of("Fax", organ.fax),
        _of("Website", organ.website),
    )


def _related(related: Related) -> _Element | None:
    return _of(
        "ResponseFor",
        _of("OrganId", related.organ),
        _of("Code", related.number),
        _of("DocumentId", related.identifier),
        _of("PromulgationDate", write_date(related.issued_on) if related.issued_on else ""),
    )


def _staff(staff: Staff | None) -> _Element | None:
    if staff is None:
        return None
    return _of(
        "StaffInfo",
        _of("Department", staff.department),
        _of("Staff", staff.name),
        _of("Mobile", staff.mobile),
        _of("Email", staff.email),
    )


def _business(business: Business) -> _Element | None:
    changed = _of(
        "BussinessDocumentInfo",
        _of("DocumentInfo", _flag(business.document_changed)),
        _of("DocumentReceiver", _flag(business.recipients_changed)),
        _of(
            "ReceiverList",
            *[_of("Receiver", _of("OrganId", code), _of("ReceiverType", kind)) for code, kind in business.recipients],
        ),
    )
    replaced = _of(
        "ReplacementInfoList",
        *[
            _of("ReplacementInfo", _of("DocumentId", one.identifier), _of("OrganIdList", *_many("OrganId", one.organs)))
            for one in business.replacements
        ],
    )
    return _of(
        "Bussiness",
        _of("DocumentId", business.identifier if business.type is not BusinessType.NEW else ""),
        _of("BussinessDocType", str(int(business.type))),
        _of("BussinessDocReason", business.reason),
        _of("Paper", _flag(business.paper)),
        changed,
        replaced,
        _staff(business.staff),
    )


def _message(document: Document) -> _Element | None:
    other = _of(
        "OtherInfo",
        _of("Priority", str(int(document.urgency))),
        _of("SphereOfPromulgation", document.sphere),
        _of("TyperNotation", document.typist),
        _of("PromulgationAmount", _number(document.copies)),
        _of("PageAmount", _number(document.pages)),
        # The common library always writes it, so readers that ask for it find it.
        _of("Direction", "false"),
        _of("Appendixes", *_many("Appendix", document.appendixes)),
    )
    kind = _of(
        "DocumentType",
        _of("Type", str(document.kind)),
        _of("TypeDetail", _number(document.kind_detail)),
        _of("TypeName", document.kind_name),
    )
    issued = write_date(document.issued_on) if document.issued_on else ""
    signer = document.signer
    return _of(
        "MessageHeader",
        _organ("From", document.sender),
        *[_organ("To", recipient) for recipient in document.recipients],
        _of("DocumentId", document.identifier),
        _of("Code", _of("CodeNumber", document.number), _of("CodeNotation", document.notation)),
        _of("PromulgationInfo", _of("Place", document.place), _of("PromulgationDate", issued)),
        kind,
        _of("Subject", document.subject),
        _of("Content", document.content),
        _of(
            "SignerInfo",
            _of("Competence", signer.competence),
            _of("Position", signer.position),
            _of("FullName", signer.name),
        ),
        _of("DueDate", write_date(document.due_on) if document.due_on else ""),
        other,
        *[_related(one) for one in document.answers],
        _of("SteeringType", _number(document.steering)),
        _of("ToPlaces", *_many("Place", document.places)),
        *[_nested(path.split("/"), text) for path, text in document.other.items()],
    )


def _nested(path: Sequence[str], text: str) -> _Element | None:
    """What another program has said in elements of its own."""
    first, *rest = path
    return _of(first, _nested(rest, text) if rest else text)


def _traces(document: Document) -> _Element | None:
    return _of(
        "TraceHeaderList",
        _business(document.business),
        *[
            _of("TraceHeader", _of("OrganId", trace.organ), _of("Timestamp", write_time(trace.at) if trace.at else ""))
            for trace in document.traces
        ],
    )


def _status(report: StatusReport) -> _Element | None:
    return _of(
        "MessageHeader",
        _organ("From", report.sender),
        _related(report.about),
        _staff(report.staff),
        _of("StatusCode", report.code.value),
        _of("Description", report.description),
        _of("Timestamp", write_time(report.at) if report.at else ""),
    )


def _lines(element: _Element | None, depth: int, prefix: str = "edXML:") -> Iterator[str]:
    if element is None:
        return
    pad, name = "  " * depth, prefix + element.name
    if isinstance(element.content, str):
        yield f"{pad}<{name}>{_text(element.content)}</{name}>\n"
        return
    yield f"{pad}<{name}>\n"
    for child in element.content:
        yield from _lines(child, depth + 1, prefix)
    yield f"{pad}</{name}>\n"


def _text(value: str) -> str:
    if found := ILLEGAL.search(value):
        raise IllegalText(f"a text has a character that XML cannot carry: U+{ord(found[0]):04X}")
    return escape(value, {"\r": "&#13;"})


_OPENING = f"""<?xml version="1.0" encoding="UTF-8"?>
<edXML xmlns="{NAMESPACE}">
  <edXML:edXMLEnvelope {_PREFIX}>
    <edXML:edXMLHeader>
"""


def write_document(document: Document, files: Sequence[FileToSend], out: BinaryIO) -> None:
    """Write a document packet with its files. Raises `IllegalText`; `out` then holds a part of a packet."""
    files = [file.named() for file in files]
    out.write(_OPENING.encode())
    for element in (_message(document), _traces(document)):
        out.write("".join(_lines(element, 3)).encode())
    out.write(b'    </edXML:edXMLHeader>\n    <edXML:edXMLBody>\n      <edXML:edXMLManifest version="1.0">\n')
    for file in files:
        out.write("".join(_lines(_reference(file), 4)).encode())
    out.write(b"      </edXML:edXMLManifest>\n    </edXML:edXMLBody>\n  </edXML:edXMLEnvelope>\n")
    out.write(b"  <AttachmentEncoded>\n")
    for file in files:
        _write_attachment(file, out)
    out.write(b"  </AttachmentEncoded>\n</edXML>\n")


def write_status(report: StatusReport, out: BinaryIO) -> None:
    """Write a status packet. Raises `IllegalText`."""
    out.write(_OPENING.encode())
    out.write("".join(_lines(_status(report), 3)).encode())
    out.write(b"    </edXML:edXMLHeader>\n  </edXML:edXMLEnvelope>\n</edXML>\n")


def write_packet(packet: Packet, contents: Sequence[Callable[[], BinaryIO]], out: BinaryIO) -> None:
    """Write a packet that was read: as it stood, byte for byte, where its message was not changed; else with the
    changed message in the place of the old header, and all the rest as it stood.

    A changed message is written as `write_document` writes it; a signature over the old one is left out.

    Args:
        packet: read with its form.
        contents: open the contents as the reader's sink got them, in their order.

    Raises:
        WithoutForm: it was read without its form, or its form could not be kept; nothing is written.
        IllegalText: `out` then holds a part of a packet.
    """
    if packet.form is None or len(contents) != len(packet.form.form.pieces) - 1:
        raise WithoutForm("read the packet with its form, and give the content of each of its files")
    form = packet.form.form
    first, *others = form.pieces
    if packet.message != packet.form.message:
        begin, end = form.header
        first = first[:begin] + _header(packet.message, declared=_PREFIX.encode() in first[:begin]) + first[end:]
    out.write(first)
    for open_content, piece in zip(contents, others, strict=True):
        with open_content() as content:
            _encode(content, out)
        out.write(piece)


def _header(message: Document | StatusReport, *, declared: bool) -> bytes:
    """What stands inside edXMLHeader, without the space around it; where our prefix is not declared, it is here."""
    elements = [_status(message)] if isinstance(message, StatusReport) else [_message(message), _traces(message)]
    text = "".join(line for element in elements for line in _lines(element, 3))
    for element in elements:
        if element is not None and not declared:
            text = text.replace(f"<edXML:{element.name}>", f"<edXML:{element.name} {_PREFIX}>", 1)
    return text.strip().encode()


def _reference(file: FileToSend) -> _Element | None:
    return _of(
        "Reference",
        _of("ContentId", f"cid:{file.content_id}"),
        _of("ContentType", file.media_type),
        _of("Description", file.description),
        _of("AttachmentName", file.name),
    )


def _write_attachment(file: FileToSend, out: BinaryIO) -> None:
    head = _of(
        "Attachment",
        _of("ContentId", f"cid:{file.content_id}"),
        _of("AttachmentName", file.name),
        _of("Description", file.description),
        _of("ContentType", file.media_type),
    )
    opening = "".join(_lines(head, 2, prefix="")).removesuffix("    </Attachment>\n")
    out.write(opening.encode())
    out.write(f"      <edXML:ContentTransferEncoded {_PREFIX}>".encode())
    with file.open() as source:
        if file.travels_raw:
            _encode(source, out)
        else:
            with tempfile.TemporaryFile() as packed:
                pack(source, f"{file.content_id}.{extension(file.name)}", packed)
                packed.seek(0)
                _encode(packed, out)
    out.write(b"</edXML:ContentTransferEncoded>\n    </Attachment>\n")


def _encode(source: BinaryIO, out: BinaryIO) -> None:
    rest = b""
    while chunk := source.read(_READ):
        chunk = rest + chunk
        whole = len(chunk) - len(chunk) % 3
        out.write(base64.b64encode(chunk[:whole]))
        rest = chunk[whole:]
    out.write(base64.b64encode(rest))
