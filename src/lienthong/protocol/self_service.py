"""The values by which a system looks after itself at the hub: its webhooks, its last calls, its refused packets.

They travel as those of `protocol.messages` do.
"""

from dataclasses import dataclass
from datetime import datetime

# -- webhooks ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewWebhook:
    """An endpoint to register.

    Attributes:
        url: https, reachable from the hub; its name is enough, no secret belongs into it.
        events: what it wants to hear of (`protocol.webhooks.WebhookEvent`); everything when left out.
    """

    url: str
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class WebhookChange:
    """What is to change of an endpoint; None leaves as it is."""

    url: str | None = None
    events: tuple[str, ...] | None = None
    enabled: bool | None = None


@dataclass(frozen=True)
class Webhook:
    """An endpoint of the system.

    Attributes:
        secret: `whsec_…`, told only when it is made or changed; keep it.
        enabled: whether it is called; `disabled_for` says why not (`410 Gone`: it has said so itself).
        breaker: `closed`; `open` after failures in a row: only a probe goes out now and then; `half_open`: one is due.
        failures: attempts in a row that failed.
        waiting: messages that are still to be taken.
        next_attempt_at: of the oldest of them.
        former_secret_until: until when messages carry a signature of the former secret too.
    """

    id: str
    url: str
    events: tuple[str, ...]
    enabled: bool
    breaker: str
    failures: int
    waiting: int
    added_at: datetime
    disabled_for: str = ""
    secret: str = ""
    next_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    last_failure_at: datetime | None = None
    former_secret_until: datetime | None = None


@dataclass(frozen=True)
class Webhooks:
    """All endpoints of the system."""

    webhooks: tuple[Webhook, ...]


@dataclass(frozen=True)
class SecretRotation:
    """How long the former secret signs beside the new one; 0 when it is in other hands."""

    overlap_hours: float = 24


@dataclass(frozen=True)
class AskedTest:
    """The `webhook-id` of a test that is on its way."""

    message: str


@dataclass(frozen=True)
class WebhookAttempt:
    """One attempt to tell an endpoint something.

    Attributes:
        message: the `webhook-id`.
        number: 1 for the first attempt of the message.
        outcome: `delivered`; `answered` with another `status` than 2xx; `redirect` (none is followed);
            `target_refused`; `no_address`; `no_connection`; `tls`; `timeout`; `broken`.
        given_up: the message is not attempted again.
    """

    message: str
    event: str
    number: int
    at: datetime
    outcome: str
    status: int | None
    milliseconds: int
    given_up: bool


@dataclass(frozen=True)
class WebhookAttempts:
    """The newest attempts, newest first."""

    attempts: tuple[WebhookAttempt, ...]


# -- looking back ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Call:
    """A call of the system.

    Attributes:
        id: the cursor for `before`.
        door: `native` or `vxp`.
        operation: method and route, or the operation of the other door.
        problem: code of the refusal, empty for none.
        milliseconds: until the answer began; a held answer (`wait`) counts as long as it was held.
        received, sent: bytes of the bodies; `sent` is None where nobody knew before the end.
        digest: of the packet, where it was taken or fetched.
        key_hash: SHA-256 of the `Idempotency-Key` in lower-case hexadecimal.
    """

    id: int
    at: datetime
    door: str
    operation: str
    status: int
    problem: str
    milliseconds: int
    received: int
    sent: int | None
    digest: str
    key_hash: str
    packet_id: str
    delivery_id: str


@dataclass(frozen=True)
class Calls:
    """The last calls, newest first."""

    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Quarantined:
    """A refused packet that is kept for its system.

    Attributes:
        at, problem, detail, detail_en: of the last refusal; `times`: how often it was refused.
        packet_id, replayed_at: what it became when it was submitted anew.
        proposed_at, proposed_for: when and why the operators proposed to submit it anew.
    """

    id: str
    at: datetime
    digest: str
    size: int
    door: str
    sender: str
    recipients: tuple[str, ...]
    problem: str
    detail: str
    detail_en: str
    times: int
    packet_id: str = ""
    replayed_at: datetime | None = None
    proposed_at: datetime | None = None
    proposed_for: str = ""


@dataclass(frozen=True)
class Quarantine:
    """The refused packets of the system; `used` of `quota` bytes are taken: what does not fit is not kept."""

    packets: tuple[Quarantined, ...]
    used: int
    quota: int
