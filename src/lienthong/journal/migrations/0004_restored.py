"""Feeds go on after a restore into another database cluster, whose transactions count from the beginning."""

from django.db import migrations, models

import lienthong.journal.models

COUNTED_ON = """
CREATE FUNCTION journal_transaction() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RETURN pg_current_xact_id()::text::bigint + coalesce((SELECT before FROM journal_restored), 0);
END $$;
CREATE FUNCTION journal_horizon() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RETURN pg_snapshot_xmin(pg_current_snapshot())::text::bigint + coalesce((SELECT before FROM journal_restored), 0);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_access_by_time")]
    operations = [
        migrations.CreateModel(
            "Restored",
            fields=[
                ("id", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("before", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(COUNTED_ON, "DROP FUNCTION journal_horizon(); DROP FUNCTION journal_transaction();"),
        migrations.AlterField(
            "event", "transaction", models.BigIntegerField(db_default=lienthong.journal.models.PlaceInFeeds())
        ),
    ]
