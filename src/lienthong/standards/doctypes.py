"""Types of documents, their abbreviations and their codes in packets.

Sources: Decree 30/2020/NĐ-CP, Article 7 and Annex III; the type annex of Circular 01/2022/TT-BTTTT (`wire.md` 1.7).
"""

from typing import NamedTuple

REGULATORY, ADMINISTRATIVE = 1, 2
"""Values of the packet's `Type`: văn bản quy phạm pháp luật, văn bản hành chính."""


class DocumentType(NamedTuple):
    """A type of document.

    Attributes:
        name: as printed and as the packet's `TypeName`.
        abbreviation: part of the notation; empty for letters.
        group: `REGULATORY` or `ADMINISTRATIVE`.
        detail: the packet's `TypeDetail`.
    """

    name: str
    abbreviation: str
    group: int
    detail: int


LETTER = DocumentType("Công văn", "", ADMINISTRATIVE, 18)

TYPES: tuple[DocumentType, ...] = (
    DocumentType("Nghị quyết", "NQ", ADMINISTRATIVE, 1),
    DocumentType("Quyết định", "QĐ", ADMINISTRATIVE, 2),
    DocumentType("Chỉ thị", "CT", ADMINISTRATIVE, 3),
    DocumentType("Quy chế", "QC", ADMINISTRATIVE, 4),
    DocumentType("Quy định", "QyĐ", ADMINISTRATIVE, 5),
    DocumentType("Thông cáo", "TC", ADMINISTRATIVE, 6),
    DocumentType("Thông báo", "TB", ADMINISTRATIVE, 7),
    DocumentType("Hướng dẫn", "HD", ADMINISTRATIVE, 8),
    DocumentType("Chương trình", "CTr", ADMINISTRATIVE, 9),
    DocumentType("Kế hoạch", "KH", ADMINISTRATIVE, 10),
    DocumentType("Phương án", "PA", ADMINISTRATIVE, 11),
    DocumentType("Đề án", "ĐA", ADMINISTRATIVE, 12),
    DocumentType("Dự án", "DA", ADMINISTRATIVE, 13),
    DocumentType("Báo cáo", "BC", ADMINISTRATIVE, 14),
    DocumentType("Biên bản", "BB", ADMINISTRATIVE, 15),
    DocumentType("Tờ trình", "TTr", ADMINISTRATIVE, 16),
    DocumentType("Hợp đồng", "HĐ", ADMINISTRATIVE, 17),
    LETTER,
    DocumentType("Công điện", "CĐ", ADMINISTRATIVE, 19),
    DocumentType("Bản ghi nhớ", "BGN", ADMINISTRATIVE, 20),
    DocumentType("Bản thỏa thuận", "BTT", ADMINISTRATIVE, 22),
    DocumentType("Giấy ủy quyền", "GUQ", ADMINISTRATIVE, 24),
    DocumentType("Giấy mời", "GM", ADMINISTRATIVE, 25),
    DocumentType("Giấy giới thiệu", "GGT", ADMINISTRATIVE, 26),
    DocumentType("Giấy nghỉ phép", "GNP", ADMINISTRATIVE, 27),
    DocumentType("Phiếu gửi", "PG", ADMINISTRATIVE, 30),
    DocumentType("Phiếu chuyển", "PC", ADMINISTRATIVE, 31),
    DocumentType("Phiếu báo", "PB", ADMINISTRATIVE, 32),
    DocumentType("Thư công", "", ADMINISTRATIVE, 33),
    DocumentType("Nghị định", "NĐ", REGULATORY, 7),
    DocumentType("Thông tư", "TT", REGULATORY, 9),
)
"""The 29 types of Annex III, and the two regulatory ones that ministries issue."""

_BY_NAME = {kind.name: kind for kind in TYPES}


def by_name(name: str) -> DocumentType | None:
    """The type of this name, or None: packets of the field name types that no list has."""
    return _BY_NAME.get(name.strip())
