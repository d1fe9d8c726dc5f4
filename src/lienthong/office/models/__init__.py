"""The rows of an office."""

from lienthong.office.models.exchange import DirectoryAgency, HubLink, OutboxPacket, ReceivedPacket
from lienthong.office.models.incoming import (
    Assignment,
    IncomingDocument,
    IncomingFile,
    IncomingState,
    Instruction,
    LegalValue,
    Notice,
    RecallOrder,
    Reply,
)
from lienthong.office.models.outgoing import (
    Channel,
    CorrectionTask,
    Enclosure,
    Origin,
    OutgoingDocument,
    OutgoingState,
    Recipient,
    Review,
    Stage,
    Transmission,
    Version,
)
from lienthong.office.models.people import Organization, Person, Post, Role, SigningKey, Unit
from lienthong.office.models.registers import RegisterNumber, Sequence

__all__ = [
    "Assignment",
    "Channel",
    "CorrectionTask",
    "DirectoryAgency",
    "Enclosure",
    "HubLink",
    "IncomingDocument",
    "IncomingFile",
    "IncomingState",
    "Instruction",
    "LegalValue",
    "Notice",
    "Organization",
    "Origin",
    "OutboxPacket",
    "OutgoingDocument",
    "OutgoingState",
    "Person",
    "Post",
    "RecallOrder",
    "ReceivedPacket",
    "Recipient",
    "RegisterNumber",
    "Reply",
    "Review",
    "Role",
    "Sequence",
    "SigningKey",
    "Stage",
    "Transmission",
    "Unit",
    "Version",
]
