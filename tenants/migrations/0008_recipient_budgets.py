"""Each address has a budget of messages over all businesses."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0007_job_runs_count_all_failures")]

    operations = [
        migrations.CreateModel(
            name="RecipientBudget",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("previous_digest", models.BinaryField(max_length=32)),
                ("sends", models.JSONField(default=list)),
                ("used_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["used_at"], name="recipient_budget_used")]},
        ),
    ]
