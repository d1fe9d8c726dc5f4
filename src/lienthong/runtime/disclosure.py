"""Where whoever finds a weakness tells it: `/.well-known/security.txt` (RFC 9116; TCVN 11930, secure development)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PLACE = ".well-known/security.txt"
HOLDS = timedelta(days=180)
"""For how long what it says holds from the day on which it is read: it is said anew each day (RFC 9116, 2.5.5)."""


def security_txt(_request: HttpRequest) -> HttpResponse:
    """The file; 404 where the operator named no address (`--security-contact`)."""
    contact = settings.LIENTHONG.security_contact
    if not contact:
        return HttpResponse(status=404)
    until = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + HOLDS
    lines = [f"Contact: {contact}", f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: vi, en"]
    if settings.LIENTHONG.public_url:
        lines.append(f"Canonical: {settings.LIENTHONG.public_url}/{PLACE}")
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
