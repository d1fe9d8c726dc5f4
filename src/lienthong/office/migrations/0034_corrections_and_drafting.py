"""A correction letter that comes in names what it corrects, as an update and a replacement do; and what somebody is
given to write."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("office", "0033_words_by_direction")]
    operations = [
        migrations.AlterField(
            "amendment",
            "kind",
            models.CharField(
                max_length=8,
                choices=[("update", "Cập nhật"), ("replace", "Thay thế"), ("correct", "Đính chính")],
            ),
        ),
        migrations.CreateModel(
            name="DraftingTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("to_unit", models.BooleanField()),
                ("type_name", models.CharField(max_length=100)),
                ("subject", models.CharField(max_length=500)),
                ("guidance", models.TextField(blank=True)),
                ("urgency", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("to_do", "Đang thực hiện"),
                            ("done", "Đã phát hành"),
                            ("returned", "Đã trả lại"),
                            ("dropped", "Đã thôi"),
                        ],
                        default="to_do",
                        max_length=8,
                    ),
                ),
                ("given_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "document",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafting_task",
                        to="office.outgoingdocument",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drafting_given", to="office.person"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafting_tasks",
                        to="office.organization",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafting_tasks",
                        to="office.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.unit"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "-id"], name="drafting_of_person"),
                    models.Index(fields=["unit", "-id"], name="drafting_of_unit"),
                    models.Index(fields=["given_by", "-id"], name="drafting_by_giver"),
                    models.Index(
                        condition=models.Q(("document", None), ("state", "to_do")),
                        fields=["person"],
                        name="drafting_waiting",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["to_do", "done", "returned", "dropped"])),
                        name="drafting_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "to_do")),
                            models.Q(
                                models.Q(("state", "to_do"), _negated=True), models.Q(("ended_at", None), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="drafting_ended_has_moment",
                    ),
                ],
            },
        ),
    ]
