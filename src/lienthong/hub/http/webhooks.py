"""A system's webhooks below `/api/v1/webhooks`: where it wants to be told that something waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from lienthong.hub.agencies import Member
from lienthong.hub.delivery import actor_of
from lienthong.hub.http.described import LIMIT, described
from lienthong.hub.http.edge import answer, authenticated, body_json, now, route, text_of, whole
from lienthong.hub.models import Webhook
from lienthong.hub.rows import can_hold
from lienthong.hub.webhooks import endpoints, sending
from lienthong.protocol import self_service
from lienthong.protocol.problems import BadRequest, TooManyWebhooks, UnknownWebhook, WebhookTargetRefused

LOG_SHOWN = 50
JSON = "application/json"


@described(answers={200: self_service.Webhooks})
@authenticated
def list_webhooks(_request: HttpRequest, member: Member) -> HttpResponseBase:
    """The system's endpoints."""
    at = now()
    return answer(self_service.Webhooks(tuple(_shown(one, at) for one in endpoints.of_system(member.code))))


@described(
    body=(JSON, self_service.NewWebhook),
    answers={200: self_service.Webhook, 201: self_service.Webhook},
    problems=(BadRequest, WebhookTargetRefused, TooManyWebhooks),
)
@authenticated
def register_webhook(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Register an endpoint: 201 with its secret, or 200 for an address that is registered already.

    The secret is told this once; who lost the answer changes it by `POST /webhooks/{id}/secret`.
    """
    body, at = body_json(request), now()
    made, secret = endpoints.register(
        member.code, text_of(body, "url"), _texts(body, "events") or (), actor=actor_of(member), at=at
    )
    return answer(_shown(made, at, secret), status=201 if secret else 200)


@described(answers={200: self_service.Webhook}, problems=(UnknownWebhook,))
@authenticated
def show_webhook(_request: HttpRequest, member: Member, webhook_id: str) -> HttpResponseBase:
    """An endpoint: whether its breaker is closed, what waits, when it is called next."""
    return answer(_shown(endpoints.find(member.code, webhook_id), now()))


@described(
    body=(JSON, self_service.WebhookChange),
    answers={200: self_service.Webhook},
    problems=(BadRequest, UnknownWebhook, WebhookTargetRefused),
)
@authenticated
def change_webhook(request: HttpRequest, member: Member, webhook_id: str) -> HttpResponseBase:
    """Change an endpoint's address or events, stop it, or let it go on.

    With a new address, or when it goes on, what waits is attempted at once.
    """
    body, at = body_json(request), now()
    enabled = body.get("enabled")
    if enabled is not None and not isinstance(enabled, bool):
        raise BadRequest(reason="enabled phải là true hoặc false")
    changed = endpoints.change(
        member.code,
        webhook_id,
        url=text_of(body, "url") if body.get("url") is not None else None,
        events=_texts(body, "events"),
        enabled=enabled,
        actor=actor_of(member),
        at=at,
    )
    return answer(_shown(changed, at))


@described(answers={204: None}, problems=(UnknownWebhook,))
@authenticated
def remove_webhook(_request: HttpRequest, member: Member, webhook_id: str) -> HttpResponseBase:
    """Forget an endpoint, what it was to be told, and the log of its attempts."""
    endpoints.remove(member.code, webhook_id, actor=actor_of(member), at=now())
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return response


@described(
    body=(JSON, self_service.SecretRotation), answers={200: self_service.Webhook}, problems=(BadRequest, UnknownWebhook)
)
@authenticated
def rotate_webhook_secret(request: HttpRequest, member: Member, webhook_id: str) -> HttpResponseBase:
    """Change an endpoint's secret; the new one is told this once.

    While the former one still signs too, each message carries two signatures, separated by a space.
    """
    hours, at = body_json(request).get("overlap_hours", self_service.SecretRotation.overlap_hours), now()
    longest = endpoints.LONGEST_OVERLAP / timedelta(hours=1)
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 <= hours <= longest:
        raise BadRequest(reason=f"overlap_hours phải là số, từ 0 đến {longest:.0f}")
    changed, secret = endpoints.rotate(
        member.code, webhook_id, overlap=timedelta(hours=hours), actor=actor_of(member), at=at
    )
    return answer(_shown(changed, at, secret))


@described(answers={202: self_service.AskedTest}, problems=(BadRequest, UnknownWebhook))
@authenticated
def try_webhook(_request: HttpRequest, member: Member, webhook_id: str) -> HttpResponseBase:
    """Let the hub call the endpoint now, though its breaker be open; how it went stands in its attempts."""
    return answer(self_service.AskedTest(endpoints.ask_for_test(member.code, webhook_id, at=now())), status=202)


@described(LIMIT, answers={200: self_service.WebhookAttempts}, problems=(BadRequest, UnknownWebhook))
@authenticated
def list_webhook_attempts(request: HttpRequest, member: Member, webhook_id: str) -> HttpResponseBase:
    """The newest attempts to tell an endpoint something, newest first: whether, how fast, and why not."""
    limit = whole(request, "limit", default=LOG_SHOWN, least=1, most=LOG_SHOWN)
    found = endpoints.attempts(endpoints.find(member.code, webhook_id), limit)
    return answer(
        self_service.WebhookAttempts(
            tuple(
                self_service.WebhookAttempt(
                    message=one.message,
                    event=one.event,
                    number=one.number,
                    at=one.at,
                    outcome=one.outcome,
                    status=one.status,
                    milliseconds=one.milliseconds,
                    given_up=one.given_up,
                )
                for one in found
            )
        )
    )


def _texts(body: Mapping[str, Any], name: str) -> Sequence[str] | None:
    """A list of texts, None where there is none. Raises `BadRequest`."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(one, str) and can_hold(one) for one in value):
        raise BadRequest(reason=f"{name} phải là mảng văn bản")
    return value


def _shown(webhook: Webhook, at: datetime, secret: str = "") -> self_service.Webhook:
    former = webhook.secret_before_until
    return self_service.Webhook(
        id=str(webhook.pk),
        url=webhook.url,
        events=tuple(webhook.events),
        enabled=webhook.enabled,
        breaker=sending.breaker_of(webhook, at).value,
        failures=webhook.failures,
        waiting=webhook.messages.count(),
        added_at=webhook.added_at,
        disabled_for=webhook.disabled_for,
        secret=secret,
        next_attempt_at=webhook.next_at,
        last_success_at=webhook.last_success_at,
        last_failure_at=webhook.last_failure_at,
        former_secret_until=former if former and at < former else None,
    )


DESCRIBED = {
    "webhooks": route(get=list_webhooks, post=register_webhook),
    "webhooks/<str:webhook_id>": route(get=show_webhook, patch=change_webhook, delete=remove_webhook),
    "webhooks/<str:webhook_id>/secret": route(post=rotate_webhook_secret),
    "webhooks/<str:webhook_id>/test": route(post=try_webhook),
    "webhooks/<str:webhook_id>/attempts": route(get=list_webhook_attempts),
}
