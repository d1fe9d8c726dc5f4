"""A service of remote signing on this machine (CSC API v2): real HTTP, real keys; its users agree on a phone that tests
hold, by PIN and OTP, or on its page. It can misbehave."""

from __future__ import annotations

import json
import secrets
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from lienthong.testing.pki import Identity
from lienthong.testing.served import Served

PIN, OTP = "135791", "424242"
RSA, ECDSA = "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2"


@dataclass
class Credential:
    """A user's key at the service.

    Attributes:
        phone: whether its owner agrees on a phone; else by PIN and OTP.
        browser: whether they agree on a page of the service instead (oauth2code).
        described: what replaces its own description.
        signs_with: the key that signs; another than the certificate's is a forgery.
    """

    name: str
    user: str
    identity: Identity
    phone: bool = True
    browser: bool = False
    most: int = 50
    described: dict[str, Any] = field(default_factory=dict)
    signs_with: Identity | None = None

    def sign(self, digest: bytes) -> bytes:
        """What the key makes of a SHA-256."""
        key = (self.signs_with or self.identity).private_key
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(digest, padding.PKCS1v15(), Prehashed(hashes.SHA256()))
        return key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))


@dataclass
class Consent:
    """What a user is asked to agree to, and has agreed to when `given`."""

    credential: Credential
    digests: tuple[str, ...]
    description: str
    given: bool | None = None
    used: bool = False


class CscService(Served):
    """Use as `with CscService() as service: …`.

    Attributes:
        away: whether it answers 503 to everything.
        loses: methods whose next answer is lost on the way: it does what is asked, and the line breaks.
        by_hand: methods that are answered in another way than the API's.
        calls: methods that were called, in order.
        asked: bodies of `credentials/authorize`.
        willing: whether who comes to its page agrees there.
        signed: how many signatures it made.
    """

    client_id, client_secret = "lien-thong", "bi-mat-csc"

    def __init__(self) -> None:
        self.credentials: dict[str, Credential] = {}
        self.consents: dict[str, Consent] = {}
        self.away = False
        self.loses: set[str] = set()
        self.by_hand: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.calls: list[str] = []
        self.asked: list[dict[str, Any]] = []
        self.signed, self.willing = 0, True
        self._codes: dict[str, tuple[str, dict[str, str]]] = {}
        self._handles: dict[str, str] = {}
        self._tokens: set[str] = set()
        super().__init__(self._handler())

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/csc/v2"

    def keep(self, user: str, identity: Identity, **how: Any) -> Credential:
        """Keep somebody's key."""
        made = Credential(secrets.token_hex(6), user, identity, **how)
        self.credentials[made.name] = made
        return made

    def agree(self, *, yes: bool = True) -> int:
        """Every user who is being asked takes up their phone; how many were asked."""
        waiting = [one for one in self.consents.values() if one.given is None]
        for one in waiting:
            one.given = yes
        return len(waiting)

    def forget_tokens(self) -> None:
        """As after a restart."""
        self._tokens.clear()

    # -- the methods of the API --------------------------------------------------------------------------------------

    def answer(self, method: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and answer of a method, for who is let in."""
        match method:
            case "credentials/list":
                mine = [one for one in self.credentials.values() if one.user == body.get("userID")]
                infos = [{"credentialID": one.name, **_described(one)} for one in mine]
                return 200, {"credentialIDs": [one.name for one in mine], "credentialInfos": infos}
            case "credentials/info" if found := self.credentials.get(body.get("credentialID", "")):
                return 200, _described(found)
            case "credentials/authorize" if found := self.credentials.get(body.get("credentialID", "")):
                return self._authorize(found, body)
            case "credentials/authorizeCheck" if (handle := body.get("handle")) in self._handles:
                return self._checked(str(handle))
            case "signatures/signHash":
                return self._sign(body)
            case _:
                return 400, {"error": "invalid_request"}

    def _authorize(self, credential: Credential, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.asked.append(body)
        if len(body["hashes"]) != body["numSignatures"] or body["numSignatures"] > credential.most:
            return 400, {"error": "invalid_request"}
        consent = Consent(credential, tuple(body["hashes"]), str(body.get("description", "")))
        typed = {one["id"]: one["value"] for one in body.get("authData", [])}
        if not credential.phone:
            if typed != {"PIN": PIN, "OTP": OTP}:
                return 400, {"error": "invalid_authentication_data"}
            consent.given = True
        sad, handle = secrets.token_hex(16), secrets.token_hex(16)
        self.consents[sad], self._handles[handle] = consent, sad
        return (200, {"SAD": sad}) if consent.given else (202, {"handle": handle})

    def _checked(self, handle: str) -> tuple[int, dict[str, Any]]:
        consent = self.consents[self._handles[handle]]
        if consent.given is None:
            return 202, {"handle": handle}
        return (200, {"SAD": self._handles[handle]}) if consent.given else (400, {"error": "access_denied"})

    def _sign(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        consent = self.consents.get(body.get("SAD", ""))
        if consent is None or not consent.given or consent.used:
            return 400, {"error": "invalid_request"}
        if consent.credential.name != body["credentialID"] or tuple(body["hashes"]) != consent.digests:
            return 400, {"error": "invalid_request"}
        consent.used = True
        made = [consent.credential.sign(b64decode(one)) for one in body["hashes"]]
        self.signed += len(made)
        return 200, {"signatures": [b64encode(one).decode() for one in made]}

    def page(self, asked: dict[str, str]) -> str:
        """Who comes to the service's page agrees there, or not (oauth2/authorize); where the browser goes back to."""
        credential, hashes_told = self.credentials[asked["credentialID"]], asked["hashes"].split(",")
        if not credential.browser or asked["scope"] != "credential" or len(hashes_told) != int(asked["numSignatures"]):
            return f"{asked['redirect_uri']}?{urlencode({'error': 'invalid_request', 'state': asked['state']})}"
        if not self.willing:
            return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        digests = tuple(b64encode(urlsafe_b64decode(one)).decode() for one in hashes_told)
        sad, code = secrets.token_hex(16), secrets.token_hex(16)
        self.consents[sad] = Consent(credential, digests, asked["description"], given=True)
        self._codes[code] = sad, asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def consent(self, authorization: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The consent that was given on the page, once, to who began it and knows the secret."""
        sad, asked = self._codes.pop(form.get("code", ""), ("", {}))
        proof = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        known = b64decode(authorization.removeprefix("Basic ")).decode() == f"{self.client_id}:{self.client_secret}"
        if not sad or not known or (asked["code_challenge"], asked["redirect_uri"]) != (proof, form["redirect_uri"]):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": sad, "token_type": "SAD", "expires_in": 300}

    def token(self, authorization: str) -> tuple[int, dict[str, Any]]:
        """A token for who knows the secret."""
        login = b64decode(authorization.removeprefix("Basic ")).decode().split(":")
        if login != [self.client_id, self.client_secret]:
            return 401, {"error": "invalid_client"}
        token = secrets.token_hex(16)
        self._tokens.add(token)
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(302)
                self.send_header("Location", service.page(_flat(urlsplit(self.path).query)))
                self.end_headers()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                method = self.path.removeprefix("/csc/v2/")
                authorization = self.headers.get("Authorization", "")
                if method in service.by_hand:
                    service.by_hand[method](self)
                    return
                if service.away:
                    status, told = 503, {"error": "service_unavailable"}
                elif method == "oauth2/token" and b"authorization_code" in body:
                    status, told = service.consent(authorization, _flat(body.decode()))
                elif method == "oauth2/token":
                    status, told = service.token(authorization)
                elif authorization.removeprefix("Bearer ") not in service._tokens:
                    status, told = 401, {"error": "invalid_token"}
                else:
                    service.calls.append(method)
                    status, told = service.answer(method, json.loads(body))
                if method in service.loses:
                    service.loses.discard(method)
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(told).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def _described(credential: Credential) -> dict[str, Any]:
    """A credential as section 11.5 has it."""
    public = credential.identity.x509.public_key()
    objects = [
        {"type": "Password", "id": "PIN", "format": "N", "label": "PIN"},
        {"type": "Password", "id": "OTP", "format": "N", "label": "OTP"},
    ]
    told: dict[str, Any] = {
        "key": {"status": "enabled", "algo": [RSA if isinstance(public, rsa.RSAPublicKey) else ECDSA], "len": 2048},
        "cert": {
            "status": "valid",
            "certificates": [
                b64encode(one).decode() for one in (credential.identity.certificate, *credential.identity.chain)
            ],
        },
        "auth": {
            "mode": "oauth2code" if credential.browser else "explicit",
            "objects": [] if credential.phone or credential.browser else objects,
        },
        "SCAL": "2",
        "multisign": credential.most,
    }
    return told | credential.described


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
