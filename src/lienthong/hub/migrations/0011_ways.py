"""The database itself refuses a move of a delivery or of a request that `standards.statuses` does not know; what was
taken in before is looked at for its keeping as well."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION hub_refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (
        (NEW.state IN ('processing', 'done', 'fail') AND OLD.state IN ('initial', 'processing', 'fail'))
        OR (NEW.state = 'withdrawn' AND OLD.state IN ('initial', 'fail'))
    ) THEN
        RAISE EXCEPTION 'a delivery does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION hub_refuse_request_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (
        (NEW.state IN ('agreed', 'superseded') AND OLD.state IN ('open', 'declined'))
        OR (NEW.state IN ('declined', 'withdrawn') AND OLD.state = 'open')
    ) THEN
        RAISE EXCEPTION 'a request does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hub_request_moves BEFORE UPDATE OF state ON hub_request
    FOR EACH ROW EXECUTE FUNCTION hub_refuse_request_move();
UPDATE hub_packet SET keep_until = submitted_at + interval '90 days' WHERE content_removed_at IS NULL;
UPDATE hub_packet SET content_removed_for = 'retention' WHERE content_removed_at IS NOT NULL;
"""

BACKWARD = """
DROP TRIGGER hub_request_moves ON hub_request;
DROP FUNCTION hub_refuse_request_move();
CREATE OR REPLACE FUNCTION hub_refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (
        (NEW.state IN ('processing', 'done', 'fail') AND OLD.state IN ('initial', 'processing', 'fail'))
        OR (NEW.state = 'withdrawn' AND OLD.state = 'initial')
    ) THEN
        RAISE EXCEPTION 'a delivery does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("hub", "0010_relations")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
