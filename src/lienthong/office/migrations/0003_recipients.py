"""Recipients are searched in the directory as one types, and groups of them have names."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from lienthong.standards.plaintext import plain_words


def fill_words(apps, _editor):  # type: ignore[no-untyped-def]
    """The directory that is here is found at once, not only after it was read anew."""
    agencies = apps.get_model("office", "DirectoryAgency").objects
    rows = list(agencies.all())
    for row in rows:
        words = plain_words(" ".join((row.name, row.code, *row.aliases)))
        row.words = "".join(f" {word}" for word in words)[:900]
    agencies.bulk_update(rows, ["words"], batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0002_packet_exchange"),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="RecipientGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                (
                    "codes",
                    models.JSONField(default=list, help_text="of the agencies, in the order in which they are printed"),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="directoryagency",
            name="words",
            field=models.CharField(blank=True, help_text="name and codes as they are searched, plain", max_length=900),
        ),
        migrations.RunPython(fill_words, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="directoryagency",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["words"], name="directory_words", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddField(
            model_name="recipientgroup",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="recipient_groups", to="office.organization"
            ),
        ),
        migrations.AddField(
            model_name="recipientgroup",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="recipient_groups",
                to="office.person",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipientgroup",
            constraint=models.UniqueConstraint(
                fields=("organization", "owner", "name"), name="recipient_group_once", nulls_distinct=False
            ),
        ),
    ]
