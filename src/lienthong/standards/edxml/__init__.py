"""The packet format edXML (QCVN 102:2016/BTTTT): read, write, check."""

from lienthong.standards.edxml.attachments import UnpackedFile, safe_name, unpack
from lienthong.standards.edxml.model import (
    Attachment,
    Business,
    Document,
    Organ,
    Packet,
    Reference,
    Related,
    Replacement,
    Signer,
    Staff,
    StatusReport,
    Trace,
)
from lienthong.standards.edxml.problems import PacketProblem, PacketRefused, Severity
from lienthong.standards.edxml.read import PacketReader, read, read_with_problems, validate
from lienthong.standards.edxml.write import (
    FileToSend,
    IllegalText,
    WithoutForm,
    write_document,
    write_packet,
    write_status,
)

__all__ = [
    "Attachment",
    "Business",
    "Document",
    "FileToSend",
    "IllegalText",
    "Organ",
    "Packet",
    "PacketProblem",
    "PacketReader",
    "PacketRefused",
    "Reference",
    "Related",
    "Replacement",
    "Severity",
    "Signer",
    "Staff",
    "StatusReport",
    "Trace",
    "UnpackedFile",
    "WithoutForm",
    "read",
    "read_with_problems",
    "safe_name",
    "unpack",
    "validate",
    "write_document",
    "write_packet",
    "write_status",
]
