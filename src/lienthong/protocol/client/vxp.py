"""A member's connection to a hub by the door of existing client software (`wire.md` 3): what the axis of today speaks.

That door signs nothing, announces no digest and has no feed. So receipts are empty here, what a fetch brought is known
only once it is here, and the states of what was sent are asked for again and again: who takes them passes over those
that he knows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic, sleep
from typing import Any, BinaryIO

from lienthong.evidence.proving import PublishedKey
from lienthong.protocol import vxp
from lienthong.protocol.client.http import CHUNK, Answer, HubHttp
from lienthong.protocol.client.tls import ClientTls
from lienthong.protocol.messages import Acknowledgement, Agency, Change, DeliveryPromise, InboxItem, Kind, Submission
from lienthong.protocol.problems import HubUnreachable, Problem, Unauthenticated, UnknownProblem
from lienthong.protocol.support import Notices
from lienthong.standards.statuses import StatusCode, TransportState
from lienthong.standards.times import VIETNAM

POLL_SECONDS = 2.0
"""How often a call that waits asks anew: this door answers at once, whether something is there or not."""
LINE_END = b"\r\n"
KINDS = {Kind.DOCUMENT: "edoc", Kind.STATUS: "status"}
TIME_FORMS = ("%Y/%m/%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d")
"""How times are written in lists: the field does not fix it."""
REPORTED = frozenset(code.value for code in StatusCode)


class VxpConnection:
    """Implements `HubConnection` for a system with a shared secret. Safe for several threads.

    Args:
        base_url: address of the hub; the operations lie below it.
        system: the system's id at the hub.
        secret: the shared text under which calls are signed.
        tls: whom to believe at an `https` address, and which client certificate to show.
        timeout: seconds without an answer after which the hub counts as unreachable.
        poll_seconds: how often a call that waits asks anew.
        training: as of `NativeConnection`.
    """

    publishes_keys = False

    def __init__(
        self,
        base_url: str,
        *,
        system: str,
        secret: str,
        tls: ClientTls | None = None,
        timeout: float = 30,
        poll_seconds: float = POLL_SECONDS,
        training: bool | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._http = HubHttp(base_url, tls=tls, timeout=timeout, training=training)
        self._system = system
        self._secret = secret
        self._poll_seconds = poll_seconds
        self._clock = clock
        self.skew: timedelta | None = None
        """How far this machine's clock is ahead of the hub's, to the second, as of the last answer."""

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    # -- HubConnection --------------------------------------------------------------------------------------------

    def time(self) -> datetime:
        answer, _ = self._ask("countReceiveEdoc", {"servicetype": "eDoc", "messagetype": "edoc"})
        return self._told_at(answer)

    def directory(self) -> list[Agency]:
        """All agencies; their seals are not in this directory."""
        _, coded = self._ask("getAgenciesListQD20", {})
        _, copied = self._ask("getSynchronizeUnit", {})
        codes = {str(row.get("code102") or row["code"]): str(row["code"]) for row in coded["data"]}
        units = {str(row["code"]): row for row in copied["data"]}
        return [_agency(old, units.get(old, {}), name, codes) for old, name in _names(coded["data"], copied["data"])]

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
        """As `HubConnection`; the hub knows a repeat by the digest and the recipients, and signs no receipt."""
        parameters = {
            "from": sender, "servicetype": "eDoc", "messagetype": KINDS[kind], "hash-file": vxp.unpadded(digest)
        }  # fmt: skip
        if recipients and kind is Kind.DOCUMENT:
            parameters["to"] = json.dumps(list(recipients))
        with open_packet() as packet:
            answer, said = self._ask(
                "sendEdoc", parameters, content=_with_line_end(packet), length=size + len(LINE_END),
                content_type="application/octet-stream",
            )  # fmt: skip
        promises = tuple(DeliveryPromise("", code, code) for code in recipients)
        return Submission(str(said["DocId"]), digest, self._told_at(answer), promises, receipt="")

    def inbox(self, *, wait: float = 0, limit: int = 50, failed: bool = False) -> list[InboxItem]:
        return self._patiently(wait, lambda: self._waiting(failed)[:limit])

    def fetch(self, item: InboxItem, into: BinaryIO) -> InboxItem:
        """As `HubConnection`; gives the item with the digest and the size of what came."""
        digest, size = hashlib.sha256(), 0
        headers = self._headers({"docId": item.delivery_id}, "application/octet-stream")
        with self._http.stream("GET", "downloadEdoc", headers=headers) as (status, _, chunks):
            for chunk in chunks:
                if status < 400:
                    digest.update(chunk)
                    size += len(chunk)
                    into.write(chunk)
        if status >= 500:
            raise HubUnreachable(f"HTTP {status}")
        if not size:  # this operation says a refusal by an empty body; the other one has words for it
            self._ask("getEdoc", {"docId": item.delivery_id})
            raise UnknownProblem(text="Trục không trao nội dung", http=status)
        return replace(item, digest=digest.hexdigest(), size=size)

    def acknowledge(self, item: InboxItem) -> Acknowledgement:
        """As `HubConnection`; the hub attests it, for this door has no signatures."""
        self._report(item, TransportState.DONE)
        return Acknowledgement(item.delivery_id, TransportState.DONE.value, receipt="")

    def refuse(self, item: InboxItem, *, code: str, detail: str) -> None:
        """As `HubConnection`; the reason has no place at this door."""
        self._report(item, TransportState.FAIL)

    def key(self, kid: str) -> PublishedKey | None:
        return None  # this door publishes none, and carries no statements

    def notices(self, *, after: str) -> Notices:
        return Notices((), after, more=False)  # this door has none

    def changes(self, *, after: int, limit: int = 200, wait: float = 0) -> list[Change]:
        """Where everything stands that was sent lately; the cursor stays, and each call tells all of it again."""
        if wait:
            sleep(min(wait, self._poll_seconds))
        _, said = self._ask("getSentEdocList", {"servicetype": "eDoc", "messagetype": "edoc"})
        return [self._change(row, after) for row in said["data"]]

    # -- steps ----------------------------------------------------------------------------------------------------

    def _waiting(self, failed: bool) -> list[InboxItem]:
        found = []
        for kind, messagetype in KINDS.items():
            _, said = self._ask("getReceivedEdocList", {"servicetype": "eDoc", "messagetype": messagetype})
            found += [self._item(row, kind) for row in said["data"]]
        return [item for item in found if failed or item.state != TransportState.FAIL]

    def _item(self, row: Mapping[str, str], kind: Kind) -> InboxItem:
        return InboxItem(
            delivery_id=str(row["docId"]), packet_id=str(row["docId"]), kind=kind, sender=row.get("from", ""),
            recipient=row.get("to", ""), routed_to=row.get("to", ""), document_id="", business_type=None, urgency=0,
            size=0, digest="", submitted_at=_moment(row.get("created_time", "")) or self._clock(),
            state=row.get("status", TransportState.INITIAL.value), receipt="",
        )  # fmt: skip

    def _change(self, row: Mapping[str, str], cursor: int) -> Change:
        state = row.get("receiveStatus", "")
        at = _moment(row.get("receivedTime", "")) or _moment(row.get("sentTime", "")) or self._clock()
        return Change(
            seq=cursor, packet_id=row["senderDocId"], delivery_id=row.get("receiverDocId", ""),
            recipient=row.get("toCode", ""), at=at, statement="",
            state=TransportState.DONE.value if state in REPORTED else state or TransportState.INITIAL.value,
        )  # fmt: skip

    def _report(self, item: InboxItem, state: TransportState) -> None:
        self._ask("updateStatus", {"docid": item.delivery_id, "status": state.value})

    def _patiently(self, wait: float, ask: Callable[[], list[InboxItem]]) -> list[InboxItem]:
        end = monotonic() + wait
        while not (found := ask()) and (left := end - monotonic()) > 0:
            sleep(min(left, self._poll_seconds))
        return found

    # -- the envelope ---------------------------------------------------------------------------------------------

    def _ask(
        self,
        operation: str,
        parameters: Mapping[str, str],
        *,
        content: Iterable[bytes] = (b"{}",),
        length: int = 2,
        content_type: str = "application/json",
    ) -> tuple[Answer, dict[str, Any]]:
        """Carry out an operation; gives the answer and what it says.

        Raises:
            Problem: the hub says no.
            HubUnreachable: it did not answer, or has a fault; nothing is known.
        """
        headers = {**self._headers(parameters, content_type), "Content-Length": str(length)}
        answer = self._http.ask("POST", operation, headers=headers, body=content)
        self.skew = self._clock() - self._told_at(answer)
        try:
            said = answer.json()
        except ValueError:
            said = None
        if not isinstance(said, dict) or answer.status >= 500:
            words = said.get("ErrorDesc", "") if isinstance(said, dict) else ""
            raise HubUnreachable(f"HTTP {answer.status} {words}".strip())
        if said.get("ErrorCode") != "0":
            raise _refusal(said)
        return answer, said

    def _headers(self, parameters: Mapping[str, str], content_type: str) -> dict[str, str]:
        local = self._clock().astimezone(VIETNAM)
        named = {
            "systemid": self._system, **parameters, "timestamp": vxp.timestamp(local), "Content-Type": content_type
        }  # fmt: skip
        return {**vxp.sign(named, self._secret), "Content-Type": content_type, "Accept-Encoding": "identity"}

    def _told_at(self, answer: Answer) -> datetime:
        """The hub's clock by the answer's `Date` (RFC 9110, 6.6.1); ours where it has none."""
        try:
            return parsedate_to_datetime(answer.headers["Date"])
        except (KeyError, ValueError):
            return self._clock()


def _refusal(said: Mapping[str, Any]) -> Problem:
    """15 speaks of the system, not of what it sent: it may send again once that is mended (`wire.md` 3.5)."""
    code, text = str(said.get("ErrorCode", "")), str(said.get("ErrorDesc", ""))
    return Unauthenticated(reason=text) if code == "15" else UnknownProblem(text=f"{code}: {text}", http=200)


def _names(*lists: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    """Old spelling and name of each agency that any of the lists has."""
    return {str(row.get("code102") or row["code"]): str(row.get("name", "")) for rows in lists for row in rows}.items()


def _agency(old: str, unit: Mapping[str, Any], name: str, codes: Mapping[str, str]) -> Agency:
    code, parent = codes.get(old, old), str(unit.get("pid") or "")
    return Agency(
        code=code,
        name=name,
        aliases=(old,) if old != code else (),
        parent=codes.get(parent, parent) or None,
        connected=bool(unit.get("isAgency", True)),
        open=not unit.get("deleted", False),
    )


def _moment(text: str) -> datetime | None:
    for form in TIME_FORMS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=VIETNAM)
        except ValueError:
            continue
    return None


def _with_line_end(packet: BinaryIO) -> Iterator[bytes]:
    while chunk := packet.read(CHUNK):
        yield chunk
    yield LINE_END
