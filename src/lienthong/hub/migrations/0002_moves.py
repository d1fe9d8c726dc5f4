"""The database itself refuses a move of a delivery that `standards.statuses.TRANSPORT_MOVES` does not know."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION hub_refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT (
        (NEW.state IN ('processing', 'done', 'fail') AND OLD.state IN ('initial', 'processing', 'fail'))
        OR (NEW.state = 'withdrawn' AND OLD.state = 'initial')
    ) THEN
        RAISE EXCEPTION 'a delivery does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hub_delivery_moves BEFORE UPDATE OF state ON hub_delivery
    FOR EACH ROW EXECUTE FUNCTION hub_refuse_move();
"""

BACKWARD = """
DROP TRIGGER hub_delivery_moves ON hub_delivery;
DROP FUNCTION hub_refuse_move();
"""


class Migration(migrations.Migration):
    dependencies = [("hub", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
