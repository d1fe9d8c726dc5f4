"""The rows of the hub."""

from lienthong.hub.models.alerts import Alert, AlertChannel, AlertNews, RuleValue
from lienthong.hub.models.calls import Call
from lienthong.hub.models.codes import CodeChange
from lienthong.hub.models.desk import Incident, IncidentUpdate, Notice, Ticket, TicketEntry
from lienthong.hub.models.directory import (
    Agency,
    Alias,
    FormerName,
    Seal,
    Service,
    System,
    SystemCertificate,
    SystemKey,
)
from lienthong.hub.models.evidence import TreeHead, TreeTile
from lienthong.hub.models.exchange import Change, Delivery, Packet, ReportedStatus
from lienthong.hub.models.guards import HubKey, IdempotencyKey, Quarantined, SubmissionKey, UsedAssertion
from lienthong.hub.models.operations import DiskSample, IntakeHour, Maintenance, Measured, Monitor, Refusal, Worker
from lienthong.hub.models.participants import Declaration, Readiness, Standing
from lienthong.hub.models.people import Operator
from lienthong.hub.models.relations import LegalHold, Relation, Request
from lienthong.hub.models.requests import ChangeRequest
from lienthong.hub.models.sandbox import HubMode, SandboxSystem
from lienthong.hub.models.tables import TableImport
from lienthong.hub.models.tallies import Tally
from lienthong.hub.models.uploads import Upload
from lienthong.hub.models.webhooks import Webhook, WebhookAttempt, WebhookCursor, WebhookMessage

__all__ = [
    "Agency",
    "Alert",
    "AlertChannel",
    "AlertNews",
    "Alias",
    "Call",
    "Change",
    "ChangeRequest",
    "CodeChange",
    "Declaration",
    "Delivery",
    "DiskSample",
    "FormerName",
    "HubKey",
    "HubMode",
    "IdempotencyKey",
    "Incident",
    "IncidentUpdate",
    "IntakeHour",
    "LegalHold",
    "Maintenance",
    "Measured",
    "Monitor",
    "Notice",
    "Operator",
    "Packet",
    "Quarantined",
    "Readiness",
    "Refusal",
    "Relation",
    "ReportedStatus",
    "Request",
    "RuleValue",
    "SandboxSystem",
    "Seal",
    "Service",
    "Standing",
    "SubmissionKey",
    "System",
    "SystemCertificate",
    "SystemKey",
    "TableImport",
    "Tally",
    "Ticket",
    "TicketEntry",
    "TreeHead",
    "TreeTile",
    "Upload",
    "UsedAssertion",
    "Webhook",
    "WebhookAttempt",
    "WebhookCursor",
    "WebhookMessage",
    "Worker",
]
