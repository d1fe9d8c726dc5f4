"""Where whoever finds a weakness tells it (`/.well-known/security.txt`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings

from tests.service.runtime.test_commands import lienthong

PLACE = "/.well-known/security.txt"


@pytest.mark.law("SEC-10")
@pytest.mark.django_db
@pytest.mark.parametrize("service", ["hub", "office"])
def test_a_service_says_where_weaknesses_are_told(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with override_settings(ROOT_URLCONF=f"lienthong.runtime.urls_{service}"):
        assert Client().get(PLACE).status_code == 404  # nobody said where
        told = settings.LIENTHONG.at(
            security_contact="mailto:attt@example.gov.vn", public_url="https://van-ban.example.gov.vn"
        )
        monkeypatch.setattr(settings, "LIENTHONG", told)
        answer = Client().get(PLACE)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    said = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert said["Contact"] == "mailto:attt@example.gov.vn"
    assert said["Canonical"] == f"https://van-ban.example.gov.vn{PLACE}"
    until = datetime.fromisoformat(said["Expires"]) - datetime.now(UTC)
    assert timedelta(days=170) < until < timedelta(days=366), "it holds, and no longer than a year (RFC 9116, 2.5.5)"


@pytest.mark.law("SEC-10")
@pytest.mark.parametrize(
    "wrong", ["attt@example.gov.vn", "http://example.gov.vn", "mailto:", "mailto:a@b c\nContact: x"]
)
def test_no_service_starts_with_an_address_that_is_none(tmp_path: Path, wrong: str) -> None:
    said = lienthong("hub", "serve", "--data", str(tmp_path / "never"), "--security-contact", wrong, expected=2)
    assert "--security-contact" in said
    assert not (tmp_path / "never").exists()
