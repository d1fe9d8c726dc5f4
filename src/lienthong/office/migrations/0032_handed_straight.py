"""Documents that the agency's regulation gives to a unit at once; and what else a packet says of a document is found."""

import django.db.models.deletion
from django.db import migrations, models

OTHER = """
-- What a packet says beside the items that have a name of their own, as words under the label `o` alone: «Nơi nhận» and
-- what is answered name half the country, and are not what somebody means who asks for an agency.
CREATE FUNCTION office_other_vector(other jsonb) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(coalesce(array_agg(DISTINCT 'o=' || left(word, 64)), '{}'))
    FROM jsonb_path_query(other - 'pages', '$.**') said,
        regexp_split_to_table(left(office_plain(said #>> '{}'), 20000), '[^a-z0-9]+') word
    WHERE jsonb_typeof(said) = 'string' AND word <> ''
$$;
"""

FACTS = """
CREATE OR REPLACE FUNCTION office_facts_of_incoming(one office_incomingdocument) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
DECLARE
    to_whom text := (SELECT string_agg(concat_ws(' ', agency ->> 'code', agency ->> 'name'), ' ')
        FROM jsonb_array_elements(one.recipients) agency);
    number text := one.number || '/' || one.notation;
BEGIN
    RETURN office_vector(
        concat_ws(' ', office_number(number), office_code(one.identifier), office_code(one.sender_code), one.arrival_number),
        ARRAY[number, one.sender_code || ' ' || one.sender_name, to_whom, one.type_name, one.subject, one.place,
            concat_ws(' ', one.signer_competence, one.signer_position, one.signer_name), one.appendixes::text]){further};
END $$;
"""
FIND_ANEW = """
UPDATE office_findable f SET facts = office_facts_of_incoming(one) FROM office_incomingdocument one
WHERE f.incoming_id = one.id AND one.other <> '{}';
"""
"""What came before is found so as well; what a recall destroyed says nothing any more."""


class Migration(migrations.Migration):
    dependencies = [("office", "0031_outgoing_half")]

    operations = [
        migrations.RunSQL(OTHER, "DROP FUNCTION office_other_vector(jsonb)"),
        migrations.RunSQL(
            FACTS.replace("{further}", " || office_other_vector(one.other)"), FACTS.replace("{further}", "")
        ),
        migrations.RunSQL(FIND_ANEW, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="DirectRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sender", models.CharField(blank=True, max_length=200)),
                ("type_name", models.CharField(blank=True, max_length=100)),
                ("keyword", models.CharField(blank=True, max_length=100)),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("clause", models.CharField(max_length=100)),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="direct_rules",
                        to="office.organization",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.unit"),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("keyword", ""), ("sender", ""), ("type_name", ""), _negated=True),
                        name="direct_rule_says_of_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("clause", ""), _negated=True), name="direct_rule_cites_its_clause"
                    ),
                ],
            },
        ),
    ]
