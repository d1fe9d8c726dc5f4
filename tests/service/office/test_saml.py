"""Signing in by a provider that speaks SAML, over real HTTP and with real signatures: who is let in, and every answer that
does not hold, by name."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from lxml import etree, html

from lienthong.journal.models import Event
from lienthong.office.models import FederatedIdentity, IdentityProvider, Person, RightChange, TakenAssertion
from lienthong.office.people import identities, saml, setup
from lienthong.office.people.openid import LEEWAY_SECONDS
from lienthong.runtime.demo.cast import H41
from lienthong.testing.openid_provider import OpenIdProvider
from lienthong.testing.pki import TestAuthority
from lienthong.testing.saml_provider import SamlProvider, certificate_of, sole
from tests import pictures
from tests.browser import DESK, PHONE, chromium
from tests.doors import ENTERED
from tests.service.office.conftest import Office, install, now, refusal
from tests.service.office.saml_faults import BROUGHT, CONDITIONS, FAULTS, FORGED, NAMED, changed, moment
from tests.service.office.test_identities import REASON, idle
from tests.service.office.test_second_factor import enrol

PLACE = "/dang-nhap/bang/tinh/saml/"


@pytest.fixture
def provider() -> Iterator[SamlProvider]:
    with SamlProvider() as running:
        yield running


@pytest.fixture
def declared(office: Office, provider: SamlProvider) -> IdentityProvider:
    return declare(office, provider)


def declare(office: Office, provider: SamlProvider, **changes: Any) -> IdentityProvider:
    told = {
        "slug": "tinh", "name": "Tài khoản tỉnh", "metadata": provider.metadata(), "staff_claim": "employeeNumber",
        **changes,
    }  # fmt: skip
    return identities.declare_saml(office.organization, identities.DeclaredSaml(**told), setup.SETUP, at=now())


def link(office: Office, login: str, subject: str) -> None:
    form = {
        "act": "link",
        "provider": IdentityProvider.objects.get(slug="tinh").pk,
        "subject": subject,
        "reason": REASON,
    }
    assert office.client("quan.tri").post(f"/can-bo/{office[login].pk}/", form).status_code == 302


def go(client: Client, wanted: str = "/van-ban-di/", slug: str = "tinh") -> dict[str, str]:
    """Begin at the office and sign in at the provider; gives the form that its page makes the browser post."""
    begun = client.get(f"/dang-nhap/bang/{slug}/?next={wanted}")
    assert begun.status_code == 302
    form = html.fromstring(httpx.get(begun["Location"]).content).forms[0]
    assert urlsplit(str(form.action)).path == f"/dang-nhap/bang/{slug}/saml/"
    return {str(name): str(value) for name, value in form.fields.items()}


def bring(form: dict[str, str], place: str = PLACE) -> HttpResponse:
    """The browser posts the form as it does from another site: without any cookie, and without a token of ours."""
    body = httpx.QueryParams(form)
    answer: HttpResponse = Client(enforce_csrf_checks=True).post(  # type: ignore[assignment]
        place, str(body), content_type="application/x-www-form-urlencoded"
    )
    return answer


def come(client: Client, wanted: str = "/van-ban-di/") -> HttpResponse:
    """Sign in at the provider and come back, as far as the office lets."""
    brought = bring(go(client, wanted))
    assert not brought.cookies  # what the browser holds of the sign-in that was begun is not taken from it
    if brought.status_code != 302:
        return brought
    answer: HttpResponse = client.get(brought["Location"])  # type: ignore[assignment]
    return answer


@pytest.mark.law("SEC-5", "AVI-2c", "AVI-G6")
def test_who_is_linked_signs_in_and_nothing_of_relay_state_is_followed(
    office: Office, provider: SamlProvider, declared: IdentityProvider
) -> None:
    client = Client()
    assert html.fromstring(client.get("/dang-nhap/").content).xpath("//@data-provider") == ["tinh"]
    assert refusal(come(client)) == "identity_unknown"
    assert client.get("/van-ban-di/").status_code == 302
    link(office, "van.thu", "u-1")
    provider.relay = "https://example.org/"
    assert come(client)["Location"] == "/van-ban-di/"
    assert client.get("/van-ban-di/").status_code == 200
    assert come(Client(), "https://example.org/")["Location"] == "/"  # never to another host
    assert Event.objects.filter(name="person.signed_in", actor="van.thu.g22").count() == 2
    assert client.post("/dang-xuat/")["Location"] == "/dang-nhap/"
    assert client.get("/dang-nhap/bang/tinh/thoat/")["Location"] == "/dang-nhap/"
    assert client.get("/van-ban-di/").status_code == 302
    assert bring({}, "/dang-nhap/bang/khong-co/saml/")["Location"] == "/dang-nhap/"
    assert client.get(PLACE)["Location"] == "/dang-nhap/"


@pytest.mark.law("SEC-5")
def test_the_office_describes_itself_and_asks_as_it_is_described(
    office: Office, provider: SamlProvider, declared: IdentityProvider
) -> None:
    answer = Client().get("/dang-nhap/bang/tinh/metadata/")
    assert answer["Content-Type"] == "application/samlmetadata+xml"
    told = etree.fromstring(answer.content)
    takes = told.xpath("//*[local-name()='AssertionConsumerService']")[0]
    assert told.get("entityID", "").endswith("/dang-nhap/bang/tinh/metadata/")
    assert takes.get("Location").endswith(PLACE)
    assert told.xpath("//@WantAssertionsSigned") == ["true"]
    client = Client()
    go(client)
    asked = provider.asked
    assert asked is not None
    assert asked.get("AssertionConsumerServiceURL") == takes.get("Location")
    assert asked.get("Destination") == f"{provider.issuer}/sso?here=1"
    assert sole(asked, "a:Issuer").text == told.get("entityID")
    assert "van.thu" not in etree.tostring(asked).decode()
    page = office.client("quan.tri").get("/can-bo/dang-nhap/").content.decode()
    assert provider.issuer in page
    assert told.get("entityID", "–") in page
    identities.turn_off(office.organization, "tinh", setup.SETUP, at=now())
    assert Client().get("/dang-nhap/bang/tinh/metadata/").status_code == 404
    assert bring(go_on_with(provider, client))["Location"] == "/dang-nhap/"


def go_on_with(provider: SamlProvider, _client: Client) -> dict[str, str]:
    """A good answer to the last request."""
    assert provider.asked is not None
    place = provider.asked.get("AssertionConsumerServiceURL") or ""
    audience = sole(provider.asked, "a:Issuer").text or ""
    answer = provider.answer(provider.asked.get("ID") or "", place=place, audience=audience)
    return {"SAMLResponse": saml.b64encode(answer).decode()}


@pytest.mark.law("SEC-8")
@pytest.mark.parametrize("fault", FAULTS)
def test_an_answer_that_does_not_hold_lets_nobody_in_and_is_named(
    office: Office, provider: SamlProvider, declared: IdentityProvider, fault: str
) -> None:
    link(office, "van.thu", "u-1")
    make, code = FAULTS[fault]
    make(provider)
    client = Client()
    assert refusal(come(client)) == code
    assert client.get("/van-ban-di/").status_code == 302
    assert Event.objects.filter(name="person.sign_in_refused", subject="tinh").count() == 1
    assert not TakenAssertion.objects.exists()


@pytest.mark.law("SEC-8")
def test_what_is_no_answer_is_refused_before_it_is_read(
    office: Office, provider: SamlProvider, declared: IdentityProvider
) -> None:
    form = go(Client())
    good = saml.b64decode(form["SAMLResponse"]).decode()
    entity = '<!DOCTYPE x [<!ENTITY who "u-1">]>' + good.replace(">u-1<", ">&who;<")
    for raw, code in (
        (entity.encode(), "saml_unsafe"),
        (f"<!DOCTYPE samlp:Response SYSTEM '{provider.issuer}/x.dtd'>{good}".encode(), "saml_unsafe"),
        (entity.encode("utf-16"), "saml_unreadable"),  # where the eye would not find it
        (f'<?xml version="1.0" encoding="utf-7"?>{entity.replace("<!", "+ADwAIQ-")}'.encode(), "saml_unreadable"),
        (b"\xff\xfe", "saml_unreadable"),
        (b"<Response/>", "saml_unreadable"),
        (b"no xml", "saml_unreadable"),
        (b"<a>" * 5000, "saml_unreadable"),
    ):
        assert refusal(bring({"SAMLResponse": saml.b64encode(raw).decode()})) == code, raw[:80]
    for text in ("", "%%%", "a" * (saml.LARGEST + 1), "a" * (3 * saml.LARGEST)):
        assert refusal(bring({"SAMLResponse": text})) == "saml_unreadable"
    assert refusal(Client().post(PLACE, form)) == "saml_unreadable"  # type: ignore[arg-type] # a form with files
    assert bring(form).status_code == 302


@pytest.mark.law("SEC-8")
def test_an_assertion_is_taken_once_and_for_the_browser_that_began_alone(
    office: Office, provider: SamlProvider, declared: IdentityProvider
) -> None:
    link(office, "van.thu", "u-1")
    mine, other = Client(), Client()
    form = go(mine)
    on = bring(form)["Location"]
    assert refusal(bring(form)) == "saml_replayed"
    assert refusal(Client().get(on)) == "provider_refused"  # type: ignore[arg-type] # nobody began it there
    go(other)
    assert refusal(other.get(on)) == "provider_refused"  # type: ignore[arg-type] # somebody else began
    assert mine.get(on)["Location"] == "/van-ban-di/"
    assert mine.get("/van-ban-di/").status_code == 200
    again = Client()
    go(again)
    session = again.session
    session["openid"]["attempt"]["request"] = sole(etree.fromstring(saml.b64decode(form["SAMLResponse"])), ".").get(
        "InResponseTo"
    )
    session.save()
    assert refusal(again.get(on)) == "provider_refused"  # type: ignore[arg-type] # once
    client = Client()
    go(client)
    for query in ("", "?phieu=x", "?code=x&state=y"):
        assert refusal(client.get(f"/dang-nhap/bang/tinh/ve/{query}")) == "provider_refused"  # type: ignore[arg-type]
        go(client)
    late = Client()
    form = go(late)
    session = late.session
    session["openid"]["at"] -= 601
    session.save()
    assert refusal(late.get(bring(form)["Location"])) == "provider_refused"  # type: ignore[arg-type]


@pytest.mark.law("SEC-8")
def test_what_was_taken_is_known_as_long_as_it_holds_and_forgotten_then(
    office: Office, provider: SamlProvider, declared: IdentityProvider
) -> None:
    form = go(Client())
    bring(form)
    taken = TakenAssertion.objects.get()
    assert taken.until > now() + timedelta(minutes=5)  # the difference of the clocks is part of it
    saml.forget(before=now() + timedelta(minutes=5))
    assert refusal(bring(form)) == "saml_replayed"
    saml.forget(before=taken.until)
    assert not TakenAssertion.objects.exists()


@pytest.mark.law("SEC-8")
def test_clocks_may_differ_a_little_and_comments_do_not_cut_a_name(
    office: Office, provider: SamlProvider, declared: IdentityProvider
) -> None:
    link(office, "van.thu", "u-1")
    changed(BROUGHT, "NotOnOrAfter", moment(seconds=-LEEWAY_SECONDS + 15))(provider)
    assert come(Client())["Location"] == "/van-ban-di/"
    changed(CONDITIONS, "NotBefore", moment(seconds=LEEWAY_SECONDS - 5))(provider)
    provider.covers = ("a:Assertion", ".")
    assert come(Client())["Location"] == "/van-ban-di/"

    def cut(root: etree._Element) -> None:
        named = sole(root, NAMED)
        comment = etree.Comment("x")
        named.text, comment.tail = "u-1", ".khac"
        named.append(comment)

    provider.subject, provider.after, provider.covers = "u-1.khac", cut, ("a:Assertion",)
    assert refusal(come(Client())) == "identity_unknown"
    assert Event.objects.filter(name="person.sign_in_refused", subject="tinh:u-1.khac").count() == 1


@pytest.mark.law("SEC-5", "AVI-3c")
def test_the_staff_code_links_who_has_it_in_the_providers_own_agency_and_no_administrator(
    office: Office, provider: SamlProvider, declared: IdentityProvider, authority: TestAuthority, tmp_path: Path
) -> None:
    other = install(H41, authority, tmp_path)
    Person.objects.filter(pk=other["chuyen.vien"].pk).update(staff_code="CB-041")
    Person.objects.filter(pk=office["chuyen.vien"].pk).update(staff_code="CB-007")
    Person.objects.filter(pk=office["quan.tri"].pk).update(staff_code="CB-001")
    people = Person.objects.count()
    for codes in (["CB-041"], ["CB-001"], ["CB-999"], [""], [], ["CB-007", "CB-008"]):
        provider.attributes = {"employeeNumber": codes, "title": ["CB-007"]}
        assert refusal(come(Client())) == "identity_unknown", codes
    provider.attributes = {"employeeNumber": ["CB-007"]}
    client = Client()
    assert come(client).status_code == 302
    assert client.get("/").status_code == 200
    assert FederatedIdentity.objects.get().person == office["chuyen.vien"]
    assert RightChange.objects.get(kind="identity_linked").person == office["chuyen.vien"]
    assert Person.objects.count() == people
    office.client("quan.tri").post(f"/can-bo/{office['chuyen.vien'].pk}/", {"act": "close", "reason": REASON})
    assert client.get("/").status_code == 302
    assert refusal(come(Client())) == "identity_unknown"
    theirs = {"slug": "khac", "name": "Nơi khác"}
    declare(other, provider, **theirs)  # the same service, for another agency
    form = go(Client())
    assert refusal(bring(form, "/dang-nhap/bang/khac/saml/")) == "saml_wrong_place"
    begun = Client()
    assert bring(go(begun, slug="khac"), "/dang-nhap/bang/khac/saml/").status_code == 302


@pytest.mark.law("SEC-4")
def test_a_providers_assertion_does_not_stand_for_the_second_step(
    office: Office, provider: SamlProvider, declared: IdentityProvider
) -> None:
    link(office, "van.thu", "u-1")
    _, codes = enrol(office.client("van.thu"))
    client = Client()
    assert come(client)["Location"] == "/dang-nhap/ma/"
    assert client.get("/van-ban-di/").status_code == 302
    assert client.post("/dang-nhap/ma/", {"code": codes[0]})["Location"] == "/van-ban-di/"
    assert client.get("/van-ban-di/").status_code == 200


@pytest.mark.law("SEC-8")
def test_a_new_key_is_announced_beside_the_old_one_and_one_that_ended_signs_nothing(
    office: Office, provider: SamlProvider
) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    next_key = certificate_of(curve)
    declare(office, provider, metadata=provider.metadata(provider.certificate, next_key))
    link(office, "van.thu", "u-1")
    assert come(Client()).status_code == 302
    provider.signs_with = (curve, next_key)
    client = Client()
    assert come(client).status_code == 302
    declare(office, provider, metadata=provider.metadata(certificate_of(FORGED)))
    assert refusal(come(Client())) == "saml_bad_signature"
    assert FederatedIdentity.objects.exists()  # it is the same provider
    not_yet = certificate_of(FORGED, begins=timedelta(days=1))
    declare(office, provider, metadata=provider.metadata(not_yet))
    provider.signs_with = (FORGED, not_yet)
    assert refusal(come(Client())) == "saml_certificate_ended"
    waiting = Client()
    declare(office, provider)
    provider.signs_with = (provider.key, provider.certificate)
    on = bring(go(waiting))["Location"]
    renamed = provider.metadata().replace(provider.issuer.encode() + b'"', b'https://khac.vn"', 1)
    declare(office, provider, metadata=renamed)
    assert not FederatedIdentity.objects.exists()  # another provider: what the former one called somebody says nothing
    assert refusal(waiting.get(on)) == "provider_refused"  # type: ignore[arg-type]
    assert client.get("/van-ban-di/").status_code == 302


@pytest.mark.law("SEC-5")
def test_one_name_in_two_protocols_is_two_people(office: Office, provider: SamlProvider) -> None:
    declare(office, provider)
    link(office, "van.thu", "u-1")
    begun = Client()
    go(begun)
    with OpenIdProvider() as other:
        told = identities.Declared("tinh", "Tài khoản tỉnh", provider.issuer, other.client_id, other.client_secret)
        identities.declare(office.organization, told, setup.SETUP, at=now())
    assert not FederatedIdentity.objects.exists()
    assert refusal(begun.get("/dang-nhap/bang/tinh/ve/?state=x&code=y")) == "provider_refused"  # type: ignore[arg-type]


@pytest.mark.law("SEC-5")
def test_a_browser_comes_back_from_another_site_without_its_cookie_and_is_let_in(
    office: Office, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = str(live_server.url).replace("localhost", "127.0.0.1")
    monkeypatch.setattr(settings, "LIENTHONG", replace(settings.LIENTHONG, public_url=url))
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # a browser that is driven has a loop of its own
    sys.audit(ENTERED)
    pictures.FOLDER.mkdir(parents=True, exist_ok=True)
    with SamlProvider(host="localhost") as provider, chromium() as browser:
        declare(office, provider)
        link(office, "van.thu", "u-1")
        page = browser.new_page(viewport=DESK, locale="vi-VN")  # type: ignore[arg-type]
        page.set_default_timeout(15_000)
        posted: list[dict[str, str]] = []
        page.on("request", lambda one: posted.append(one.all_headers()) if one.method == "POST" else None)
        page.goto(f"{url}/dang-nhap/?next=/van-ban-di/")
        pictures.keep(page, pictures.FOLDER / "signin-saml.png")
        page.get_by_text("Đăng nhập bằng Tài khoản tỉnh").click()
        page.wait_for_url(f"{provider.issuer}/**")
        page.get_by_role("button", name="Tiếp tục").click()
        page.wait_for_url(f"{url}/van-ban-di/")
        assert [settings.SESSION_COOKIE_NAME in one.get("cookie", "") for one in posted] == [False]
        page.context.clear_cookies()
        page.goto(f"{url}/dang-nhap/")
        page.get_by_text("Đăng nhập bằng Tài khoản tỉnh").click()
        provider.covers = ()
        page.reload()
        page.get_by_role("button", name="Tiếp tục").click()
        page.locator('[data-problem="saml_unsigned"]').wait_for()
        pictures.keep(page, pictures.FOLDER / "saml-refused.png")
        keeper = browser.new_page(viewport=DESK, locale="vi-VN")  # type: ignore[arg-type]
        cookie = office.client("quan.tri").cookies[settings.SESSION_COOKIE_NAME].value
        keeper.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
        keeper.goto(f"{url}/can-bo/dang-nhap/")
        keeper.locator("[data-provider=tinh]").wait_for()
        pictures.keep(keeper, pictures.FOLDER / "sign-in-providers.png")
        keeper.set_viewport_size(PHONE)  # type: ignore[arg-type]
        pictures.keep(keeper, pictures.FOLDER / "sign-in-providers-phone.png")
        assert keeper.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.law("SEC-1", "SEC-4")
def test_a_locked_session_is_not_opened_again_by_the_providers_own(
    office: Office, provider: SamlProvider, declared: IdentityProvider
) -> None:
    link(office, "van.thu", "u-1")
    client, morning = Client(), now() - timedelta(hours=3)
    provider.shown_at = morning  # the provider has its own session, since this morning
    assert come(client)["Location"] == "/van-ban-di/"
    assert provider.asked is not None
    assert provider.asked.get("ForceAuthn") is None
    idle(client)
    assert "khoa=1" in client.get("/van-ban-di/")["Location"]
    assert come(client)["Location"] == "/van-ban-di/"
    assert provider.asked.get("ForceAuthn") == "true"
    assert client.get("/van-ban-di/").status_code == 200
    # Without the cookies of the locked session, and at a provider that does not ask although it was told to.
    provider.lax, provider.shown_at = True, morning
    other = Client()
    again = come(other)
    assert urlsplit(again["Location"]).netloc == urlsplit(provider.issuer).netloc
    form = html.fromstring(httpx.get(again["Location"]).content).forms[0]
    brought = bring({str(name): str(value) for name, value in form.fields.items()})
    assert refusal(other.get(brought["Location"])) == "provider_not_fresh"  # type: ignore[arg-type]
    assert other.get("/van-ban-di/").status_code == 302


@pytest.mark.law("SEC-5")
def test_metadata_that_says_it_is_over_lets_nobody_in_and_says_so_where_it_is_kept(
    office: Office, provider: SamlProvider
) -> None:
    declared = declare(office, provider, metadata=provider.metadata(until=now() + timedelta(days=3)))
    link(office, "van.thu", "u-1")
    place = "/can-bo/dang-nhap/"
    assert "Metadata của nơi cấp có hiệu lực đến" in office.client("quan.tri").get(place).content.decode()
    client = Client()
    form = go(client)  # begun while it held
    IdentityProvider.objects.filter(pk=declared.pk).update(valid_until=now())
    assert refusal(bring(form)) == "saml_metadata_ended"
    assert refusal(client.get("/dang-nhap/bang/tinh/")) == "saml_metadata_ended"  # type: ignore[arg-type]
    assert html.fromstring(office.client("quan.tri").get(place).content).xpath("//*[@data-ended]")
    declare(office, provider)  # a newer description, without an end
    assert come(client)["Location"] == "/van-ban-di/"
