"""The feeds' places are counted on after a restore (see `journal.record.count_on`)."""

from django.db import migrations, models

from lienthong.journal.models import PlaceInFeeds

CHANGES = """
CREATE OR REPLACE FUNCTION hub_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed := {place};
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION hub_note_part_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE hub_agency SET changed = {place}
    WHERE code IN (SELECT agency_id FROM parts) AND changed <> {place};
    RETURN NULL;
END $$;
"""


def _place(model: str, field: str, words: str = "") -> migrations.AlterField:
    return migrations.AlterField(model, field, models.BigIntegerField(db_default=PlaceInFeeds(), help_text=words))


class Migration(migrations.Migration):
    dependencies = [("hub", "0007_tree_of_the_journal"), ("journal", "0004_restored")]
    operations = [
        _place("agency", "changed", "transaction of the last change; kept by a trigger"),
        _place("change", "transaction"),
        _place("notice", "transaction", "of the last change"),
        _place("refusal", "transaction", "of the last count: the row comes again in the feed"),
        migrations.RunSQL(
            CHANGES.format(place="journal_transaction()"), CHANGES.format(place="pg_current_xact_id()::text::bigint")
        ),
    ]
