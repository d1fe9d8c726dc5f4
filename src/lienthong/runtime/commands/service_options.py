"""What every service is told alike when it is started."""

import re
from typing import Annotated

import typer

SecurityContact = Annotated[
    str, typer.Option(help="where weaknesses are told (mailto:, https:, tel:), for /.well-known/security.txt")
]
_CONTACT = re.compile(r"(mailto:[^\s@]+@[^\s@]+|https://\S+|tel:\+?[\d-]+)")


def require_contact(text: str) -> None:
    """Raises `ValueError`: it is no address that RFC 9116 knows; an empty one is none, and may stand."""
    if text and not _CONTACT.fullmatch(text):
        raise ValueError(f"--security-contact {text}: mailto:…@…, https://… hoặc tel:+…")
