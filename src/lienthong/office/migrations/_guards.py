"""What the database itself refuses or keeps, whoever writes to it."""

# Two documents may exchange their packets in one statement: the constraint is looked at when the statement is over.
PACKET_ONCE = """
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

CUSTODY = """
CREATE FUNCTION office_refuse_custody() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'hand-overs are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER office_custody_append_only BEFORE UPDATE OR DELETE ON office_custody
    FOR EACH ROW EXECUTE FUNCTION office_refuse_custody();
"""
