"""Add chat messages, staff notifications with their preferences, and the business's own message templates."""

import uuid

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0003_backfill_search_text"),
        ("messaging", "0002_suppressions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sign-in-code", "Sign In Code"),
                    ("confirm-code", "Confirm Code"),
                    ("new-browser", "New Browser"),
                    ("contact-changed", "Contact Changed"),
                    ("access-ended", "Access Ended"),
                    ("new-message", "New Message"),
                    ("staff-notification", "Staff Notification"),
                    ("code-issued", "Code Issued"),
                    ("invitation", "Invitation"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new-message", "New message"),
                            ("contact-form", "New enquiry"),
                        ],
                        max_length=20,
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=160)),
                ("path", models.CharField(max_length=200)),
                ("subject_id", models.UUIDField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("mail_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person_id", "-at"], name="notification_person"),
                    models.Index(
                        condition=models.Q(("read_at", None)), fields=["person_id"], name="notification_unread"
                    ),
                    models.Index(fields=["subject_id"], name="notification_subject"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageTemplate",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=8)),
                ("subject", models.CharField(max_length=120)),
                ("body", models.TextField(max_length=2000)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "language"), name="message_template_unique")],
            },
        ),
        migrations.CreateModel(
            name="NotificationPreference",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new-message", "New message"),
                            ("contact-form", "New enquiry"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("off", "Off"),
                            ("console", "In the console"),
                            ("mail", "In the console and by email"),
                        ],
                        max_length=8,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person_id", "kind"), name="notification_preference_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="ChatMessage",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sender", models.CharField(choices=[("client", "Client"), ("staff", "Staff")], max_length=6)),
                ("person_id", models.UUIDField(blank=True, null=True)),
                ("person_name", models.CharField(blank=True, max_length=160)),
                ("body", models.TextField(max_length=4000)),
                ("written_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("mail_at", models.DateTimeField(blank=True, null=True)),
                ("is_latest", models.BooleanField(default=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="chat_messages", to="clients.client"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["client", "-written_at"], name="chat_message_client"),
                    models.Index(condition=models.Q(("read_at", None)), fields=["client"], name="chat_message_unread"),
                    models.Index(
                        condition=models.Q(("sender", "staff")),
                        fields=["person_id", "client"],
                        name="chat_message_person",
                    ),
                    models.Index(
                        models.OrderBy(
                            models.ExpressionWrapper(
                                models.Q(("read_at", None), ("sender", "client")), output_field=models.BooleanField()
                            ),
                            descending=True,
                        ),
                        models.OrderBy(models.F("written_at"), descending=True),
                        condition=models.Q(("is_latest", True)),
                        name="chat_message_inbox",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["body"], name="chat_message_search", opclasses=["public.gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("body", ""), _negated=True), name="chat_message_body_not_empty"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person_id", None), ("sender", "client")),
                            models.Q(("person_id__isnull", False), ("sender", "staff")),
                            _connector="OR",
                        ),
                        name="chat_message_person_if_staff",
                    ),
                ],
            },
        ),
    ]
