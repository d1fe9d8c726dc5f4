"""Envelopes that are addressed by name, and handed on unopened (Decree 30/2020, Article 21.1b); copies of a dossier's
files in a format that lasts (Annex VI, III.5e)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0036_sealing_at_the_desk"),
    ]

    operations = [
        migrations.CreateModel(
            name="UnopenedEnvelope",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sender", models.CharField(max_length=200)),
                ("written", models.CharField(blank=True, max_length=300)),
                ("number", models.CharField(blank=True, max_length=100)),
                ("urgency", models.PositiveSmallIntegerField(default=0)),
                (
                    "secrecy",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Không có dấu mật"),
                            ("c", "Mật (C)"),
                            ("b", "Tối mật (B)"),
                            ("a", "Tuyệt mật (A)"),
                        ],
                        max_length=1,
                    ),
                ),
                ("body", models.CharField(blank=True, max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("handed", "Chờ ký nhận"),
                            ("taken", "Đã ký nhận"),
                            ("brought", "Chuyển lại, chờ đăng ký"),
                            ("registered", "Đã đăng ký"),
                            ("voided", "Ghi nhầm"),
                        ],
                        default="handed",
                        max_length=10,
                    ),
                ),
                ("handed_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                ("brought_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("apart", models.CharField(blank=True, max_length=100)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "document",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="came_in",
                        to="office.incomingdocument",
                    ),
                ),
                (
                    "handed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unopened_envelopes",
                        to="office.organization",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unopened_envelopes",
                        to="office.person",
                    ),
                ),
            ],
            options={
                "ordering": ["handed_at", "id"],
                "indexes": [
                    models.Index(fields=["organization", "handed_at", "id"], name="unopened_by_day"),
                    models.Index(fields=["person", "handed_at", "id"], name="unopened_of_person"),
                    models.Index(condition=models.Q(("state", "handed")), fields=["person"], name="unopened_to_take"),
                    models.Index(
                        condition=models.Q(("state", "brought")), fields=["organization"], name="unopened_to_register"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["handed", "taken", "brought", "registered", "voided"])),
                        name="unopened_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("secrecy__in", ["", "c", "b", "a"])), name="unopened_mark_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "registered"), _negated=True),
                            models.Q(("apart", ""), ("document__isnull", False), ("secrecy", "")),
                            models.Q(
                                ("document__isnull", True),
                                models.Q(("secrecy", ""), _negated=True),
                                models.Q(("apart", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="unopened_registered_in_one_book",
                    ),
                ],
            },
        ),
        migrations.AddField(
            "material",
            "converted_from",
            models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="converted",
                to="office.material",
            ),
        ),
    ]
