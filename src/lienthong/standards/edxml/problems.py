"""What can be wrong with a packet, each fault with its place, its rule and a sentence for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether a fault stops the packet."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class PacketProblem:
    """A fault of a packet.

    Attributes:
        code: name of the fault; stable, for programs.
        path: path of the element, like `MessageHeader/From/OrganId`; empty for the packet as a whole.
        rule: the rule that is broken, like `at most 35 characters`.
        vi, en: the fault in a sentence.
    """

    code: str
    path: str
    rule: str
    vi: str
    en: str
    severity: Severity = Severity.ERROR

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return {
            "code": self.code,
            "path": self.path,
            "rule": self.rule,
            "vi": self.vi,
            "en": self.en,
            "severity": self.severity.value,
        }


class PacketRefused(ValueError):
    """A packet that cannot be taken. `problems` holds every fault found, errors first."""

    def __init__(self, problems: Iterable[PacketProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.path or 'packet'}: {p.en}" for p in self.problems))


_FATAL: dict[str, tuple[str, str, str]] = {
    # code: (rule, vi, en)
    "not_utf8": (
        "UTF-8",
        "Gói tin phải mã hóa UTF-8.",
        "The packet must be encoded in UTF-8.",
    ),
    "doctype_forbidden": (
        "no DOCTYPE, no entities",
        "Gói tin có khai báo DOCTYPE hoặc thực thể; không được phép.",
        "The packet declares a DOCTYPE or entities, which is forbidden.",
    ),
    "malformed": (
        "well-formed XML 1.0",
        "Gói tin không phải XML đúng cú pháp: {detail}.",
        "The packet is not well-formed XML: {detail}.",
    ),
    "truncated": (
        "complete XML",
        "Gói tin bị cắt cụt: thiếu phần cuối.",
        "The packet is cut off: its end is missing.",
    ),
    "not_edxml": (
        "root edXML with edXMLEnvelope",
        "Tệp không phải gói tin edXML.",
        "The file is not an edXML packet.",
    ),
    "too_deep": (
        "at most {limit} levels",
        "Gói tin lồng quá {limit} cấp.",
        "The packet is nested deeper than {limit} levels.",
    ),
    "too_many_elements": (
        "at most {limit} elements",
        "Gói tin có quá {limit} phần tử.",
        "The packet has more than {limit} elements.",
    ),
    "header_too_large": (
        "at most {limit} characters outside attachments",
        "Phần thông tin của gói tin vượt {limit} ký tự.",
        "The packet has more than {limit} characters outside attachments.",
    ),
    "too_large": (
        "at most {limit} bytes",
        "Gói tin vượt {limit} byte.",
        "The packet has more than {limit} bytes.",
    ),
    "bad_base64": (
        "standard base64",
        "Nội dung tệp đính kèm «{detail}» không phải base64 đúng chuẩn.",
        "The content of attachment «{detail}» is not standard base64.",
    ),
    "stray_content": (
        "contents stand in AttachmentEncoded/Attachment",
        "Gói tin có nội dung tệp nằm ngoài AttachmentEncoded/Attachment.",
        "The packet has a file's content outside AttachmentEncoded/Attachment.",
    ),
    "second_content": (
        "one content for each attachment",
        "Tệp đính kèm «{detail}» có nhiều hơn một nội dung.",
        "Attachment «{detail}» has more than one content.",
    ),
    "zip_bomb": (
        "at most {limit} times its packed size",
        "Tệp nén «{detail}» giải nén quá lớn; bị từ chối để bảo vệ hệ thống.",
        "The compressed file «{detail}» unpacks too large; refused to protect the system.",
    ),
    "damaged_zip": (
        "a readable ZIP",
        "Tệp nén «{detail}» bị hỏng.",
        "The compressed file «{detail}» is damaged.",
    ),
}


def refuse(code: str, path: str = "", **data: object) -> PacketRefused:
    """The refusal for a fault after which nothing more can be read."""
    rule, vi, en = (text.format_map(data) for text in _FATAL[code])
    return PacketRefused([PacketProblem(code, path, rule, vi, en)])
