"""The values of the native API: what a member and the hub say to each other.

Every value travels as a JSON object with the attribute names given here. Times are ISO 8601 with offset
(Decision 28/2018/QĐ-TTg, Article 14.4); digests are the lower-case hexadecimal SHA-256 of the packet's bytes.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from lienthong.standards.versions import Version


class Kind(StrEnum):
    """What a packet carries."""

    DOCUMENT = "document"
    STATUS = "status"


class Header:
    """HTTP headers of the native API beside the standard ones."""

    SANDBOX = "Lienthong-Sandbox"

    FROM = "Lienthong-From"
    TO = "Lienthong-To"
    STATEMENT = "Lienthong-Statement"
    UPLOAD = "Lienthong-Upload"
    HUB_TIME = "Lienthong-Time"
    SKEW = "Lienthong-Skew"
    DIGEST = "Lienthong-Digest"
    IDEMPOTENCY_KEY = "Idempotency-Key"
    PACKET_VERSION = "Lienthong-Packet-Version"


@dataclass(frozen=True)
class SealCertificate:
    """A certificate of an agency's seal, as registered in the directory.

    Attributes:
        certificate: the X.509 certificate, DER in standard base64.
        valid_from, valid_to: when the directory vouches for it; `valid_to` is None while it does.
    """

    certificate: str
    valid_from: datetime
    valid_to: datetime | None = None


@dataclass(frozen=True)
class Agency:
    """An agency of the directory.

    Attributes:
        code: canonical code (Decision 20/2020/QĐ-TTg), at most 35 characters.
        name: full name in Vietnamese.
        aliases: other spellings of the code, the 13-character one of QCVN 102:2016 first.
        parent: code of the agency above, or None.
        connected: whether a system serves the agency now (else documents go on paper, Article 7.1).
        open: whether the agency may be addressed; an open one with a `successor` forwards to it, a closed one names it.
        gateway: code of the agency that receives in its place, or None.
        ended_at: since when it is merged, split or closed; None while it goes on.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    connected: bool = True
    open: bool = True
    successor: str | None = None
    gateway: str | None = None
    seals: tuple[SealCertificate, ...] = ()
    ended_at: datetime | None = None


@dataclass(frozen=True)
class DeliveryPromise:
    """One recipient of an accepted packet: the code as written, and the agency that will receive.

    Attributes:
        routed_because: empty where the agency receives itself, else why another one does: `successor` (merged),
            `contact_point` (Article 7.3), `single_gateway` (Article 21.2), `gateway` (it receives for this unit).
    """

    delivery_id: str
    recipient: str
    routed_to: str
    routed_because: str = ""


@dataclass(frozen=True)
class Submission:
    """The hub's answer to a submitted packet.

    Attributes:
        packet_id: the hub's name for the packet.
        digest: SHA-256 as the hub computed it.
        repeated: True when the hub had accepted the same submission before and gives its old answer.
        receipt: the hub's signed statement `SubmissionAcceptance`.
    """

    packet_id: str
    digest: str
    accepted_at: datetime
    deliveries: tuple[DeliveryPromise, ...]
    receipt: str
    repeated: bool = False


@dataclass(frozen=True)
class InboxItem:
    """A delivery that waits for its recipient. Listed until it is acknowledged.

    Attributes:
        recipient: agency code as the sender wrote it; `routed_to`: the agency that receives.
        sender: agency code of the packet's From.
        business_type: 0 new, 1 recall, 2 update, 3 replace; None for a status.
        urgency: 0 (thường) … 4 (hỏa tốc hẹn giờ).
        size: bytes of the packet.
        state: `initial`, `processing` or `fail`.
        receipt: the hub's signed statement that it accepted the packet.
        statement: the signed `SubmissionRequest` of the sender's system; empty where that cannot sign: then `receipt`
            says for whom the hub attests.
    """

    delivery_id: str
    packet_id: str
    kind: Kind
    sender: str
    recipient: str
    routed_to: str
    document_id: str
    business_type: int | None
    urgency: int
    size: int
    digest: str
    submitted_at: datetime
    state: str
    receipt: str
    statement: str = ""


@dataclass(frozen=True)
class Acknowledgement:
    """The hub's answer to an acknowledgement: its signed statement `ContentHandover`."""

    delivery_id: str
    state: str
    receipt: str


@dataclass(frozen=True)
class Change:
    """One entry of the change feed of what a system's agencies have sent.

    Attributes:
        seq: place in the feed, growing. Entries that happened together share it.
        cursor: of this entry; that of the last one is the `after` of the next request.
        state: the delivery's transport state after the change.
        statement: the recipient's signed statement (native door) or the hub's attestation (VXP door); for a failure
            the hub's statement with its reason.
    """

    seq: int
    packet_id: str
    delivery_id: str
    recipient: str
    state: str
    at: datetime
    statement: str
    reason: str = ""
    cursor: str = ""


@dataclass(frozen=True)
class RequestView:
    """What a delivery asks of its recipient, and the answer or the silence.

    Attributes:
        kind: `recall`, `take_back`, `update` or `replace`; `packet_id`, `delivery_id`: what carries it.
        state: `open`, `agreed` (15), `declined` (16), `withdrawn` (it was not fetched), `superseded` (asked anew).
        settled_at: when it was answered, or ended otherwise; while it is open, None.
        reason: the recipient's words with its answer.
        silent_since: since when an answer is waited for: when it was asked; None once there is one.
    """

    kind: str
    packet_id: str
    delivery_id: str
    asked_at: datetime
    state: str
    settled_at: datetime | None = None
    reason: str = ""
    silent_since: datetime | None = None


@dataclass(frozen=True)
class DeliveryView:
    """A delivery as its sender sees it: transport state, times, and the business statuses reported so far.

    Attributes:
        waits_for: what comes next: `connection` (no system serves the recipient, or it is suspended), `fetch`,
            `acknowledgement`, `another_try` (it said `fail`), `acceptance`, `completion`, `answer`, `correction` (after
            a refusal); empty when nothing does.
        turn: who has to act: `recipient_system`, `recipient`, `sender`, `operators`; `nobody` when it is over.
        since: since when it has stood there: the silence of whose turn it is.
        reason: why it could not be taken, or was refused.
        requests: what was asked of this recipient about the document, the latest first.
    """

    delivery_id: str
    recipient: str
    routed_to: str
    state: str
    submitted_at: datetime
    fetched_at: datetime | None = None
    acknowledged_at: datetime | None = None
    statement: str = ""
    statuses: tuple[tuple[str, datetime], ...] = field(default=())
    waits_for: str = ""
    turn: str = "nobody"
    since: datetime | None = None
    reason: str = ""
    requests: tuple[RequestView, ...] = ()


@dataclass(frozen=True)
class DocumentRelation:
    """How a document stands to another one; both are known to the system that is told.

    Attributes:
        kind: `replaces`, `corrects`, `answers`, `recalls`, `takes_back`, `updates`, said by the packet itself; and
            what others say of it: `replaced_by`, `corrected_by`, `answered_by`, `recalled_by`, `taken_back_by`,
            `updated_by`.
        agency: who issued the other document.
        packet_id: the other document's packet; None where this system neither sent nor received it.
    """

    kind: str
    agency: str
    identifier: str = ""
    number: str = ""
    issued_on: date | None = None
    packet_id: str | None = None


# -- whole bodies of requests and answers ------------------------------------------------------------------------------


@dataclass(frozen=True)
class TokenRequest:
    """The form that asks for an access token (RFC 6749, 4.4; RFC 7523, 2.2).

    Attributes:
        grant_type: `client_credentials`.
        client_assertion: a JWT signed by a registered key: `iss` and `sub` the system, `aud` the hub's id or this
            address, `exp` at most five minutes ahead, `jti` used once.
    """

    grant_type: str
    client_assertion: str


@dataclass(frozen=True)
class Reminder:
    """What is missing in a system's standing; it is told, and does not keep anybody out."""

    code: str
    vi: str
    en: str


@dataclass(frozen=True)
class Token:
    """An access token for `expires_in` seconds; `warnings` remind of what the system's registration lacks."""

    access_token: str
    token_type: str
    expires_in: int
    warnings: tuple[Reminder, ...] = ()


@dataclass(frozen=True)
class Clock:
    """The hub's time."""

    time: datetime


@dataclass(frozen=True)
class KeySet:
    """Public keys (RFC 7517), retired ones included: what they signed stays verifiable."""

    keys: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Maintenance:
    """That the hub takes nothing new at the moment.

    Attributes:
        until: when it will probably end; None where nobody knows yet.
        reads: whether fetching and acknowledging stop as well.
    """

    since: datetime
    reason: str
    until: datetime | None
    reads: bool


@dataclass(frozen=True)
class Hub:
    """Who a hub is.

    Attributes:
        api: versions of the native API.
        packet: versions of the packet format, by namespace.
        max_packet_bytes: largest packet that is taken.
        maintenance: what goes on; None while the hub is in service.
    """

    id: str
    name: str
    api: tuple[str, ...]
    packet: tuple[str, ...]
    max_packet_bytes: int
    maintenance: Maintenance | None = None


@dataclass(frozen=True)
class Standards:
    """Versions of the packet format and of the rules for codes and identifiers (R-16.1-2)."""

    versions: tuple[Version, ...]


@dataclass(frozen=True)
class ProblemKind:
    """A refusal that the hub knows.

    Attributes:
        code: its name, which never changes.
        type: the address of its page; the `type` of an answer (RFC 9457).
        status: of the HTTP answer; `vxp`: `ErrorCode` at the door of existing client software.
        about: what it means.
        retryable: the same request may succeed later.
        detail, next: in Vietnamese what is said and what to do, with `{…}` for data; `detail_en`, `next_en` in English.
        routes: of this API that may give it: method and path.
    """

    code: str
    type: str
    status: int
    vxp: str
    about: str
    retryable: bool
    detail: str
    detail_en: str
    next: str
    next_en: str
    routes: tuple[str, ...]


@dataclass(frozen=True)
class ProblemKinds:
    """The catalogue of refusals."""

    problems: tuple[ProblemKind, ...]


@dataclass(frozen=True)
class PublishedCode:
    """An agency as everybody may know it: its code, and what it follows.

    Attributes:
        aliases: other spellings of the code, the 13-character one of QCVN 102:2016 first.
        open: whether it may be addressed; `successor`: to whom an ended one's documents go; `ended_at`: since when.
    """

    code: str
    name: str
    aliases: tuple[str, ...]
    parent: str | None
    open: bool
    successor: str | None
    ended_at: datetime | None


@dataclass(frozen=True)
class PublishedCodes:
    """A page of the published list of codes; `cursor` is the `after` of the next one, `more` whether there is one."""

    codes: tuple[PublishedCode, ...]
    cursor: str
    more: bool


@dataclass(frozen=True)
class AgencyPage:
    """Agencies that changed, the cursor of the next page, and whether there is one by now."""

    agencies: tuple[Agency, ...]
    cursor: str
    more: bool


@dataclass(frozen=True)
class Agencies:
    """The directory."""

    agencies: tuple[Agency, ...]


@dataclass(frozen=True)
class Inbox:
    """What waits, most urgent first, then oldest."""

    items: tuple[InboxItem, ...]


@dataclass(frozen=True)
class PacketView:
    """A packet as its sender sees it; a recipient sees its own deliveries.

    Attributes:
        force: `in_force`, `recalled`, `partly_recalled`, `replaced`, `partly_replaced`; of a status, empty.
        force_since: since when it is no longer wholly in force.
        content_removed_at, content_removed_for: when the content left the hub, and why: `retention` or `secret`.
        more: whether deliveries follow: ask again with `after`, the `delivery_id` of the last one.
    """

    packet_id: str
    digest: str
    kind: Kind
    document_id: str
    deliveries: tuple[DeliveryView, ...]
    relations: tuple[DocumentRelation, ...] = ()
    force: str = ""
    force_since: datetime | None = None
    content_removed_at: datetime | None = None
    content_removed_for: str = ""
    more: bool = False


@dataclass(frozen=True)
class SignedStatement:
    """A statement of the caller, as a compact JWS (RFC 7515)."""

    statement: str


@dataclass(frozen=True)
class SignedStatements:
    """Statements of the caller, each a compact JWS (RFC 7515): at least one, at most `MOST_TOGETHER`."""

    statements: tuple[str, ...]


@dataclass(frozen=True)
class Answered:
    """What one of several acknowledgements came to: either of the two.

    Attributes:
        acknowledgement: the hub's answer where it was taken.
        problem: why it was refused, as the body of a refusal (RFC 9457); the others stand all the same.
    """

    acknowledgement: Acknowledgement | None = None
    problem: dict[str, Any] | None = None


@dataclass(frozen=True)
class AnsweredTogether:
    """What each of several acknowledgements came to, in their order."""

    answers: tuple[Answered, ...]


MOST_TOGETHER = 200
"""Statements in one request."""


@dataclass(frozen=True)
class Failure:
    """Why a recipient could not take a packet: a short code, and words for the sender."""

    code: str
    detail: str = ""


@dataclass(frozen=True)
class FailedDelivery:
    """A delivery after its recipient said `fail`."""

    delivery_id: str
    state: str


@dataclass(frozen=True)
class Changes:
    """The feed after a cursor.

    Attributes:
        unfinished: what happened together with the last entry goes on after it: there was too much for one answer.
    """

    changes: tuple[Change, ...]
    unfinished: bool = False
