"""What a document is found by is put together anew when that changes, not with every date; and a sending has no more
indexes than are asked."""

import django.db.models.deletion
from django.db import migrations, models

DATES_ALONE = """
    IF TG_OP = 'UPDATE' AND (NEW.number, NEW.sub_number, NEW.notation, NEW.identifier, NEW.body_signer_id,
            NEW.recipients_text, NEW.type_name, NEW.subject, NEW.competence, NEW.position, NEW.signer_name,
            NEW.appendixes)
        IS NOT DISTINCT FROM (OLD.number, OLD.sub_number, OLD.notation, OLD.identifier, OLD.body_signer_id,
            OLD.recipients_text, OLD.type_name, OLD.subject, OLD.competence, OLD.position, OLD.signer_name,
            OLD.appendixes) THEN
        UPDATE office_findable SET at = coalesce(NEW.issued_at, NEW.created_at),
            dated = coalesce(NEW.promulgated_on, office_day_of(NEW.created_at)),
            due = coalesce(NEW.due_on, '9999-12-31')
        WHERE outgoing_id = NEW.id;
        RETURN NULL;
    END IF;
"""
"""Compared is what `office_facts_of_outgoing` reads of a document."""

KEEP = """
CREATE OR REPLACE FUNCTION office_keep_outgoing_findable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{dates_alone}
    INSERT INTO office_findable (organization_id, kind, outgoing_id, at, dated, due, facts, content, unread, wanted,
        read, tries)
    VALUES (NEW.organization_id, 'out', NEW.id, coalesce(NEW.issued_at, NEW.created_at),
        coalesce(NEW.promulgated_on, office_day_of(NEW.created_at)), coalesce(NEW.due_on, '9999-12-31'),
        office_facts_of_outgoing(NEW), '', '[]', 1, 0, 0)
    ON CONFLICT (outgoing_id) DO UPDATE SET at = excluded.at, dated = excluded.dated, due = excluded.due,
        facts = excluded.facts;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0029_tokens_and_signing_in"),
    ]

    operations = [
        migrations.RunSQL(KEEP.format(dates_alone=DATES_ALONE), KEEP.format(dates_alone="")),
        migrations.AlterField(
            model_name="transmission",
            name="recipient",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="transmissions",
                to="office.recipient",
            ),
        ),
        migrations.AlterField(
            model_name="transmission",
            name="delivery_id",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddIndex(
            model_name="transmission",
            index=models.Index(fields=["delivery_id"], name="transmission_by_delivery"),
        ),
    ]
