"""Uploads know which rows add an address to a card, and how far the clients have been told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0003_rows_reviewed")]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="notice_cursor",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="uploadrow",
            name="adds_address",
            field=models.CharField(
                blank=True,
                choices=[
                    ("skip", "Keep them unchanged"),
                    ("fill", "Fill in missing details only"),
                    ("overwrite", "Overwrite with the list"),
                ],
                db_default="",
                default="",
                max_length=9,
            ),
        ),
    ]
