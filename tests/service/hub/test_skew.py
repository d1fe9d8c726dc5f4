"""The hub measures how far each system's clock is off, tells it, and keeps it for the operators."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from lienthong.evidence.receipts import EvidenceEvent, Statement
from lienthong.hub import policy
from lienthong.hub.models import System
from lienthong.protocol.client.http import Answer
from tests.museum.packets import document_packet
from tests.service.hub.conftest import Country, make_document, now


def clock(off: float) -> Callable[[], datetime]:
    return lambda: now() + timedelta(seconds=off)


def kept(system: str = "G22") -> float:
    found = System.objects.get(code=system).clock_skew_ms
    assert found is not None
    return found / 1000


def ask(country: Country, off: float, **headers: str) -> httpx.Response:
    """A question with a `Date` that is so many seconds off."""
    bearer = country.native("G22")._bearer()
    policy.forget_copy()  # the token told of another clock a moment ago
    date = format_datetime((now() + timedelta(seconds=off)), usegmt=True)
    return httpx.get(f"{country.url}/api/v1/agencies/changes", headers={**bearer, "Date": date, **headers})


@pytest.mark.law("R-14.4-1")
@pytest.mark.parametrize(("off", "told"), [(0, False), (1, False), (5, True), (-5, True), (3600, True)])
def test_a_clock_that_is_off_is_told_in_the_answer_and_kept(country: Country, off: float, told: bool) -> None:
    answer = ask(country, off)
    assert answer.status_code == 200  # it is warned, not refused
    assert ("Lienthong-Skew" in answer.headers) is told
    if told:
        assert float(answer.headers["Lienthong-Skew"]) == pytest.approx(off, abs=1.6)
    assert kept() == pytest.approx(off, abs=1.6)


@pytest.mark.parametrize(("off", "told"), [(0, False), (10, True), (-10, True)])
def test_a_token_comes_with_a_warning(
    country: Country, off: float, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Answer] = []
    connection = country.native("G22", clock=clock(off))
    ask = connection._http.ask
    monkeypatch.setattr(connection._http, "ask", lambda *a, **named: answers.append(ask(*a, **named)) or answers[-1])
    connection.inbox()
    codes = [warning["code"] for warning in answers[0].json()["warnings"]]
    assert ("clock_skew" in codes) is told
    assert ("Lienthong-Skew" in answers[0].headers) is told
    assert kept() == pytest.approx(off, abs=1.6)


@pytest.mark.parametrize(("off", "measured"), [(4, True), (-4, True), (-300, False)])
def test_a_statement_tells_of_the_clock_unless_it_has_waited(country: Country, off: float, measured: bool) -> None:
    packet = document_packet(make_document())
    bearer = country.native("G22")._bearer()
    policy.forget_copy()
    System.objects.update(clock_skew_ms=None)
    said = Statement(
        EvidenceEvent.SUBMISSION_REQUEST, "G22", now() + timedelta(seconds=off),
        digest=hashlib.sha256(packet).hexdigest(),
    )  # fmt: skip
    headers = {
        **bearer, "Idempotency-Key": uuid4().hex, "Lienthong-From": "G22",
        "Lienthong-Statement": country.keys["G22"].sign(said),
    }  # fmt: skip
    answer = httpx.post(f"{country.url}/api/v1/packets", content=packet, headers=headers)
    assert answer.status_code == 201
    assert ("Lienthong-Skew" in answer.headers) is measured
    if measured:
        assert kept() == pytest.approx(off, abs=1)
    else:
        assert System.objects.get(code="G22").clock_skew_ms is None


def test_a_clock_costs_at_most_a_statement_a_minute(country: Country) -> None:
    policy.forget_copy()
    at = now()
    policy.note_skew("G22", 0.1, at)
    policy.note_skew("G22", 0.2, at + timedelta(seconds=30))
    assert kept() == pytest.approx(0.1)
    policy.note_skew("G22", 9.0, at + timedelta(seconds=31))  # gone wrong: at once
    assert kept() == pytest.approx(9.0)
    policy.note_skew("G22", 0.3, at + timedelta(seconds=32))  # to and fro: not each time
    assert kept() == pytest.approx(9.0)
    policy.note_skew("G22", 0.4, at + timedelta(seconds=40))
    assert kept() == pytest.approx(0.4)
    policy.note_skew("G22", 1e12, at + timedelta(seconds=50))
    assert kept() == pytest.approx(policy.MOST_SKEW / 1000)


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Nov 2026 08:00:00 GMT", "0" * 300])
def test_a_date_that_cannot_be_read_is_passed_over(country: Country, date: str) -> None:
    headers: dict[str, Any] = {**country.native("G22")._bearer(), "Date": date}
    answer = httpx.get(f"{country.url}/api/v1/agencies/changes", headers=headers)
    assert answer.status_code == 200
    assert "Lienthong-Skew" not in answer.headers
