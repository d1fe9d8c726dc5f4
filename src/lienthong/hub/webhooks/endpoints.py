"""A system's endpoints: registered, changed, tested and removed by the system itself, or by the operators for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from lienthong.hub import secrets
from lienthong.hub.models import System, Webhook, WebhookAttempt
from lienthong.hub.refusals import RegistryRefused
from lienthong.hub.wakeup import ring_after_commit
from lienthong.hub.webhooks import outbox, targets
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol import webhooks
from lienthong.protocol.problems import BadRequest, TooManyWebhooks, UnknownWebhook, WebhookTargetRefused
from lienthong.protocol.webhooks import CHOOSABLE, WebhookEvent

MOST = 5
"""Endpoints of one system."""
LONGEST_OVERLAP = timedelta(days=7)


def register(
    system: str, url: str, events: Sequence[str], *, actor: Actor, at: datetime, networks: str | None = None
) -> tuple[Webhook, str]:
    """Give a system an endpoint; its address is its name, so that a repeat finds it.

    Args:
        events: what it wants to hear of; all there is when it names none.
        networks: CIDR ranges that may be named though they are not public; None for those of the hub's settings. What
            is called is decided at each attempt.

    Returns:
        The endpoint, and its secret, which is told this once; a repeat gets the endpoint as it stands, and no secret.

    Raises:
        BadRequest, WebhookTargetRefused, TooManyWebhooks.
        RegistryRefused: there is no such system.
    """
    wanted = _events(events)
    _require_allowed(url, networks)
    with transaction.atomic():
        # One registration of a system at a time: the limit is counted on what is committed.
        if System.objects.select_for_update(no_key=True).filter(code=system).first() is None:
            raise RegistryRefused("unknown_system", code=system)
        own = Webhook.objects.filter(system_id=system)
        if (known := own.filter(url=url).first()) is not None:
            return known, ""
        if own.count() >= MOST:
            raise TooManyWebhooks(limit=MOST)
        outbox.ensure_cursor()
        secret = webhooks.new_secret()
        made = Webhook.objects.create(
            system_id=system, url=url, events=wanted, secret=secrets.hide(secret), added_at=at
        )
        _record(HubEvent.WEBHOOK_REGISTERED, made, actor, at, events=wanted)
    return made, secret


def of_system(system: str) -> list[Webhook]:
    """A system's endpoints, oldest first."""
    return list(Webhook.objects.filter(system_id=system).order_by("added_at", "id"))


def find(system: str, webhook_id: str) -> Webhook:
    """An endpoint of this system. Raises `UnknownWebhook` for another's as for none at all."""
    found = Webhook.objects.filter(pk=_key(webhook_id), system_id=system).first()
    if found is None:
        raise UnknownWebhook()
    return found


def change(
    system: str,
    webhook_id: str,
    *,
    actor: Actor,
    at: datetime,
    url: str | None = None,
    events: Sequence[str] | None = None,
    enabled: bool | None = None,
) -> Webhook:
    """Give an endpoint another address or other events, stop it, or let it go on; None leaves as it is.

    What waited when it was stopped is told when it goes on; what came meanwhile is not.

    Raises:
        BadRequest, WebhookTargetRefused, UnknownWebhook.
    """
    if url is not None:
        _require_allowed(url)
    wanted = None if events is None else _events(events)
    with transaction.atomic():
        webhook = _locked(system, webhook_id)
        if url is not None and url != webhook.url:
            if Webhook.objects.filter(system_id=system, url=url).exists():
                raise BadRequest(reason="địa chỉ này đã có ở một điểm nhận khác của hệ thống")
            webhook.url = url
            webhook.lease = webhook.leased_until = None  # what the old address answers by now says nothing of this one
            _try_at_once(webhook, at)
        if wanted is not None:
            webhook.events = wanted
        if enabled is not None:
            webhook.enabled, webhook.disabled_for = enabled, "" if enabled else actor.kind
            if enabled:
                _try_at_once(webhook, at)
        webhook.save()
        _record(HubEvent.WEBHOOK_CHANGED, webhook, actor, at, events=webhook.events, enabled=webhook.enabled)
        ring_after_commit()
    return webhook


def rotate(system: str, webhook_id: str, *, overlap: timedelta, actor: Actor, at: datetime) -> tuple[Webhook, str]:
    """Give an endpoint a new secret, told this once; for a while the old one signs too. Raises `UnknownWebhook`."""
    secret = webhooks.new_secret()
    with transaction.atomic():
        webhook = _locked(system, webhook_id)
        overlap = min(overlap, LONGEST_OVERLAP)
        webhook.secret_before = webhook.secret if overlap else b""
        webhook.secret_before_until = at + overlap if overlap else None
        webhook.secret = secrets.hide(secret)
        webhook.save()
        _record(HubEvent.WEBHOOK_SECRET_CHANGED, webhook, actor, at, old_until=(at + overlap).isoformat())
    return webhook, secret


def ask_for_test(system: str, webhook_id: str, *, at: datetime) -> str:
    """Let the endpoint be called at once, whatever its breaker says; gives the name of the message.

    Raises:
        UnknownWebhook.
        BadRequest: it is stopped.
    """
    with transaction.atomic():
        webhook = _locked(system, webhook_id)
        if not webhook.enabled:
            raise BadRequest(reason="điểm nhận đang tắt; bật lại trước khi thử")
        name = outbox.add_message(webhook, WebhookEvent.TEST, [], 1, at=at)
        _try_at_once(webhook, at)
        webhook.save()
        ring_after_commit()
    return name


def remove(system: str, webhook_id: str, *, actor: Actor, at: datetime) -> None:
    """Forget an endpoint and what it was to be told. Raises `UnknownWebhook`."""
    with transaction.atomic():
        webhook = _locked(system, webhook_id)
        _record(HubEvent.WEBHOOK_REMOVED, webhook, actor, at)
        webhook.delete()


def attempts(webhook: Webhook, limit: int) -> list[WebhookAttempt]:
    """The newest attempts, newest first."""
    return list(webhook.attempts.order_by("-id")[:limit])


# -- steps -----------------------------------------------------------------------------------------------------------


def _locked(system: str, webhook_id: str) -> Webhook:
    found = Webhook.objects.select_for_update().filter(pk=_key(webhook_id), system_id=system).first()
    if found is None:
        raise UnknownWebhook()
    return found


def _key(webhook_id: str) -> UUID:
    try:
        return UUID(webhook_id)
    except ValueError:
        raise UnknownWebhook() from None


def _try_at_once(webhook: Webhook, at: datetime) -> None:
    """The owner says that it is worth trying: what waits is attempted now, though the breaker is open."""
    webhook.next_at = at if webhook.messages.exists() else None


def _events(events: Sequence[str]) -> list[str]:
    known = [event.value for event in CHOOSABLE]
    if strangers := [event for event in events if event not in known]:
        raise BadRequest(reason=f"không có sự kiện {', '.join(strangers)[:100]}; có: {', '.join(known)}")
    return [event for event in known if event in events] or known


def _require_allowed(url: str, networks: str | None = None) -> None:
    try:
        targets.require_allowed(url, settings.LIENTHONG.webhook_networks if networks is None else networks)
    except targets.TargetRefused as reason:
        raise WebhookTargetRefused(reason=reason.vi, reason_en=reason.en) from None


def _record(event: HubEvent, webhook: Webhook, actor: Actor, at: datetime, **facts: object) -> None:
    # The address may hold a secret of the receiver in its path or its query: the journal keeps the host alone.
    host, _ = targets.host_and_port(webhook.url)
    subject = Subject("system", webhook.system_id)
    record(event, actor=actor, subject=subject, at=at, webhook=str(webhook.pk), host=host, **facts)
