"""Secrets at rest: encrypted with a key that lies beside the database, not in it (SEC-8)."""

import base64
import hashlib
from functools import cache

from cryptography.fernet import Fernet
from django.conf import settings


@cache
def _cipher() -> Fernet:
    derived = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"lienthong-hub").digest()
    return Fernet(base64.urlsafe_b64encode(derived))


def hide(secret: str) -> bytes:
    """The secret, encrypted."""
    return _cipher().encrypt(secret.encode())


def reveal(hidden: bytes | memoryview) -> str:
    """The secret again. Raises `cryptography.fernet.InvalidToken` when another key hid it."""
    return _cipher().decrypt(bytes(hidden)).decode()
