"""Add suppressions, and the message that tells a client of a code that staff issued."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]

    operations = [
        migrations.AlterField(
            "message",
            "kind",
            models.CharField(
                choices=[
                    ("sign-in-code", "Sign In Code"),
                    ("confirm-code", "Confirm Code"),
                    ("new-browser", "New Browser"),
                    ("contact-changed", "Contact Changed"),
                    ("access-ended", "Access Ended"),
                    ("code-issued", "Code Issued"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("value", models.CharField(max_length=254)),
                ("channel", models.CharField(choices=[("email", "Email"), ("sms", "Sms")], max_length=8)),
                ("provider", models.CharField(blank=True, max_length=16)),
                ("reason", models.CharField(max_length=40)),
                ("since", models.DateTimeField()),
                ("removal_requested_at", models.DateTimeField(blank=True, null=True)),
                ("removal_requested_by_id", models.UUIDField(blank=True, null=True)),
                ("removal_requested_by", models.CharField(blank=True, max_length=160)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["value", "channel"], condition=models.Q(removed_at=None), name="suppressed_once"
                    )
                ],
            },
        ),
    ]
