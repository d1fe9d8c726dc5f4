"""Which seals an agency may use, as the directory says; and whether two names are one person's."""

import hashlib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

SealPeriod = tuple[bytes, datetime, datetime | None]
"""A seal's certificate (DER), and from when until when the directory lists it (aware; None: still)."""


@dataclass(frozen=True)
class AgencySeals:
    """The seals of the agency that a document claims to come from.

    Attributes:
        code: the agency's code (QCVN 102), `name` its name.
        seals: its registered certificates with their periods.
        others: who else owns a certificate, by its SHA-256 fingerprint in hexadecimal: a mapping or a function; gives
            the agency's code or None.
    """

    code: str
    name: str
    seals: tuple[SealPeriod, ...]
    others: Callable[[str], str | None] | Mapping[str, str] = field(default_factory=dict)

    def registered(self, der: bytes, at: datetime) -> bool:
        """Was this certificate the agency's at that moment?"""
        return any(seal == der and start <= at and (end is None or at < end) for seal, start, end in self.seals)

    def known(self, der: bytes) -> bool:
        """Was this certificate ever the agency's?"""
        return any(seal == der for seal, _, _ in self.seals)

    def owner(self, der: bytes) -> str | None:
        """The code of another agency that registered this certificate."""
        look = self.others.get if isinstance(self.others, Mapping) else self.others
        code = look(fingerprint(der))
        return None if code == self.code else code


def fingerprint(der: bytes) -> str:
    """SHA-256 of a certificate, hexadecimal."""
    return hashlib.sha256(der).hexdigest()


_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def same_person(one: str, other: str) -> bool:
    """Are two Vietnamese names the same, whatever case, spacing, or place of the tone mark (hòa, hoà)?"""
    return _key(one) == _key(other)


def _key(name: str) -> list[str]:
    words = unicodedata.normalize("NFD", unicodedata.normalize("NFC", name).casefold()).split()
    return [
        "".join(c for c in word if c not in _TONES) + "".join(sorted(c for c in word if c in _TONES)) for word in words
    ]
