"""Values of the native API around the exchange itself: notices, incidents, tickets, and what monitoring is told.

They travel as those of `messages` do.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

LONGEST_SUBJECT, LONGEST_TEXT = 200, 4000
"""Characters of a ticket's subject, and of what one side writes at a time."""


@dataclass(frozen=True)
class SecurityEvent:
    """Something that security monitoring wants to know of (format: docs/reference/security-events.md).

    Attributes:
        cursor: its place in the feed; the `after` of the next request.
        id: the same id comes again, with a higher `count`, when it happens again within the minute: the last one holds.
        kind: one of the closed list of kinds; `severity`: `info`, `low`, `medium` or `high`.
        at, last_at: first and last time; `count`: how often.
        system: code of the system concerned, empty for nobody whom the hub knows.
        network: where it came from, /24 or /48; empty where that is unknown or there were too many.
        actor: who did it, for acts of operators and of the hub itself.
        subject: what it happened to: `system:G22`, `account:…`; empty for a refusal.
        facts: what else is known, never content and never a secret.
    """

    cursor: str
    id: str
    kind: str
    severity: str
    at: datetime
    last_at: datetime
    count: int
    system: str
    network: str
    actor: str
    subject: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class SecurityEvents:
    """A page of the security feed.

    Attributes:
        version: of the format; a member is only ever added within a version.
        cursor: of the next request; the one that was given, where nothing is new.
        more: whether there is another page by now.
    """

    version: int
    events: tuple[SecurityEvent, ...]
    cursor: str
    more: bool


@dataclass(frozen=True)
class Notice:
    """What the operators tell every agency.

    Attributes:
        kind: `maintenance`, `rules` or `other`.
        title, text: in Vietnamese; in English where the operators gave one.
        starts_at, ends_at: of what it tells of; after `ends_at` it is shown no more.
        withdrawn_at: it is not to be shown any more, since when.
    """

    notice_id: int
    kind: str
    title: str
    title_en: str
    text: str
    text_en: str
    starts_at: datetime | None
    ends_at: datetime | None
    published_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Notices:
    """Notices that were published or withdrawn, the cursor of the next request, and whether there is more by now."""

    notices: tuple[Notice, ...]
    cursor: str
    more: bool


@dataclass(frozen=True)
class IncidentUpdate:
    """What was told of an incident at a moment."""

    at: datetime
    state: str
    text: str
    text_en: str


@dataclass(frozen=True)
class Incident:
    """A disturbance of the exchange.

    Attributes:
        impact: `minor`, `major` or `critical`.
        state: `investigating`, `identified`, `monitoring` or `resolved`.
    """

    incident_id: int
    title: str
    title_en: str
    impact: str
    state: str
    started_at: datetime
    resolved_at: datetime | None
    updates: tuple[IncidentUpdate, ...]


@dataclass(frozen=True)
class Incidents:
    """What goes on, then what ended lately."""

    incidents: tuple[Incident, ...]


@dataclass(frozen=True)
class NewTicket:
    """A difficulty that is reported. Write nothing of a document's content.

    Attributes:
        agency: of yours for which it is reported; empty for the system as a whole.
        packet_id, delivery_id: what it is about: a packet that you sent, a delivery to you.
    """

    subject: str
    text: str
    agency: str = ""
    packet_id: str = ""
    delivery_id: str = ""


@dataclass(frozen=True)
class TicketText:
    """What is added to a ticket."""

    text: str


@dataclass(frozen=True)
class TicketEntry:
    """What one side wrote; `state` is the ticket's after it."""

    at: datetime
    by_operator: bool
    author: str
    text: str
    state: str


@dataclass(frozen=True)
class Ticket:
    """A difficulty, and what was written.

    Attributes:
        number: for people.
        state: `open`, `in_progress`, `waiting` (for you), `solved` or `closed`.
        answered_at, solved_at: the operators' first answer, and their solution.
    """

    ticket_id: str
    number: int
    agency: str | None
    subject: str
    state: str
    packet_id: str
    delivery_id: str
    opened_at: datetime
    answered_at: datetime | None
    solved_at: datetime | None
    closed_at: datetime | None
    entries: tuple[TicketEntry, ...]


@dataclass(frozen=True)
class Tickets:
    """Tickets, the newest first."""

    tickets: tuple[Ticket, ...]
