"""Marks of state secrets (dấu chỉ độ mật): such a document is none of this system's business (Decision 28, 1.2)."""

import re
import unicodedata
from typing import BinaryIO

LARGEST_PAGE = 2_000_000
"""Bytes of drawing instructions up to which a page is read for its marks."""

_MARK = re.compile(r"^\W*(?:ĐỘ\s+MẬT\W*)?(TUYỆT\s*MẬT|TỐI\s*MẬT|MẬT)\W*$")
"""The three degrees of the Law on Protection of State Secrets 2018, Article 8, as they are stamped."""


def secrecy_mark(line: str) -> str:
    """The degree that a line stamps, or an empty text. A line that only speaks of secrets is no stamp: the mark stands
    alone, in capitals."""
    found = _MARK.match(unicodedata.normalize("NFC", line).strip())
    return " ".join(found[1].split()) if found else ""


def declared_degree(value: str) -> str:
    """The degree that a field of a packet declares, in any case ("Tối mật"), or an empty text."""
    return secrecy_mark(value.upper())


def mark_on_first_page(pdf: BinaryIO) -> str:
    """The degree that is stamped as text on page 1 of a PDF, or an empty text.

    A stamp that is a picture is not seen; nor is anything in a PDF that cannot be read, or whose first page is larger
    than any page of text: what such a file is worth, the judge of signatures says.
    """
    from pypdf import PdfReader  # a fifth of a second, which no command need wait for

    try:
        page = PdfReader(pdf).pages[0]
        contents = page.get_contents()
        if contents is None or len(contents.get_data()) > LARGEST_PAGE:
            return ""
        lines = page.extract_text().splitlines()
    except Exception:
        return ""
    return next(filter(None, map(secrecy_mark, lines)), "")
