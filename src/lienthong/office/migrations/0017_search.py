"""Everything that an office holds can be found: a row for each document, kept by the database itself."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

WORDS = r"""
-- Lower case without diacritics, as `standards.plaintext.plain` has it; a test holds the two against each other.
CREATE FUNCTION office_plain(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(translate(regexp_replace(normalize(coalesce(said, ''), NFD), '[\u0300-\u036f]', '', 'g'),
        'đĐðÐ', 'dddd'))
$$;
CREATE FUNCTION office_words(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_remove(regexp_split_to_array(left(office_plain(said), 50000), '[^a-z0-9]+'), '')
$$;
-- The words of a fact, by themselves and under the label of that fact: `nghe`, `s=nghe`.
CREATE FUNCTION office_labelled(label text, said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(prefix || left(word, 64)), '{}')
    FROM unnest(office_words(said)) word, unnest(ARRAY['', label || '=']) prefix
$$;
-- A code as it is typed: `#000.00.00.h41`.
CREATE FUNCTION office_code(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN coalesce(said, '') = '' THEN '{}'::text[]
        ELSE ARRAY[left('#' || regexp_replace(office_plain(said), '\s', '', 'g'), 300)] END
$$;
-- Number and notation as they are typed, from the number or from a later part on: `#28/2018/qd-ttg`, `#qd-ttg`.
CREATE FUNCTION office_number(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(left('#' || array_to_string(parts[place:], '/'), 200)), '{}')
    FROM (SELECT string_to_array(
        regexp_replace(regexp_replace(office_plain(said), '\s', '', 'g'), '^0+(?=[0-9])', ''), '/') AS parts) one,
        generate_subscripts(parts, 1) place
    WHERE array_to_string(parts[place:], '/') <> ''
$$;
-- An agency as people say it: with its short name beside the whole one.
CREATE FUNCTION office_agency(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT said || CASE WHEN said ~* 'ủy ban nhân dân|uỷ ban nhân dân' THEN ' UBND' ELSE '' END
        || CASE WHEN said ~* 'hội đồng nhân dân' THEN ' HĐND' ELSE '' END
        || CASE WHEN said ~* 'văn phòng' THEN ' VP' ELSE '' END
$$;
"""

FACTS = """
CREATE FUNCTION office_facts_of_incoming(one office_incomingdocument) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT array_to_tsvector(office_number(one.number || '/' || one.notation)
        || office_labelled('n', one.number || '/' || one.notation) || office_code(one.identifier)
        || office_code(one.sender_code) || office_labelled('s', one.sender_code || ' ' || office_agency(one.sender_name))
        || office_labelled('r', to_whom.said) || office_labelled('y', one.type_name)
        || office_labelled('t', one.subject) || office_labelled('p', one.place)
        || office_labelled('k', concat_ws(' ', one.signer_competence, one.signer_position, one.signer_name))
        || office_labelled('d', one.appendixes::text) || office_words(one.arrival_number::text))
    FROM (SELECT string_agg(concat_ws(' ', agency ->> 'code', office_agency(agency ->> 'name')), ' ') AS said
        FROM jsonb_array_elements(one.recipients) agency) to_whom
$$;
CREATE FUNCTION office_facts_of_outgoing(one office_outgoingdocument) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT array_to_tsvector(office_number(printed.number) || office_labelled('n', printed.number)
        || office_code(one.identifier) || office_labelled('s', concat_ws(' ', issuer.code, office_agency(issuer.name)))
        || office_labelled('r', concat_ws(' ', to_whom.said, one.recipients_text))
        || office_labelled('y', one.type_name) || office_labelled('t', one.subject)
        || office_labelled('k', concat_ws(' ', one.competence, one.position, one.signer_name))
        || office_labelled('d', one.appendixes::text))
    FROM (SELECT concat_ws('/', one.number::text || one.sub_number, one.notation) AS number) printed,
    (SELECT agency.code, concat_ws(' ', agency.name, body.name) AS name FROM office_organization agency
        LEFT JOIN office_bodysigner signer ON signer.id = one.body_signer_id
        LEFT JOIN office_advisorybody body ON body.id = signer.body_id WHERE agency.id = one.organization_id) issuer,
    (SELECT string_agg(concat_ws(' ', code, office_agency(name)), ' ') AS said
        FROM office_recipient WHERE document_id = one.id) to_whom
$$;
CREATE FUNCTION office_day_of(at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
$$;
"""

KEEPING = """
CREATE FUNCTION office_keep_incoming_findable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO office_findable (organization_id, kind, incoming_id, at, dated, due, facts, content, unread, wanted,
        read, tries)
    VALUES (NEW.organization_id, 'in', NEW.id, NEW.arrived_at,
        coalesce(NEW.promulgated_on, office_day_of(NEW.arrived_at)), coalesce(NEW.due_on, '9999-12-31'),
        office_facts_of_incoming(NEW), '', '[]', 1, 0, 0)
    ON CONFLICT (incoming_id) DO UPDATE SET at = excluded.at, dated = excluded.dated, due = excluded.due,
        facts = excluded.facts;
    IF TG_OP = 'UPDATE' AND NEW.state = 'cancelled' AND OLD.state <> 'cancelled' THEN
        UPDATE office_findable SET text = NULL, content = '', unread = '[]', wanted = wanted + 1, read = wanted + 1
        WHERE incoming_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER incoming_is_findable AFTER INSERT OR UPDATE OF state, number, notation, identifier, sender_code,
    sender_name, recipients, type_name, subject, place, signer_competence, signer_position, signer_name, appendixes,
    arrival_number, arrived_at, promulgated_on, due_on
    ON office_incomingdocument FOR EACH ROW EXECUTE FUNCTION office_keep_incoming_findable();

CREATE FUNCTION office_keep_outgoing_findable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO office_findable (organization_id, kind, outgoing_id, at, dated, due, facts, content, unread, wanted,
        read, tries)
    VALUES (NEW.organization_id, 'out', NEW.id, coalesce(NEW.issued_at, NEW.created_at),
        coalesce(NEW.promulgated_on, office_day_of(NEW.created_at)), coalesce(NEW.due_on, '9999-12-31'),
        office_facts_of_outgoing(NEW), '', '[]', 1, 0, 0)
    ON CONFLICT (outgoing_id) DO UPDATE SET at = excluded.at, dated = excluded.dated, due = excluded.due,
        facts = excluded.facts;
    RETURN NULL;
END $$;
CREATE TRIGGER outgoing_is_findable AFTER INSERT OR UPDATE OF number, sub_number, notation, identifier, body_signer_id,
    recipients_text, type_name, subject, competence, position, signer_name, appendixes, issued_at, promulgated_on, due_on
    ON office_outgoingdocument FOR EACH ROW EXECUTE FUNCTION office_keep_outgoing_findable();

-- A recipient more only adds words: a dispatch has hundreds.
CREATE FUNCTION office_add_recipient_to_findable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE office_findable SET facts = facts
        || array_to_tsvector(office_labelled('r', concat_ws(' ', NEW.code, office_agency(NEW.name))))
    WHERE outgoing_id = NEW.document_id;
    RETURN NULL;
END $$;
CREATE TRIGGER recipient_is_findable AFTER INSERT ON office_recipient
    FOR EACH ROW EXECUTE FUNCTION office_add_recipient_to_findable();
CREATE FUNCTION office_take_recipients_from_findable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE office_findable SET facts = office_facts_of_outgoing(one) FROM office_outgoingdocument one
    WHERE outgoing_id = one.id AND one.id IN (SELECT document_id FROM gone);
    RETURN NULL;
END $$;
CREATE TRIGGER recipient_is_found_no_more AFTER DELETE ON office_recipient REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION office_take_recipients_from_findable();

-- Other files: what was read is found no more from this moment on, and the worker reads anew. Nothing is read of what
-- was destroyed. What is approved, signed and numbered says what the draft said.
CREATE FUNCTION office_read_incoming_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE office_findable f SET text = NULL, content = '', unread = '[]', wanted = wanted + 1, tries = 0
    FROM office_incomingdocument one
    WHERE f.incoming_id = one.id AND one.state <> 'cancelled' AND one.id IN (NEW.document_id, OLD.document_id);
    RETURN NULL;
END $$;
CREATE TRIGGER incoming_file_is_read AFTER INSERT OR DELETE OR UPDATE OF document_id, digest ON office_incomingfile
    FOR EACH ROW EXECUTE FUNCTION office_read_incoming_anew();
CREATE FUNCTION office_read_outgoing_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE office_findable SET text = NULL, content = '', unread = '[]', wanted = wanted + 1, tries = 0
    WHERE outgoing_id IN (NEW.document_id, OLD.document_id);
    RETURN NULL;
END $$;
CREATE TRIGGER version_is_read AFTER INSERT ON office_version
    FOR EACH ROW WHEN (NEW.stage IN ('draft', 'sealed')) EXECUTE FUNCTION office_read_outgoing_anew();
CREATE TRIGGER enclosure_is_read AFTER INSERT OR DELETE ON office_enclosure
    FOR EACH ROW EXECUTE FUNCTION office_read_outgoing_anew();
"""

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
    office_facts_of_incoming, office_facts_of_outgoing, office_day_of, office_labelled, office_words, office_code,
    office_number, office_agency, office_plain;
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
                ("asked", models.CharField(help_text="the search as its address says it", max_length=2000)),
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
        migrations.RunSQL(WORDS + FACTS + KEEPING + EXISTING, BACK),
    ]
