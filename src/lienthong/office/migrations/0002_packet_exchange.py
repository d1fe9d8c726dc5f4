"""Two documents may exchange their packets in one statement: the constraint is looked at when the statement is over."""

from django.db import migrations

FORWARD = """
DO $$
DECLARE name text;
BEGIN
    SELECT conname INTO name FROM pg_constraint
    WHERE conrelid = 'office_incomingdocument'::regclass AND contype = 'u'
      AND conkey = ARRAY[(SELECT attnum FROM pg_attribute
                          WHERE attrelid = 'office_incomingdocument'::regclass AND attname = 'packet_id')];
    EXECUTE format('ALTER TABLE office_incomingdocument DROP CONSTRAINT %I', name);
    ALTER TABLE office_incomingdocument
        ADD CONSTRAINT incoming_packet_once UNIQUE (packet_id) DEFERRABLE INITIALLY IMMEDIATE;
END $$;
"""
BACKWARD = """
ALTER TABLE office_incomingdocument DROP CONSTRAINT incoming_packet_once;
ALTER TABLE office_incomingdocument ADD CONSTRAINT office_incomingdocument_packet_id_key UNIQUE (packet_id);
"""


class Migration(migrations.Migration):
    dependencies = [("office", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
