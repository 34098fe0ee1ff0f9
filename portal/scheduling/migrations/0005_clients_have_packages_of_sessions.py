"""Clients have packages of sessions, and each session that is taken from one is a row."""

import uuid

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0010_bulk_upserts_import_at_once"),
        ("scheduling", "0004_appointments_of_strangers_are_matched"),
    ]

    operations = [
        migrations.CreateModel(
            name="SessionPackage",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("sessions", models.PositiveSmallIntegerField()),
                ("validity_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("price_amount", models.PositiveBigIntegerField(blank=True, null=True)),
                ("price_currency", models.CharField(max_length=3)),
                ("created_at", models.DateTimeField()),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("services", models.ManyToManyField(related_name="session_packages", to="scheduling.service")),
            ],
            options={
                "ordering": ("name", "id"),
            },
        ),
        migrations.CreateModel(
            name="ClientPackage",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("price_amount", models.PositiveBigIntegerField(blank=True, null=True)),
                ("price_currency", models.CharField(max_length=3)),
                ("sessions_total", models.PositiveSmallIntegerField()),
                ("sessions_reserved", models.PositiveSmallIntegerField(default=0)),
                ("sessions_used", models.PositiveSmallIntegerField(default=0)),
                ("given_at", models.DateTimeField()),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("note", models.TextField(blank=True, max_length=600)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="session_packages",
                        to="clients.client",
                    ),
                ),
                ("services", models.ManyToManyField(related_name="client_packages", to="scheduling.service")),
                (
                    "package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="client_packages",
                        to="scheduling.sessionpackage",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PackageSession",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("reserved", "Reserved"), ("used", "Used"), ("returned", "Returned")],
                        default="reserved",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "appointment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="package_sessions",
                        to="scheduling.appointment",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="package_sessions",
                        to="clients.client",
                    ),
                ),
                (
                    "client_package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to="scheduling.clientpackage",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["client_package", "-created_at"], name="package_session_of_package"),
                    models.Index(
                        condition=models.Q(("state", "reserved")),
                        fields=["created_at"],
                        name="package_session_reserved",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "reserved"), ("state", "used"), _connector="OR"),
                        fields=("appointment",),
                        name="package_session_once_for_each_appointment",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="sessionpackage",
            constraint=models.CheckConstraint(
                condition=models.Q(("sessions__gte", 1), ("sessions__lte", 500)), name="session_package_size"
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionpackage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("validity_days", None),
                    models.Q(("validity_days__gte", 1), ("validity_days__lte", 3650)),
                    _connector="OR",
                ),
                name="session_package_validity",
            ),
        ),
        migrations.AddIndex(
            model_name="clientpackage",
            index=models.Index(fields=["client", "-given_at"], name="client_package_of_client"),
        ),
        migrations.AddConstraint(
            model_name="clientpackage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "sessions_total__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("sessions_reserved"), "+", models.F("sessions_used")
                        ),
                    )
                ),
                name="client_package_sessions",
            ),
        ),
    ]
