"""A member's connection to a hub by the native API."""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from time import monotonic
from typing import Any, BinaryIO, TypeVar
from urllib.parse import urlencode

from lienthong.evidence.proving import PublishedKey
from lienthong.evidence.receipts import EvidenceEvent, InvalidStatement, KeyRing, SigningKey, Statement
from lienthong.protocol.client.http import Answer, HubHttp
from lienthong.protocol.client.keybook import KeyBook, Told
from lienthong.protocol.client.tls import ClientTls
from lienthong.protocol.messages import (
    MOST_TOGETHER,
    Acknowledgement,
    Agency,
    AnsweredTogether,
    Change,
    Changes,
    Header,
    InboxItem,
    Kind,
    Submission,
)
from lienthong.protocol.problems import (
    DigestMismatch,
    HubUnreachable,
    Problem,
    StatementInvalid,
    TokenExpired,
    UnknownKey,
    UnknownProblem,
    UploadBusy,
    WrongOffset,
)
from lienthong.protocol.support import NewTicket, Notices, Ticket
from lienthong.protocol.wire import read_value, write_value

FETCH_ATTEMPTS = 5
IN_PIECES_FROM = 16 << 20
"""Bytes from which a packet is sent in pieces."""
PIECE = 4 << 20
PIECE_ATTEMPTS = 5
TUS = {"Tus-Resumable": "1.0.0"}
T = TypeVar("T")
TOKEN_MARGIN = timedelta(seconds=60)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_WAIT = 40
"""Seconds that the hub may be silent while it waits for something to come."""


class NativeConnection:
    """Implements `HubConnection` and `TicketDesk` for a system with a key of its own. Safe for several threads.

    Args:
        base_url: address of the hub, without `/api/v1`.
        system: the system's code at the hub.
        key: signs requests for tokens, submissions and acknowledgements.
        tls: whom to believe at an `https` address, and which client certificate to show.
        timeout: seconds without an answer after which the hub counts as unreachable.
        training: True for a training office, False for one of real documents: it speaks to hubs of its own kind alone
            (`kind`); None: whatever the hub is.
    """

    publishes_keys = True

    def __init__(
        self,
        base_url: str,
        *,
        system: str,
        key: SigningKey,
        tls: ClientTls | None = None,
        timeout: float = 30,
        training: bool | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._http = HubHttp(
            f"{base_url.rstrip('/')}/api/v1", tls=tls, timeout=timeout, patience=max(timeout, LONGEST_WAIT),
            training=training, harmless="time",
        )  # fmt: skip
        self._system = system
        self._key = key
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._token_until = datetime.min.replace(tzinfo=UTC)
        self._hub_keys = KeyRing([])
        self._keys = KeyBook(self._ask_key)
        self.skew: timedelta | None = None
        """How far this machine's clock is ahead of the hub's, as of the last answer."""

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    # -- HubConnection --------------------------------------------------------------------------------------------

    def time(self) -> datetime:
        return datetime.fromisoformat(self._call("GET", "time", authenticated=False).json()["time"])

    def directory(self) -> list[Agency]:
        return [read_value(Agency, row) for row in self._call("GET", "agencies").json()["agencies"]]

    def submit(
        self,
        open_packet: Callable[[], BinaryIO],
        *,
        digest: str,
        size: int,
        sender: str,
        recipients: Sequence[str],
        document_id: str,
        idempotency_key: str,
        kind: Kind = Kind.DOCUMENT,
    ) -> Submission:
        said = self._say(
            EvidenceEvent.SUBMISSION_REQUEST,
            digest=digest, identifier=document_id, sender=sender, recipients=tuple(recipients),
        )  # fmt: skip
        headers = {
            "Content-Type": "application/xml",
            "Content-Length": str(size),
            Header.IDEMPOTENCY_KEY: idempotency_key,
            Header.FROM: sender,
            Header.STATEMENT: said,
        }
        if recipients:
            headers[Header.TO] = ",".join(recipients)
        if size >= IN_PIECES_FROM:
            headers |= {"Content-Length": "0", Header.UPLOAD: self._upload(open_packet, size, key=idempotency_key)}

        def send() -> Answer:
            if Header.UPLOAD in headers:
                return self._once("POST", "packets", headers=headers)
            with open_packet() as packet:
                return self._once("POST", "packets", body=packet, headers=headers)

        submission = read_value(Submission, self._with_token(send).json())
        if submission.digest != digest:
            raise DigestMismatch()
        self._verify(submission.receipt, EvidenceEvent.SUBMISSION_ACCEPTANCE, digest)
        return submission

    def inbox(self, *, wait: float = 0, limit: int = 50, failed: bool = False) -> list[InboxItem]:
        answer = self._call("GET", "inbox", params={"wait": wait, "limit": limit, "failed": int(failed)})
        return [read_value(InboxItem, row) for row in answer.json()["items"]]

    def fetch(self, item: InboxItem, into: BinaryIO) -> InboxItem:
        digest = hashlib.sha256()
        done = 0

        def get() -> None:
            nonlocal done
            headers = dict(self._bearer())
            if done:
                headers |= {"Range": f"bytes={done}-", "If-Range": f'"{item.digest}"'}
            began = monotonic()
            path = f"deliveries/{item.delivery_id}/packet"
            with self._http.stream("GET", path, headers=headers) as (status, told, chunks):
                if status >= 400:
                    self._checked(Answer(status, told, b"".join(chunks), timedelta(seconds=monotonic() - began)))
                if done and status != HTTPStatus.PARTIAL_CONTENT:
                    raise DigestMismatch()
                for chunk in chunks:
                    digest.update(chunk)
                    into.write(chunk)
                    done += len(chunk)

        for attempts_left in reversed(range(FETCH_ATTEMPTS)):
            before = done
            try:
                self._with_token(get)
                break
            except HubUnreachable:
                # Who was cut off goes on where it was; who got nothing leaves it to the next round.
                if not attempts_left or done == before:
                    raise
        if digest.hexdigest() != item.digest:
            raise DigestMismatch()
        self._verify(item.receipt, EvidenceEvent.SUBMISSION_ACCEPTANCE, item.digest)
        return item

    def acknowledge(self, item: InboxItem) -> Acknowledgement:
        said = {"statement": self._say_taken(item)}
        answer = self._call("POST", f"deliveries/{item.delivery_id}/ack", said=said)
        return self._acknowledged(item, read_value(Acknowledgement, answer.json()))

    def acknowledge_together(self, items: Sequence[InboxItem]) -> list[Acknowledgement | Problem]:
        """Say of several packets that they are stored durably, as `HubConnection.acknowledge`; gives for each, in
        their order, the hub's answer or why it was refused.

        Raises:
            StatementInvalid: a receipt of the hub does not hold.
        """
        answered: list[Acknowledgement | Problem] = []
        for first in range(0, len(items), MOST_TOGETHER):
            some = items[first : first + MOST_TOGETHER]
            said = {"statements": [self._say_taken(item) for item in some]}
            told = read_value(AnsweredTogether, self._call("POST", "acknowledgements", said=said).json())
            for item, one in zip(some, told.answers, strict=True):
                if one.acknowledgement is None:
                    problem = one.problem or {}
                    answered.append(Problem.from_json(problem, int(problem.get("status", 0))))
                else:
                    answered.append(self._acknowledged(item, one.acknowledgement))
        return answered

    def _say_taken(self, item: InboxItem) -> str:
        return self._say(
            EvidenceEvent.CONTENT_HANDOVER,
            digest=item.digest, packet_id=item.packet_id, delivery_id=item.delivery_id,
            identifier=item.document_id, sender=item.sender, recipients=(item.recipient,),
        )  # fmt: skip

    def _acknowledged(self, item: InboxItem, done: Acknowledgement) -> Acknowledgement:
        self._verify(done.receipt, EvidenceEvent.CONTENT_HANDOVER, item.digest)
        return done

    def refuse(self, item: InboxItem, *, code: str, detail: str) -> None:
        self._call("POST", f"deliveries/{item.delivery_id}/fail", said={"code": code, "detail": detail})

    def changes(self, *, after: int, limit: int = 200, wait: float = 0) -> list[Change]:
        page = self._changes(str(after), limit, wait)
        found = list(page.changes)
        while page.unfinished:
            page = self._changes(found[-1].cursor, limit, 0)
            found += [one for one in page.changes if one.seq == found[-1].seq]
        return found

    def _changes(self, after: str, limit: int, wait: float) -> Changes:
        return read_value(
            Changes, self._call("GET", "changes", params={"after": after, "limit": limit, "wait": wait}).json()
        )

    def key(self, kid: str) -> PublishedKey | None:
        return self._keys.find(kid)

    def notices(self, *, after: str) -> Notices:
        answer = self._call("GET", "notices", params={"after": after} if after else {})
        return read_value(Notices, answer.json())

    # -- TicketDesk -----------------------------------------------------------------------------------------------

    def open_ticket(self, ticket: NewTicket, *, key: str) -> Ticket:
        answer = self._call("POST", "tickets", said=write_value(ticket), headers={Header.IDEMPOTENCY_KEY: key})
        return read_value(Ticket, answer.json())

    def write_to_ticket(self, ticket_id: str, text: str, *, key: str) -> Ticket:
        headers = {Header.IDEMPOTENCY_KEY: key}
        answer = self._call("POST", f"tickets/{ticket_id}/entries", said={"text": text}, headers=headers)
        return read_value(Ticket, answer.json())

    def close_ticket(self, ticket_id: str) -> Ticket:
        return read_value(Ticket, self._call("POST", f"tickets/{ticket_id}/close").json())

    def ticket(self, ticket_id: str) -> Ticket:
        return read_value(Ticket, self._call("GET", f"tickets/{ticket_id}").json())

    # -- large packets in pieces ----------------------------------------------------------------------------------

    def _upload(self, open_packet: Callable[[], BinaryIO], size: int, *, key: str) -> str:
        """Send a large packet in pieces (tus 1.0.0), each from where the hub says that it is; gives the upload's id.

        A broken connection costs one piece. The hub knows the upload by `key`, so that a new process goes on as well.

        Raises:
            HubUnreachable: a piece failed `PIECE_ATTEMPTS` times in a row.
        """
        begun = self._call("POST", "uploads", headers={**TUS, "Upload-Length": str(size), Header.IDEMPOTENCY_KEY: key})
        upload_id = begun.headers["Location"].rpartition("/")[2]
        offset, failures = int(begun.headers["Upload-Offset"]), 0
        with open_packet() as packet:
            while offset < size:
                packet.seek(offset)
                headers = {**TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
                try:
                    piece = packet.read(PIECE)
                    answer = self._call("PATCH", f"uploads/{upload_id}", body=piece, headers=headers)
                    offset, failures = int(answer.headers["Upload-Offset"]), 0
                except (HubUnreachable, WrongOffset, UploadBusy):
                    failures += 1
                    if failures >= PIECE_ATTEMPTS:
                        raise
                    offset = int(self._call("HEAD", f"uploads/{upload_id}", headers=TUS).headers["Upload-Offset"])
        return upload_id

    # -- steps ----------------------------------------------------------------------------------------------------

    def _say(self, event: EvidenceEvent, **facts: Any) -> str:
        return self._key.sign(Statement(event, self._system, self._clock(), **facts))

    def _verify(self, token: str, event: EvidenceEvent, digest: str) -> Statement:
        """Believe a statement of the hub only if its key, its event and its digest fit; ask once for new keys."""
        for renewed in (False, True):
            try:
                statement = self._hub_keys.verify(token)
            except InvalidStatement as reason:
                if renewed:
                    raise StatementInvalid(reason=str(reason)) from reason
                self._hub_keys = KeyRing(self._call("GET", "keys", authenticated=False).json()["keys"])
                continue
            if statement.event is not event or statement.digest != digest:
                raise StatementInvalid(reason="nội dung xác nhận không khớp")
            return statement
        raise AssertionError("unreachable")

    def _ask_key(self, kid: str, tag: str) -> Told | None:
        try:
            answer = self._call(
                "GET", f"keys/{kid}", authenticated=False, headers={"If-None-Match": tag} if tag else {}
            )
        except UnknownKey:
            return Told(None)
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return None
        try:
            return Told(read_value(PublishedKey, answer.json()), answer.headers.get("ETag", ""))
        except (KeyError, TypeError, ValueError) as reason:
            raise UnknownProblem(text="Trục trả lời sai dạng về khóa", http=answer.status) from reason

    def _call(self, method: str, path: str, *, authenticated: bool = True, **options: Any) -> Answer:
        if not authenticated:
            return self._once(method, path, **options)
        return self._with_token(lambda: self._once(method, path, **options))

    def _with_token(self, act: Callable[[], T]) -> T:
        """Carry out a request; with a new token when the hub finds the old one expired."""
        try:
            return act()
        except TokenExpired:
            self._token = ""
            return act()

    def _once(
        self, method: str, path: str, *, said: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None, **options: Any,
    ) -> Answer:  # fmt: skip
        named = dict(headers or {})
        if said is not None:
            named["Content-Type"] = "application/json"
            options["body"] = json.dumps(said).encode()
        if path not in _OPEN and not path.startswith("keys/"):
            named |= self._bearer()
        return self._checked(self._http.ask(method, path, headers=named, **options), waited=path in _WAITING)

    def _checked(self, answer: Answer, *, waited: bool = False) -> Answer:
        if not waited:
            self._measure_skew(answer)
        if answer.status >= 400:
            raise Problem.from_json(_json_of(answer), answer.status)
        return answer

    def _measure_skew(self, answer: Answer) -> None:
        if stamp := answer.headers.get(Header.HUB_TIME):
            self.skew = self._clock() - answer.took / 2 - datetime.fromisoformat(stamp)

    def _bearer(self) -> dict[str, str]:
        with self._lock:
            if not self._token or self._clock() >= self._token_until:
                self._renew_token()
            return {"Authorization": f"Bearer {self._token}"}

    def _renew_token(self) -> None:
        """Get an access token with a signed assertion (RFC 7523, RFC 6749 section 4.4)."""
        now = self._clock()
        claims = {
            "iss": self._system,
            "sub": self._system,
            "aud": f"{self._http.address}token",
            "jti": secrets.token_hex(16),
            "iat": int(now.timestamp()),
            "exp": int(now.timestamp()) + 120,
        }
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self._key.sign_claims(claims),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._checked(self._http.ask("POST", "token", headers=headers, body=urlencode(form).encode())).json()
        self._token = answer["access_token"]
        self._token_until = now + timedelta(seconds=answer["expires_in"]) - TOKEN_MARGIN


_OPEN = frozenset({"time", "keys", "hub", "token"})
_WAITING = frozenset({"inbox", "changes"})
"""Whose answers come when something has come: half of that time says nothing about the clock."""


def _json_of(answer: Answer) -> Mapping[str, Any]:
    try:
        body = answer.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return body if isinstance(body, dict) else {}
