"""Marks of state secrets (dấu chỉ độ mật): such a document is none of this system's business (Decision 28, 1.2)."""

import re
import unicodedata

MARKS = ("TUYỆT MẬT", "TỐI MẬT", "MẬT")
"""The three degrees of the Law on Protection of State Secrets 2018, Article 8, as they are stamped."""

_MARK = re.compile(r"^\W*(?:ĐỘ\s+MẬT\W*)?(TUYỆT\s*MẬT|TỐI\s*MẬT|MẬT)\W*$")


def secrecy_mark(line: str) -> str:
    """The degree that a line stamps, or an empty text. A line that only speaks of secrets is no stamp: the mark stands
    alone, in capitals."""
    found = _MARK.match(unicodedata.normalize("NFC", line).strip())
    return " ".join(found[1].split()) if found else ""
