"""Whose signature counted when: periods in which a system acted for an agency, and since when a key was in other hands."""

import django.db.models.deletion
from django.db import migrations, models

SERVICES = """
CREATE FUNCTION hub_note_service() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.system_id IS NOT DISTINCT FROM OLD.system_id THEN
            RETURN NULL;
        END IF;
        UPDATE hub_service SET until = now() WHERE agency_id = NEW.code AND until IS NULL;
    END IF;
    IF NEW.system_id IS NOT NULL THEN
        INSERT INTO hub_service (agency_id, system_id, since) VALUES (NEW.code, NEW.system_id, now());
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER hub_agency_served AFTER INSERT OR UPDATE OF system_id ON hub_agency
    FOR EACH ROW EXECUTE FUNCTION hub_note_service();
-- The journal tells which system was connected for which agencies, and when: each acted until the next one came.
WITH connected AS (
    SELECT agency.code, system.code AS system, event.at, event.id
    FROM journal_event event
    CROSS JOIN LATERAL jsonb_array_elements_text(event.data -> 'agencies') named (code)
    JOIN hub_agency agency ON agency.code = named.code
    JOIN hub_system system ON system.code = event.subject
    WHERE event.name = 'system.added'
), registered AS (
    -- Who asked for a unit's code received for it, where nobody did.
    SELECT DISTINCT ON (asked.code) asked.code, asked.system_id AS system, asked.decided_at AS at, 0 AS id
    FROM hub_changerequest asked JOIN hub_agency agency ON agency.code = asked.code
    WHERE asked.state = 'applied' AND asked.wish ->> 'act' = 'register' AND asked.system_id IS NOT NULL
    ORDER BY asked.code, asked.decided_at
), told AS (
    SELECT * FROM connected
    UNION ALL
    SELECT * FROM registered
    WHERE NOT EXISTS (SELECT FROM connected WHERE connected.code = registered.code AND connected.at <= registered.at)
), turns AS (
    SELECT told.*, lag(system) OVER (PARTITION BY code ORDER BY at, id) AS before FROM told
), periods AS (
    SELECT code, system, at AS since, lead(at) OVER (PARTITION BY code ORDER BY at, id) AS until
    FROM turns WHERE before IS DISTINCT FROM system
)
INSERT INTO hub_service (agency_id, system_id, since, until)
    SELECT period.code, period.system, period.since,
           coalesce(period.until, CASE WHEN agency.system_id IS DISTINCT FROM period.system THEN now() END)
    FROM periods period JOIN hub_agency agency ON agency.code = period.code;
-- Where it does not tell of who acts today, that one has done so as far as anybody knows.
INSERT INTO hub_service (agency_id, system_id, since)
    SELECT agency.code, agency.system_id, greatest(agency.added_at, system.added_at)
    FROM hub_agency agency JOIN hub_system system ON system.code = agency.system_id
    WHERE NOT EXISTS (SELECT FROM hub_service known WHERE known.agency_id = agency.code AND known.until IS NULL);
"""
COMPROMISED = "UPDATE hub_systemkey SET compromised_from = retired_at WHERE revoked_for <> ''"


class Migration(migrations.Migration):
    dependencies = [("hub", "0002_guards"), ("journal", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="systemkey",
            name="compromised_from",
            field=models.DateTimeField(
                blank=True, help_text="of a revoked key: what it signed from then on proves nothing", null=True
            ),
        ),
        migrations.RunSQL(COMPROMISED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="systemkey",
            constraint=models.CheckConstraint(
                condition=models.Q(revoked_for="") | models.Q(compromised_from__isnull=False),
                name="revoked_from_some_moment",
            ),
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="services", to="hub.agency"
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="services", to="hub.system"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(until__isnull=True),
                        fields=("agency",),
                        name="one_system_acts_for_an_agency",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            SERVICES,
            "DROP TRIGGER hub_agency_served ON hub_agency; DROP FUNCTION hub_note_service()",
        ),
    ]
