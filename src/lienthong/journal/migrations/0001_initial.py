"""The tables."""

import django.contrib.postgres.indexes
from django.db import migrations, models

import lienthong.journal.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AccessLog",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("access", models.CharField(max_length=12)),
                ("actor", models.CharField(max_length=60)),
                ("actor_name", models.CharField(max_length=200)),
                ("agency", models.CharField(max_length=35)),
                ("subject_kind", models.CharField(max_length=20)),
                ("subject", models.CharField(max_length=64)),
                ("detail", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "indexes": [models.Index(fields=["subject_kind", "subject", "id"], name="access_by_subject")],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("name", models.CharField(max_length=60)),
                (
                    "actor_kind",
                    models.CharField(choices=[("person", ""), ("system", ""), ("service", "")], max_length=10),
                ),
                ("actor", models.CharField(max_length=60)),
                ("actor_name", models.CharField(blank=True, max_length=200)),
                ("agency", models.CharField(blank=True, max_length=35)),
                ("subject_kind", models.CharField(max_length=20)),
                ("subject", models.CharField(max_length=64)),
                ("data", models.JSONField(default=dict, help_text="facts, never content")),
                ("salt", models.BinaryField(default=lienthong.journal.models.new_salt)),
                ("transaction", models.BigIntegerField(db_default=lienthong.journal.models.CurrentTransaction())),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject_kind", "subject", "id"], name="event_by_subject"),
                    models.Index(fields=["agency", "-id"], name="event_by_agency"),
                    models.Index(
                        condition=models.Q(
                            (
                                "name__in",
                                (
                                    "packet.accepted",
                                    "packet.repeated",
                                    "delivery.fetched",
                                    "delivery.done",
                                    "delivery.failed",
                                    "status.reported",
                                ),
                            ),
                            _negated=True,
                        ),
                        fields=["name", "id"],
                        name="event_uncommon",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "name__in",
                                [
                                    "operator.signed_in",
                                    "operator.sign_in_refused",
                                    "operator.added",
                                    "operator.changed",
                                    "operator.closed",
                                    "operator.reopened",
                                    "operator.password_changed",
                                    "operator.password_reset",
                                    "agency.seal_registered",
                                    "system.added",
                                    "system.key_added",
                                    "system.key_retired",
                                    "system.key_revoked",
                                    "system.secret_changed",
                                    "system.certificate_added",
                                    "system.certificate_ending",
                                    "system.certificate_revoked",
                                    "system.policy_changed",
                                    "system.suspended",
                                    "system.resumed",
                                    "hub.key_changed",
                                    "packet.destroyed",
                                    "monitor.added",
                                    "monitor.revoked",
                                    "webhook.registered",
                                    "webhook.changed",
                                    "webhook.secret_changed",
                                    "webhook.removed",
                                ],
                            )
                        ),
                        fields=["transaction", "id"],
                        name="event_of_security",
                    ),
                    django.contrib.postgres.indexes.BrinIndex(
                        autosummarize=True, fields=["at"], name="event_by_time", pages_per_range=32
                    ),
                    django.contrib.postgres.indexes.BrinIndex(
                        autosummarize=True, fields=["transaction"], name="event_by_transaction", pages_per_range=32
                    ),
                ],
            },
        ),
    ]
