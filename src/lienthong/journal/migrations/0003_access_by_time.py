"""Where a month lies in the log of readers, among any number of rows that came after it."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]
    operations = [
        migrations.AddIndex(
            model_name="accesslog",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["at"], name="access_by_time", pages_per_range=32
            ),
        ),
    ]
