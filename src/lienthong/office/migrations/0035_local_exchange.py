"""Agencies of one installation may exchange documents inside it: who carries each packet, by which decision, and what is
on its way."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0034_corrections_and_drafting"),
    ]

    operations = [
        migrations.CreateModel(
            name="LocalDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("delivery_id", models.CharField(max_length=64, unique=True)),
                ("recipient", models.CharField(help_text="as the packet writes it", max_length=35)),
                ("urgency", models.PositiveSmallIntegerField(default=0)),
                ("submitted_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(default="initial", help_text="`standards.statuses.TransportState`", max_length=10),
                ),
                ("failure", models.CharField(blank=True, max_length=400)),
            ],
        ),
        migrations.CreateModel(
            name="LocalExchange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(help_text="number and date of the decision", max_length=200)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name="outboxpacket",
            name="outbox_waiting",
        ),
        migrations.AddField(
            model_name="outboxpacket",
            name="carrier",
            field=models.CharField(
                choices=[("hub", "qua Trục"), ("local", "nội bộ hệ thống")], default="hub", max_length=5
            ),
        ),
        migrations.AddField(
            model_name="receivedpacket",
            name="carrier",
            field=models.CharField(
                choices=[("hub", "qua Trục"), ("local", "nội bộ hệ thống")], default="hub", max_length=5
            ),
        ),
        migrations.AlterField(
            model_name="outboxpacket",
            name="receipt",
            field=models.TextField(
                blank=True, help_text="what the hub signed; of a local packet, what this system signed for its sender"
            ),
        ),
        migrations.AddIndex(
            model_name="outboxpacket",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["carrier", "-urgency", "created_at"],
                name="outbox_waiting",
            ),
        ),
        migrations.AddField(
            model_name="localdelivery",
            name="organization",
            field=models.ForeignKey(
                help_text="who receives",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="office.organization",
            ),
        ),
        migrations.AddField(
            model_name="localdelivery",
            name="packet",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="local_deliveries", to="office.outboxpacket"
            ),
        ),
        migrations.AddConstraint(
            model_name="localexchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("until",), name="one_local_exchange", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="localexchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("reference__gt", "")), name="local_exchange_is_decided"
            ),
        ),
        migrations.AddIndex(
            model_name="localdelivery",
            index=models.Index(
                condition=models.Q(("state__in", ["initial", "processing", "fail"])),
                fields=["-urgency", "id"],
                name="local_delivery_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="localdelivery",
            constraint=models.UniqueConstraint(fields=("packet", "organization"), name="local_delivery_once"),
        ),
    ]
