"""Add emails to staff, which are sent through the same outbox."""

import secrets
import uuid
from functools import partial

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0007_outages")]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="business",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="tenants.business",
            ),
        ),
        migrations.CreateModel(
            name="StaffEmail",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("staff-code", "Code"),
                            ("staff-invitation", "Invitation"),
                            ("staff-new-browser", "New Browser"),
                            ("staff-factor", "Factor"),
                        ],
                        max_length=20,
                    ),
                ),
                ("language", models.CharField(max_length=8)),
                ("data", models.JSONField(default=dict)),
                ("key_id", models.CharField(max_length=32)),
                ("nonce", models.BinaryField(default=partial(secrets.token_bytes, 16), max_length=16)),
                ("guesses", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "invitation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.invitation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "created_at"], name="staff_email_person"),
                    models.Index(fields=["created_at"], name="staff_email_created"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("guesses__lte", 5)), name="staff_email_guesses_max")
                ],
            },
        ),
    ]
