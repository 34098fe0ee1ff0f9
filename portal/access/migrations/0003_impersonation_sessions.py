"""Create impersonation sessions; a read-only one carries a reason."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0002_staff_issued_codes"), ("clients", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ImpersonationSession",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="impersonation_sessions",
                        to="clients.client",
                    ),
                ),
                ("mode", models.CharField(choices=[("demo", "Demo"), ("read-only", "Read Only")], max_length=9)),
                ("token_digest", models.BinaryField(max_length=32, unique=True)),
                ("person_id", models.UUIDField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode", "demo"), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="impersonation_read_only_has_reason",
                    )
                ]
            },
        ),
    ]
