"""Changes of codes, what the directory tells of an agency, and the guards of its codes."""

from typing import Any

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

import lienthong.journal.models
from lienthong.standards.plaintext import plain_words

GUARDS = """
-- A code is never forgotten, so it can never be given again (R-16.1-1).
CREATE FUNCTION hub_refuse_forgetting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a code is never forgotten' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER hub_agency_kept BEFORE DELETE OR UPDATE OF code ON hub_agency
    FOR EACH ROW EXECUTE FUNCTION hub_refuse_forgetting();
CREATE TRIGGER hub_alias_kept BEFORE DELETE OR UPDATE ON hub_alias
    FOR EACH ROW EXECUTE FUNCTION hub_refuse_forgetting();

-- Whatever changes of an agency, its spellings or its seals, the row says in which transaction: feed and copies follow it.
CREATE FUNCTION hub_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER hub_agency_changed BEFORE UPDATE ON hub_agency
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION hub_note_change();
CREATE FUNCTION hub_note_part_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE hub_agency SET changed = pg_current_xact_id()::text::bigint
    WHERE code IN (SELECT agency_id FROM parts) AND changed <> pg_current_xact_id()::text::bigint;
    RETURN NULL;
END $$;
CREATE TRIGGER hub_alias_added AFTER INSERT ON hub_alias
    REFERENCING NEW TABLE AS parts FOR EACH STATEMENT EXECUTE FUNCTION hub_note_part_change();
CREATE TRIGGER hub_seal_added AFTER INSERT ON hub_seal
    REFERENCING NEW TABLE AS parts FOR EACH STATEMENT EXECUTE FUNCTION hub_note_part_change();
CREATE TRIGGER hub_seal_changed AFTER UPDATE ON hub_seal
    REFERENCING NEW TABLE AS parts FOR EACH STATEMENT EXECUTE FUNCTION hub_note_part_change();

CREATE INDEX agency_search ON hub_agency USING gin (search_key gin_trgm_ops);
"""

NO_GUARDS = """
DROP INDEX agency_search;
DROP TRIGGER hub_seal_changed ON hub_seal;
DROP TRIGGER hub_seal_added ON hub_seal;
DROP TRIGGER hub_alias_added ON hub_alias;
DROP TRIGGER hub_agency_changed ON hub_agency;
DROP TRIGGER hub_alias_kept ON hub_alias;
DROP TRIGGER hub_agency_kept ON hub_agency;
DROP FUNCTION hub_note_part_change();
DROP FUNCTION hub_note_change();
DROP FUNCTION hub_refuse_forgetting();
"""


def give_search_keys(apps: Any, _schema: object) -> None:
    """Those who were there before can be searched too."""
    agency_model = apps.get_model("hub", "Agency")
    for agency in agency_model.objects.filter(search_key="").prefetch_related("aliases"):
        spellings = [agency.code, *(alias.spelling for alias in agency.aliases.all())]
        words = [*plain_words(agency.name), *(spelling.lower() for spelling in spellings)]
        agency.search_key = "".join(f" {word}" for word in words)
        agency.save(update_fields=["search_key"])


class Migration(migrations.Migration):
    dependencies = [
        ("hub", "0004_system_policy"),
    ]

    operations = [
        migrations.AddField(
            model_name="agency",
            name="category",
            field=models.CharField(
                choices=[
                    ("ministry", "Bộ, cơ quan ngang bộ"),
                    ("government", "Cơ quan thuộc Chính phủ"),
                    ("committee", "Ủy ban nhân dân"),
                    ("unit", "Đơn vị thuộc, trực thuộc"),
                    ("other", "Cơ quan, tổ chức khác (Điều 2.2)"),
                    ("mandate", "Chức danh, tập thể có đầu mối tiếp nhận (Điều 7.3)"),
                ],
                default="unit",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="agency",
            name="changed",
            field=models.BigIntegerField(
                db_default=lienthong.journal.models.CurrentTransaction(),
                help_text="transaction of the last change; kept by a trigger",
            ),
        ),
        migrations.AddField(
            model_name="agency",
            name="ended_at",
            field=models.DateTimeField(blank=True, help_text="merged, split or closed: since when", null=True),
        ),
        migrations.AddField(
            model_name="agency",
            name="search_key",
            field=models.TextField(
                default="", help_text="name and spellings without diacritics, a space before each word"
            ),
        ),
        migrations.AddField(
            model_name="agency",
            name="single_gateway",
            field=models.BooleanField(
                default=False, help_text="receives for everyone below it; they are not addressed (Article 21.2)"
            ),
        ),
        migrations.CreateModel(
            name="CodeChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("open", "thành lập"),
                            ("rename", "đổi tên"),
                            ("move", "chuyển cơ quan cấp trên"),
                            ("merge", "sáp nhập"),
                            ("split", "chia, tách"),
                            ("close", "giải thể"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "chờ hiệu lực"),
                            ("in_force", "đã có hiệu lực"),
                            ("undone", "đã hủy trước ngày hiệu lực"),
                        ],
                        default="planned",
                        max_length=8,
                    ),
                ),
                ("codes", models.JSONField(help_text="the codes that change")),
                (
                    "into",
                    models.JSONField(
                        default=list, help_text="successors, the one that receives first; for a move the new parent"
                    ),
                ),
                ("name", models.CharField(blank=True, help_text="the new name", max_length=200)),
                (
                    "units",
                    models.CharField(
                        choices=[
                            ("move", "đơn vị trực thuộc giữ mã, chuyển sang cơ quan kế thừa"),
                            ("forward", "mã của đơn vị trực thuộc cũng chuyển tiếp đến cơ quan kế thừa"),
                        ],
                        default="move",
                        max_length=8,
                    ),
                ),
                ("effective_on", models.DateField(help_text="as the decision says")),
                ("effective_at", models.DateTimeField(help_text="the beginning of that day in Vietnam")),
                ("decision", models.CharField(help_text="number and notation of the decision", max_length=200)),
                ("filed_at", models.DateTimeField()),
                ("filed_by", models.CharField(max_length=60)),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, help_text="when it came into force, or was undone", null=True),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "planned")),
                        fields=["effective_at", "id"],
                        name="codechange_planned",
                    )
                ],
            },
        ),
        migrations.AddIndex(model_name="agency", index=models.Index(fields=["changed", "code"], name="agency_changed")),
        TrigramExtension(),
        migrations.RunPython(give_search_keys, migrations.RunPython.noop),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
