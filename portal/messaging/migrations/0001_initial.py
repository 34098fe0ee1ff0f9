"""Create messages, chat messages, notifications, message templates and suppressions."""

import uuid

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="MessageTemplate",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=8)),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "Email"), ("sms", "Sms")], db_default="email", default="email", max_length=8
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=120)),
                ("body", models.TextField(max_length=2000)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "language", "channel"), name="message_template_unique_per_channel"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                ("kind", models.CharField(max_length=20)),
                ("subject", models.CharField(blank=True, max_length=160)),
                ("path", models.CharField(max_length=200)),
                ("subject_id", models.UUIDField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
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
            name="NotificationPreference",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                ("kind", models.CharField(max_length=20)),
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
                        condition=models.Q(("removed_at", None)), fields=("value", "channel"), name="suppressed_once"
                    )
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
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
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
