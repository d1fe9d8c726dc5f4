"""Reads packets: from bytes that stream in to values, with every fault named.

Elements are found by their local names, in any order: hand-made packets differ from what the common library writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import BinaryIO

from lienthong.standards.edxml.form import FormReader
from lienthong.standards.edxml.lexical import read_date, read_time
from lienthong.standards.edxml.model import (
    Attachment,
    Business,
    Document,
    Organ,
    Packet,
    PacketForm,
    Reference,
    Related,
    Replacement,
    Signer,
    Staff,
    StatusReport,
    Trace,
)
from lienthong.standards.edxml.problems import PacketProblem, PacketRefused, Severity, refuse
from lienthong.standards.edxml.rules import ATTACHMENT_RULES, DOCUMENT_RULES, MANIFEST_RULES, STATUS_RULES, check
from lienthong.standards.edxml.tree import Node, Sink, StreamingTree
from lienthong.standards.statuses import BusinessType, StatusCode, Urgency

CHUNK = 1 << 16

BUSINESS = ("Bussiness", "Business")
BUSINESS_TYPE = ("BussinessDocType", "BusinessDocType")
MANIFEST = ("edXMLManifest", "Manifest")


class PacketReader:
    """Feed it a packet's bytes; `close` gives the packet.

    Args:
        sink: gives a file for the content of each attachment; without it content is checked and forgotten.
        max_bytes: largest packet that is taken.
        digest_of: gives the SHA-256 of what was fed, where somebody hashes the same bytes already.
        decodes: whether attachments are decoded; else they are only checked, and have neither digest nor start.
        keeps_form: whether the packet is to be written again as it stood (`write_packet`).
    """

    def __init__(
        self,
        sink: Sink | None = None,
        max_bytes: int | None = None,
        digest_of: Callable[[], str] | None = None,
        *,
        decodes: bool = True,
        keeps_form: bool = False,
    ) -> None:
        self._form = FormReader() if keeps_form else None
        self._tree = StreamingTree(sink, max_bytes, digest_of, decodes=decodes)
        self.problems: tuple[PacketProblem, ...] = ()

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes. Raises `PacketRefused` as soon as something is wrong that cannot be read past."""
        self._tree.feed(chunk)
        if self._form is not None:
            self._form.feed(chunk)

    def close(self) -> Packet:
        """The packet; `problems` holds its warnings.

        Raises:
            PacketRefused: with every fault that stops it, and its warnings.
        """
        root = self._tree.close()
        problems = sorted(_faults(root), key=lambda problem: problem.severity is Severity.WARNING)
        self.problems = tuple(problems)
        if any(problem.severity is Severity.ERROR for problem in problems):
            raise PacketRefused(problems)
        header = _header(root)
        message = _status(header) if _is_status(header) else _document(header)
        form = self._form.close() if self._form is not None else None
        return Packet(
            message=message,
            manifest=tuple(_references(root)),
            attachments=tuple(_attachments(root)),
            digest=self._tree.digest,
            size=self._tree.size,
            form=PacketForm(form, message) if form else None,
        )


def read(
    stream: BinaryIO, *, sink: Sink | None = None, max_bytes: int | None = None, keeps_form: bool = False
) -> Packet:
    """Read a packet from a file. Memory stays flat whatever its size. Raises `PacketRefused`."""
    return read_with_problems(stream, sink=sink, max_bytes=max_bytes, keeps_form=keeps_form)[0]


def read_with_problems(
    stream: BinaryIO, *, sink: Sink | None = None, max_bytes: int | None = None, keeps_form: bool = False
) -> tuple[Packet, tuple[PacketProblem, ...]]:
    """Read a packet and its warnings. Raises `PacketRefused`."""
    reader = PacketReader(sink, max_bytes, keeps_form=keeps_form)
    while chunk := stream.read(CHUNK):
        reader.feed(chunk)
    return reader.close(), reader.problems


def validate(stream: BinaryIO) -> tuple[PacketProblem, ...]:
    """Every fault of a packet, errors first; empty when there is none."""
    try:
        return read_with_problems(stream)[1]
    except PacketRefused as refusal:
        return refusal.problems


# -- parts of the tree ---------------------------------------------------------------------------------------------


def _envelope(root: Node) -> Node:
    envelope = root.first("edXMLEnvelope") if root.name == "edXML" else None
    if envelope is None:
        raise refuse("not_edxml")
    return envelope


def _header(root: Node) -> Node:
    header = _envelope(root).first("edXMLHeader")
    if header is None:
        raise refuse("not_edxml")
    return header


def _manifest(root: Node) -> Node | None:
    body = _envelope(root).first("edXMLBody")
    return body.first(*MANIFEST) if body else None


def _is_status(header: Node) -> bool:
    """A status message has a status code and no addressees: its way is in ResponseFor."""
    message = header.first("MessageHeader")
    return message is not None and message.first("StatusCode") is not None and message.first("To") is None


# -- faults ----------------------------------------------------------------------------------------------------------


def _faults(root: Node) -> Iterator[PacketProblem]:
    header = _header(root)
    if _is_status(header):
        yield from check(header, STATUS_RULES)
        return
    yield from check(header, DOCUMENT_RULES)
    yield from check(_manifest(root), MANIFEST_RULES, "edXMLManifest/")
    yield from check(root.first("AttachmentEncoded"), ATTACHMENT_RULES, "AttachmentEncoded/")
    yield from _repeated_recipients(header)
    yield from _future_date(header)
    yield from _unmatched_files(root)


def _repeated_recipients(header: Node) -> Iterator[PacketProblem]:
    message = header.first("MessageHeader")
    codes = Counter(node.value("OrganId") for node in message.all("To")) if message else Counter[str]()
    for code in sorted(code for code, times in codes.items() if code and times > 1):
        yield PacketProblem(
            "duplicate_recipient", "MessageHeader/To/OrganId", "each recipient once",
            f"Nơi nhận {code} lặp lại.", f"Recipient {code} is named more than once.",
        )  # fmt: skip


def _future_date(header: Node) -> Iterator[PacketProblem]:
    text = header.value("MessageHeader/PromulgationInfo/PromulgationDate")
    issued = read_date(text)
    if issued and issued > date.today() + timedelta(days=1):  # noqa: DTZ011 - a day of grace covers every zone
        yield PacketProblem(
            "future_date", "MessageHeader/PromulgationInfo/PromulgationDate", "not in the future",
            f"Ngày ban hành {text} ở tương lai.", f"The date of issue {text} lies in the future.",
        )  # fmt: skip


def _unmatched_files(root: Node) -> Iterator[PacketProblem]:
    declared = [reference.content_id for reference in _references(root)]
    present = [attachment.content_id for attachment in _attachments(root)]
    for identifier in sorted(one for one, times in Counter(present).items() if one and times > 1):
        yield PacketProblem(
            "duplicate_file", "AttachmentEncoded/Attachment/ContentId", "each file once",
            f"Tệp đính kèm «{identifier}» lặp lại.", f"Attachment «{identifier}» occurs more than once.",
        )  # fmt: skip
    for identifier in sorted(set(declared) - set(present)):
        yield PacketProblem(
            "file_absent", "edXMLManifest/Reference", "every declared file is in the packet",
            f"Tệp «{identifier}» được khai báo nhưng không có trong gói.",
            f"File «{identifier}» is declared but not in the packet.", Severity.WARNING,
        )  # fmt: skip
    for identifier in sorted(set(present) - set(declared)):
        yield PacketProblem(
            "file_undeclared", "AttachmentEncoded/Attachment", "every file is declared in the manifest",
            f"Tệp «{identifier}» có trong gói nhưng không được khai báo.",
            f"File «{identifier}» is in the packet but not declared.", Severity.WARNING,
        )  # fmt: skip


# -- values ----------------------------------------------------------------------------------------------------------


def _bare(content_id: str) -> str:
    """Without the leading `cid:` that some writers put on one side and not on the other."""
    return content_id.removeprefix("cid:")


def _references(root: Node) -> Iterator[Reference]:
    manifest = _manifest(root)
    for node in manifest.all("Reference") if manifest else ():
        yield Reference(
            content_id=_bare(node.value("ContentId")),
            name=node.value("AttachmentName"),
            media_type=node.value("ContentType"),
            description=node.value("Description"),
        )


def _attachments(root: Node) -> Iterator[Attachment]:
    around = [*_envelope(root).all("AttachmentEncoded"), *root.all("AttachmentEncoded")]
    for node in (attachment for one in around for attachment in one.all("Attachment")):
        content = node.content
        if content is None:
            continue
        yield Attachment(
            content_id=_bare(node.value("ContentId")),
            name=node.value("AttachmentName"),
            media_type=node.value("ContentType"),
            description=node.value("Description"),
            digest=content.digest,
            size=content.size,
            start=content.start,
        )


def _organ(node: Node | None) -> Organ:
    if node is None:
        return Organ("")
    return Organ(
        code=node.value("OrganId"),
        name=node.value("OrganName"),
        in_charge=node.value("OrganizationInCharge"),
        address=node.value("OrganAdd"),
        email=node.value("Email"),
        telephone=node.value("Telephone"),
        fax=node.value("Fax"),
        website=node.value("Website"),
    )


def _related(node: Node) -> Related:
    return Related(
        organ=node.value("OrganId"),
        number=node.value("Code"),
        identifier=node.value("DocumentId"),
        issued_on=read_date(node.value("PromulgationDate")),
    )


def _staff(node: Node | None) -> Staff | None:
    if node is None:
        return None
    return Staff(
        department=node.value("Department"),
        name=node.value("Staff"),
        mobile=node.value("Mobile"),
        email=node.value("Email"),
    )


def _integer(text: str) -> int | None:
    return int(text) if text else None


def _flag(text: str) -> bool | None:
    return None if text == "" else text == "1"


def _business(traces: Node | None) -> Business:
    """What the packet is for; a packet that does not say is a new document."""
    node = traces.first(*BUSINESS) if traces else None
    if node is None:
        return Business()
    kind = node.first(*BUSINESS_TYPE)
    info = node.first("BussinessDocumentInfo") or Node("")
    return Business(
        type=BusinessType(int(kind.text)) if kind and kind.text else BusinessType.NEW,
        reason=node.value("BussinessDocReason") or node.value("BusinessDocReason"),
        identifier=node.value("DocumentId"),
        staff=_staff(node.first("StaffInfo")),
        paper=_flag(node.value("Paper")),
        document_changed=_flag(info.value("DocumentInfo")),
        recipients_changed=_flag(info.value("DocumentReceiver")),
        recipients=tuple(
            (receiver.value("OrganId"), receiver.value("ReceiverType"))
            for receivers in info.all("ReceiverList")
            for receiver in receivers.all("Receiver")
        ),
        replacements=tuple(
            Replacement(
                one.value("DocumentId"),
                tuple(organ.text for organs in one.all("OrganIdList") for organ in organs.all("OrganId")),
            )
            for replaced in node.all("ReplacementInfoList")
            for one in replaced.all("ReplacementInfo")
        ),
    )


_KNOWN = frozenset(rule.path.split("/")[1] for rule in DOCUMENT_RULES.rules if rule.path.startswith("MessageHeader/"))


def _other(node: Node, path: str = "") -> Iterator[tuple[str, str]]:
    """Elements that the format does not know: kept, so that nothing a sender said is lost."""
    for child in node.children:
        here = f"{path}{child.name}"
        if child.children:
            yield from _other(child, f"{here}/")
        elif child.text:
            yield here, child.text


def _document(header: Node) -> Document:
    message = header.first("MessageHeader") or Node("")
    traces = header.first("TraceHeaderList")
    value = message.value
    return Document(
        sender=_organ(message.first("From")),
        recipients=tuple(_organ(node) for node in message.all("To")),
        identifier=value("DocumentId"),
        number=value("Code/CodeNumber"),
        notation=value("Code/CodeNotation"),
        subject=value("Subject"),
        issued_on=read_date(value("PromulgationInfo/PromulgationDate")),
        place=value("PromulgationInfo/Place"),
        kind=_integer(value("DocumentType/Type")) or 2,
        kind_detail=_integer(value("DocumentType/TypeDetail")),
        kind_name=value("DocumentType/TypeName"),
        content=value("Content"),
        signer=Signer(value("SignerInfo/FullName"), value("SignerInfo/Position"), value("SignerInfo/Competence")),
        due_on=read_date(value("DueDate")),
        urgency=Urgency(int(value("OtherInfo/Priority") or 0)),
        sphere=value("OtherInfo/SphereOfPromulgation"),
        typist=value("OtherInfo/TyperNotation"),
        copies=_integer(value("OtherInfo/PromulgationAmount")),
        pages=_integer(value("OtherInfo/PageAmount")),
        appendixes=tuple(one.text for one in _deep(message, "OtherInfo", "Appendixes", "Appendix") if one.text),
        answers=tuple(_related(node) for node in message.all("ResponseFor")),
        steering=_integer(value("SteeringType")),
        places=tuple(one.text for one in _deep(message, "ToPlaces", "Place") if one.text),
        business=_business(traces),
        traces=tuple(
            Trace(one.value("OrganId"), read_time(one.value("Timestamp")))
            for one in (traces.all("TraceHeader") if traces else ())
        ),
        other=dict(_other(Node("", children=[child for child in message.children if child.name not in _KNOWN]))),
    )


def _deep(node: Node, *path: str) -> Iterator[Node]:
    """All elements at a path, wherever a part of it repeats."""
    first, *rest = path
    for child in node.all(first):
        if rest:
            yield from _deep(child, *rest)
        else:
            yield child


def _status(header: Node) -> StatusReport:
    message = header.first("MessageHeader") or Node("")
    return StatusReport(
        sender=_organ(message.first("From")),
        about=_related(message.first("ResponseFor") or Node("")),
        code=StatusCode(message.value("StatusCode")),
        description=message.value("Description"),
        at=read_time(message.value("Timestamp")),
        staff=_staff(message.first("StaffInfo")),
    )
