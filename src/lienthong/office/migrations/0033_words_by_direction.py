"""The word indexes of each direction by themselves: a question asks each, and read the other's part for nothing. And the
few documents that a recall destroyed are found without going through all."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("office", "0032_handed_straight")]
    operations = [
        *(migrations.RemoveIndex("findable", f"findable_by_{words}") for words in ("facts", "text")),
        *(
            migrations.AddIndex(
                "findable",
                GinIndex(fields=[words], name=f"findable_{kind}_by_{words}", condition=models.Q(kind=kind)),
            )
            for kind in ("in", "out")
            for words in ("facts", "text")
        ),
        migrations.AddIndex(
            "incomingdocument",
            models.Index(
                fields=["cancelled_at"], condition=models.Q(cancelled_at__isnull=False), name="incoming_cancelled"
            ),
        ),
    ]
