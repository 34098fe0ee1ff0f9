"""Clients and staff talk, staff are told of it, and mails may have the business's own words."""

import uuid

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0003_backfill_search_text"),
        ("messaging", "0002_addresses_are_suppressed"),
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
                    ("staff-notice", "Staff Notice"),
                    ("code-handed", "Code Handed"),
                    ("invitation", "Invitation"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new-message", "New message"),
                            ("contact-form", "New contact form"),
                        ],
                        max_length=20,
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=160)),
                ("page", models.CharField(max_length=200)),
                ("about_id", models.UUIDField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("mail_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person_id", "-at"], name="notice_of_person"),
                    models.Index(condition=models.Q(("read_at", None)), fields=["person_id"], name="notice_unread"),
                    models.Index(fields=["about_id"], name="notice_about"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnWording",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=8)),
                ("subject", models.CharField(max_length=120)),
                ("body", models.TextField(max_length=2000)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "language"), name="own_wording_once")],
            },
        ),
        migrations.CreateModel(
            name="Wish",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new-message", "New message"),
                            ("contact-form", "New contact form"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "reach",
                    models.CharField(
                        choices=[
                            ("off", "Not at all"),
                            ("console", "Here in the console"),
                            ("mail", "In the console and by email"),
                        ],
                        max_length=8,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person_id", "kind"), name="wish_once")],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("side", models.CharField(choices=[("client", "Client"), ("staff", "Staff")], max_length=6)),
                ("person_id", models.UUIDField(blank=True, null=True)),
                ("person_name", models.CharField(blank=True, max_length=160)),
                ("body", models.TextField(max_length=4000)),
                ("written_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("mail_at", models.DateTimeField(blank=True, null=True)),
                ("is_last", models.BooleanField(default=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="clients.client"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["client", "-written_at"], name="line_of_client"),
                    models.Index(condition=models.Q(("read_at", None)), fields=["client"], name="line_unread"),
                    models.Index(
                        condition=models.Q(("side", "staff")), fields=["person_id", "client"], name="line_of_person"
                    ),
                    models.Index(
                        models.OrderBy(
                            models.ExpressionWrapper(
                                models.Q(("read_at", None), ("side", "client")), output_field=models.BooleanField()
                            ),
                            descending=True,
                        ),
                        models.OrderBy(models.F("written_at"), descending=True),
                        condition=models.Q(("is_last", True)),
                        name="line_inbox",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["body"], name="line_search", opclasses=["public.gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("body", ""), _negated=True), name="line_says_something"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person_id", None), ("side", "client")),
                            models.Q(("person_id__isnull", False), ("side", "staff")),
                            _connector="OR",
                        ),
                        name="line_side_knows_its_person",
                    ),
                ],
            },
        ),
    ]
