import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0025_archive"),
    ]

    operations = [
        migrations.AddField(
            model_name="identityprovider",
            name="certificates",
            field=models.TextField(blank=True, help_text="PEM, of the keys that it signs assertions with"),
        ),
        migrations.AddField(
            model_name="identityprovider",
            name="protocol",
            field=models.CharField(
                choices=[("openid", "OpenID Connect"), ("saml", "SAML 2.0")], default="openid", max_length=10
            ),
        ),
        migrations.AddField(
            model_name="identityprovider",
            name="sign_in_at",
            field=models.CharField(blank=True, help_text="where a request is sent by a redirection", max_length=300),
        ),
        migrations.AlterField(
            model_name="identityprovider",
            name="client_id",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="identityprovider",
            name="issuer",
            field=models.CharField(help_text="with SAML: its entityID", max_length=300),
        ),
        migrations.AlterField(
            model_name="identityprovider",
            name="secret",
            field=models.BinaryField(blank=True, help_text="encrypted with the installation's key"),
        ),
        migrations.AlterField(
            model_name="identityprovider",
            name="staff_claim",
            field=models.CharField(
                blank=True, help_text="the claim or attribute that holds the staff code, if any", max_length=200
            ),
        ),
        migrations.CreateModel(
            name="TakenAssertion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("request", models.CharField(max_length=64)),
                ("ticket", models.CharField(max_length=64)),
                ("claims", models.JSONField()),
                ("until", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taken_assertions",
                        to="office.identityprovider",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["until"], name="assertion_until")],
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "digest"), name="assertion_taken_once"),
                    models.UniqueConstraint(fields=("ticket",), name="assertion_ticket_once"),
                ],
            },
        ),
    ]
