"""An upload knows how often its file was rewritten."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0006_duplicate_rows_joined")]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="file_version",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
