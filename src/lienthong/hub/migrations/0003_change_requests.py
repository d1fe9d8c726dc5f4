"""Changes of the directory that systems and subtrees ask for."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hub", "0002_moves"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(db_index=True, help_text="the agency's code, as it was written", max_length=35),
                ),
                ("wish", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[("filed", "chờ duyệt"), ("applied", "đã áp dụng"), ("refused", "từ chối")],
                        default="filed",
                        max_length=8,
                    ),
                ),
                ("filed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by", models.CharField(blank=True, max_length=100)),
                ("reason", models.CharField(blank=True, max_length=400)),
                (
                    "system",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="hub.system"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "filed_at"], name="requests_by_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "filed")),
                        fields=("system", "code", "wish"),
                        name="one_open_request_of_a_wish",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "filed")),
                            models.Q(("decided_at__isnull", False), ("state__in", ["applied", "refused"])),
                            _connector="OR",
                        ),
                        name="a_decision_has_its_time",
                    ),
                ],
            },
        ),
    ]
