"""Create the timeline."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("event_type", models.CharField(max_length=60)),
                ("subject_id", models.UUIDField(blank=True, null=True)),
                (
                    "actor",
                    models.CharField(
                        choices=[
                            ("client", "Client"),
                            ("staff", "Staff"),
                            ("system", "System"),
                            ("provider", "Provider"),
                        ],
                        default="system",
                        max_length=8,
                    ),
                ),
                ("actor_id", models.UUIDField(blank=True, null=True)),
                ("actor_name", models.CharField(blank=True, max_length=160)),
                ("ip", models.GenericIPAddressField(blank=True, null=True)),
                ("data", models.JSONField(default=dict)),
                (
                    "client",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["client", "-at"], name="entry_of_client"),
                    models.Index(fields=["subject_id", "at"], name="entry_of_subject"),
                    models.Index(fields=["-at"], name="entry_at"),
                    models.Index(condition=models.Q(("actor", "staff")), fields=["-at", "-id"], name="entry_of_staff"),
                ],
            },
        ),
    ]
