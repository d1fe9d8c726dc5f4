"""Administration: tickets to the hub's operators, training, notices by e-mail."""

import django.db.models.deletion
from django.db import migrations, models

from lienthong.office.migrations._guards import MODE


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0022_work_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="enclosure",
            name="format_fault",
            field=models.CharField(blank=True, help_text="of `standards.formats`, when it was added", max_length=10),
        ),
        migrations.AddField(
            model_name="person",
            name="silent",
            field=models.BooleanField(default=False, help_text="urgent notices are seen and not heard"),
        ),
        migrations.CreateModel(
            name="MailServer",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("address", models.CharField(help_text="smtp://, smtp+starttls:// or smtps://", max_length=200)),
                ("sender", models.CharField(max_length=200)),
                ("secret", models.BinaryField(blank=True, default=bytes)),
                ("failures", models.PositiveIntegerField(default=0)),
                (
                    "not_before",
                    models.DateTimeField(blank=True, help_text="after a failure: when to try again", null=True),
                ),
                ("last_error", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_mail_server")],
            },
        ),
        migrations.CreateModel(
            name="NoticeWay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=100)),
                ("kinds", models.JSONField(default=list, help_text="of `NoticeKind`")),
                (
                    "refused_for",
                    models.CharField(blank=True, help_text="why mail does not reach the address", max_length=200),
                ),
                ("changed_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notice_way", to="office.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OfficeMode",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("training", models.BooleanField()),
                ("settled_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_office_mode")],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=200)),
                ("packet_id", models.CharField(blank=True, help_text="of ours that it is about", max_length=64)),
                ("delivery_id", models.CharField(blank=True, help_text="to us that it is about", max_length=64)),
                ("opened_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "chờ gửi Trục"),
                            ("open", "Trục đã nhận"),
                            ("in_progress", "Trục đang xử lý"),
                            ("waiting", "chờ cơ quan bổ sung"),
                            ("solved", "đã giải quyết"),
                            ("closed", "đã đóng"),
                            ("rejected", "Trục không nhận"),
                        ],
                        default="queued",
                        max_length=12,
                    ),
                ),
                ("hub_ticket", models.CharField(blank=True, help_text="its id at the hub", max_length=64)),
                ("number", models.BigIntegerField(blank=True, help_text="at the hub, for people", null=True)),
                ("answered_at", models.DateTimeField(blank=True, help_text="first answer of the operators", null=True)),
                ("solved_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("asked_at", models.DateTimeField(help_text="when the hub was last asked how it stands")),
                (
                    "incoming",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.incomingdocument",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tickets", to="office.organization"
                    ),
                ),
                (
                    "outgoing",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.outgoingdocument",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TicketEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_operator", models.BooleanField(default=False)),
                ("author", models.CharField(blank=True, help_text="the operator", max_length=100)),
                ("text", models.CharField(blank=True, max_length=4000)),
                ("closes", models.BooleanField(default=False, help_text="it says that nothing more is needed")),
                ("at", models.DateTimeField()),
                ("key", models.CharField(blank=True, help_text="under which the hub knows a repeat", max_length=64)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("refused_for", models.CharField(blank=True, max_length=500)),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="office.ticket"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NoticeMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField(blank=True, help_text="none: it is over", null=True)),
                ("batch", models.UUIDField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mail", to="office.notice"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="office.person"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="notice_mail_due"
                    ),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)), fields=["person"], name="notice_mail_of_person"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandingText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("type_name", models.CharField(max_length=60)),
                ("basis", models.CharField(blank=True, help_text="one a line", max_length=4000)),
                ("closing", models.CharField(blank=True, max_length=1000)),
                ("recipients", models.CharField(blank=True, help_text="lines of Nơi nhận", max_length=1000)),
                ("valid_from", models.DateField()),
                ("ended_on", models.DateField(blank=True, help_text="not used from this day on", null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standing_texts",
                        to="office.organization",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "type_name", "-valid_from", "-id"], name="standing_newest")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["organization", "-id"], name="support_newest"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(
                    models.Q(("hub_ticket", ""), _negated=True), models.Q(("state", "closed"), _negated=True)
                ),
                fields=["asked_at"],
                name="support_to_ask",
            ),
        ),
        migrations.AddIndex(
            model_name="ticketentry",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="support_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="ticketentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True), fields=("key",), name="support_entry_once"
            ),
        ),
        migrations.RunSQL(MODE),
    ]
