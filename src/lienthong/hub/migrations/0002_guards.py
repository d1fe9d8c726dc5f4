"""What the database itself refuses or keeps, whoever writes to it."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

MOVES = """
-- A delivery and a request move as `standards.statuses` knows, and not otherwise.
CREATE FUNCTION hub_refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (
        (NEW.state IN ('processing', 'done', 'fail') AND OLD.state IN ('initial', 'processing', 'fail'))
        OR (NEW.state = 'withdrawn' AND OLD.state IN ('initial', 'fail'))
    ) THEN
        RAISE EXCEPTION 'a delivery does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hub_delivery_moves BEFORE UPDATE OF state ON hub_delivery
    FOR EACH ROW EXECUTE FUNCTION hub_refuse_move();
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
"""

DIRECTORY = """
-- A code is never forgotten, so it can never be given again (R-16.1-1).
CREATE FUNCTION hub_refuse_forgetting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a code is never forgotten' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER hub_agency_kept BEFORE DELETE OR UPDATE OF code ON hub_agency
    FOR EACH ROW EXECUTE FUNCTION hub_refuse_forgetting();
CREATE TRIGGER hub_alias_kept BEFORE DELETE OR UPDATE ON hub_alias
    FOR EACH ROW EXECUTE FUNCTION hub_refuse_forgetting();

-- Whatever changes of an agency, its spellings or its seals, the row says in which transaction: feed and copies follow it.
CREATE FUNCTION hub_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER hub_agency_changed BEFORE UPDATE ON hub_agency
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION hub_note_change();
CREATE FUNCTION hub_note_part_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE hub_agency SET changed = pg_current_xact_id()::text::bigint
    WHERE code IN (SELECT agency_id FROM parts) AND changed <> pg_current_xact_id()::text::bigint;
    RETURN NULL;
END $$;
CREATE TRIGGER hub_alias_added AFTER INSERT ON hub_alias
    REFERENCING NEW TABLE AS parts FOR EACH STATEMENT EXECUTE FUNCTION hub_note_part_change();
CREATE TRIGGER hub_seal_added AFTER INSERT ON hub_seal
    REFERENCING NEW TABLE AS parts FOR EACH STATEMENT EXECUTE FUNCTION hub_note_part_change();
CREATE TRIGGER hub_seal_changed AFTER UPDATE ON hub_seal
    REFERENCING NEW TABLE AS parts FOR EACH STATEMENT EXECUTE FUNCTION hub_note_part_change();
CREATE TRIGGER hub_readiness_added AFTER INSERT ON hub_readiness
    REFERENCING NEW TABLE AS parts FOR EACH STATEMENT EXECUTE FUNCTION hub_note_part_change();
CREATE TRIGGER hub_readiness_changed AFTER UPDATE ON hub_readiness
    REFERENCING NEW TABLE AS parts FOR EACH STATEMENT EXECUTE FUNCTION hub_note_part_change();

CREATE INDEX agency_search ON hub_agency USING gin (search_key gin_trgm_ops);
"""

MODE = """
-- The mode is written once. Codes with the group Z99 at an end are a test hub's, all others a real one's
-- (`standards.identifiers.is_test_code`); a database without a mode is a real hub's.
CREATE FUNCTION hub_keep_mode() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a hub stays what it is' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER hub_mode_kept BEFORE UPDATE OR DELETE ON hub_hubmode
    FOR EACH ROW EXECUTE FUNCTION hub_keep_mode();
CREATE FUNCTION hub_refuse_other_kind() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sandbox boolean := COALESCE((SELECT m.sandbox FROM hub_hubmode m), false);
    foreign_code text;
BEGIN
    EXECUTE format(
        $q$ SELECT %1$I FROM fresh WHERE (upper(%1$I) ~ '^(Z99|Z99[.].*|.*[.]Z99)$') <> $1 LIMIT 1 $q$, TG_ARGV[0]
    ) INTO foreign_code USING sandbox;
    IF foreign_code IS NOT NULL THEN
        RAISE EXCEPTION 'the code % is of the other kind of hub', foreign_code USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER hub_agency_own_kind AFTER INSERT ON hub_agency REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION hub_refuse_other_kind('code');
CREATE TRIGGER hub_alias_own_kind AFTER INSERT ON hub_alias REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION hub_refuse_other_kind('spelling');
CREATE TRIGGER hub_system_own_kind AFTER INSERT ON hub_system REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION hub_refuse_other_kind('code');
"""

CALLS = """
-- A convenience, written often: it need not outlive a crash of the database.
ALTER TABLE hub_call SET UNLOGGED;
"""


class Migration(migrations.Migration):
    dependencies = [("hub", "0001_initial")]
    operations = [TrigramExtension(), *map(migrations.RunSQL, (MOVES, DIRECTORY, MODE, CALLS))]
