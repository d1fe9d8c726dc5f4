"""Asking a service that keeps people's keys: the API of the Cloud Signature Consortium, version 2 (8.4, 11.4–11.10).

The service sees digests, never a document. What its user types is sent on once and kept nowhere.
"""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx
from cryptography.x509 import InvalidVersion

from lienthong.office.models import RemoteService
from lienthong.office.people import bounded, strict
from lienthong.office.people.openid import SAFE, challenge_of
from lienthong.office.people.remote_errors import RemoteCodeWrong, ServiceAway, ServiceRefused
from lienthong.standards.signatures.certificates import Certificate
from lienthong.standards.statuses import Words

CALL_SECONDS = 15
"""How long the service may take for one question, signing in to it included."""
MOST_SIGNATURES = 1000
MOST_LISTED = 100
"""Credentials of a user, certificates and algorithms of a credential."""
SHA256 = "2.16.840.1.101.3.4.2.1"
ALGORITHMS = ("1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1", "1.2.840.10045.4.3.2")
"""Ways of signing a SHA-256 that become a PAdES signature here: RSA PKCS#1 v1.5 by two names, ECDSA."""
SPARE_SECONDS = 30
_CODE = re.compile(r"[a-z_]{1,60}")
_TOKEN = re.compile(r"[!-~]{1,16384}")
UNREADABLE = Words("câu trả lời không đọc được", "its answer cannot be read")
UNREADABLE_CREDENTIAL = Words("không đọc được mô tả chứng thư số", "the description of the credential cannot be read")
T = TypeVar("T")
_tokens: dict[tuple[int, str], tuple[float, str]] = {}
"""Access tokens of this process, by service and client: until when, and the token."""


@dataclass(frozen=True)
class Offered:
    """A credential as the service describes it.

    Attributes:
        name: its credentialID.
        certificates: DER, the owner's first.
        algorithm: the first way of signing that is usable here; "" when there is none.
        mode: how its owner agrees: «explicit» with what they type or at the service; «oauth2code» in a browser.
        asks: what is typed: id, label, kind; empty when the owner agrees at the service.
        most: signatures by one consent.
        enabled: whether the key may be used now.
    """

    name: str
    certificates: tuple[bytes, ...]
    algorithm: str
    mode: str
    asks: tuple[dict[str, str], ...]
    most: int
    enabled: bool


@dataclass(frozen=True)
class Answer:
    """Whether the owner agreed: `consent` (signature activation data) when they did, else the `handle` to ask again."""

    consent: str = ""
    handle: str = ""


@dataclass(frozen=True)
class Going:
    """An owner's way to the service and back, in one browser.

    Attributes:
        state: binds the answer to this browser; `verifier`: shows that who asks is who began (PKCE).
        comes_back_to: the address here.
    """

    state: str
    verifier: str
    comes_back_to: str


class Csc:
    """A service. Everything raises `ServiceAway` and `ServiceRefused`."""

    def __init__(self, service: RemoteService) -> None:
        self._service = service

    def credentials(self, user: str) -> list[Offered]:
        """What a user of the service has there (credentials/list)."""
        asked = {
            "userID": user, "credentialInfo": True, "certificates": "chain", "certInfo": False, "authInfo": True,
        }  # fmt: skip
        told = self._asked("credentials/list", asked)
        infos = told.get("credentialInfos")
        if not isinstance(infos, list):
            raise self._refused(Words("câu trả lời không liệt kê chứng thư số", "its answer lists no credentials"))
        return self._read(
            lambda: [_offered(strict.text(one["credentialID"], 300), one) for one in strict.listed(infos, MOST_LISTED)],
            UNREADABLE_CREDENTIAL,
        )

    def credential(self, name: str) -> Offered:
        """One of them as it is now (credentials/info)."""
        asked = {"credentialID": name, "certificates": "chain", "certInfo": False, "authInfo": True}
        told = self._asked("credentials/info", asked)
        return self._read(lambda: _offered(name, told), UNREADABLE_CREDENTIAL)

    def authorize(self, name: str, digests: Sequence[bytes], typed: Mapping[str, str], *, described: str) -> Answer:
        """Ask the owner's consent to sign these digests (credentials/authorize); `described` is what they are shown.

        Raises:
            RemoteCodeWrong.
        """
        asked: dict[str, Any] = {
            "credentialID": name, "numSignatures": len(digests), "hashes": [_base64(one) for one in digests],
            "hashAlgorithmOID": SHA256, "description": described,
        }  # fmt: skip
        if typed:
            asked["authData"] = [{"id": one, "value": value} for one, value in typed.items()]
        return self._answer(self._asked("credentials/authorize", asked))

    def authorized(self, handle: str) -> Answer:
        """Whether the owner has agreed by now (credentials/authorizeCheck). Raises `RemoteCodeWrong`."""
        return self._answer(self._asked("credentials/authorizeCheck", {"handle": handle}))

    def consent_at(self, name: str, digests: Sequence[bytes], going: Going, *, described: str) -> str:
        """The address at the service where the owner agrees to sign these digests, in a browser that comes back with a
        code (oauth2/authorize, scope `credential`; RFC 7636)."""
        asked = {
            "response_type": "code", "client_id": self._service.client_id, "redirect_uri": going.comes_back_to,
            "scope": "credential", "state": going.state, "code_challenge": challenge_of(going.verifier),
            "code_challenge_method": "S256", "credentialID": name, "numSignatures": str(len(digests)),
            "hashes": ",".join(urlsafe_b64encode(one).decode() for one in digests), "hashAlgorithmOID": SHA256,
            "description": described,
        }  # fmt: skip
        return f"{self._service.address.rstrip('/')}/oauth2/authorize?{urlencode(asked)}"

    def consent_of(self, code: str, going: Going) -> str:
        """The owner's consent (signature activation data) for the code that the browser came back with."""
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": going.comes_back_to,
            "code_verifier": going.verifier, "client_id": self._service.client_id,
        }  # fmt: skip
        login = (self._service.client_id, SAFE.reveal(self._service.secret))
        status, raw = self._post("oauth2/token", monotonic() + CALL_SECONDS, data=form, auth=login)
        told = self._read(lambda: strict.an_object(raw))
        consent = self._read(lambda: strict.optional(told.get("access_token"), strict.LONGEST))
        if status != 200 or not consent or str(told.get("token_type", "")).upper() != "SAD":
            raise self._refused(Words("không xác nhận anh/chị đã đồng ý", "it does not confirm that you agreed"))
        return consent

    def sign(self, name: str, consent: str, digests: Sequence[bytes], algorithm: str) -> list[bytes]:
        """The signatures over these digests, in their order (signatures/signHash, synchronous)."""
        asked = {
            "credentialID": name, "SAD": consent, "hashes": [_base64(one) for one in digests],
            "hashAlgorithmOID": SHA256, "signAlgo": algorithm, "operationMode": "S",
        }  # fmt: skip
        told = self._asked("signatures/signHash", asked).get("signatures")
        if not isinstance(told, list) or len(told) != len(digests):
            raise self._refused(Words("số chữ ký trả về không đúng", "it gave another number of signatures"))
        return self._read(lambda: [strict.octets(one, strict.LONGEST) for one in told])

    def _answer(self, told: dict[str, Any]) -> Answer:
        answer = self._read(
            lambda: Answer(*(strict.optional(told.get(name), strict.LONGEST) for name in ("SAD", "handle")))
        )
        if not answer.consent and not answer.handle:
            raise self._refused(
                Words("câu trả lời không rõ có đồng ý hay không", "it does not say whether they agreed")
            )
        return answer

    def _asked(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        """A JSON object that the service answers. What was asked with, and what was answered, is told to nobody."""
        until = monotonic() + CALL_SECONDS
        status, raw = self._post(method, until, json=body, headers={"Authorization": f"Bearer {self._token(until)}"})
        if status == 401:  # it forgot the token before its time
            _tokens.pop(self._holder, None)
            again = {"Authorization": f"Bearer {self._token(until)}"}
            status, raw = self._post(method, until, json=body, headers=again)
        told = self._read(lambda: strict.an_object(raw))
        if status in (200, 202):
            return told
        code = str(told.get("error", ""))
        if code in ("invalid_authentication_data", "invalid_otp", "invalid_pin"):
            raise RemoteCodeWrong()
        shown = code if _CODE.fullmatch(code) else str(status)
        raise self._refused(Words(f"không chấp nhận yêu cầu ({shown})", f"it did not accept the request ({shown})"))

    def _token(self, until: float) -> str:
        held_until, token = _tokens.get(self._holder, (0.0, ""))
        if held_until > monotonic():
            return token
        login = (self._service.client_id, SAFE.reveal(self._service.secret))
        status, raw = self._post("oauth2/token", until, data={"grant_type": "client_credentials"}, auth=login)
        told = self._read(lambda: strict.an_object(raw))
        token = str(told.get("access_token", ""))
        if status != 200 or not _TOKEN.fullmatch(token):
            raise self._refused(
                Words("không nhận hệ thống này (client id)", "it does not know this office (client id)")
            )
        lasts = told.get("expires_in")
        lasts = min(lasts, 24 * 3600) if isinstance(lasts, int) else 3600
        _tokens[self._holder] = (monotonic() + max(0, lasts - SPARE_SECONDS), token)
        return token

    @property
    def _holder(self) -> tuple[int, str]:
        return self._service.pk, f"{self._service.address} {self._service.client_id}"

    def _post(self, method: str, until: float, **sent: Any) -> tuple[int, bytes]:
        try:
            status, raw = bounded.post(f"{self._service.address.rstrip('/')}/{method}", until=until, **sent)
        except bounded.TooLarge as fault:
            raise self._refused(UNREADABLE) from fault
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise ServiceAway(service=self._service.name) from fault
        if status >= 500 or status == 429:
            raise ServiceAway(service=self._service.name)
        return status, raw

    def _read(self, reading: Callable[[], T], why: Words = UNREADABLE) -> T:
        """What the service answered, or its refusal by name: nothing that it says is a fault of this system."""
        try:
            return reading()
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            raise self._refused(why) from fault

    def _refused(self, why: Words) -> ServiceRefused:
        return ServiceRefused(service=self._service.name, why=why.vi, why_en=why.en)


def _base64(raw: bytes) -> str:
    return b64encode(raw).decode()


def _offered(name: str, told: dict[str, Any]) -> Offered:
    """Raises what reading may raise (`Csc._read`)."""
    key, certificate, auth = told["key"], told["cert"], told["auth"]
    certificates = strict.listed(certificate["certificates"], MOST_LISTED)
    algorithms = strict.listed(key["algo"], MOST_LISTED)
    return Offered(
        name=name,
        certificates=tuple(_certificate(one) for one in certificates),
        algorithm=next((one for one in ALGORITHMS if one in algorithms), ""),
        mode=strict.text(auth["mode"], 60),
        asks=tuple(_asked_of_owner(one) for one in strict.listed(auth.get("objects") or [], 10)),
        most=strict.number(told.get("multisign", 1), MOST_SIGNATURES),
        enabled=key["status"] == "enabled" and certificate.get("status", "valid") == "valid",
    )


def _asked_of_owner(told: dict[str, Any]) -> dict[str, str]:
    name = strict.text(told["id"], 60)
    label = strict.optional(told.get("label"), strict.LONGEST) or name
    return {"id": name, "label": label[:60], "kind": strict.text(told["type"], 60)}


def _certificate(told: object) -> bytes:
    """A certificate, in whose names nothing stands that cannot be kept."""
    der = strict.octets(told, strict.LONGEST)
    try:
        read = Certificate.read(der)
    except InvalidVersion as fault:  # the one fault of a certificate that is no ValueError
        raise ValueError("it is no certificate") from fault
    if "\0" in f"{read.name}{read.organization}{read.code}{read.title}{read.issuer}":
        raise ValueError("PostgreSQL holds no NUL")
    return der
