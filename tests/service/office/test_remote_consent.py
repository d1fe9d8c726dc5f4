"""Consent to a signature from afar in a browser, on a page of the service (CSC API v2, 8.4; RFC 7636): the browser goes,
its owner agrees to these very digests, and it comes back with a code for one use."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.http import HttpResponse
from django.test import Client
from lxml import html

from lienthong.office.models import OutgoingState, RemoteCredential, RemoteRequest, RemoteState
from lienthong.testing.csc_service import Credential, CscService
from lienthong.testing.pki import TestAuthority
from tests.service.office import test_remote_signing as afar
from tests.service.office.conftest import Office, now, refusal
from tests.service.office.test_queue import SIGNING, checked, state, value
from tests.service.office.test_remote_signing import (
    KEYS,
    USER,
    attach,
    declare,
    issued,
    of_the_leader,
    the_request,
    work,
)

S = OutgoingState
R = RemoteState
service = afar.service


@pytest.fixture
def key(office: Office, service: CscService, authority: TestAuthority) -> Credential:
    """The leader's key is at the service, and they agree on its page."""
    kept = service.keep(USER, issued(authority, office), browser=True)
    declare(office, service)
    assert attach(office) == ""
    return kept


def ask(client: Client, *documents: Any) -> str:
    """The leader asks for the signatures; gives where their page sends them to agree."""
    page = client.post(SIGNING, {"document": [value(one) for one in documents]}, follow=True)
    return way(page.content.decode())


def way(page: str) -> str:
    return str(html.fromstring(page).xpath("string(//a[contains(@href,'oauth2/authorize')]/@href)"))


def agree(address: str) -> str:
    """At the service; gives where the browser is sent back to."""
    back = urlsplit(httpx.get(address).headers["Location"])
    assert back.path == SIGNING
    return f"{back.path}?{back.query}"


def come(client: Client, place: str) -> HttpResponse:
    answer: HttpResponse = client.get(place, follow=True)  # type: ignore[assignment]
    return answer


@pytest.mark.law("R-18.2-1", "D30-13-2")
def test_the_leader_agrees_on_a_page_of_the_service(office: Office, service: CscService, key: Credential) -> None:
    assert RemoteCredential.objects.get().by_browser
    assert "ở trang của dịch vụ" in office.client("quan.tri").get(KEYS).content.decode()
    documents = [checked(office, subject=f"Về việc {name}") for name in ("một", "hai")]
    client = office.client("lanh.dao")
    address = ask(client, *documents)
    assert (the_request().state, state(documents[0])) == (R.WAITING, S.APPROVED)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert (asked["scope"], asked["numSignatures"], asked["code_challenge_method"]) == ("credential", "2", "S256")
    assert "Về việc" not in str(asked)  # the service learns digests, and no content
    shown = client.get(f"/van-ban-di/{documents[0].pk}/").content.decode()
    assert way(shown) == address  # the same way, wherever it is opened
    assert str(html.fromstring(shown).xpath("string(//*[@data-code])")) in asked["description"]
    work(minutes=5)  # nobody works on what its signer has to do
    said = come(client, agree(address)).content.decode()
    assert said.count('data-outcome="done"') == 2
    assert [state(one) for one in documents] == [S.SIGNED, S.SIGNED]
    assert all(of_the_leader(office, one) for one in documents)
    request = the_request()
    assert (request.state, request.consent) == (R.DONE, None)
    assert service.signed == 2


@pytest.mark.law("R-18.2-1", "SEC-6")
def test_what_comes_back_counts_in_the_browser_that_went_and_once(
    office: Office, service: CscService, key: Credential
) -> None:
    document = checked(office)
    client = office.client("lanh.dao")
    back = agree(ask(client, document))
    for other in (office.client("lanh.dao"), office.client("truong.dv")):
        assert refusal(other.get(back)) == "not_found"  # type: ignore[arg-type]
    for wrong in (f"{SIGNING}?state=&code=x", f"{SIGNING}?state=sai&code=x"):
        assert refusal(client.get(wrong)) == "not_found"  # type: ignore[arg-type]
    code = parse_qs(urlsplit(back).query)["code"][0]
    forged = back.replace(code, "0" * 32)  # a code of somebody else's: it was not given for this verifier
    assert refusal(client.get(forged)) == "remote_service_refused"  # type: ignore[arg-type]
    assert (the_request().state, state(document)) == (R.WAITING, S.APPROVED)
    again = way(client.get(SIGNING).content.decode())
    back = agree(again)
    assert 'data-outcome="done"' in come(client, back).content.decode()
    assert refusal(client.get(back)) == "not_found"  # type: ignore[arg-type]
    assert document.versions.filter(stage="signed").count() == 1


@pytest.mark.law("R-18.2-1")
def test_a_consent_for_another_request_signs_nothing(office: Office, service: CscService, key: Credential) -> None:
    first, second = checked(office, subject="Về việc một"), checked(office, subject="Về việc hai")
    client = office.client("lanh.dao")
    of_first = ask(client, first)
    client.post(SIGNING, {"document": value(second)})
    ways = html.fromstring(client.get(SIGNING).content).xpath("//a[contains(@href,'oauth2/authorize')]/@href")
    of_second = next(one for one in ways if one != of_first)
    checked(office, subject="Về việc ba")
    assert client.get(SIGNING).content.decode().count("btn-primary") == 1  # one next step, however much waits
    code = parse_qs(urlsplit(agree(of_first)).query)["code"][0]
    back = agree(of_second)
    mixed = back.replace(parse_qs(urlsplit(back).query)["code"][0], code)
    assert refusal(client.get(mixed)) == "remote_service_refused"  # type: ignore[arg-type]
    assert [state(first), state(second)] == [S.APPROVED, S.APPROVED]
    assert service.signed == 0


@pytest.mark.law("R-18.2-1")
def test_who_does_not_agree_signs_nothing_and_what_is_lost_on_the_way_is_begun_again(
    office: Office, service: CscService, key: Credential
) -> None:
    document = checked(office)
    client = office.client("lanh.dao")
    address = ask(client, document)
    back = agree(address)
    service.away = True
    answer = client.get(back)
    assert (answer.status_code, b"remote_service_away" in answer.content) == (503, True)
    service.away = False
    assert the_request().state == R.WAITING
    service.willing = False
    said = come(client, agree(way(client.get(SIGNING).content.decode()))).content.decode()
    assert 'data-outcome="remote_not_signed"' in said
    assert (the_request().state, state(document)) == (R.FAILED, S.APPROVED)
    service.willing = True
    back = agree(ask(client, document))
    RemoteRequest.objects.filter(pk=the_request().pk).update(expires_at=now(), claimed_until=now())
    assert refusal(client.get(back)) == "nothing_waits"  # type: ignore[arg-type]
    work()
    assert the_request().state == R.LAPSED
    assert not document.versions.filter(stage="signed").exists()
