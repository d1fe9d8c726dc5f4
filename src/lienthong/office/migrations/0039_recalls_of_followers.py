"""A recall also stands for what an agency issued that its sender follows: the order keeps under which codes that was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0038_drafting_reminders"),
    ]

    operations = [
        migrations.AddField(
            model_name="recallorder",
            name="issuers",
            field=models.JSONField(default=list, help_text="every code under which what it recalls may have been sent"),
        ),
        migrations.RunSQL(
            "UPDATE office_recallorder SET issuers = jsonb_build_array(sender_code)", migrations.RunSQL.noop
        ),
    ]
