"""Telling operators outside the console: one mail for many alerts, and a signed webhook.

Record the intent, act, record the outcome: what is new becomes a batch with a name, the batch is sent under this name
(`Message-ID`, `webhook-id`), then it counts as told. Whoever is killed in between sends the same batch again, and the
receiver can tell that it is the same. A channel that fails waits longer each time; nothing is given up.
"""

from __future__ import annotations

import json
import smtplib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
import structlog
from django.conf import settings
from django.db import transaction

from lienthong.hub import secrets
from lienthong.hub.models import AlertChannel, AlertNews
from lienthong.hub.refusals import RegistryRefused
from lienthong.hub.watch.rules import Severity
from lienthong.hub.watch.words import line_of
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol import webhooks
from lienthong.protocol.mail import SEND_SECONDS, MailServer, is_server
from lienthong.protocol.wire import write_value
from lienthong.standards.times import VIETNAM

LEASE = timedelta(seconds=90)
"""How long a worker has the turn: longer than sending can take."""
GATHER = timedelta(seconds=60)
"""How long news are gathered for one mail; a critical one does not wait."""
BETWEEN_MAILS = timedelta(minutes=5)
"""Least time between two mails: a storm of alerts is a few mails, not thousands."""
MOST_TOLD = 100
"""Alerts that one message names; of the others it says how many."""
LONGEST_PAUSE = timedelta(hours=1)
KEPT = timedelta(days=30)

log = structlog.get_logger("hub.channels")
Send = Callable[[AlertChannel, UUID, Sequence[AlertNews], int, datetime], None]


class _Refused(Exception):
    """The other side did not take it; `cause` is safe to show."""

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(cause)


def tell(now: datetime) -> int:
    """Send what is due by every channel; gives how many messages went out."""
    return sum(_tell_by(channel, now) for channel in AlertChannel.objects.filter(due_at__lte=now))


def _tell_by(channel: AlertChannel, now: datetime) -> bool:
    # 1. One worker has the turn.
    mine = AlertChannel.objects.filter(pk=channel.pk, due_at=channel.due_at).update(due_at=now + LEASE)
    batch = _batch(channel, now) if mine else None
    if batch is None:
        if mine:
            AlertChannel.objects.filter(pk=channel.pk).update(due_at=now)
        return False
    # 2. The batch is fixed and committed; sent; told.
    news = list(AlertNews.objects.filter(batch=batch).select_related("alert").order_by("id")[:MOST_TOLD])
    count = AlertNews.objects.filter(batch=batch).count()
    try:
        SENDERS[channel.kind](channel, batch, news, count, now)
    except (OSError, smtplib.SMTPException, httpx.HTTPError, _Refused) as reason:
        _note_failure(channel, reason, now)
        return False
    _note_told(channel, batch, now)
    return True


def _batch(channel: AlertChannel, now: datetime) -> UUID | None:
    """The batch to send: one that was begun, else a new one if its time has come."""
    waiting = AlertNews.objects.filter(channel=channel, sent_at__isnull=True)
    begun = waiting.filter(batch__isnull=False).order_by("id").first()
    if begun is not None:
        return begun.batch
    first = waiting.order_by("id").first()
    if first is None or not _is_time(channel, first, now):
        return None
    batch = uuid4()
    waiting.filter(batch__isnull=True).update(batch=batch)
    return batch


def _is_time(channel: AlertChannel, first: AlertNews, now: datetime) -> bool:
    if channel.kind != "mail":
        return True
    if channel.last_sent_at is not None and now - channel.last_sent_at < BETWEEN_MAILS:
        return False
    waiting = AlertNews.objects.filter(channel=channel, sent_at__isnull=True, alert__severity=Severity.CRITICAL.value)
    return now - first.at >= GATHER or waiting.exists()


def _note_told(channel: AlertChannel, batch: UUID, now: datetime) -> None:
    with transaction.atomic():
        AlertNews.objects.filter(batch=batch).update(sent_at=now)
        AlertNews.objects.filter(channel=channel, sent_at__lt=now - KEPT).delete()
        AlertChannel.objects.filter(pk=channel.pk).update(due_at=now, failures=0, last_error="", last_sent_at=now)


def _note_failure(channel: AlertChannel, reason: Exception, now: datetime) -> None:
    cause = reason.cause if isinstance(reason, _Refused) else type(reason).__name__
    pause = min(timedelta(seconds=30) * 2 ** min(channel.failures, 8), LONGEST_PAUSE)
    AlertChannel.objects.filter(pk=channel.pk).update(
        due_at=now + pause, failures=channel.failures + 1, last_error=cause[:200]
    )
    log.warning("channel failed", channel=channel.kind, reason=cause)


# -- mail --------------------------------------------------------------------------------------------------------------


def _send_mail(channel: AlertChannel, batch: UUID, news: Sequence[AlertNews], count: int, now: datetime) -> None:
    password = secrets.reveal(channel.secret) if channel.secret else ""
    MailServer(channel.address, password).send(mail_of(channel, batch, news, count, now))


def mail_of(
    channel: AlertChannel, batch: UUID, news: Sequence[AlertNews], count: int, now: datetime
) -> EmailMessage:  # fmt: skip
    """The mail of a batch: in Vietnamese, then in English."""
    opened = sum(one.move == "opened" for one in news)
    message = EmailMessage()
    message["From"] = channel.sender
    message["To"] = ", ".join(channel.recipients)
    message["Subject"] = f"[{settings.LIENTHONG.hub_name}] {opened} cảnh báo mới, {len(news) - opened} đã hết"
    message["Date"] = format_datetime(now.astimezone(VIETNAM))
    message["Message-ID"] = f"<{batch}@{urlsplit(settings.LIENTHONG.address).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    parts = []
    for english in (False, True):
        lines = [line_of(one.alert, one.move, english=english) for one in news]
        if count > len(news):
            lines.append(f"… and {count - len(news)} more" if english else f"… và {count - len(news)} cảnh báo khác")
        parts.append("\n\n".join(lines))
    parts.append(f"{settings.LIENTHONG.address}/console/canh-bao/")
    message.set_content("\n\n---\n\n".join(parts) + "\n")
    return message


# -- webhook -----------------------------------------------------------------------------------------------------------


def _send_webhook(channel: AlertChannel, batch: UUID, news: Sequence[AlertNews], count: int, now: datetime) -> None:
    body = json.dumps(
        {"type": "alerts.changed", "timestamp": write_value(now), "data": data_of(news, count)},
        ensure_ascii=False,
    ).encode()
    headers = webhooks.sign(str(batch), now, body, [secrets.reveal(channel.secret)])
    answer = httpx.post(
        channel.address, content=body, headers={**headers, "Content-Type": "application/json"}, timeout=SEND_SECONDS
    )
    if not answer.is_success:
        raise _Refused(f"HTTP {answer.status_code}")


def data_of(news: Sequence[AlertNews], count: int) -> dict[str, object]:
    """What a webhook says: the alerts that moved, and how many in all."""
    return {
        "count": count,
        "alerts": [
            {
                "id": one.alert_id, "move": one.move, "at": write_value(one.at), "rule": one.alert.rule,
                "severity": one.alert.severity, "subject": f"{one.alert.subject_kind}:{one.alert.subject}",
                "facts": one.alert.facts, "vi": line_of(one.alert, one.move, english=False),
                "en": line_of(one.alert, one.move, english=True),
            }
            for one in news
        ],
    }  # fmt: skip


SENDERS: Mapping[str, Send] = {"mail": _send_mail, "webhook": _send_webhook}


# -- settings ----------------------------------------------------------------------------------------------------------


def set_mail(
    address: str, *, sender: str, recipients: Sequence[str], password: str, least: Severity, actor: Actor, at: datetime
) -> None:
    """Tell by mail from now on.

    Args:
        address: `smtp://host:25`, `smtp+starttls://name@host:587` or `smtps://name@host:465`.

    Raises:
        RegistryRefused: the address is none, or nobody is to be told.
    """
    if not is_server(address):
        where = urlsplit(address)
        raise RegistryRefused("bad_mail_server", address=where._replace(netloc=where.hostname or "").geturl())
    if "@" not in sender or not recipients or not all("@" in one for one in recipients):
        raise RegistryRefused("bad_mail_addresses")
    facts = {"address": address, "sender": sender, "recipients": list(recipients), "least": least.value}
    _set("mail", facts, password, actor, at)


def set_webhook(address: str, *, secret: str, least: Severity, actor: Actor, at: datetime) -> None:
    """Tell by webhook from now on; `secret` is a `whsec_…`. Raises `RegistryRefused`."""
    if urlsplit(address).scheme not in ("https", "http") or not urlsplit(address).hostname:
        raise RegistryRefused("bad_webhook", address=address)
    _set("webhook", {"address": address, "least": least.value, "sender": "", "recipients": []}, secret, actor, at)


def switch_off(kind: str, *, actor: Actor, at: datetime) -> bool:
    """Tell no more by this channel; what was not told is forgotten. Gives whether there was one."""
    with transaction.atomic():
        gone = AlertChannel.objects.filter(kind=kind).delete()[0] > 0
        if gone:
            record(HubEvent.ALERT_CHANNEL_SET, actor=actor, subject=Subject("alert_channel", kind), at=at, off=True)
    return gone


def _set(kind: str, facts: Mapping[str, object], secret: str, actor: Actor, at: datetime) -> None:
    with transaction.atomic():
        hidden = secrets.hide(secret) if secret else b""
        AlertChannel.objects.update_or_create(
            kind=kind, defaults={**facts, "secret": hidden, "due_at": at, "failures": 0, "last_error": ""}
        )
        record(HubEvent.ALERT_CHANNEL_SET, actor=actor, subject=Subject("alert_channel", kind), at=at, **facts)
