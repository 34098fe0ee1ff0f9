"""What providers refuse to send to is known, and a client hears of a code that was handed over."""

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
                    ("code-handed", "Code Handed"),
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
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("asked_by_id", models.UUIDField(blank=True, null=True)),
                ("asked_by", models.CharField(blank=True, max_length=160)),
                ("cleared_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["value", "channel"], condition=models.Q(cleared_at=None), name="suppressed_once"
                    )
                ],
            },
        ),
    ]
