"""What stands on scans is found; an order holds back no more than its own dossier; how the list of dossiers is looked at."""

import django.db.models.functions.datetime
from django.db import migrations, models

RECOGNISED = """
-- The database makes rows of its own (migration 0017), which say nothing of these.
ALTER TABLE office_findable ALTER COLUMN pictured SET DEFAULT '[]', ALTER COLUMN recognised SET DEFAULT '';
-- What was recognised goes with the text whose part it is: when files change, or their content is destroyed.
CREATE FUNCTION office_forget_recognised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.pictured := '[]';
    NEW.recognised := '';
    RETURN NEW;
END $$;
CREATE TRIGGER recognised_goes_with_the_text BEFORE UPDATE OF wanted ON office_findable
    FOR EACH ROW WHEN (NEW.wanted <> OLD.wanted) EXECUTE FUNCTION office_forget_recognised();
-- What was a picture is read once more, to know its pages.
UPDATE office_findable SET wanted = wanted + 1, tries = 0 WHERE unread @> '[{"why": "pictures"}]';
"""
BACK = """
DROP TRIGGER recognised_goes_with_the_text ON office_findable;
DROP FUNCTION office_forget_recognised();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0001_squashed_0024"),
    ]

    operations = [
        migrations.AddField(
            model_name="findable",
            name="pictured",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="findable",
            name="recognised",
            field=models.TextField(blank=True),
        ),
        migrations.AddIndex(
            model_name="findable",
            index=models.Index(
                condition=models.Q(("pictured", []), _negated=True), fields=["id"], name="findable_to_recognise"
            ),
        ),
        migrations.RunSQL(RECOGNISED, BACK),
        migrations.AddField(
            model_name="submission",
            name="left_out",
            field=models.ManyToManyField(related_name="+", to="office.dossier"),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                models.F("organization"),
                models.expressions.CombinedExpression(
                    django.db.models.functions.datetime.ExtractYear("ended_on"), "+", models.F("retention_years")
                ),
                models.F("id"),
                condition=models.Q(("retention_years__isnull", False), ("state__in", ["closed", "archived"])),
                name="dossier_outlived",
            ),
        ),
        migrations.AlterField(
            model_name="listhabit",
            name="list",
            field=models.CharField(
                choices=[("in", "incoming"), ("out", "outgoing"), ("dos", "dossiers")], max_length=3
            ),
        ),
    ]
