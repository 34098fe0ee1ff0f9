"""Appointments can belong to a series that repeats every so many weeks."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0010_bulk_upserts_import_at_once"),
        ("scheduling", "0008_public_holidays_can_be_of_one_calendar"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="series_position",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="AppointmentSeries",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("starts_minute", models.PositiveSmallIntegerField()),
                ("time_zone", models.CharField(max_length=64)),
                ("interval_weeks", models.PositiveSmallIntegerField()),
                ("count", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("until_on", models.DateField(blank=True, null=True)),
                ("request_key", models.UUIDField(blank=True, null=True, unique=True)),
                ("created_at", models.DateTimeField()),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointment_series",
                        to="scheduling.staffcalendar",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appointment_series",
                        to="clients.client",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointment_series",
                        to="scheduling.service",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="appointment",
            name="series",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="appointments",
                to="scheduling.appointmentseries",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(fields=("series", "series_position"), name="appointment_once_in_series"),
        ),
        migrations.AddIndex(
            model_name="appointmentseries",
            index=models.Index(fields=["created_at", "id"], name="appointment_series_by_age"),
        ),
        migrations.AddConstraint(
            model_name="appointmentseries",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts_minute__lt", 1440)), name="appointment_series_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="appointmentseries",
            constraint=models.CheckConstraint(
                condition=models.Q(("interval_weeks__gte", 1), ("interval_weeks__lte", 104)),
                name="appointment_series_interval",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointmentseries",
            constraint=models.CheckConstraint(
                condition=models.Q(("count__isnull", False), ("until_on__isnull", False), _connector="OR"),
                name="appointment_series_ends",
            ),
        ),
    ]
