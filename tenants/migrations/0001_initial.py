"""Create businesses, hostnames, people and the delivery outbox."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import tenants.models.business


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("is_operator", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(django.db.models.functions.text.Lower("email"), name="person_email_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SchemaSnapshot",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("fingerprint", models.CharField(max_length=64)),
                ("statements", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="schema_snapshot_one_row")],
            },
        ),
        migrations.CreateModel(
            name="Business",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "schema_name",
                    models.CharField(
                        default=tenants.models.business.new_schema_name, editable=False, max_length=63, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("suspended", "Suspended"), ("closed", "Closed")],
                        default="active",
                        max_length=12,
                    ),
                ),
                ("country", models.CharField(default="GB", max_length=2)),
                ("currency", models.CharField(default="GBP", max_length=3)),
                ("time_zone", models.CharField(default="Europe/London", max_length=64)),
                ("language", models.CharField(default="en", max_length=8)),
                ("placement", models.CharField(default="main", max_length=63)),
                ("attack_until", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("schema_name__regex", "^t_[0-9a-f]{24}$")), name="business_schema_opaque"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Platform",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("attack_until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="platform_one_row")],
            },
        ),
        migrations.CreateModel(
            name="ProviderEvent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("provider", models.CharField(max_length=16)),
                ("provider_event_id", models.CharField(max_length=120)),
                ("delivery_id", models.UUIDField()),
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
                        ]
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("happened_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("applied_at", None)), fields=["received_at"], name="provider_event_pending"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "provider_event_id"), name="provider_event_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Hostname",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("slug", models.CharField(blank=True, max_length=63, null=True, unique=True)),
                ("domain", models.CharField(blank=True, max_length=253, null=True, unique=True)),
                ("is_current", models.BooleanField(default=True)),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="hostnames", to="tenants.business"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("domain__isnull", True), ("slug__isnull", False)),
                            models.Q(("domain__isnull", False), ("slug__isnull", True)),
                            _connector="OR",
                        ),
                        name="hostname_slug_or_domain",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("slug__isnull", True),
                            ("slug__regex", "^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"),
                            _connector="OR",
                        ),
                        name="hostname_slug_shape",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True), ("slug__isnull", False)),
                        fields=("business",),
                        name="hostname_one_current_slug",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("message_id", models.UUIDField()),
                (
                    "queue",
                    models.CharField(
                        choices=[("codes", "Codes"), ("notices", "Notices"), ("bulk", "Bulk")], max_length=8
                    ),
                ),
                ("channel", models.CharField(choices=[("email", "Email"), ("sms", "Sms")], max_length=8)),
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
                ("attempt", models.PositiveIntegerField(default=0)),
                ("calls", models.PositiveSmallIntegerField(default=0)),
                ("provider", models.CharField(blank=True, max_length=16)),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("deadline_at", models.DateTimeField()),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.business"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("completed_at", None), ("state__in", [10, 20, 30])),
                        fields=["queue", "business", "due_at"],
                        name="delivery_pending",
                    ),
                    models.Index(fields=["created_at"], name="delivery_created"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FailedAttemptBucket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bucket_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=0)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.business"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["bucket_at"], name="failed_attempt_bucket_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("business", "bucket_at"), name="failed_attempt_bucket_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("manager", "Manager"),
                            ("staff", "Staff"),
                            ("read-only", "Read Only"),
                        ],
                        max_length=12,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="tenants.business"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "business"), name="membership_once")],
            },
        ),
    ]
