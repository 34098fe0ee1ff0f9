"""A business lists the websites that may use its portal."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AllowedWebsites",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                (
                    "embedding_origins",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=270), blank=True, default=list, size=None
                    ),
                ),
                (
                    "api_origins",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=270), blank=True, default=list, size=None
                    ),
                ),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="allowed_websites_one_row")],
            },
        ),
    ]
