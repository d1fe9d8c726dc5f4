"""A Python double of the existing Java client, with its quirks: what it sends, byte for byte, and what it makes of the
answers (`wire.md` 3). It is a test of the hub, so it takes nothing from the hub's own side of the protocol."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit


@dataclass
class JavaClient:
    """One service object of the client.

    Args:
        endpoint: address of the hub.
        system: system id; `secret`: the shared text.
        tls: for an `https` endpoint: whom to believe, and the certificate to show.
        version: `2.0.0` or `2.0.1`; they read some answers differently.

    As in the original, the timestamp is set once and the parameters of earlier calls are never cleared.
    """

    endpoint: str
    system: str
    secret: str
    version: str = "2.0.1"
    tls: ssl.SSLContext | None = None
    moment: datetime = field(default_factory=datetime.now)
    parameters: dict[str, str] = field(default_factory=dict)

    # -- operations ----------------------------------------------------------------------------------------------

    def send_edoc(
        self, packet: bytes, *, sender: str, kind: str = "edoc", to: list[str] | None = None,
        arriving: bytes | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Send a packet: its bytes and a line end, with a digest whose bytes lack their leading zeros. What is
        `arriving` is what becomes of the packet on its way, if not the same."""
        digest = hashlib.sha256(packet).digest()
        self.parameters |= {
            "servicetype": "eDoc",
            "messagetype": kind,
            "hash-file": "".join(f"{byte:x}" for byte in digest),
            "from": sender,
        }
        if to is not None:
            self.parameters["to"] = json.dumps(to)  # and it stays, like everything else
        _, body = self._request("POST", "sendEdoc", (arriving or packet) + b"\r\n", "application/octet-stream")
        answer = json.loads(body.decode("ascii").replace("\n", ""))
        return self._require(answer, "DocId")

    def received(self, kind: str = "edoc", *, since: str = "", until: str = "") -> list[dict[str, str]]:
        """What waits; of a range of days (`yyyy/MM/dd`) as the variants of the client for .NET and REST ask."""
        days = {name: day for name, day in (("fromDate", since), ("toDate", until)) if day}
        self.parameters |= {"servicetype": "eDoc", "messagetype": kind, **days}
        _, body = self._request("POST", "getReceivedEdocList", b"", "application/json")
        return self._list(body)

    def get_edoc(self, doc_id: str) -> bytes | None:
        """A packet out of the JSON answer; None when the client would report a failure."""
        self.parameters |= {"docId": doc_id, "filePath": "/var/vxp/Văn bản đến"}
        _, body = self._request("POST", "getEdoc", b"{}", "application/json", expect=True)
        answer = self._require(json.loads(body))
        if self.version == "2.0.0":
            data: str = answer["data"]  # this version always wants it
        elif answer["status"] == "FAIL":
            return None
        else:
            data = answer["data"]
        return base64.b64decode(data) or None

    def download_edoc(self, doc_id: str) -> bytes | None:
        """A packet as a plain body; the client looks at nothing but whether it is empty."""
        self.parameters |= {"docId": doc_id, "filePath": "/var/vxp/Văn bản đến"}
        _, body = self._request("GET", "downloadEdoc", None, "application/octet-stream")
        return body or None

    def update_status(self, doc_id: str, status: str) -> dict[str, Any]:
        """Acknowledge; vendors spell the parameter differently here."""
        self.parameters |= {"docid": doc_id, "status": status}
        _, body = self._request("POST", "updateStatus", b"{}", "application/json", expect=True)
        return self._require(json.loads(body))

    def sent(self, kind: str = "edoc", doc_id: str | None = None) -> list[dict[str, str]]:
        """What this system sent."""
        self.parameters |= {"servicetype": "eDoc", "messagetype": kind}
        if doc_id is not None:
            self.parameters["docId"] = doc_id  # otherwise that of an earlier call goes along
        _, body = self._request("POST", "getSentEdocList", b"", "application/json")
        return self._list(body)

    def agencies(self) -> list[dict[str, str]]:
        """The directory, 13-character codes."""
        return self._list(self._request("POST", "getAgenciesList", b"", "application/json")[1])

    def agencies_qd20(self, level: str = "1") -> list[dict[str, str]]:
        """The directory, codes of Decision 20/2020."""
        self.parameters["level"] = level
        return self._list(self._request("POST", "getAgenciesListQD20", b"", "application/json")[1])

    def synchronize_units(self) -> list[dict[str, Any]]:
        """The directory as clients copy it: closed agencies too, each with its version."""
        return self._list(self._request("POST", "getSynchronizeUnit", b"", "application/json")[1])

    def register_agency(self, code: str, name: str, *, parent: str, **more: str) -> dict[str, Any]:
        """Ask for an agency to be registered or changed; the only operation whose body says something."""
        wish = {"id": "", "pcode": parent, "code": code, "name": name, "mail": "", "mobile": "", "fax": "", **more}
        body = json.dumps(wish, ensure_ascii=False).encode()
        return self._require(
            json.loads(self._request("POST", "registerAgency", body, "application/json", expect=True)[1])
        )

    def delete_agency(self, code: str) -> dict[str, Any]:
        """Ask for an agency to be closed."""
        self.parameters["AgencyCode"] = code
        return self._require(
            json.loads(self._request("POST", "deleteAgency", b"{}", "application/json", expect=True)[1])
        )

    def count(self, kind: str = "edoc") -> int:
        """How many wait."""
        place = "countReceiveEdoc" if kind == "edoc" else "countReceiveStatus"
        return int(json.loads(self._request("POST", place, b"{}", "application/json", expect=True)[1])["count"])

    # -- the wire ------------------------------------------------------------------------------------------------

    def headers(self, content_type: str) -> list[tuple[str, str]]:
        """All headers of a call, names as the client writes them; two may differ in case alone."""
        signed = {
            "XroadVnpt-systemid": self.system,
            **{f"XroadVnpt-{name}": value for name, value in self.parameters.items()},
            "XroadVnpt-timestamp": f"{self.moment:%d%m%YT%H%M%S}+{self.moment.microsecond // 1000:04d}",
            "XroadVnpt-Content-Type": content_type,
        }
        text = json.dumps(signed, ensure_ascii=False, separators=(",", ":"))
        return [
            *signed.items(),
            ("XroadVnpt-sign-header-key", ";".join(name.removeprefix("XroadVnpt-") for name in signed)),
            ("XroadVnpt-sign-header", text),
            ("XroadVnpt-hash-header", hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()),
            ("XroadVnpt-version", "3.0.201608"),
            ("User-Agent", "JAVASDKAgent/1.0.0 XRoad/VPCP"),
            ("Content-Type", content_type),
        ]

    def _request(
        self, method: str, place: str, body: bytes | None, content_type: str, *, expect: bool = False
    ) -> tuple[int, bytes]:
        parts = urlsplit(self.endpoint)
        host = parts.hostname or ""
        connection = (
            http.client.HTTPSConnection(host, parts.port, timeout=30, context=self.tls)
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, parts.port, timeout=30)
        )
        try:
            connection.putrequest(method, f"{parts.path.rstrip('/')}/{place}", skip_accept_encoding=True)
            for name, value in self.headers(content_type):
                connection.putheader(name, value.encode())
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            if expect:
                connection.putheader("Expect", "100-continue")
            connection.endheaders(message_body=body or None)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def _list(self, body: bytes) -> list[dict[str, Any]]:
        answer = self._require(json.loads(body))
        if answer["ErrorCode"] != "0":
            return []
        rows: list[dict[str, Any]] = answer["data"]
        if any(value is None for row in rows for value in row.values()):
            raise TypeError("a null value breaks the client")
        return rows

    def _require(self, answer: dict[str, Any], *more: str) -> dict[str, Any]:
        """What the client cannot live without: otherwise it gives back nothing at all."""
        for name in ("status", "ErrorCode", "ErrorDesc", *more):
            if not isinstance(answer.get(name), str):
                raise TypeError(f"{name} must be a string")
        return answer
