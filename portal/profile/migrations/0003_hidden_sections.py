"""Let a business hide sections of its portal's home page."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("profile", "0002_default_profile")]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="hidden_sections",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20), blank=True, default=list, size=None
            ),
        ),
    ]
