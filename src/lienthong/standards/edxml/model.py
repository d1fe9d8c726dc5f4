"""A packet as values: what a message says, and which files it carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from lienthong.standards.edxml.form import Form
from lienthong.standards.secrecy import declared_degree
from lienthong.standards.statuses import BusinessType, StatusCode, Urgency


@dataclass(frozen=True)
class Organ:
    """An agency as a packet names it (From, To)."""

    code: str
    name: str = ""
    in_charge: str = ""
    address: str = ""
    email: str = ""
    telephone: str = ""
    fax: str = ""
    website: str = ""


@dataclass(frozen=True)
class Related:
    """Another document that this one answers or reports on (ResponseFor).

    Attributes:
        organ: code of the agency that issued it.
        number: `number/notation` as printed.
        identifier: its document identifier.
        issued_on: date of issue, or None when the packet has none that can be read.
    """

    organ: str
    number: str = ""
    identifier: str = ""
    issued_on: date | None = None


@dataclass(frozen=True)
class Staff:
    """The person who did it (StaffInfo)."""

    department: str = ""
    name: str = ""
    mobile: str = ""
    email: str = ""


@dataclass(frozen=True)
class Signer:
    """Who signed the document (SignerInfo).

    Attributes:
        competence: authority line, like `KT. BỘ TRƯỞNG, CHỦ NHIỆM`.
    """

    name: str = ""
    position: str = ""
    competence: str = ""


@dataclass(frozen=True)
class Trace:
    """A hop (TraceHeader). Times in packets have no zone; they are Vietnam's."""

    organ: str
    at: datetime | None = None


@dataclass(frozen=True)
class Replacement:
    """A document that is replaced, and the agencies that this concerns."""

    identifier: str
    organs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Business:
    """What the packet is for (Bussiness, as the field spells it).

    Attributes:
        identifier: the document acted on, for a recall, update or replacement.
        paper: True when the paper original follows, None when the packet does not say.
        document_changed, recipients_changed: of an update.
        recipients: of an update: (agency code, kind) as written.
    """

    type: BusinessType = BusinessType.NEW
    reason: str = ""
    identifier: str = ""
    staff: Staff | None = None
    paper: bool | None = None
    document_changed: bool | None = None
    recipients_changed: bool | None = None
    recipients: tuple[tuple[str, str], ...] = ()
    replacements: tuple[Replacement, ...] = ()


@dataclass(frozen=True)
class Document:
    """A document message (messagetype `edoc`): the 16 items of Article 10.2 and what else the format carries.

    Attributes:
        number, notation: `28` and `QĐ-VPCP` of `28/QĐ-VPCP`.
        issued_on: date of issue.
        kind, kind_detail, kind_name: Type, TypeDetail, TypeName; only the name can be relied on.
        appendixes: annexes that the document names.
        places: recipients as printed at its foot.
        other: elements that the format does not know, path → text.
    """

    sender: Organ
    recipients: tuple[Organ, ...]
    identifier: str
    number: str
    notation: str
    subject: str
    issued_on: date | None = None
    place: str = ""
    kind: int = 2
    kind_detail: int | None = None
    kind_name: str = ""
    content: str = ""
    signer: Signer = field(default_factory=Signer)
    due_on: date | None = None
    urgency: Urgency = Urgency.NORMAL
    sphere: str = ""
    typist: str = ""
    copies: int | None = None
    pages: int | None = None
    appendixes: tuple[str, ...] = ()
    answers: tuple[Related, ...] = ()
    steering: int | None = None
    places: tuple[str, ...] = ()
    business: Business = field(default_factory=Business)
    traces: tuple[Trace, ...] = ()
    other: Mapping[str, str] = field(default_factory=dict)

    @property
    def printed_number(self) -> str:
        """`number/notation`."""
        return f"{self.number}/{self.notation}"

    @property
    def secrecy_degree(self) -> str:
        """The degree of secrecy that one of its fields declares, or an empty text."""
        fields = (self.sphere, self.kind_name, *self.other.values())
        return next(filter(None, map(declared_degree, fields)), "")


@dataclass(frozen=True)
class StatusReport:
    """A status message (messagetype `status`): what became of another document."""

    sender: Organ
    about: Related
    code: StatusCode
    description: str = ""
    at: datetime | None = None
    staff: Staff | None = None


@dataclass(frozen=True)
class Reference:
    """A file as the manifest declares it; `content_id` without the leading `cid:`."""

    content_id: str
    name: str
    media_type: str = ""
    description: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file in the packet.

    Attributes:
        media_type: as declared; often wrong in the field.
        digest, size: of the bytes after base64, before any unwrapping (see `attachments`).
        start: its first bytes. Digest and start are empty where the reader was told not to decode.
    """

    content_id: str
    name: str
    media_type: str
    description: str
    digest: str
    size: int
    start: bytes = b""


@dataclass(frozen=True)
class Packet:
    """What was read: the message, the files declared and the files present, digest and size of the whole.

    Attributes:
        form: how it was written, where the reader was told to keep that; `write_packet` needs it.
    """

    message: Document | StatusReport
    manifest: tuple[Reference, ...]
    attachments: tuple[Attachment, ...]
    digest: str
    size: int
    form: PacketForm | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class PacketForm:
    """How a packet was written, and what it said: who changes the message leaves the form of another one."""

    form: Form
    message: Document | StatusReport
