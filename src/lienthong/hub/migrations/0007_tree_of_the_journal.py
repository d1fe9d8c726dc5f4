"""The tree over the journal, and the heads that the hub signs of it: they are never changed."""

from django.db import migrations, models

KEPT = """
CREATE TRIGGER hub_treehead_kept BEFORE UPDATE OR DELETE ON hub_treehead
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
"""
UNKEPT = "DROP TRIGGER hub_treehead_kept ON hub_treehead;"


class Migration(migrations.Migration):
    dependencies = [("hub", "0006_quick_questions"), ("journal", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="TreeHead",
            fields=[
                ("size", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("root", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
                ("last", models.PositiveBigIntegerField()),
                ("signed", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="TreeTile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "place", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("place", models.PositiveBigIntegerField()),
                ("first", models.PositiveBigIntegerField(null=True)),
                ("hashes", models.BinaryField()),
            ],
        ),
        migrations.RunSQL(KEPT, UNKEPT),
    ]
