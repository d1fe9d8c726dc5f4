"""The rows of the hub."""

from lienthong.hub.models.codes import CodeChange
from lienthong.hub.models.directory import Agency, Alias, Seal, System, SystemKey
from lienthong.hub.models.exchange import Change, Delivery, Packet, ReportedStatus
from lienthong.hub.models.guards import HubKey, IdempotencyKey, Quarantined, SubmissionKey, UsedAssertion
from lienthong.hub.models.participants import Declaration, Readiness, Standing
from lienthong.hub.models.people import Operator
from lienthong.hub.models.requests import ChangeRequest
from lienthong.hub.models.uploads import Upload
from lienthong.hub.models.webhooks import Webhook, WebhookAttempt, WebhookCursor, WebhookMessage

__all__ = [
    "Agency",
    "Alias",
    "Change",
    "ChangeRequest",
    "CodeChange",
    "Declaration",
    "Delivery",
    "HubKey",
    "IdempotencyKey",
    "Operator",
    "Packet",
    "Quarantined",
    "Readiness",
    "ReportedStatus",
    "Seal",
    "Standing",
    "SubmissionKey",
    "System",
    "SystemKey",
    "Upload",
    "UsedAssertion",
    "Webhook",
    "WebhookAttempt",
    "WebhookCursor",
    "WebhookMessage",
]
