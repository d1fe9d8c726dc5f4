"""Secrets at rest: encrypted with a key that lies beside the database, not in it (SEC-8)."""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache

from cryptography.fernet import Fernet
from django.conf import settings


@dataclass(frozen=True)
class Safe:
    """Where a service keeps secrets that it must read again.

    Attributes:
        room: tells its key from those of others that are made from the same installation's key; 16 bytes at most.
    """

    room: bytes

    def hide(self, secret: str) -> bytes:
        """The secret, encrypted."""
        return _cipher(self.room).encrypt(secret.encode())

    def reveal(self, hidden: bytes | memoryview) -> str:
        """The secret again. Raises `cryptography.fernet.InvalidToken` when another key hid it."""
        return _cipher(self.room).decrypt(bytes(hidden)).decode()


@cache
def _cipher(room: bytes) -> Fernet:
    derived = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=room).digest()
    return Fernet(base64.urlsafe_b64encode(derived))
