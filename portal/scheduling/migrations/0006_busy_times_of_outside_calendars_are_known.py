"""The calendars that staff keep elsewhere, and when these are busy, have tables."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0005_clients_have_packages_of_sessions"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutsideCalendar",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("address", models.CharField(max_length=2000)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("next_fetch_at", models.DateTimeField()),
                ("last_fetched_at", models.DateTimeField(blank=True, null=True)),
                ("last_ok_at", models.DateTimeField(blank=True, null=True)),
                ("last_error", models.CharField(blank=True, max_length=20)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                ("staff_notified_at", models.DateTimeField(blank=True, null=True)),
                ("etag", models.CharField(blank=True, max_length=200)),
                ("last_modified", models.CharField(blank=True, max_length=100)),
                ("time_zone", models.CharField(blank=True, max_length=64)),
                ("known_until", models.DateTimeField(blank=True, null=True)),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outside_calendars",
                        to="scheduling.staffcalendar",
                    ),
                ),
            ],
            options={
                "ordering": ("created_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="OutsideBusyTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("busy_from", models.DateTimeField()),
                ("busy_until", models.DateTimeField()),
                (
                    "outside_calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="busy_times",
                        to="scheduling.outsidecalendar",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="outsidecalendar",
            index=models.Index(
                condition=models.Q(("is_active", True)), fields=["next_fetch_at"], name="outside_calendar_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="outsidecalendar",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("failing_since", None), ("last_error", "")),
                    models.Q(models.Q(("last_error", ""), _negated=True), ("failing_since__isnull", False)),
                    _connector="OR",
                ),
                name="outside_calendar_error_while_failing",
            ),
        ),
        migrations.AddIndex(
            model_name="outsidebusytime",
            index=models.Index(fields=["outside_calendar", "busy_until"], name="outside_busy_time_until"),
        ),
        migrations.AddConstraint(
            model_name="outsidebusytime",
            constraint=models.CheckConstraint(
                condition=models.Q(("busy_from__lt", models.F("busy_until"))), name="outside_busy_time_times"
            ),
        ),
    ]
