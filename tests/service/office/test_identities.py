"""Signing in by a provider of identity over real HTTP: who is let in, and every answer that does not hold."""

from collections.abc import Iterator
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import structlog
from django.http import HttpResponse
from django.test import Client
from joserfc.jwk import RSAKey
from lxml import html

from lienthong.journal.models import Event
from lienthong.office.errors import Missing
from lienthong.office.models import FederatedIdentity, IdentityProvider, Notice, Person, Post, RightChange, Role
from lienthong.office.people import bounded, identities, setup
from lienthong.runtime.demo.cast import H41
from lienthong.testing.openid_provider import OpenIdProvider
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import Office, install, now, refusal
from tests.service.office.test_people import problem
from tests.service.office.test_second_factor import enrol

REASON = "Theo phiếu đăng ký tài khoản số 3"


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with OpenIdProvider() as running:
        yield running


@pytest.fixture
def declared(office: Office, provider: OpenIdProvider) -> IdentityProvider:
    return declare(office, provider)


def declare(office: Office, provider: OpenIdProvider, **changes: Any) -> IdentityProvider:
    told = {
        "slug": "tinh", "name": "Tài khoản tỉnh", "issuer": provider.issuer, "client_id": provider.client_id,
        "secret": provider.client_secret, "staff_claim": "employee_number", **changes,
    }  # fmt: skip
    return identities.declare(office.organization, identities.Declared(**told), setup.SETUP, at=now())


def link(office: Office, login: str, subject: str) -> None:
    form = {"act": "link", "provider": IdentityProvider.objects.get().pk, "subject": subject, "reason": REASON}
    assert office.client("quan.tri").post(f"/can-bo/{office[login].pk}/", form).status_code == 302


def go(client: Client, wanted: str = "/van-ban-di/") -> str:
    """Begin at the office and sign in at the provider; gives where it sends the browser back to."""
    begun = client.get(f"/dang-nhap/bang/tinh/?next={wanted}")
    assert begun.status_code == 302
    back = urlsplit(httpx.get(begun["Location"], follow_redirects=False).headers["Location"])
    assert back.path == "/dang-nhap/bang/tinh/ve/"
    return f"{back.path}?{back.query}"


def come(client: Client, wanted: str = "/van-ban-di/") -> HttpResponse:
    answer: HttpResponse = client.get(go(client, wanted))  # type: ignore[assignment]
    return answer


@pytest.mark.law("SEC-5", "AVI-2c", "AVI-G6")
def test_who_is_linked_signs_in_and_leaves_there_as_well(
    office: Office, provider: OpenIdProvider, declared: IdentityProvider
) -> None:
    client = Client()
    assert html.fromstring(client.get("/dang-nhap/").content).xpath("//@data-provider") == ["tinh"]
    assert refusal(come(client)) == "identity_unknown"
    assert client.get("/van-ban-di/").status_code == 302
    link(office, "van.thu", "u-1")
    assert come(client)["Location"] == "/van-ban-di/"
    assert "van.thu.g22" not in str(provider.asked)
    assert provider.asked["code_challenge_method"] == "S256"
    assert client.get("/van-ban-di/").status_code == 200
    assert come(Client(), "https://example.org/")["Location"] == "/"  # never to another host
    assert Event.objects.filter(name="person.signed_in", actor="van.thu.g22").count() == 2
    out = client.post("/dang-xuat/")
    assert out["Location"] == "/dang-nhap/?thoat=tinh"
    assert "đăng xuất cả ở" in client.get(out["Location"]).content.decode()
    leaving = client.get("/dang-nhap/bang/tinh/thoat/")["Location"]
    assert leaving.startswith(f"{provider.issuer}/leave?from=here&client_id=lien-thong&post_logout_redirect_uri=")
    assert client.get("/van-ban-di/").status_code == 302


FORGED = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})


@pytest.mark.law("SEC-8")
@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "của người khác"}, {"nonce": None}, {"aud": "hệ thống khác"}, {"aud": None},
        {"aud": ["lien-thong", "khác"]}, {"aud": ["lien-thong", "khác"], "azp": "khác"}, {"azp": "khác"},
        {"iss": "http://127.0.0.1:1"}, {"exp": 1}, {"exp": None}, {"iat": int(time()) + 9999}, {"sub": None},
        {"sub": ""}, {"sub": 17},
    ],
    ids=lambda claims: "iat to come" if claims.get("iat") else str(claims),
)  # fmt: skip
def test_a_statement_that_does_not_hold_lets_nobody_in(
    office: Office, provider: OpenIdProvider, declared: IdentityProvider, claims: dict[str, Any]
) -> None:
    link(office, "van.thu", "u-1")
    provider.claims |= claims
    client = Client()
    assert refusal(come(client)) == "provider_refused"
    assert client.get("/van-ban-di/").status_code == 302
    assert Event.objects.filter(name="person.sign_in_refused", subject="tinh").count() == 1


@pytest.mark.law("SEC-8")
def test_an_answer_of_another_key_browser_or_description_lets_nobody_in(
    office: Office, provider: OpenIdProvider, declared: IdentityProvider
) -> None:
    link(office, "van.thu", "u-1")
    provider.signs_with = FORGED
    assert refusal(come(Client())) == "provider_refused"
    provider.signs_with = provider.key
    stolen = go(Client())
    assert refusal(Client().get(stolen)) == "provider_refused"  # it was begun in another browser
    mine = Client()
    go(mine)
    assert refusal(mine.get(stolen)) == "provider_refused"  # and its state is not mine
    mine = Client()
    used = go(mine)
    assert mine.get(used).status_code == 302
    assert refusal(mine.get(used)) == "provider_refused"  # once
    for query in ("", "?code=x", "?error=access_denied", "?code=x&state=y"):
        client = Client()
        go(client)
        assert refusal(client.get(f"/dang-nhap/bang/tinh/ve/{query}")) == "provider_refused"
    for described in ({"issuer": "http://127.0.0.1:1"}, {"authorization_endpoint": "http://example.org/"}):
        provider.described = described
        assert refusal(Client().get("/dang-nhap/bang/tinh/")) == "provider_refused"
    provider.described = {"said": "a" * bounded.LARGEST}  # it is read no further than that
    assert refusal(Client().get("/dang-nhap/bang/tinh/")) == "provider_refused"
    provider.described = {}
    client = Client()
    back = go(client)
    provider.away = True
    answer = client.get(back)
    assert (answer.status_code, b"provider_away" in answer.content or "Không kết nối" in answer.content.decode()) == (
        502,
        True,
    )


@pytest.mark.law("SEC-5", "AVI-3c")
def test_the_staff_code_links_who_has_it_and_no_administrator(
    office: Office, provider: OpenIdProvider, declared: IdentityProvider
) -> None:
    Person.objects.filter(pk=office["chuyen.vien"].pk).update(staff_code="CB-007")
    Person.objects.filter(pk=office["quan.tri"].pk).update(staff_code="CB-001")
    people, rights = Person.objects.count(), office["chuyen.vien"].posts.count()
    for code in ("CB-001", "CB-999", "", None, ["CB-007"]):
        provider.claims["employee_number"] = code
        assert refusal(come(Client())) == "identity_unknown", code
    provider.claims["employee_number"] = "CB-007"
    client = Client()
    assert come(client).status_code == 302
    assert client.get("/").status_code == 200
    assert FederatedIdentity.objects.get().person == office["chuyen.vien"]
    assert RightChange.objects.get(kind="identity_linked").person == office["chuyen.vien"]
    assert Notice.objects.filter(person=office["lanh.dao"], link="/can-bo/thay-doi/").exists()
    assert (Person.objects.count(), office["chuyen.vien"].posts.count()) == (people, rights)  # no account, no right
    posts = Post.objects.filter(person=office["chuyen.vien"])
    posts.update(role=Role.ADMINISTRATOR)
    assert refusal(come(Client())) == "identity_unknown"  # an administrator since: linked by hand alone
    posts.update(role=Role.SPECIALIST)
    assert come(Client()).status_code == 302
    provider.claims["sub"] = "u-2"
    assert refusal(come(Client())) == "identity_unknown"  # one person has one identity there


@pytest.mark.law("SEC-5")
def test_what_one_issuer_said_of_a_subject_means_nothing_at_another(
    office: Office, provider: OpenIdProvider, declared: IdentityProvider
) -> None:
    link(office, "van.thu", "u-1")
    client = Client()
    assert come(client).status_code == 302
    declare(office, provider, issuer="https://elsewhere.example.vn")
    assert not FederatedIdentity.objects.exists()
    assert RightChange.objects.filter(kind="identity_unlinked", person=office["van.thu"]).count() == 1
    assert client.get("/van-ban-di/").status_code == 302
    declare(office, provider)
    assert refusal(come(Client())) == "identity_unknown"


@pytest.mark.law("SEC-5", "SEC-6")
def test_only_another_administrator_links_and_what_ends_ends_at_once(
    office: Office, provider: OpenIdProvider, declared: IdentityProvider, authority: TestAuthority, tmp_path: Path
) -> None:
    place = f"/can-bo/{office['van.thu'].pk}/"
    form = {"act": "link", "provider": declared.pk, "subject": "u-1", "reason": REASON}
    for login in ("lanh.dao", "kiem.tra", "van.thu", "chuyen.vien"):
        assert problem(office.client(login), place, form) == "forbidden"
    keeper = office.client("quan.tri")
    assert problem(keeper, f"/can-bo/{office['quan.tri'].pk}/", form) == "own_rights"
    assert problem(keeper, place, {**form, "subject": " "}) == "missing"
    assert problem(keeper, place, {**form, "reason": "ừ"}) == "reason_needed"
    other = install(H41, authority, tmp_path)
    theirs = f"/can-bo/{other['van.thu'].pk}/"
    assert problem(other.client("quan.tri"), theirs, form) == "missing"  # another agency's provider
    assert keeper.post(place, form).status_code == 302
    assert problem(keeper, f"/can-bo/{office['the.thuc'].pk}/", form) == "identity_taken"
    assert problem(keeper, place, {**form, "subject": "u-9"}) == "identity_taken"
    client = Client()
    assert come(client).status_code == 302
    identity = FederatedIdentity.objects.get()
    end = {"act": "unlink", "identity": identity.pk, "reason": REASON}
    assert other.client("quan.tri").post(theirs, end).status_code == 404
    assert keeper.post(place, end).status_code == 302
    assert client.get("/van-ban-di/")["Location"].startswith("/dang-nhap/")
    assert refusal(come(client)) == "identity_unknown"
    link(office, "van.thu", "u-1")
    assert come(client).status_code == 302
    keeper.post(place, {"act": "close", "reason": REASON})
    assert client.get("/van-ban-di/").status_code == 302
    assert refusal(come(Client())) == "identity_unknown"
    keeper.post(place, {"act": "reopen", "reason": REASON})
    assert come(client).status_code == 302
    declare(office, provider, active=False)
    assert client.get("/van-ban-di/").status_code == 302
    assert Client().get("/dang-nhap/bang/tinh/")["Location"] == "/dang-nhap/"


@pytest.mark.law("SEC-4")
def test_a_providers_word_does_not_stand_for_the_second_step(
    office: Office, provider: OpenIdProvider, declared: IdentityProvider
) -> None:
    link(office, "van.thu", "u-1")
    _, codes = enrol(office.client("van.thu"))
    client = Client()
    assert come(client)["Location"] == "/dang-nhap/ma/"
    assert client.get("/van-ban-di/").status_code == 302
    assert client.post("/dang-nhap/ma/", {"code": codes[0]})["Location"] == "/van-ban-di/"
    assert client.get("/van-ban-di/").status_code == 200


def test_no_secret_of_the_provider_is_in_journal_log_or_database_as_it_is(
    office: Office, provider: OpenIdProvider
) -> None:
    with structlog.testing.capture_logs() as logged:
        declared = declare(office, provider)
        link(office, "van.thu", "u-1")
        client = Client()
        back = go(client)
        client.get(back)
        page = office.client("quan.tri").get("/can-bo/dang-nhap/").content.decode()
    assert provider.issuer in page
    said = f"{logged} {page} {list(Event.objects.values_list('data', flat=True))} {bytes(declared.secret)!r}"
    for secret in (provider.client_secret, back.split("code=")[1][:16]):
        assert secret not in said
    with pytest.raises(Missing):
        declare(office, provider, issuer="http://example.org")
    with pytest.raises(Missing):
        declare(office, provider, secret=" ")


@pytest.mark.law("SEC-1", "SEC-4")
def test_a_locked_session_is_not_opened_again_by_the_providers_own(
    office: Office, provider: OpenIdProvider, declared: IdentityProvider
) -> None:
    link(office, "van.thu", "u-1")
    client, morning = Client(), int(time()) - 3 * 3600
    provider.shown_at = morning  # the provider has its own session, since this morning
    assert come(client)["Location"] == "/van-ban-di/"
    assert "prompt" not in provider.asked
    idle(client)
    assert "khoa=1" in client.get("/van-ban-di/")["Location"]
    assert come(client)["Location"] == "/van-ban-di/"
    assert (provider.asked["prompt"], provider.asked["max_age"]) == ("login", "0")
    assert provider.shown_at > morning
    assert client.get("/van-ban-di/").status_code == 200
    # Whoever throws the cookies away, or comes by another browser there, is sent to show it anew as well.
    provider.shown_at = morning
    other = Client()
    again = come(other)
    assert again.status_code == 302
    assert "prompt=login" in again["Location"]
    assert other.get("/van-ban-di/").status_code == 302
    assert other.get(sent_back(again))["Location"] == "/van-ban-di/"
    # And a provider that does not ask, or does not say that it did, lets nobody in.
    provider.lax, provider.shown_at = True, morning
    for told in ({}, {"auth_time": None}, {"auth_time": "x"}, {"auth_time": int(time()) + 3600}, {"auth_time": True}):
        provider.claims |= told
        stranger = Client()
        assert refusal(stranger.get(sent_back(come(stranger)))) == "provider_not_fresh"  # type: ignore[arg-type]
        assert stranger.get("/van-ban-di/").status_code == 302


@pytest.mark.law("SEC-1")
def test_to_sign_out_of_a_locked_session_is_no_way_around_its_lock(
    office: Office, provider: OpenIdProvider, declared: IdentityProvider
) -> None:
    link(office, "van.thu", "u-1")
    client = Client()
    provider.shown_at = int(time()) - 3600
    come(client)
    client.post("/dang-xuat/")
    assert come(client)["Location"] == "/van-ban-di/"  # who signed out themselves goes on as before
    assert "prompt" not in provider.asked
    idle(client)
    client.post("/dang-xuat/")
    assert come(client)["Location"] == "/van-ban-di/"
    assert provider.asked["prompt"] == "login"


@pytest.mark.law("SEC-1")
def test_to_go_to_the_provider_from_a_locked_session_is_no_way_around_its_lock(
    office: Office, provider: OpenIdProvider, declared: IdentityProvider
) -> None:
    link(office, "van.thu", "u-1")
    client = Client()
    provider.shown_at = int(time()) - 3 * 3600
    come(client)
    idle(client)
    assert come(client)["Location"] == "/van-ban-di/"  # no page was opened that would have locked it
    assert provider.asked["prompt"] == "login"
    assert Event.objects.filter(name="account.session_locked").count() == 1


def idle(client: Client) -> None:
    """Nothing is done in the session for an hour."""
    session = client.session
    session["seen"] -= 3600
    session.save()


def sent_back(answer: HttpResponse) -> str:
    """Where the provider sends a browser that it was sent to."""
    back = urlsplit(httpx.get(answer["Location"]).headers["Location"])
    return f"{back.path}?{back.query}"
