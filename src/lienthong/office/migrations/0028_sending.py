"""Sending: what a document says is not read again when it is sealed, and agencies are found by any spelling at once."""

import django.contrib.postgres.indexes
from django.db import migrations

DRAFTS_ALONE = """
DROP TRIGGER version_is_read ON office_version;
-- Number and date are annotations, and stand among the facts; until it had been read again, what was just sent was not
-- found by its words, and a scan was recognised twice.
CREATE TRIGGER version_is_read AFTER INSERT ON office_version
    FOR EACH ROW WHEN (NEW.stage = 'draft') EXECUTE FUNCTION office_read_outgoing_anew();
"""
BACK = """
DROP TRIGGER version_is_read ON office_version;
CREATE TRIGGER version_is_read AFTER INSERT ON office_version
    FOR EACH ROW WHEN (NEW.stage IN ('draft', 'sealed')) EXECUTE FUNCTION office_read_outgoing_anew();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0027_open_corrections"),
    ]

    operations = [
        migrations.RunSQL(DRAFTS_ALONE, BACK),
        migrations.AddIndex(
            model_name="directoryagency",
            index=django.contrib.postgres.indexes.GinIndex(fields=["aliases"], name="directory_aliases"),
        ),
    ]
