"""Create the tables of the public schema."""

import functools
import secrets
import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import tenants.models.business
import tenants.models.custom_domain


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
            name="Business",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "schema_name",
                    models.CharField(
                        default=tenants.models.business.generate_schema_name, editable=False, max_length=63, unique=True
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
            name="ImpersonationToken",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("token_digest", models.BinaryField(max_length=32, unique=True)),
                ("client_id", models.UUIDField()),
                ("mode", models.CharField(max_length=9)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.business"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("manager", "Manager"),
                            ("staff", "Staff"),
                            ("read-only", "Read only"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "areas",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
                ("token_digest", models.BinaryField(max_length=32, unique=True)),
                ("sends", models.PositiveSmallIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="tenants.business"
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
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
                            ("read-only", "Read only"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "areas",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
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
        ),
        migrations.CreateModel(
            name="Outage",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("channel", models.CharField(choices=[("email", "Email"), ("sms", "Sms")], max_length=8)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.business"
                    ),
                ),
            ],
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
            name="StaffEmail",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=8)),
                ("data", models.JSONField(default=dict)),
                ("key_id", models.CharField(max_length=32)),
                ("nonce", models.BinaryField(default=functools.partial(secrets.token_bytes, *(16,)), max_length=16)),
                ("guesses", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
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
        ),
        migrations.CreateModel(
            name="SupportTicket",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("subject", models.CharField(max_length=160)),
                ("client_id", models.UUIDField(blank=True, null=True)),
                ("snapshot", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(choices=[("open", "Open"), ("closed", "Closed")], default="open", max_length=8),
                ),
                ("opened_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True, db_default="", default="")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "resolution",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("signed-in", "The client could sign in"),
                            ("resolved", "We found the cause ourselves"),
                            ("opened-in-error", "Opened by mistake"),
                            ("by-support", "Closed by support"),
                        ],
                        db_default="",
                        default="",
                        max_length=16,
                    ),
                ),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tickets", to="tenants.business"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CustomDomain",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("domain", models.CharField(max_length=253)),
                ("txt_token", models.CharField(default=tenants.models.custom_domain.generate_txt_token, max_length=32)),
                ("check_result", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("dns_ready_at", models.DateTimeField(blank=True, null=True)),
                ("live_at", models.DateTimeField(blank=True, null=True)),
                ("check_requested_at", models.DateTimeField(blank=True, null=True)),
                ("failed_checks", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("broken_at", models.DateTimeField(blank=True, null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="custom_domains",
                        to="tenants.business",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("business", "domain"), name="custom_domain_once")],
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.business",
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
            name="FailedAttemptCount",
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
                "indexes": [models.Index(fields=["bucket_at"], name="failed_attempt_count_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("business", "bucket_at"), name="failed_attempt_count_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PortalHostname",
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
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                models.F("business"),
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                name="invitation_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("person", "business"), name="membership_once"),
        ),
        migrations.AddConstraint(
            model_name="outage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("business", "channel"), name="outage_one_at_a_time"
            ),
        ),
        migrations.AddIndex(
            model_name="staffemail",
            index=models.Index(fields=["person", "created_at"], name="staff_email_person"),
        ),
        migrations.AddIndex(
            model_name="staffemail",
            index=models.Index(fields=["created_at"], name="staff_email_created"),
        ),
        migrations.AddConstraint(
            model_name="staffemail",
            constraint=models.CheckConstraint(condition=models.Q(("guesses__lte", 5)), name="staff_email_guesses_max"),
        ),
        migrations.AddIndex(
            model_name="supportticket",
            index=models.Index(fields=["business", "client_id", "-opened_at"], name="ticket_client"),
        ),
        migrations.AddIndex(
            model_name="supportticket",
            index=models.Index(fields=["state", "opened_at"], name="ticket_state"),
        ),
    ]
