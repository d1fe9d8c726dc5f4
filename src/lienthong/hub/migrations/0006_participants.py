"""What is on record of participants; the directory's copies follow an organisation's readiness."""

import django.db.models.deletion
from django.db import migrations, models

FOLLOWED = """
CREATE TRIGGER hub_readiness_added AFTER INSERT ON hub_readiness
    REFERENCING NEW TABLE AS parts FOR EACH STATEMENT EXECUTE FUNCTION hub_note_part_change();
CREATE TRIGGER hub_readiness_changed AFTER UPDATE ON hub_readiness
    REFERENCING NEW TABLE AS parts FOR EACH STATEMENT EXECUTE FUNCTION hub_note_part_change();
"""
NOT_FOLLOWED = """
DROP TRIGGER hub_readiness_changed ON hub_readiness;
DROP TRIGGER hub_readiness_added ON hub_readiness;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("hub", "0005_code_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Readiness",
            fields=[
                (
                    "agency",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="readiness",
                        serialize=False,
                        to="hub.agency",
                    ),
                ),
                ("infrastructure", models.BooleanField()),
                ("technology", models.BooleanField()),
                ("security", models.BooleanField()),
                ("note", models.CharField(blank=True, max_length=400)),
                ("checked_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "system",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="hub.system",
                    ),
                ),
                ("pilot", models.BooleanField(default=False)),
                ("security_level", models.PositiveSmallIntegerField(blank=True, help_text="cấp độ 1 to 5", null=True)),
                ("level_decision", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("security_level__isnull", True),
                            models.Q(
                                ("security_level__range", (1, 5)), models.Q(("level_decision", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="a_level_has_its_decision",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("product", models.CharField(max_length=200)),
                ("version", models.CharField(max_length=60)),
                ("owner", models.CharField(max_length=200)),
                ("number", models.CharField(max_length=100)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(help_text="last day")),
                ("registered_at", models.DateTimeField()),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="declarations", to="hub.system"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("system", "number"), name="declaration_once"),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gte", models.F("valid_from"))), name="declaration_has_a_period"
                    ),
                ],
            },
        ),
        migrations.RunSQL(FOLLOWED, NOT_FOLLOWED),
    ]
