"""Create challenges, client sessions and impersonation sessions."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import portal.access.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Challenge",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("sign-in", "Sign In"),
                            ("reauthentication", "Reauthentication"),
                            ("new-contact", "New Contact"),
                        ],
                        default="sign-in",
                        max_length=16,
                    ),
                ),
                ("browser_digest", models.BinaryField(max_length=32, unique=True)),
                ("identifier_digest", models.BinaryField(max_length=32)),
                ("identifier_masked", models.CharField(max_length=80)),
                ("identifier_kind", models.CharField(max_length=5)),
                ("address", models.CharField(blank=True, max_length=254)),
                ("is_recognised_browser", models.BooleanField(default=False)),
                ("nonce", models.BinaryField(default=portal.access.models.generate_code_nonce, max_length=16)),
                ("key_id", models.CharField(max_length=20)),
                ("code_length", models.PositiveSmallIntegerField(default=6)),
                (
                    "sent_at",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateTimeField(), default=list, size=None
                    ),
                ),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=[("email", "Email"), ("sms", "Sms")], max_length=8),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "destinations",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(blank=True, max_length=254), default=list, size=None
                    ),
                ),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("guessed_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("verified_generation", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("code_issued_at", models.DateTimeField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="challenges",
                        to="clients.client",
                    ),
                ),
                (
                    "code_issued_to",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["identifier_digest", "created_at"], name="challenge_identifier"),
                    models.Index(
                        condition=models.Q(("closed_at", None)), fields=["address"], name="challenge_open_address"
                    ),
                    models.Index(fields=["created_at"], name="challenge_created"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("failures__lte", 5)), name="challenge_failures_max"),
                    models.CheckConstraint(condition=models.Q(("sent_at__len__lte", 3)), name="challenge_sends_max"),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))), name="challenge_expires_later"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClientSession",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("token_digest", models.BinaryField(max_length=32, unique=True)),
                ("browser_digest", models.BinaryField(max_length=32)),
                ("device", models.CharField(max_length=80)),
                ("identifier_kind", models.CharField(max_length=5)),
                ("address", models.CharField(max_length=254)),
                ("remember_me", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("authenticated_at", models.DateTimeField()),
                ("used_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sessions", to="clients.client"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["client", "-used_at"], name="session_of_client"),
                    models.Index(fields=["browser_digest", "client"], name="session_browser"),
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["address"], name="session_open_address"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImpersonationSession",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("mode", models.CharField(choices=[("demo", "Demo"), ("read-only", "Read Only")], max_length=9)),
                ("token_digest", models.BinaryField(max_length=32, unique=True)),
                ("person_id", models.UUIDField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="impersonation_sessions",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode", "demo"), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="impersonation_read_only_has_reason",
                    )
                ],
            },
        ),
    ]
