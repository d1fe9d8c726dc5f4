from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0026_signing_in_by_saml"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="correctiontask",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["organization", "opened_at"],
                name="correction_task_open",
            ),
        ),
    ]
