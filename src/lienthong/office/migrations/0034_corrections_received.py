"""A correction letter that comes in names what it corrects, as an update and a replacement do."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("office", "0033_words_by_direction")]
    operations = [
        migrations.AlterField(
            "amendment",
            "kind",
            models.CharField(
                max_length=8,
                choices=[("update", "Cập nhật"), ("replace", "Thay thế"), ("correct", "Đính chính")],
            ),
        ),
    ]
