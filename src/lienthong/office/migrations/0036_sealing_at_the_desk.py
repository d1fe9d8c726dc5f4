"""What waits to be sealed with the agency's token at the clerk's machine."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0035_local_exchange"),
    ]

    operations = [
        migrations.AddField(
            model_name="remoterequest",
            name="sends",
            field=models.BooleanField(default=False, help_text="the documents are sent as soon as they are sealed"),
        ),
        migrations.AlterField(
            model_name="remoterequest",
            name="why",
            field=models.CharField(
                blank=True, help_text="why it ended without signatures, or what it waits for", max_length=300
            ),
        ),
        migrations.CreateModel(
            name="Sealing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("prepared", models.CharField(help_text="digest of the prepared file", max_length=64)),
                (
                    "start",
                    models.PositiveBigIntegerField(
                        help_text="where the kept place begins in it, and `end` where it ends"
                    ),
                ),
                ("end", models.PositiveBigIntegerField()),
                (
                    "attributes",
                    models.BinaryField(help_text="signed attributes, DER: their SHA-256 is what the service signs"),
                ),
                ("signature", models.BinaryField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Đang chờ ký từ xa"), ("signed", "Đã ký"), ("dropped", "Chưa ký")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=300)),
                ("why_en", models.CharField(blank=True, max_length=300)),
                (
                    "copy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sealings",
                        to="office.copy",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sealings",
                        to="office.outgoingdocument",
                    ),
                ),
                (
                    "enclosure",
                    models.ForeignKey(
                        blank=True,
                        help_text="None: the document",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.enclosure",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sealings", to="office.remoterequest"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("document__isnull", True), ("copy__isnull", True), _connector="XOR"),
                        name="sealing_is_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("enclosure__isnull", True), ("document__isnull", False), _connector="OR"),
                        name="sealed_enclosure_has_its_document",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("document", "enclosure", "copy"),
                        name="sealing_open_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
    ]
