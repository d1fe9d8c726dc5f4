"""Letters that correct or urge; of which deadline of sending was told; the day of a register's last number; the use of
stored copies."""

import django.db.models.deletion
from django.db import migrations, models


def _own(name: str, *, related: str) -> migrations.AddField:
    return migrations.AddField(
        model_name="outgoingdocument",
        name=name,
        field=models.ForeignKey(
            blank=True,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name=related,
            to="office.outgoingdocument",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0030_sending_many"),
    ]

    operations = [
        _own("corrects", related="corrected_by"),
        _own("urges", related="urged_by"),
        migrations.AddField(
            model_name="outgoingdocument",
            name="correct_reason",
            field=models.TextField(
                blank=True, default="", help_text="what was wrong with the other one's form, and who decided"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="outgoingdocument",
            name="send_reminded",
            field=models.CharField(
                blank=True, default="", help_text="of its deadline was told: soon, over", max_length=4
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="sequence",
            name="last_on",
            field=models.DateField(
                blank=True, help_text="day of the last number: none after it is of an earlier one", null=True
            ),
        ),
        migrations.CreateModel(
            name="StoredCopyUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("used_on", models.DateField()),
                (
                    "user_name",
                    models.CharField(help_text="who used it; perhaps nobody with an account", max_length=100),
                ),
                ("allowed_by", models.CharField(help_text="who let them", max_length=200)),
                (
                    "file_code",
                    models.CharField(blank=True, help_text="number and notation of the dossier", max_length=50),
                ),
                ("receipt", models.CharField(blank=True, help_text="how it was signed for", max_length=100)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("returned_on", models.DateField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stored_copy_uses",
                        to="office.outgoingdocument",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stored_copy_uses",
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
                "ordering": ["used_on", "id"],
                "indexes": [models.Index(fields=["organization", "used_on", "id"], name="stored_copy_by_day")],
            },
        ),
    ]
