"""Of which deadline of what somebody is given to write was told, and when its giver urged."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0037_unopened_envelopes"),
    ]

    operations = [
        migrations.AddField(
            model_name="draftingtask",
            name="reminded",
            field=models.CharField(blank=True, default="", max_length=4),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="draftingtask",
            name="urged_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="draftingtask",
            index=models.Index(
                fields=["organization", "due_at"], condition=models.Q(("state", "to_do")), name="drafting_due"
            ),
        ),
    ]
