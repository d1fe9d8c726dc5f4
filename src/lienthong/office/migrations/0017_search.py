"""Everything that an office holds can be found: a row for each document, kept by the database itself."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

from lienthong.office.migrations._findable import FINDABLE

EXISTING = """
-- What is here already: its facts now, its text by the worker. Nothing is read of what was destroyed.
INSERT INTO office_findable (organization_id, kind, incoming_id, at, dated, due, facts, content, unread, wanted, read, tries)
SELECT one.organization_id, 'in', one.id, one.arrived_at, coalesce(one.promulgated_on, office_day_of(one.arrived_at)),
    coalesce(one.due_on, '9999-12-31'), office_facts_of_incoming(one), '', '[]', 1, (one.state = 'cancelled')::int, 0
FROM office_incomingdocument one ORDER BY one.id;
INSERT INTO office_findable (organization_id, kind, outgoing_id, at, dated, due, facts, content, unread, wanted, read, tries)
SELECT one.organization_id, 'out', one.id, coalesce(one.issued_at, one.created_at),
    coalesce(one.promulgated_on, office_day_of(one.created_at)), coalesce(one.due_on, '9999-12-31'),
    office_facts_of_outgoing(one), '', '[]', 1, 0, 0
FROM office_outgoingdocument one ORDER BY one.id;
"""

BACK = """
DROP TRIGGER incoming_is_findable ON office_incomingdocument;
DROP TRIGGER outgoing_is_findable ON office_outgoingdocument;
DROP TRIGGER recipient_is_findable ON office_recipient;
DROP TRIGGER recipient_is_found_no_more ON office_recipient;
DROP TRIGGER incoming_file_is_read ON office_incomingfile;
DROP TRIGGER version_is_read ON office_version;
DROP TRIGGER enclosure_is_read ON office_enclosure;
DROP FUNCTION office_keep_incoming_findable, office_keep_outgoing_findable, office_add_recipient_to_findable,
    office_take_recipients_from_findable, office_read_incoming_anew, office_read_outgoing_anew,
    office_facts_of_incoming, office_facts_of_outgoing, office_day_of, office_vector, office_code,
    office_number, office_plain;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0016_circulation"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChosenColumns",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("columns", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="Findable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("in", "incoming"), ("out", "outgoing")], max_length=3)),
                ("at", models.DateTimeField()),
                ("dated", models.DateField()),
                ("due", models.DateField()),
                ("facts", django.contrib.postgres.search.SearchVectorField()),
                ("text", django.contrib.postgres.search.SearchVectorField(null=True)),
                ("content", models.TextField(blank=True)),
                ("unread", models.JSONField(default=list)),
                ("wanted", models.PositiveIntegerField(default=1)),
                ("read", models.PositiveIntegerField(default=0)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("asked", models.TextField(help_text="the search as its address says it")),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.RemoveIndex(
            model_name="incomingdocument",
            name="incoming_by_state",
        ),
        migrations.RemoveIndex(
            model_name="outgoingdocument",
            name="outgoing_by_state",
        ),
        migrations.AddIndex(
            model_name="incomingdocument",
            index=models.Index(
                fields=["organization", "state", "-urgency", "-arrived_at", "-id"], name="incoming_of_state"
            ),
        ),
        migrations.AddIndex(
            model_name="incomingdocument",
            index=models.Index(fields=["organization", "-urgency", "-arrived_at", "-id"], name="incoming_all"),
        ),
        migrations.AddIndex(
            model_name="outgoingdocument",
            index=models.Index(fields=["organization", "state", "-urgency", "-id"], name="outgoing_of_state"),
        ),
        migrations.AddIndex(
            model_name="outgoingdocument",
            index=models.Index(fields=["organization", "-urgency", "-id"], name="outgoing_all"),
        ),
        migrations.AddField(
            model_name="chosencolumns",
            name="person",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="found_columns", to="office.person"
            ),
        ),
        migrations.AddField(
            model_name="findable",
            name="incoming",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="findable",
                to="office.incomingdocument",
            ),
        ),
        migrations.AddField(
            model_name="findable",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.organization"
            ),
        ),
        migrations.AddField(
            model_name="findable",
            name="outgoing",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="findable",
                to="office.outgoingdocument",
            ),
        ),
        migrations.AddField(
            model_name="savedsearch",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="searches", to="office.person"
            ),
        ),
        migrations.AddIndex(
            model_name="findable",
            index=django.contrib.postgres.indexes.GinIndex(fields=["facts"], name="findable_by_facts"),
        ),
        migrations.AddIndex(
            model_name="findable",
            index=django.contrib.postgres.indexes.GinIndex(fields=["text"], name="findable_by_text"),
        ),
        migrations.AddIndex(
            model_name="findable",
            index=models.Index(fields=["organization", "kind", "-at", "-id"], name="findable_newest"),
        ),
        migrations.AddIndex(
            model_name="findable",
            index=models.Index(fields=["organization", "kind", "-dated", "-id"], name="findable_by_day"),
        ),
        migrations.AddIndex(
            model_name="findable",
            index=models.Index(fields=["organization", "kind", "due", "id"], name="findable_by_deadline"),
        ),
        migrations.AddIndex(
            model_name="findable",
            index=models.Index(
                condition=models.Q(("wanted__gt", models.F("read"))), fields=["id"], name="findable_to_read"
            ),
        ),
        migrations.AddConstraint(
            model_name="findable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("incoming__isnull", False), ("kind", "in"), ("outgoing__isnull", True)),
                    models.Q(("incoming__isnull", True), ("kind", "out"), ("outgoing__isnull", False)),
                    _connector="OR",
                ),
                name="findable_is_one_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedsearch",
            constraint=models.UniqueConstraint(fields=("person", "name"), name="saved_search_once"),
        ),
        migrations.RunSQL(FINDABLE + EXISTING, BACK),
    ]
