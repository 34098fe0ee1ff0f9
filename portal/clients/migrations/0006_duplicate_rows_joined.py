"""A row that was joined with further rows of the same person knows what it said itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0005_form_clients_confirmed")]

    operations = [
        migrations.AddField(
            model_name="uploadrow",
            name="own_values",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
