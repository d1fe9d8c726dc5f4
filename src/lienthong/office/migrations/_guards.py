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

MODE = """
-- The mode is written once. Agencies with the group Z99 at an end of their code are a training office's, all others one's
-- of real documents (`standards.identifiers.is_test_code`); a database without a mode is for real documents.
CREATE FUNCTION office_keep_mode() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an office stays what it is' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER office_mode_kept BEFORE UPDATE OR DELETE ON office_officemode
    FOR EACH ROW EXECUTE FUNCTION office_keep_mode();
CREATE FUNCTION office_refuse_other_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (upper(NEW.code) ~ '^(Z99|Z99[.].*|.*[.]Z99)$')
        <> COALESCE((SELECT m.training FROM office_officemode m), false)
    THEN
        RAISE EXCEPTION 'the code % is of the other kind of office', NEW.code USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER office_agency_own_kind BEFORE INSERT OR UPDATE OF code ON office_organization
    FOR EACH ROW EXECUTE FUNCTION office_refuse_other_kind();
"""

CUSTODY = """
CREATE FUNCTION office_refuse_custody() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'hand-overs are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER office_custody_append_only BEFORE UPDATE OR DELETE ON office_custody
    FOR EACH ROW EXECUTE FUNCTION office_refuse_custody();
"""
