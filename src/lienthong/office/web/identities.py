"""Signing in by a provider of identity, and leaving it again. Nobody is signed in here before the provider's answer was
checked and an account found."""

from __future__ import annotations

from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from lienthong.journal.attempts import note_attempt
from lienthong.journal.record import Actor
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import OfficeProblem
from lienthong.office.models import FederatedIdentity, IdentityProvider
from lienthong.office.people import identities, openid
from lienthong.office.people.sign_in_errors import IdentityUnknown, ProviderRefused
from lienthong.office.web.guards import now, refused
from lienthong.office.web.signin import admit, wanted_of

KEPT = "openid"
"""Of a session: the attempt that was begun."""
ATTEMPT_SECONDS = 600


def begin(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Go to the provider."""
    provider = _provider(slug)
    if provider is None:
        return redirect("office:signin")
    attempt = openid.Attempt.fresh()
    try:
        place = openid.begin(provider, attempt, comes_back_to=_address("identity-return", slug))
    except OfficeProblem as problem:
        return refused(request, None, problem)
    request.session[KEPT] = {
        "slug": slug, "next": wanted_of(request), "at": now().timestamp(), "attempt": asdict(attempt),
    }  # fmt: skip
    return redirect(place)


def come_back(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Come back from the provider: who that is here is let in, or asked for their second factor."""
    provider, begun = _provider(slug), request.session.pop(KEPT, None)
    if provider is None:
        return redirect("office:signin")
    subject = ""
    try:
        attempt = _require_begun(request, provider, begun)
        claims = openid.claims_of(
            provider, attempt, request.GET.get("code", ""), comes_back_to=_address("identity-return", slug), at=now()
        )
        subject = claims["sub"]
        found: FederatedIdentity = identities.of_claims(provider, claims, at=now())
    except OfficeProblem as problem:
        # Whom the provider did not vouch for has no name here; who is unknown here has that of the provider.
        name = f"{slug}:{subject}" if isinstance(problem, IdentityUnknown) else slug
        note_attempt(OfficeEvent.SIGN_IN_REFUSED, account=name, actor=Actor("person", name[:60]), at=now())
        return refused(request, None, problem)
    return admit(request, found.person, wanted=begun["next"], identity=found)


def leave(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Sign out at the provider as well, after signing out here."""
    provider = _provider(slug)
    if provider is None or request.user.is_authenticated:
        return redirect("office:signin")
    try:
        place = openid.leave(provider, comes_back_to=_address("signin"))
    except OfficeProblem as problem:
        return refused(request, None, problem)
    return redirect(place or "office:signin")


def _require_begun(request: HttpRequest, provider: IdentityProvider, begun: dict[str, object] | None) -> openid.Attempt:
    """The attempt that this answer belongs to. Raises `ProviderRefused`."""
    fits = begun is not None and begun["slug"] == provider.slug
    if not fits or begun is None or now().timestamp() - float(str(begun["at"])) > ATTEMPT_SECONDS:
        raise ProviderRefused(
            provider=provider.name, why="phiên đăng nhập không bắt đầu từ trình duyệt này hoặc đã quá 10 phút",
            why_en="it was not begun in this browser, or more than ten minutes ago",
        )  # fmt: skip
    attempt = openid.Attempt(**begun["attempt"])  # type: ignore[arg-type]
    if not constant_time_compare(attempt.state, request.GET.get("state", "")):
        raise ProviderRefused(
            provider=provider.name, why="câu trả lời không thuộc phiên đăng nhập này",
            why_en="the answer does not belong to this sign-in",
        )  # fmt: skip
    if "error" in request.GET or not request.GET.get("code"):
        raise ProviderRefused(
            provider=provider.name, why="nơi cấp không xác nhận anh/chị", why_en="it did not vouch for you"
        )
    return attempt


def _provider(slug: str) -> IdentityProvider | None:
    return IdentityProvider.objects.select_related("organization").filter(slug=slug, active=True).first()


def _address(route: str, *named: str) -> str:
    return f"{settings.LIENTHONG.address}{reverse(f'office:{route}', args=named)}"
