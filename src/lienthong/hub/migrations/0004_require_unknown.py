"""The question before a new document is written, asked where the answer still holds when it is written."""

from django.db import migrations

# One statement sees what was committed before it began; a function that is VOLATILE sees anew with each of its own.
# So the first of two who send the same document holds its lock, and the second, which waited for it, sees its rows.
UNKNOWN = """
CREATE FUNCTION hub_require_unknown(
    names text[], its_system text, its_key text, its_digest text, its_time timestamptz,
    its_identifier text, its_sender text, its_number text, its_date date
) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
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
            SELECT FROM hub_packet WHERE identifier = its_identifier AND sender_id = its_sender
            AND kind = 'document' AND business_type = 0
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


class Migration(migrations.Migration):
    dependencies = [("hub", "0003_published_keys")]
    operations = [migrations.RunSQL(UNKNOWN, "DROP FUNCTION hub_require_unknown")]
