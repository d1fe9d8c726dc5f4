"""A key may be on a token at its owner's machine."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0027_open_corrections"),
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
    ]
