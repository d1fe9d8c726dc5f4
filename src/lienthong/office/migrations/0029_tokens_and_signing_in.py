"""A key may be on a token at its owner's machine; when a session of a person was locked; until when metadata holds;
who agrees to a signature in a browser."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0028_sending"),
    ]

    operations = [
        migrations.AlterField(
            model_name="signingkey",
            name="kind",
            field=models.CharField(
                choices=[
                    ("none", "chưa gắn khóa"),
                    ("pkcs12", "tệp PKCS#12"),
                    ("pkcs11", "thiết bị PKCS#11"),
                    ("remote", "ký số từ xa"),
                    ("own_token", "thiết bị ở máy người ký"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="locked_at",
            field=models.DateTimeField(
                blank=True,
                null=True,
                help_text="a session of theirs was locked: what a provider vouches for has to be newer",
            ),
        ),
        migrations.AddField(
            model_name="remotecredential",
            name="by_browser",
            field=models.BooleanField(
                default=False,
                help_text="they agree on a page of the service, where the browser goes and comes back (OAuth 2)",
            ),
        ),
        migrations.AddField(
            model_name="identityprovider",
            name="valid_until",
            field=models.DateTimeField(blank=True, null=True, help_text="until when its metadata says that it holds"),
        ),
    ]
