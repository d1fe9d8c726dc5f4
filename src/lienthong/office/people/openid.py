"""Signing in by another service: OpenID Connect, authorization code with PKCE (OpenID Connect Core 1.0; RFC 7636).

A provider's word says who somebody is there. Who that is here, and what they may do, is `identities`' and the agency's.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from lienthong.look.secrets import Safe
from lienthong.office.models import IdentityProvider
from lienthong.office.people import bounded, strict
from lienthong.office.people.sign_in_errors import ProviderAway, ProviderRefused
from lienthong.protocol.channel import is_loopback
from lienthong.standards.statuses import Words

SAFE = Safe(b"lienthong-office")
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
"""By which a provider may sign: never "none", never a secret that both sides know."""
CALL_SECONDS = 10
"""How long the provider may take for one question."""
LEEWAY_SECONDS = 60
"""By which the clocks of both sides may differ; for providers that speak SAML as well."""
OLDEST_SECONDS = 24 * 3600
"""How long ago a person may have shown a provider who they are; providers that speak SAML as well."""
UNREADABLE = Words("câu trả lời không đọc được", "its answer cannot be read")


@dataclass(frozen=True)
class Attempt:
    """What a sign-in that was begun has to come back with; it stays in the session.

    Attributes:
        state, nonce: bind the answer, and the token in it, to this browser.
        verifier: proves to the provider that who asks for the token is who began (PKCE).
    """

    state: str
    nonce: str
    verifier: str

    @staticmethod
    def fresh() -> Attempt:
        """A new one."""
        return Attempt(*(secrets.token_urlsafe(32) for _ in range(3)))


def begin(provider: IdentityProvider, attempt: Attempt, *, comes_back_to: str, fresh: bool = False) -> str:
    """The address at the provider where the person signs in; where `fresh`, they show there anew who they are, whatever
    session they have. Raises `ProviderAway`, `ProviderRefused`."""
    asked = {
        "response_type": "code", "scope": "openid profile", "client_id": provider.client_id,
        "redirect_uri": comes_back_to, "state": attempt.state, "nonce": attempt.nonce,
        "code_challenge": challenge_of(attempt.verifier), "code_challenge_method": "S256",
        "max_age": "0" if fresh else str(OLDEST_SECONDS),  # so that it has to say when they did (OpenID Connect, 2)
        **({"prompt": "login"} if fresh else {}),
    }  # fmt: skip
    return _with_query(_endpoint(provider, _described(provider), "authorization_endpoint"), asked)


def challenge_of(verifier: str) -> str:
    """What is told of a verifier where something begins, and nobody finds it by (PKCE, RFC 7636, 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def claims_of(
    provider: IdentityProvider, attempt: Attempt, code: str, *, comes_back_to: str, at: datetime
) -> dict[str, Any]:
    """What the provider says of who signed in there: its ID token, whose signature, issuer, audience, time and nonce
    were checked. Raises `ProviderAway`, `ProviderRefused`."""
    described = _described(provider)
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": comes_back_to,
        "code_verifier": attempt.verifier,
    }  # fmt: skip
    # The parts of a Basic header are form-encoded first (RFC 6749, 2.3.1).
    login = (quote(provider.client_id, safe=""), quote(SAFE.reveal(provider.secret), safe=""))
    token_at = _endpoint(provider, described, "token_endpoint")
    answer = _asked(provider, lambda until: bounded.post(token_at, until=until, data=form, auth=login))
    keys_at = _endpoint(provider, described, "jwks_uri")
    keys = _asked(provider, lambda until: bounded.get(keys_at, until=until))
    return _checked(provider, attempt, str(answer.get("id_token", "")), keys, at)


def shown_at(claims: dict[str, Any]) -> datetime | None:
    """When the person showed the provider who they are (`auth_time`); None where it does not say so."""
    told = claims.get("auth_time")
    if not isinstance(told, int) or isinstance(told, bool) or not 0 < told < 1 << 34:
        return None
    return datetime.fromtimestamp(told, UTC)


def leave(provider: IdentityProvider, *, comes_back_to: str) -> str:
    """The address at the provider where the person signs out there as well; empty where it has none.

    Raises:
        ProviderAway, ProviderRefused.
    """
    described = _described(provider)
    if not described.get("end_session_endpoint"):
        return ""
    asked = {"client_id": provider.client_id, "post_logout_redirect_uri": comes_back_to}
    return _with_query(_endpoint(provider, described, "end_session_endpoint"), asked)


def is_safe(address: str) -> bool:
    """Whether nobody on the way to an address could read along: by TLS, or on this machine."""
    parts = urlsplit(address)
    if parts.username or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "-"))


def _described(provider: IdentityProvider) -> dict[str, Any]:
    at = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    described = _asked(provider, lambda until: bounded.get(at, until=until))
    if described.get("issuer") != provider.issuer:
        raise _refused(provider, Words("địa chỉ nơi cấp không khớp", "it names another issuer"))
    return described


def _endpoint(provider: IdentityProvider, described: dict[str, Any], name: str) -> str:
    address = str(described.get(name, ""))
    if not is_safe(address):
        raise _refused(provider, Words("nơi cấp không khai báo địa chỉ an toàn", "an address is missing or unsafe"))
    return address


def _asked(provider: IdentityProvider, ask: Callable[[float], tuple[int, bytes]]) -> dict[str, Any]:
    """A JSON object that the provider answers, asked until a moment of `time.monotonic`. What was asked with, and what
    was answered, is told to nobody."""
    try:
        status, raw = ask(monotonic() + CALL_SECONDS)
    except bounded.TooLarge as fault:
        raise _refused(provider, UNREADABLE) from fault
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        raise ProviderAway(provider=provider.name) from fault
    if status >= 500:
        raise ProviderAway(provider=provider.name)
    if status != 200:
        raise _refused(provider, Words("nơi cấp không chấp nhận yêu cầu", "it did not accept the request"))
    try:
        return strict.an_object(raw)
    except ValueError as fault:
        raise _refused(provider, UNREADABLE) from fault


def _checked(
    provider: IdentityProvider, attempt: Attempt, token: str, keys: dict[str, Any], at: datetime
) -> dict[str, Any]:
    rules = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()), leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.issuer}, aud={"essential": True, "value": provider.client_id},
        exp={"essential": True}, iat={"essential": True}, sub={"essential": True},
        nonce={"essential": True, "value": attempt.nonce},
    )  # fmt: skip
    try:
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]
        rules.validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as fault:
        raise _refused(
            provider,
            Words("chữ ký hoặc nội dung xác nhận không hợp lệ", "its statement or signature does not hold"),
        ) from fault
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise _refused(provider, Words("xác nhận cấp cho hệ thống khác", "its statement is for another system"))
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise _refused(provider, Words("nơi cấp không nêu ai đăng nhập", "it does not say who signed in"))
    return dict(claims)


def _with_query(address: str, asked: dict[str, str]) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"


def _refused(provider: IdentityProvider, why: Words) -> ProviderRefused:
    return ProviderRefused(provider=provider.name, why=why.vi, why_en=why.en)
