"""What each packet costs the database: its question always by the indexes, and no index that nothing asks."""

import django.db.models.deletion
from django.db import migrations, models

# The plan of a function is kept in its connection. Made while the tables are young, when every way costs the same, it
# would read one of them from end to end, and go on so until their statistics change: a new hub took the longer for a
# packet the more it had. So nothing is read but by an index, and by the one that holds the identifier: the inner
# question names nothing else.
BY_INDEX = """
CREATE OR REPLACE FUNCTION hub_require_unknown(
    names text[], its_system text, its_key text, its_digest text, its_time timestamptz,
    its_identifier text, its_sender text, its_number text, its_date date
) RETURNS void LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
    said text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(one, 28)) FROM unnest(names) AS one;
    IF its_key <> '' THEN
        INSERT INTO hub_idempotencykey (system_id, key, digest, at) VALUES (its_system, its_key, its_digest, its_time)
        ON CONFLICT (system_id, key) DO UPDATE SET key = excluded.key RETURNING digest INTO said;
    END IF;
    IF said <> its_digest
        OR EXISTS (SELECT FROM hub_packet WHERE digest = its_digest)
        OR EXISTS (
            SELECT FROM (
                SELECT sender_id, kind, business_type FROM hub_packet WHERE identifier = its_identifier OFFSET 0
            ) same WHERE sender_id = its_sender AND kind = 'document' AND business_type = 0
        )
        OR EXISTS (
            SELECT FROM hub_relation WHERE target_id IS NULL AND identifier <> '' AND identifier = its_identifier
        )
        OR EXISTS (
            SELECT FROM hub_relation WHERE target_id IS NULL AND identifier = '' AND number = its_number
            AND issued_on = its_date
        )
    THEN
        RAISE EXCEPTION 'something came before' USING ERRCODE = 'LT001';
    END IF;
END $$;
"""
# Django makes a second index over each text that is a key, for questions by its beginning: nobody asks them of these.
UNASKED = "DROP INDEX IF EXISTS hub_submissionkey_key_4990fda9_like"


class Migration(migrations.Migration):
    dependencies = [("hub", "0005_ticket_entries_once")]
    operations = [
        migrations.RunSQL(BY_INDEX, migrations.RunSQL.noop),
        migrations.RunSQL(UNASKED, migrations.RunSQL.noop),
        migrations.AlterField("packet", "digest", models.CharField(max_length=64)),
        migrations.AddIndex("packet", models.Index(fields=["digest"], name="packet_by_digest")),
        migrations.AlterField(
            "idempotencykey",
            "system",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="hub.system"
            ),
        ),
    ]
