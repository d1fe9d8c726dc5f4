"""The names of what can happen, with one grammar: `<subject>.<what happened>`. `docs/reference/events.md` lists all.

A name is never changed and never reused: what was recorded stays readable.
"""

from enum import StrEnum


class HubEvent(StrEnum):
    """What happens at the hub."""

    SIGNED_IN = "operator.signed_in"
    SIGN_IN_REFUSED = "operator.sign_in_refused"
    SIGNED_OUT = "operator.signed_out"
    SESSION_LOCKED = "operator.session_locked"
    OPERATOR_ADDED = "operator.added"
    OPERATOR_CHANGED = "operator.changed"
    OPERATOR_CLOSED = "operator.closed"
    OPERATOR_REOPENED = "operator.reopened"
    PASSWORD_CHANGED = "operator.password_changed"  # noqa: S105 - a name
    PASSWORD_RESET = "operator.password_reset"  # noqa: S105 - a name
    JOURNAL_EXPORTED = "journal.exported"
    AGENCY_ADDED = "agency.added"
    AGENCY_SEAL_REGISTERED = "agency.seal_registered"
    AGENCY_CHANGE_FILED = "agency.change_filed"
    AGENCY_CHANGE_APPLIED = "agency.change_applied"
    AGENCY_CHANGE_REFUSED = "agency.change_refused"
    SYSTEM_ADDED = "system.added"
    SYSTEM_KEY_ADDED = "system.key_added"
    SYSTEM_KEY_RETIRED = "system.key_retired"
    SYSTEM_KEY_REVOKED = "system.key_revoked"
    SYSTEM_SECRET_CHANGED = "system.secret_changed"  # noqa: S105 - a name
    SYSTEM_CERTIFICATE_ADDED = "system.certificate_added"
    SYSTEM_CERTIFICATE_ENDING = "system.certificate_ending"
    SYSTEM_CERTIFICATE_REVOKED = "system.certificate_revoked"
    SYSTEM_POLICY_CHANGED = "system.policy_changed"
    SYSTEM_SUSPENDED = "system.suspended"
    SYSTEM_RESUMED = "system.resumed"
    SANDBOX_FORGOTTEN = "system.sandbox_forgotten"
    HUB_KEY_CHANGED = "hub.key_changed"
    BACKUP_MADE = "backup.made"
    BACKUP_FAILED = "backup.failed"
    BACKUP_VERIFIED = "backup.verified"
    BACKUP_REMOVED = "backup.removed"
    MAINTENANCE_BEGUN = "hub.maintenance_begun"
    MAINTENANCE_ENDED = "hub.maintenance_ended"
    AGENCY_READINESS_NOTED = "agency.readiness_noted"
    AGENCY_ROUTING_SET = "agency.routing_set"
    AGENCIES_IMPORTED = "agency.imported"
    CODE_CHANGE_FILED = "code_change.filed"
    CODE_CHANGE_IN_FORCE = "code_change.in_force"
    CODE_CHANGE_UNDONE = "code_change.undone"
    SYSTEM_DECLARED = "system.declared"
    SYSTEM_STANDING_SET = "system.standing_set"
    SYSTEM_UNDECLARED = "system.undeclared_connected"
    PACKET_ACCEPTED = "packet.accepted"
    PACKET_REPEATED = "packet.repeated"
    PACKET_REFUSED = "packet.refused"
    PACKET_DESTROYED = "packet.destroyed"
    PACKET_CONTENT_REMOVED = "packet.content_removed"
    DELIVERY_FETCHED = "delivery.fetched"
    DELIVERY_DONE = "delivery.done"
    DELIVERY_FAILED = "delivery.failed"
    DELIVERY_WITHDRAWN = "delivery.withdrawn"
    STATUS_REPORTED = "status.reported"
    ALERT_OPENED = "alert.opened"
    ALERT_ACKNOWLEDGED = "alert.acknowledged"
    ALERT_MUTED = "alert.muted"
    ALERT_RESOLVED = "alert.resolved"
    ALERT_RULE_SET = "alert.rule_set"
    ALERT_CHANNEL_SET = "alert.channel_set"
    NOTICE_PUBLISHED = "notice.published"
    NOTICE_WITHDRAWN = "notice.withdrawn"
    INCIDENT_OPENED = "incident.opened"
    INCIDENT_UPDATED = "incident.updated"
    TICKET_OPENED = "ticket.opened"
    TICKET_ANSWERED = "ticket.answered"
    TICKET_CLOSED = "ticket.closed"
    MONITOR_ADDED = "monitor.added"
    MONITOR_REVOKED = "monitor.revoked"
    REQUEST_ASKED = "request.asked"
    REQUEST_ANSWERED = "request.answered"
    REQUEST_ENDED = "request.ended"
    HOLD_PLACED = "packet.hold_placed"
    HOLD_RELEASED = "packet.hold_released"
    QUARANTINE_REPLAY_PROPOSED = "quarantine.replay_proposed"
    QUARANTINE_REPLAYED = "quarantine.replayed"
    QUARANTINE_DISCARDED = "quarantine.discarded"
    WEBHOOK_REGISTERED = "webhook.registered"
    WEBHOOK_CHANGED = "webhook.changed"
    WEBHOOK_SECRET_CHANGED = "webhook.secret_changed"  # noqa: S105 - a name
    WEBHOOK_REMOVED = "webhook.removed"


class OfficeEvent(StrEnum):
    """What happens at an office."""

    PERSON_ADDED = "person.added"
    UNIT_SAVED = "unit.saved"
    POST_GIVEN = "post.given"
    POST_ENDED = "post.ended"
    ACCOUNT_CLOSED = "account.closed"
    ACCOUNT_REOPENED = "account.reopened"
    PERSON_PASSWORD_RESET = "account.password_reset"  # noqa: S105 - a name
    PERSON_PASSWORD_CHANGED = "account.password_changed"  # noqa: S105 - a name
    PERSON_SESSION_LOCKED = "account.session_locked"
    RIGHT_CHANGE_CONFIRMED = "right_change.confirmed"
    PRESENTATION_POLICY_SET = "agency.presentation_policy_set"
    AGENCY_CHANGED = "agency.changed"
    REGULATION_RECORDED = "regulation.recorded"
    PLAN_TARGETS_SET = "plan.targets_set"
    CALENDAR_DAY_DECIDED = "calendar.day_decided"
    CALENDAR_DAY_WITHDRAWN = "calendar.day_withdrawn"
    ADVISORY_BODY_RECORDED = "advisory_body.recorded"
    ADVISORY_BODY_LAST_DAY_SET = "advisory_body.last_day_set"
    BODY_SIGNER_NAMED = "advisory_body.signer_named"
    BODY_SIGNER_ENDED = "advisory_body.signer_ended"
    KEY_REGISTERED = "key.registered"
    KEY_OPENED = "key.opened"
    PIN_REFUSED = "key.pin_refused"
    CERTIFICATE_REGISTERED = "certificate.registered"
    CERTIFICATE_HANDED_OVER = "certificate.handed_over"
    CERTIFICATE_EXPIRING = "certificate.expiring"
    CERTIFICATE_REVOKED = "certificate.revoked"
    CERTIFICATE_REQUEST_FILED = "certificate_request.filed"
    CERTIFICATE_REQUEST_APPROVED = "certificate_request.approved"
    CERTIFICATE_REQUEST_SENT = "certificate_request.sent"
    CERTIFICATE_REQUEST_RECEIVED = "certificate_request.received"
    CERTIFICATE_REQUEST_REFUSED = "certificate_request.refused"
    SIGNED_IN = "person.signed_in"
    SIGN_IN_REFUSED = "person.sign_in_refused"
    SIGNED_OUT = "person.signed_out"
    BACKUP_MADE = "backup.made"
    BACKUP_FAILED = "backup.failed"
    BACKUP_VERIFIED = "backup.verified"
    BACKUP_REMOVED = "backup.removed"
    AUTHORITY_RECORDED = "authority.recorded"
    AUTHORITY_REVOKED = "authority.revoked"
    NUMBERING_DECIDED = "numbering.decided"
    COPY_SIGNER_NAMED = "copy_signer.named"
    COPY_SIGNER_ENDED = "copy_signer.ended"
    COPY_NUMBER_TAKEN = "copy.number_taken"
    COPY_MADE = "copy.made"
    COPY_VOIDED = "copy.voided"
    PAPER_RULE_RECORDED = "paper_rule.recorded"
    PAPER_RULE_ENDED = "paper_rule.ended"
    RECIPIENT_GROUP_SAVED = "recipient_group.saved"
    RECIPIENT_GROUP_REMOVED = "recipient_group.removed"
    DRAFT_CREATED = "outgoing.created"
    DRAFT_CHANGED = "outgoing.changed"
    ENCLOSURE_ADDED = "outgoing.enclosure_added"
    ENCLOSURE_REMOVED = "outgoing.enclosure_removed"
    SUBMITTED = "outgoing.submitted"
    CONTENT_CHECKED = "outgoing.content_checked"
    PRESENTATION_CHECKED = "outgoing.presentation_checked"
    PRESENTATION_OVERRIDDEN = "outgoing.presentation_overridden"
    APPROVED = "outgoing.approved"
    RETURNED = "outgoing.returned"
    HANDED_DOWN = "outgoing.handed_down"
    COMMENTED = "outgoing.commented"
    SIGNED = "outgoing.signed"
    NUMBER_TAKEN = "outgoing.number_taken"
    NUMBER_VOIDED = "outgoing.number_voided"
    DEADLINE_COUNTED_ANEW = "outgoing.deadline_counted_anew"
    SEALING_BEGUN = "outgoing.sealing_begun"
    SEALED = "outgoing.sealed"
    PUT_ON_PAPER = "outgoing.put_on_paper"
    PAPER_OWED = "outgoing.paper_owed"
    PAPER_SENT = "outgoing.paper_sent"
    PAPER_DROPPED = "outgoing.paper_dropped"
    ISSUED = "outgoing.issued"
    ISSUED_INCOMPLETE = "outgoing.issued_incomplete"
    SENT_AGAIN = "outgoing.sent_again"
    RECALL_ASKED = "outgoing.recall_asked"
    RECALL_ANSWERED = "outgoing.recall_answered"
    UPDATE_SENT = "outgoing.update_sent"
    REPLACED = "outgoing.replaced"
    CIRCULATED = "outgoing.circulated"
    PACKET_SENT = "outgoing.packet_sent"
    PACKET_REFUSED = "outgoing.packet_refused"
    HANDED_OVER = "outgoing.handed_over"
    NOT_TAKEN = "outgoing.not_taken"
    STATUS_RECEIVED = "outgoing.status_received"
    STATEMENT_UNPROVEN = "statement.unproven"
    STATEMENT_PROVEN = "statement.proven"
    INCOMING_ARRIVED = "incoming.arrived"
    INCOMING_DESTROYED = "incoming.destroyed"
    INCOMING_NOT_TAKEN = "incoming.not_taken"
    ORIGIN_SET = "incoming.origin_set"
    INCOMING_ACCEPTED = "incoming.accepted"
    INCOMING_REFUSED = "incoming.refused"
    INCOMING_ASSIGNED = "incoming.assigned"
    INCOMING_HANDED_ON = "incoming.handed_on"
    INCOMING_STARTED = "incoming.started"
    INCOMING_CONTRIBUTED = "incoming.contributed"
    INCOMING_FINISHED = "incoming.finished"
    RECALL_RECEIVED = "incoming.recall_received"
    RECALL_OBEYED = "incoming.recall_obeyed"
    RECALL_DECLINED = "incoming.recall_declined"
    AMENDMENT_RECEIVED = "incoming.amendment_received"
    AMENDMENT_APPLIED = "incoming.amendment_applied"
    AMENDMENT_DECLINED = "incoming.amendment_declined"


class Access(StrEnum):
    """What the access log tells apart: who opened or took away a document's content."""

    OPENED = "opened"
    DOWNLOADED = "downloaded"


OF_SECURITY = (
    HubEvent.SIGNED_IN,
    HubEvent.SIGN_IN_REFUSED,
    HubEvent.OPERATOR_ADDED,
    HubEvent.OPERATOR_CHANGED,
    HubEvent.OPERATOR_CLOSED,
    HubEvent.OPERATOR_REOPENED,
    HubEvent.PASSWORD_CHANGED,
    HubEvent.PASSWORD_RESET,
    HubEvent.AGENCY_SEAL_REGISTERED,
    HubEvent.SYSTEM_ADDED,
    HubEvent.SYSTEM_KEY_ADDED,
    HubEvent.SYSTEM_KEY_RETIRED,
    HubEvent.SYSTEM_KEY_REVOKED,
    HubEvent.SYSTEM_SECRET_CHANGED,
    HubEvent.SYSTEM_CERTIFICATE_ADDED,
    HubEvent.SYSTEM_CERTIFICATE_ENDING,
    HubEvent.SYSTEM_CERTIFICATE_REVOKED,
    HubEvent.SYSTEM_POLICY_CHANGED,
    HubEvent.SYSTEM_SUSPENDED,
    HubEvent.SYSTEM_RESUMED,
    HubEvent.HUB_KEY_CHANGED,
    HubEvent.PACKET_DESTROYED,
    HubEvent.MONITOR_ADDED,
    HubEvent.MONITOR_REVOKED,
    HubEvent.WEBHOOK_REGISTERED,
    HubEvent.WEBHOOK_CHANGED,
    HubEvent.WEBHOOK_SECRET_CHANGED,
    HubEvent.WEBHOOK_REMOVED,
)
"""The events that security monitoring reads; an index holds them, so that their feed costs nothing of all others."""
