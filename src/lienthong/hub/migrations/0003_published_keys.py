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
-- Who acts for an agency today has done so as far as anybody knows; the journal has what came before.
INSERT INTO hub_service (agency_id, system_id, since)
    SELECT agency.code, agency.system_id, greatest(agency.added_at, system.added_at)
    FROM hub_agency agency JOIN hub_system system ON system.code = agency.system_id;
"""
COMPROMISED = "UPDATE hub_systemkey SET compromised_from = retired_at WHERE revoked_for <> ''"


class Migration(migrations.Migration):
    dependencies = [("hub", "0002_guards")]

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
