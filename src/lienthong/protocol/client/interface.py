"""What a member can ask of a hub, whatever door it goes through."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import BinaryIO, Protocol

from lienthong.evidence.proving import PublishedKey
from lienthong.protocol.messages import Acknowledgement, Agency, Change, InboxItem, Kind, Submission
from lienthong.protocol.support import NewTicket, Notices, Ticket


class PacketCarrier(Protocol):
    """Whoever carries packets from one agency to another: a hub, or what stands in its place. Every call may raise a
    leaf of `lienthong.protocol.problems.Problem` (the carrier said no: final unless `retryable`) or `HubUnreachable`
    (ask again later, with the same key)."""

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
        """Hand over a packet; safe to repeat with the same key. A hub's receipt is verified before return.

        Where a hub names no deliveries, `delivery_id` of each promise is empty: `changes` tells them.
        """
        ...

    def inbox(self, *, wait: float = 0, limit: int = 50, failed: bool = False) -> list[InboxItem]:
        """What waits for this system's agencies, most urgent first, then oldest; held up to `wait` seconds.

        Args:
            failed: with the items that were answered with `refuse` before.
        """
        ...

    def fetch(self, item: InboxItem, into: BinaryIO) -> InboxItem:
        """Stream the packet of `item` into a file; gives the item with digest and size of what came.

        Raises:
            DigestMismatch: it is not what the hub announced.
        """
        ...

    def acknowledge(self, item: InboxItem) -> Acknowledgement:
        """Say, with a signed statement, that the packet is stored durably. Only then does the hub stop listing it."""
        ...

    def refuse(self, item: InboxItem, *, code: str, detail: str) -> None:
        """Say that the packet could not be taken (`fail`); the hub keeps it and shows it to its operators."""
        ...


class HubConnection(PacketCarrier, Protocol):
    """A member system's connection to a hub.

    Attributes:
        publishes_keys: whether this door tells keys at all; at one that does not, `key` says nothing about a statement.
    """

    publishes_keys: bool

    def time(self) -> datetime:
        """The hub's clock, which is authoritative (Article 14.4)."""
        ...

    def directory(self) -> list[Agency]:
        """All agencies with their seal certificates."""
        ...

    def changes(self, *, after: int, limit: int = 200, wait: float = 0) -> list[Change]:
        """What became of what this system sent, after the cursor `after`; some of it may have been told before."""
        ...

    def key(self, kid: str) -> PublishedKey | None:
        """The published key that a statement names (`evidence.proving.key_id`), as of at most a minute ago; None where
        the hub publishes none of this id: then what it signed is no proof (`evidence.proving.prove`)."""
        ...

    def notices(self, *, after: str) -> Notices:
        """What the hub's operators told every agency after a cursor; nothing where the door knows no notices."""
        ...


class TicketDesk(Protocol):
    """A connection by whose door difficulties are reported to the hub's operators (Article 19.5); the door of existing
    client software has none. Every call may raise what those of `HubConnection` do."""

    def open_ticket(self, ticket: NewTicket, *, key: str) -> Ticket:
        """Report a difficulty; safe to repeat with the same key."""
        ...

    def write_to_ticket(self, ticket_id: str, text: str, *, key: str) -> Ticket:
        """Write more; safe to repeat with the same key."""
        ...

    def close_ticket(self, ticket_id: str) -> Ticket:
        """Say that nothing more is needed; a repeat changes nothing."""
        ...

    def ticket(self, ticket_id: str) -> Ticket:
        """A ticket of this system's, with everything that was written."""
        ...
