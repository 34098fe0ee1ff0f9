"""A business chooses which sections its portal shows."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("profile", "0002_there_is_one_profile")]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="hidden_sections",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20), blank=True, default=list, size=None
            ),
        ),
    ]
