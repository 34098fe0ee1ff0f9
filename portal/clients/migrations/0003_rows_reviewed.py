"""Uploaded rows with an address of somebody of another name are put up for review."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0002_form_addresses_unconfirmed")]

    operations = [
        migrations.AddField(
            model_name="uploadrow",
            name="decision",
            field=models.CharField(
                blank=True,
                choices=[("same", "Same"), ("separate", "Separate")],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="uploadrow",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("new", "New"),
                    ("known", "Existing clients"),
                    ("duplicate", "Duplicates"),
                    ("review", "To review"),
                    ("conflict", "Conflict"),
                    ("error", "Error"),
                ],
                max_length=9,
            ),
        ),
    ]
