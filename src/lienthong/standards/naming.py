"""Whom a document names as its recipients, and who was chosen to get it (R-8.2-1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lienthong.standards.plaintext import plain_words

_BRACKETS = re.compile(r"\([^)]*\)")
_SHORT = (
    ("uy ban nhan dan", "ubnd"), ("hoi dong nhan dan", "hdnd"), ("van phong", "vp"), ("thanh pho", "tp"),
    ("mat tran to quoc", "mttq"),
)  # fmt: skip
_GROUP = re.compile(r"^(?:cac|nhu|toan the)\b")
"""Lines that name several at once: «Các bộ, cơ quan ngang bộ», «Như danh sách kèm theo». «Như trên» and «Như Điều 3»
name nobody new: those stand in «Kính gửi» or in the text."""


def _plain(text: str) -> str:
    words = " ".join(plain_words(_BRACKETS.sub(" ", text)))
    for long, short in _SHORT:
        words = words.replace(long, short)
    return words


def names_of(lines: Iterable[str]) -> list[str]:
    """What stands in the lines of «Kính gửi» and «Nơi nhận», without dashes, brackets and stops; «Lưu» is no
    recipient, and who is named «Như trên» stands elsewhere."""
    found = (_BRACKETS.sub(" ", line).strip().lstrip("-–+•* \t").rstrip(";.,: \t") for line in lines)
    return [name for name in found if name and not _plain(name).startswith(("luu", "nhu "))]


def unnamed(recipients: Sequence[tuple[str, str]], lines: Sequence[str], body: str) -> list[str]:
    """Names of the recipients that the document does not name; nobody where a line names a group, in which they may be.

    Args:
        recipients: (code, name) of whom it goes to.
        lines: of «Kính gửi» and «Nơi nhận».
        body: its text: «Như Điều 3» are those whom Article 3 names.
    """
    said = [_plain(line) for line in lines]
    if any(_GROUP.match(line) and not line.startswith(("nhu tren", "nhu dieu")) for line in said):
        return []
    everything = f" {' '.join([*said, _plain(body)])} "
    return [name for _code, name in recipients if f" {_plain(name)} " not in everything]
