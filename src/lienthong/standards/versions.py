"""Versions of the packet format and of the rules for codes and identifiers, as one table (R-16.1-2).

A line that is no longer emitted may still be read: what was sent under an older rule stays readable.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lienthong.standards.identifiers import LONGEST_CODE, IdentifierForm


class Subject(StrEnum):
    """What a rule is about."""

    PACKET = "packet"
    AGENCY_CODE = "agency_code"
    DOCUMENT_IDENTIFIER = "document_identifier"


@dataclass(frozen=True)
class Version:
    """One version of a rule.

    Attributes:
        id: the name under which programs speak of it; never changed.
        title: the regulation, in its own words.
        rule: the form in short.
        read, emitted: whether this hub reads it, and whether it writes it itself.
        valid_from: where the text at hand says since when.
    """

    subject: Subject
    id: str
    title: str
    rule: str
    read: bool
    emitted: bool
    valid_from: date | None = None


VERSIONS: tuple[Version, ...] = (
    Version(
        Subject.PACKET, "qcvn-102-2016", "QCVN 102:2016/BTTTT",
        "edXML, http://www.mic.gov.vn/TBT/QCVN_102_2016, mã cơ quan 13 ký tự", read=True, emitted=False,
    ),
    Version(
        Subject.PACKET, "qcvn-102-2016-sd1-2022", "QCVN 102:2016/BTTTT, Sửa đổi 1:2022",
        f"edXML, http://www.mic.gov.vn/TBT/QCVN_102_2016, mã cơ quan tối đa {LONGEST_CODE} ký tự",
        read=True, emitted=True,
    ),
    Version(
        Subject.AGENCY_CODE, "decision-28-2018", "Quyết định 28/2018/QĐ-TTg, Điều 10.2a; QCVN 102:2016/BTTTT",
        "V1V2V3.Z1Z2.Y1Y2.MX1X2, 13 ký tự, cấp nhỏ trước", read=True, emitted=True, valid_from=date(2018, 9, 6),
    ),
    Version(
        Subject.AGENCY_CODE, "decision-20-2020", "Quyết định 20/2020/QĐ-TTg, sửa đổi bởi 09/2025/QĐ-TTg",
        f"tối đa {LONGEST_CODE} ký tự trong .0-9A-Z, cấp lớn trước", read=True, emitted=True,
        valid_from=date(2020, 9, 15),
    ),
    Version(
        Subject.DOCUMENT_IDENTIFIER, "dated", "Quyết định 28/2018/QĐ-TTg, Điều 10.2b, dạng phần mềm hiện có đọc",
        IdentifierForm.DATED.value, read=True, emitted=True, valid_from=date(2018, 9, 6),
    ),
    Version(
        Subject.DOCUMENT_IDENTIFIER, "yearly", "Quyết định 28/2018/QĐ-TTg, Điều 10.2b",
        IdentifierForm.YEARLY.value, read=True, emitted=False, valid_from=date(2018, 9, 6),
    ),
    Version(
        Subject.DOCUMENT_IDENTIFIER, "uuid", "dạng của phần mềm hiện có", IdentifierForm.UUID.value,
        read=True, emitted=False,
    ),
)  # fmt: skip


def readable(subject: Subject) -> tuple[str, ...]:
    """Ids of the versions that are read."""
    return tuple(version.id for version in VERSIONS if version.subject is subject and version.read)
