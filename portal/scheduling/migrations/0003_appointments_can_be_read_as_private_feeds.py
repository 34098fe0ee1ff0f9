"""Add the secret addresses at which calendar programs read appointments."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0010_bulk_upserts_import_at_once"),
        ("scheduling", "0002_appointments_have_reminders"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("token_digest", models.BinaryField(max_length=32, unique=True)),
                ("person_id", models.UUIDField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("last_fetched_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feeds",
                        to="scheduling.staffcalendar",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_feeds",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("calendar", None), ("client__isnull", False), ("person_id", None)),
                            models.Q(("calendar__isnull", False), ("client", None), ("person_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="calendar_feed_has_one_owner",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)),
                        fields=("client",),
                        name="calendar_feed_one_for_each_client",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)),
                        fields=("calendar",),
                        name="calendar_feed_one_for_each_calendar",
                    ),
                ],
            },
        ),
    ]
