"""Each background job has one worker at a time, and ends when it keeps failing."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0005_impersonation_token_names_staff_session")]
    operations = [
        migrations.CreateModel(
            name="JobRun",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("job", models.CharField(max_length=60)),
                ("business_id", models.UUIDField(blank=True, null=True)),
                ("row_id", models.UUIDField(blank=True, null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("lease_token", models.UUIDField(blank=True, null=True)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField()),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["started_at"], name="job_run_started")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("job", "business_id", "row_id"), name="job_run_once", nulls_distinct=False
                    )
                ],
            },
        ),
    ]
