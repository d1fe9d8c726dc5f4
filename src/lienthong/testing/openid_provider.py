"""A provider of identity on this machine (OpenID Connect): real HTTP, real signatures, one person who is always willing
to sign in; and it can misbehave."""

from __future__ import annotations

import json
import secrets
from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from time import time
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from lienthong.testing.served import Served


class OpenIdProvider(Served):
    """Use as `with OpenIdProvider() as provider: …`.

    Attributes:
        claims: what it says of who signs in; each replaces what it would say by itself, None leaves it out.
        signs_with: the key that signs; another than the published one is a forgery.
        described: what replaces its own description.
        shown_at: when its person showed who they are last; a sign-in that asks for it anew (`prompt`) moves it on,
            unless `lax`: then it vouches by its own session whatever is asked.
        asked: the parameters of the last sign-in that was begun with it.
    """

    client_id, client_secret = "lien-thong", "bí mật/của:hệ thống"

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
        self.signs_with = self.key
        self.claims: dict[str, Any] = {"sub": "u-1"}
        self.described: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.away = False
        self.shown_at, self.lax = int(time()), False
        self._codes: dict[str, dict[str, str]] = {}
        super().__init__(self._handler())

    @property
    def issuer(self) -> str:
        """Its address, by which it is known."""
        return f"http://127.0.0.1:{self.port}"

    def description(self) -> dict[str, Any]:
        """What it publishes of itself (OpenID Connect Discovery 1.0)."""
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        told = {name: f"{self.issuer}/{place}" for name, place in places.items()}
        told["end_session_endpoint"] = f"{self.issuer}/leave?from=here"
        return {"issuer": self.issuer, **told, **self.described}

    def authorize(self, asked: dict[str, str]) -> str:
        """The person signs in here; gives the address to go back to."""
        self.asked = asked
        if asked.get("prompt") == "login" and not self.lax:
            self.shown_at = int(time())
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The ID token for a code, to who began the sign-in and knows the secret; None for anybody else."""
        begun = self._codes.pop(form.get("code", ""), None)
        login = b64decode(authorization.removeprefix("Basic ")).decode().split(":")
        if begun is None or [unquote(part) for part in login] != [self.client_id, self.client_secret]:
            return None
        proof = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if begun["code_challenge"] != proof or begun["redirect_uri"] != form.get("redirect_uri"):
            return None
        said = {
            "iss": self.issuer, "aud": self.client_id, "iat": int(time()), "exp": int(time()) + 300,
            "nonce": begun["nonce"], **({"auth_time": self.shown_at} if "max_age" in begun else {}), **self.claims,
        }  # fmt: skip
        said = {name: value for name, value in said.items() if value is not None}
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, said, self.signs_with)
        return {"id_token": signed, "access_token": secrets.token_urlsafe(16), "token_type": "Bearer"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                match parts.path:
                    case "/.well-known/openid-configuration":
                        self._tell(provider.description())
                    case "/keys":
                        self._tell({"keys": [provider.key.as_dict(private=False)]})
                    case "/authorize":
                        self.send_response(302)
                        self.send_header("Location", provider.authorize(_flat(parts.query)))
                        self.end_headers()
                    case _:
                        self.send_error(404)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._tell(provider.token(_flat(body), self.headers.get("Authorization", "")))

            def _tell(self, told: dict[str, Any] | None) -> None:
                self.send_response(503 if provider.away else 200 if told is not None else 400)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(told or {"error": "invalid_grant"}).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
