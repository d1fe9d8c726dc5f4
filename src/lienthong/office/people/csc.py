"""Asking a service that keeps people's keys: the API of the Cloud Signature Consortium, version 2 (11.4–11.10).

The service sees digests, never a document. What its user types is sent on once and kept nowhere.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import httpx

from lienthong.office.models import RemoteService
from lienthong.office.people.openid import SAFE
from lienthong.office.people.remote_errors import RemoteCodeWrong, ServiceAway, ServiceRefused
from lienthong.standards.statuses import Words

PATIENCE_SECONDS = 10
LARGEST = 1 << 20
SHA256 = "2.16.840.1.101.3.4.2.1"
ALGORITHMS = ("1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1", "1.2.840.10045.4.3.2")
"""Ways of signing a SHA-256 that become a PAdES signature here: RSA PKCS#1 v1.5 by two names, ECDSA."""
SPARE_SECONDS = 30
_CODE = re.compile(r"[a-z_]{1,60}")
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
        return [self._offered(str(one.get("credentialID", "")), one) for one in infos if isinstance(one, dict)]

    def credential(self, name: str) -> Offered:
        """One of them as it is now (credentials/info)."""
        asked = {"credentialID": name, "certificates": "chain", "certInfo": False, "authInfo": True}
        return self._offered(name, self._asked("credentials/info", asked))

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

    def sign(self, name: str, consent: str, digests: Sequence[bytes], algorithm: str) -> list[bytes]:
        """The signatures over these digests, in their order (signatures/signHash, synchronous)."""
        asked = {
            "credentialID": name, "SAD": consent, "hashes": [_base64(one) for one in digests],
            "hashAlgorithmOID": SHA256, "signAlgo": algorithm, "operationMode": "S",
        }  # fmt: skip
        told = self._asked("signatures/signHash", asked).get("signatures")
        if not isinstance(told, list) or len(told) != len(digests):
            raise self._refused(Words("số chữ ký trả về không đúng", "it gave another number of signatures"))
        return [self._bytes(one) for one in told]

    def _answer(self, told: dict[str, Any]) -> Answer:
        answer = Answer(str(told.get("SAD") or ""), str(told.get("handle") or ""))
        if not answer.consent and not answer.handle:
            raise self._refused(
                Words("câu trả lời không rõ có đồng ý hay không", "it does not say whether they agreed")
            )
        return answer

    def _offered(self, name: str, told: dict[str, Any]) -> Offered:
        try:
            key, certificate, auth = told["key"], told["cert"], told["auth"]
            objects = auth.get("objects") or []
            return Offered(
                name=name,
                certificates=tuple(self._bytes(one) for one in certificate["certificates"]),
                algorithm=next((one for one in ALGORITHMS if one in key["algo"]), ""),
                mode=str(auth["mode"]),
                asks=tuple(
                    {
                        "id": str(one["id"])[:60],
                        "label": str(one.get("label") or one["id"])[:60],
                        "kind": str(one["type"]),
                    }
                    for one in objects
                ),
                most=max(1, int(told.get("multisign", 1))),
                enabled=key["status"] == "enabled" and certificate.get("status", "valid") == "valid",
            )
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            raise self._refused(
                Words("không đọc được mô tả chứng thư số", "the description of the credential cannot be read")
            ) from fault

    def _asked(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        """A JSON object that the service answers. What was asked with, and what was answered, is told to nobody."""
        answer = self._post(method, json=body, headers={"Authorization": f"Bearer {self._token()}"})
        if answer.status_code == 401:  # it forgot the token before its time
            _tokens.pop(self._holder, None)
            answer = self._post(method, json=body, headers={"Authorization": f"Bearer {self._token()}"})
        told = self._told(answer)
        if answer.status_code in (200, 202):
            return told
        code = str(told.get("error", ""))
        if code in ("invalid_authentication_data", "invalid_otp", "invalid_pin"):
            raise RemoteCodeWrong()
        shown = code if _CODE.fullmatch(code) else str(answer.status_code)
        raise self._refused(Words(f"không chấp nhận yêu cầu ({shown})", f"it did not accept the request ({shown})"))

    def _token(self) -> str:
        until, token = _tokens.get(self._holder, (0.0, ""))
        if until > monotonic():
            return token
        login = (self._service.client_id, SAFE.reveal(self._service.secret))
        answer = self._post("oauth2/token", data={"grant_type": "client_credentials"}, auth=login)
        told = self._told(answer)
        token = str(told.get("access_token", ""))
        if answer.status_code != 200 or not token:
            raise self._refused(
                Words("không nhận hệ thống này (client id)", "it does not know this office (client id)")
            )
        lasts = told.get("expires_in")
        lasts = lasts if isinstance(lasts, int) else 3600
        _tokens[self._holder] = (monotonic() + max(0, lasts - SPARE_SECONDS), token)
        return token

    @property
    def _holder(self) -> tuple[int, str]:
        return self._service.pk, f"{self._service.address} {self._service.client_id}"

    def _post(self, method: str, **sent: Any) -> httpx.Response:
        try:
            with httpx.Client(timeout=PATIENCE_SECONDS, trust_env=False) as client:
                answer = client.post(f"{self._service.address.rstrip('/')}/{method}", **sent)
        except httpx.HTTPError as fault:
            raise ServiceAway(service=self._service.name) from fault
        if answer.status_code >= 500 or answer.status_code == 429:
            raise ServiceAway(service=self._service.name)
        return answer

    def _told(self, answer: httpx.Response) -> dict[str, Any]:
        try:
            told = answer.json() if len(answer.content) <= LARGEST else None
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise self._refused(Words("câu trả lời không đọc được", "its answer cannot be read"))
        return told

    def _bytes(self, text: object) -> bytes:
        try:
            return b64decode(str(text), validate=True)
        except (NotBase64, ValueError) as fault:
            raise self._refused(Words("câu trả lời không đọc được", "its answer cannot be read")) from fault

    def _refused(self, why: Words) -> ServiceRefused:
        return ServiceRefused(service=self._service.name, why=why.vi, why_en=why.en)


def _base64(raw: bytes) -> str:
    return b64encode(raw).decode()
