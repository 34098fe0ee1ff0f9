"""Create the identifiers reported for support tickets."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ReportedIdentifier",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("ticket_id", models.UUIDField(unique=True)),
                ("typed", models.CharField(max_length=254)),
                ("value", models.CharField(db_index=True, max_length=254)),
                ("created_at", models.DateTimeField()),
            ],
        ),
    ]
