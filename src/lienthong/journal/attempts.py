"""Who fails too often, to sign in or with a key's PIN, waits (SEC-2). The journal is the memory: it outlives
restarts and is shared by all processes of a service."""

from datetime import datetime, timedelta

from django.db import transaction

from lienthong.journal.models import Event
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent, OfficeEvent

ATTEMPTS = 5
LOCKED_FOR = timedelta(minutes=15)
REFUSED = (OfficeEvent.SIGN_IN_REFUSED.value, OfficeEvent.PIN_REFUSED.value, HubEvent.SIGN_IN_REFUSED.value)


def is_locked(account: str, *, at: datetime) -> bool:
    """Whether the newest attempts of an account were all refused, within a quarter of an hour."""
    recent = Event.objects.filter(subject_kind="account", subject=account[:64], at__gt=at - LOCKED_FOR).order_by("-id")
    newest = list(recent.values_list("name", flat=True)[:ATTEMPTS])
    return len(newest) == ATTEMPTS and all(name in REFUSED for name in newest)


def note_attempt(event: HubEvent | OfficeEvent, *, account: str, actor: Actor, at: datetime, **data: object) -> None:
    """Write an attempt to sign in, or to use a key, whether it succeeded or not."""
    with transaction.atomic():
        record(event, actor=actor, subject=Subject("account", account[:64]), at=at, **data)
