"""Create the table of messages."""

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
            name="Message",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sign-in-code", "Sign In Code"),
                            ("confirm-code", "Confirm Code"),
                            ("new-browser", "New Browser"),
                            ("contact-changed", "Contact Changed"),
                            ("access-ended", "Access Ended"),
                        ],
                        max_length=20,
                    ),
                ),
                ("channel", models.CharField(choices=[("email", "Email"), ("sms", "Sms")], max_length=8)),
                ("to", models.CharField(blank=True, max_length=254)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("subject_id", models.UUIDField(blank=True, null=True)),
                ("data", models.JSONField(default=dict)),
                (
                    "state",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (10, "Queued"),
                            (20, "Sending"),
                            (30, "Unclear"),
                            (35, "Failed"),
                            (36, "Expired"),
                            (40, "Accepted"),
                            (50, "Deferred"),
                            (60, "Delivered"),
                            (70, "Bounced"),
                            (90, "Void"),
                        ],
                        default=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("created_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject_id", "created_at"], name="message_subject"),
                    models.Index(fields=["to", "created_at"], name="message_to"),
                    models.Index(fields=["created_at"], name="message_created"),
                ],
            },
        ),
    ]
