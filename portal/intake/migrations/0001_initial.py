"""Create the contact form and enquiries."""

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
            name="ContactFormSettings",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("is_on", models.BooleanField(default=True)),
                ("intro", models.TextField(blank=True, max_length=600)),
                ("thanks", models.TextField(blank=True, max_length=600)),
                (
                    "email",
                    models.CharField(
                        choices=[("no", "Hidden"), ("optional", "Optional"), ("required", "Required")],
                        default="required",
                        max_length=8,
                    ),
                ),
                (
                    "mobile",
                    models.CharField(
                        choices=[("no", "Hidden"), ("optional", "Optional"), ("required", "Required")],
                        default="optional",
                        max_length=8,
                    ),
                ),
                (
                    "message",
                    models.CharField(
                        choices=[("no", "Hidden"), ("optional", "Optional"), ("required", "Required")],
                        default="required",
                        max_length=8,
                    ),
                ),
                ("custom", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="contact_form_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("email", "no"), ("mobile", "no"), _negated=True),
                        name="contact_form_requests_address",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Enquiry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("idempotency_key", models.UUIDField(unique=True)),
                ("name", models.CharField(max_length=160)),
                ("email", models.CharField(blank=True, max_length=254)),
                ("mobile", models.CharField(blank=True, max_length=16)),
                ("message", models.TextField(blank=True)),
                ("custom", models.JSONField(blank=True, default=dict)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("network_digest", models.BinaryField(max_length=32)),
                (
                    "match_result",
                    models.CharField(
                        choices=[
                            ("pending", "Matching in progress"),
                            ("new", "New client"),
                            ("known", "Existing client"),
                            ("ambiguous", "Matches several clients"),
                        ],
                        default="pending",
                        max_length=9,
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("processed_at", models.DateTimeField(blank=True, null=True)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("reader_name", models.CharField(blank=True, max_length=160)),
                (
                    "client",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="enquiries",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-received_at", "-id"], name="enquiry_newest"),
                    models.Index(condition=models.Q(("read_at", None)), fields=["-received_at"], name="enquiry_unread"),
                    models.Index(
                        condition=models.Q(("processed_at", None)), fields=["received_at"], name="enquiry_pending"
                    ),
                ],
            },
        ),
    ]
