"""The rows of the journal."""

import secrets

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from lienthong.journal.vocabulary import OF_SECURITY


def new_salt() -> bytes:
    """A salt for one event: without it nobody can guess an event from the hash that a proof shows."""
    return secrets.token_bytes(16)


class CurrentTransaction(models.Func):
    """The id of the writing transaction in this database cluster."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = models.BigIntegerField()


class PlaceInFeeds(models.Func):
    """Where a row stands in the feeds that read it, behind a horizon (see `horizon`): the id of the writing
    transaction, and what `Restored` adds to it."""

    template = "journal_transaction()"
    output_field = models.BigIntegerField()


class Restored(models.Model):
    """What is added to the ids of transactions since this database came out of a backup: another cluster counts its own
    from the beginning, and who reads on from where they stood would miss everything until it had caught up. One row, or
    none."""

    id = models.BooleanField(primary_key=True, default=True)
    before = models.BigIntegerField()


COMMON = (
    "packet.accepted", "packet.repeated", "delivery.fetched", "delivery.done", "delivery.failed", "status.reported",
)  # fmt: skip
"""Events of every exchange. All others are few: an index of their own finds them among any number of these."""


class Event(models.Model):
    """One thing that happened. Written in the transaction of what it tells of; the database refuses to change it."""

    at = models.DateTimeField()
    name = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10, choices=[("person", ""), ("system", ""), ("service", "")])
    actor = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=200, blank=True)
    agency = models.CharField(max_length=35, blank=True)
    subject_kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=64)
    data = models.JSONField(default=dict, help_text="facts, never content")
    salt = models.BinaryField(default=new_salt)
    transaction = models.BigIntegerField(db_default=PlaceInFeeds())

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject", "id"], name="event_by_subject"),
            models.Index(fields=["agency", "-id"], name="event_by_agency"),
            models.Index(fields=["name", "id"], condition=~models.Q(name__in=COMMON), name="event_uncommon"),
            models.Index(
                fields=["transaction", "id"],
                condition=models.Q(name__in=[event.value for event in OF_SECURITY]),
                name="event_of_security",
            ),
            # Times and transactions only grow, as the table does: a few bytes for many events tell where an hour lies.
            BrinIndex(fields=["at"], name="event_by_time", autosummarize=True, pages_per_range=32),
            BrinIndex(fields=["transaction"], name="event_by_transaction", autosummarize=True, pages_per_range=32),
        ]


class AccessLog(models.Model):
    """Who opened or took away which content; apart from the journal, for it is about readers, not documents."""

    at = models.DateTimeField()
    access = models.CharField(max_length=12)
    actor = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=200)
    agency = models.CharField(max_length=35)
    subject_kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=64)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject", "id"], name="access_by_subject"),
            BrinIndex(fields=["at"], name="access_by_time", autosummarize=True, pages_per_range=32),
        ]
