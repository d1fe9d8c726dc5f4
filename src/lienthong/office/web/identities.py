"""Signing in by a provider of identity, and leaving it again. Nobody is signed in here before the provider's answer was
checked and an account found."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from lienthong.journal.attempts import note_attempt
from lienthong.journal.record import Actor
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.accounts import wanted_of
from lienthong.office.errors import OfficeProblem
from lienthong.office.models import FederatedIdentity, IdentityProvider
from lienthong.office.people import identities, openid, saml, saml_metadata
from lienthong.office.people.sign_in_errors import IdentityUnknown, ProviderNotFresh, ProviderRefused
from lienthong.office.web import sessions
from lienthong.office.web.guards import lock_if_idle, now, refused
from lienthong.office.web.signin import admit

KEPT = "openid"
"""Of a session: the attempt that was begun."""
ATTEMPT_SECONDS = 600
LARGEST_FORM = 2 * saml.LARGEST
"""Bytes of a form that brings an assertion: base64 in it is written somewhat longer."""
TICKET = "phieu"
"""Of an address: what a browser comes on with whose assertion was taken."""


def begin(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Go to the provider."""
    provider = _provider(slug)
    if provider is None:
        return redirect("office:signin")
    lock_if_idle(request)
    return _go(
        request, provider, wanted_of(request, home=reverse("office:home")), fresh=sessions.LOCKED in request.session
    )


def _go(request: HttpRequest, provider: IdentityProvider, wanted: str, *, fresh: bool) -> HttpResponseBase:
    """Send the browser there; where `fresh`, the provider asks anew who that is: a session here was locked."""
    try:
        begins = _begun_by_saml if provider.by_saml else _begun_by_openid
        attempt, place = begins(provider, fresh)
    except OfficeProblem as problem:
        return refused(request, None, problem)
    request.session[KEPT] = {
        "slug": provider.slug, "next": wanted, "at": now().timestamp(), "attempt": attempt, "fresh": fresh,
    }  # fmt: skip
    return redirect(place)


@csrf_exempt  # it comes from the provider's page; whether it was asked for, the assertion and the session say
def take(request: HttpRequest, slug: str) -> HttpResponseBase:
    """An assertion of a provider of SAML, which a browser brings from there by POST, and so without its session here:
    it is checked, taken once, and the browser comes on by itself (`come_back`). Where to, the session knows; what
    `RelayState` says is not read."""
    provider = _provider(slug)
    if provider is None or not provider.by_saml or request.method != "POST":
        return redirect("office:signin")
    try:
        said = saml.read(provider, _answer(request), office_towards(provider), at=now())
        ticket = saml.take(provider, said)
    except OfficeProblem as problem:
        return _not_let_in(request, provider, problem)
    return redirect(f"{reverse('office:identity-return', args=[slug])}?{urlencode({TICKET: ticket})}")


def come_back(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Come back from the provider: who that is here is let in, or asked for their second factor."""
    provider, begun = _provider(slug), request.session.pop(KEPT, None)
    if provider is None:
        return redirect("office:signin")
    subject = ""
    try:
        attempt = _require_begun(provider, begun)
        claims = (_said_by_saml if provider.by_saml else _said_by_openid)(request, provider, attempt)
        subject = claims["sub"]
        found: FederatedIdentity = identities.of_claims(provider, claims, at=now())
        if not _is_fresh(provider, claims, found, begun):
            if begun["fresh"]:
                raise ProviderNotFresh(provider=provider.name)
            return _go(request, provider, begun["next"], fresh=True)
    except OfficeProblem as problem:
        return _not_let_in(request, provider, problem, subject)
    return admit(request, found.person, wanted=begun["next"], identity=found)


def leave(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Sign out at the provider as well, after signing out here."""
    provider = _provider(slug)
    if provider is None or provider.by_saml or request.user.is_authenticated:
        return redirect("office:signin")
    try:
        place = openid.leave(provider, comes_back_to=_address("signin"))
    except OfficeProblem as problem:
        return refused(request, None, problem)
    return redirect(place or "office:signin")


def metadata(_request: HttpRequest, slug: str) -> HttpResponseBase:
    """This office as a provider of SAML imports it; there is nothing secret in it."""
    provider = _provider(slug)
    if provider is None or not provider.by_saml:
        raise Http404()
    office = office_towards(provider)
    described = saml_metadata.of_this_office(known_as=office.known_as, takes_at=office.takes_at)
    return HttpResponse(described, content_type="application/samlmetadata+xml")


def office_towards(provider: IdentityProvider) -> saml.Office:
    """This office as a provider of SAML knows it."""
    return saml.Office(_address("identity-metadata", provider.slug), _address("identity-assertion", provider.slug))


def _answer(request: HttpRequest) -> str:
    """What a form of a stranger brings as an answer; nothing of one that is large, or would be written to disk."""
    length = str(request.META.get("CONTENT_LENGTH") or "")
    small = length.isdecimal() and int(length) <= LARGEST_FORM
    if not small or request.content_type != "application/x-www-form-urlencoded":
        return ""
    return request.POST.get("SAMLResponse", "")


def _begun_by_openid(provider: IdentityProvider, fresh: bool) -> tuple[dict[str, str], str]:
    attempt, back = openid.Attempt.fresh(), _address("identity-return", provider.slug)
    return asdict(attempt), openid.begin(provider, attempt, comes_back_to=back, fresh=fresh)


def _begun_by_saml(provider: IdentityProvider, fresh: bool) -> tuple[dict[str, str], str]:
    asked = saml.fresh_request()
    return {"request": asked}, saml.begin(provider, asked, office_towards(provider), at=now(), fresh=fresh)


def _is_fresh(
    provider: IdentityProvider, claims: dict[str, Any], found: FederatedIdentity, begun: dict[str, Any]
) -> bool:
    """Whether who comes back showed the provider who they are since their last session here was locked, and since this
    sign-in began where that was asked of it."""
    shown_at = (saml if provider.by_saml else openid).shown_at(claims)
    begun_at = datetime.fromtimestamp(begun["at"], UTC) if begun["fresh"] else None
    return identities.is_fresh(found.person, shown_at, begun_at=begun_at, at=now())


def _said_by_openid(request: HttpRequest, provider: IdentityProvider, begun: dict[str, str]) -> dict[str, Any]:
    attempt = openid.Attempt(**begun)
    if not constant_time_compare(attempt.state, request.GET.get("state", "")):
        raise _foreign(provider)
    if "error" in request.GET or not request.GET.get("code"):
        raise ProviderRefused(
            provider=provider.name, why="nơi cấp không xác nhận anh/chị", why_en="it did not vouch for you"
        )
    back = _address("identity-return", provider.slug)
    return openid.claims_of(provider, attempt, request.GET["code"], comes_back_to=back, at=now())


def _said_by_saml(request: HttpRequest, provider: IdentityProvider, begun: dict[str, str]) -> dict[str, Any]:
    claims = saml.redeem(provider, request.GET.get(TICKET, ""), begun["request"], at=now())
    if claims is None:
        raise _foreign(provider)
    return claims


def _require_begun(provider: IdentityProvider, begun: dict[str, Any] | None) -> dict[str, str]:
    """What was kept of the sign-in that was begun at this provider in this browser, not long ago, in the protocol that
    it speaks. Raises `ProviderRefused`."""
    fits = begun is not None and begun["slug"] == provider.slug and ("request" in begun["attempt"]) == provider.by_saml
    if not fits or begun is None or now().timestamp() - float(str(begun["at"])) > ATTEMPT_SECONDS:
        raise ProviderRefused(
            provider=provider.name, why="phiên đăng nhập không bắt đầu từ trình duyệt này hoặc đã quá 10 phút",
            why_en="it was not begun in this browser, or more than ten minutes ago",
        )  # fmt: skip
    attempt: dict[str, str] = begun["attempt"]
    return attempt


def _foreign(provider: IdentityProvider) -> ProviderRefused:
    return ProviderRefused(
        provider=provider.name, why="câu trả lời không thuộc phiên đăng nhập này",
        why_en="the answer does not belong to this sign-in",
    )  # fmt: skip


def _not_let_in(
    request: HttpRequest, provider: IdentityProvider, problem: OfficeProblem, subject: str = ""
) -> HttpResponse:
    """Whom the provider did not vouch for has no name here; who is unknown here has that of the provider."""
    name = f"{provider.slug}:{subject}" if isinstance(problem, IdentityUnknown) else provider.slug
    note_attempt(OfficeEvent.SIGN_IN_REFUSED, account=name, actor=Actor("person", name[:60]), at=now())
    return refused(request, None, problem)


def _provider(slug: str) -> IdentityProvider | None:
    return IdentityProvider.objects.select_related("organization").filter(slug=slug, active=True).first()


def _address(route: str, *named: str) -> str:
    return f"{settings.LIENTHONG.address}{reverse(f'office:{route}', args=named)}"
