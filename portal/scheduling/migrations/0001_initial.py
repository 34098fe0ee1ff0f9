"""Create services, calendars with their hours, rooms and equipment, and appointments."""

import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import portal.scheduling.models.calendar_entry
import portal.scheduling.models.scheduling_settings


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0010_bulk_upserts_import_at_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="Resource",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[("room", "Room"), ("equipment", "Equipment")], default="room", max_length=10
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("name", "id"),
            },
        ),
        migrations.CreateModel(
            name="SchedulingSettings",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("is_on", models.BooleanField(default=True)),
                ("intro", models.TextField(blank=True, max_length=600)),
                ("notice", models.PositiveIntegerField(default=120)),
                ("horizon", models.PositiveSmallIntegerField(default=90)),
                ("start_interval", models.PositiveSmallIntegerField(default=15)),
                (
                    "acceptance",
                    models.CharField(
                        choices=[
                            ("automatic", "Confirm at once"),
                            ("new", "Ask us about new clients"),
                            ("by-hand", "Ask us every time"),
                        ],
                        default="automatic",
                        max_length=10,
                    ),
                ),
                ("reschedule_window", models.PositiveIntegerField(default=1440)),
                ("cancel_window", models.PositiveIntegerField(default=1440)),
                (
                    "reminders",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(),
                        blank=True,
                        default=portal.scheduling.models.scheduling_settings.build_default_reminders,
                        size=3,
                    ),
                ),
                ("has_follow_up", models.BooleanField(default=False)),
                ("shows_attendees", models.BooleanField(default=False)),
                ("holiday_country", models.CharField(blank=True, max_length=2)),
                ("holiday_subdivision", models.CharField(blank=True, max_length=8)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="scheduling_settings_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("horizon__gte", 1), ("horizon__lte", 730)), name="scheduling_horizon"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("start_interval__gte", 5), ("start_interval__lte", 1440)),
                        name="scheduling_start_interval",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("description", models.TextField(blank=True, max_length=600)),
                ("duration", models.PositiveSmallIntegerField()),
                ("buffer_before", models.PositiveSmallIntegerField(default=0)),
                ("buffer_after", models.PositiveSmallIntegerField(default=0)),
                ("capacity", models.PositiveSmallIntegerField(default=1)),
                ("start_interval", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("price_amount", models.PositiveBigIntegerField(blank=True, null=True)),
                ("price_currency", models.CharField(max_length=3)),
                (
                    "deposit_kind",
                    models.CharField(
                        choices=[
                            ("none", "No deposit"),
                            ("amount", "A fixed amount"),
                            ("percent", "A part of the price, in per cent"),
                            ("full", "The whole price"),
                        ],
                        default="none",
                        max_length=8,
                    ),
                ),
                ("deposit_value", models.PositiveBigIntegerField(default=0)),
                (
                    "location_kind",
                    models.CharField(
                        choices=[
                            ("on-site", "At our place"),
                            ("at-client", "At the client’s place"),
                            ("phone", "By phone"),
                            ("video", "Video call"),
                        ],
                        default="on-site",
                        max_length=10,
                    ),
                ),
                ("location", models.CharField(blank=True, max_length=300)),
                ("colour", models.CharField(default="blue", max_length=10)),
                (
                    "visibility",
                    models.CharField(
                        choices=[("public", "Everybody"), ("clients", "Signed-in clients"), ("staff", "Only staff")],
                        default="public",
                        max_length=8,
                    ),
                ),
                (
                    "acceptance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("automatic", "Confirm at once"),
                            ("new", "Ask us about new clients"),
                            ("by-hand", "Ask us every time"),
                        ],
                        max_length=10,
                    ),
                ),
                ("policy_text", models.TextField(blank=True, max_length=2000)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("resources", models.ManyToManyField(blank=True, related_name="services", to="scheduling.resource")),
            ],
            options={
                "ordering": ("position", "name", "id"),
            },
        ),
        migrations.CreateModel(
            name="ServiceQuestion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("label", models.CharField(max_length=160)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "One line"),
                            ("long-text", "Several lines"),
                            ("choice", "One of several answers"),
                            ("tick", "Tick box"),
                        ],
                        default="text",
                        max_length=10,
                    ),
                ),
                ("choices", models.JSONField(blank=True, default=list)),
                ("is_required", models.BooleanField(default=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="scheduling.service"
                    ),
                ),
            ],
            options={
                "ordering": ("position", "id"),
            },
        ),
        migrations.CreateModel(
            name="StaffCalendar",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("person_id", models.UUIDField(blank=True, null=True)),
                ("time_zone", models.CharField(max_length=64)),
                ("daily_limit", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("name", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("daily_limit", None), ("daily_limit__gte", 1), _connector="OR"),
                        name="calendar_daily_limit",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("person_id", None), _negated=True),
                        fields=("person_id",),
                        name="calendar_one_for_each_person",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="service",
            name="calendars",
            field=models.ManyToManyField(blank=True, related_name="services", to="scheduling.staffcalendar"),
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("weekday", models.PositiveSmallIntegerField()),
                ("starts_minute", models.PositiveSmallIntegerField()),
                ("ends_minute", models.PositiveSmallIntegerField()),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opening_hours",
                        to="scheduling.staffcalendar",
                    ),
                ),
            ],
            options={
                "ordering": ("weekday", "starts_minute"),
            },
        ),
        migrations.CreateModel(
            name="HoursException",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("starts_minute", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("ends_minute", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("is_addition", models.BooleanField(default=False)),
                ("label", models.CharField(blank=True, max_length=80)),
                ("holiday_country", models.CharField(blank=True, max_length=8)),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exceptions",
                        to="scheduling.staffcalendar",
                    ),
                ),
            ],
            options={
                "ordering": ("starts_on", "ends_on", "id"),
            },
        ),
        migrations.CreateModel(
            name="CalendarEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(blank=True, max_length=120)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("busy_from", models.DateTimeField()),
                ("busy_until", models.DateTimeField()),
                ("capacity", models.PositiveSmallIntegerField(default=1)),
                ("seats_taken", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
                ("is_overbooked", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendar_entries",
                        to="scheduling.service",
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="scheduling.staffcalendar",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ResourceReservation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("busy_from", models.DateTimeField()),
                ("busy_until", models.DateTimeField()),
                ("is_active", models.BooleanField(default=True)),
                ("is_overbooked", models.BooleanField(default=False)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reservations",
                        to="scheduling.calendarentry",
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reservations",
                        to="scheduling.resource",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_active", True)), fields=["busy_until"], name="reservation_busy"
                    )
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("is_active", True), ("is_overbooked", False)),
                        expressions=[
                            ("resource", "="),
                            (
                                portal.scheduling.models.calendar_entry.TsTzRange(
                                    "busy_from", "busy_until", django.contrib.postgres.fields.ranges.RangeBoundary()
                                ),
                                "&&",
                            ),
                        ],
                        name="reservation_no_overlap",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("busy_from__lt", models.F("busy_until"))), name="reservation_times"
                    ),
                    models.UniqueConstraint(fields=("entry", "resource"), name="reservation_once_for_each_entry"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "Held while it is booked"),
                            ("requested", "Waiting for an answer"),
                            ("confirmed", "Confirmed"),
                            ("done", "Done"),
                            ("no-show", "Did not come"),
                            ("declined", "Declined"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Not answered in time"),
                        ],
                        default="held",
                        max_length=10,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("public-form", "Public booking page"),
                            ("portal", "Client Portal"),
                            ("staff", "Staff"),
                            ("api", "API"),
                        ],
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("is_overbooked", models.BooleanField(default=False)),
                ("hold_key", models.UUIDField(blank=True, null=True, unique=True)),
                ("hold_expires_at", models.DateTimeField(blank=True, null=True)),
                ("contact_name", models.CharField(blank=True, max_length=160)),
                ("contact_email", models.CharField(blank=True, max_length=254)),
                ("contact_mobile", models.CharField(blank=True, max_length=16)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("time_zone", models.CharField(blank=True, max_length=64)),
                ("note", models.TextField(blank=True, max_length=2000)),
                ("answers", models.JSONField(blank=True, default=list)),
                ("policy_text", models.TextField(blank=True, max_length=2000)),
                ("policy_accepted_at", models.DateTimeField(blank=True, null=True)),
                ("price_amount", models.PositiveBigIntegerField(blank=True, null=True)),
                ("price_currency", models.CharField(blank=True, max_length=3)),
                ("location", models.CharField(blank=True, max_length=300)),
                ("reason", models.CharField(blank=True, max_length=600)),
                ("proposed_starts_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appointments",
                        to="clients.client",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="scheduling.calendarentry",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="scheduling.service",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["client", "-starts_at"], name="appointment_of_client"),
                    models.Index(fields=["starts_at", "id"], name="appointment_by_start"),
                    models.Index(
                        condition=models.Q(("state", "held")), fields=["hold_expires_at"], name="appointment_held"
                    ),
                    models.Index(
                        condition=models.Q(("state", "requested")), fields=["starts_at"], name="appointment_requested"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("starts_at__lt", models.F("ends_at"))), name="appointment_times"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("hold_expires_at__isnull", False), ("hold_key__isnull", False), ("state", "held")
                            ),
                            models.Q(("state", "held"), _negated=True),
                            _connector="OR",
                        ),
                        name="appointment_hold_expires",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "held"),
                                ("state", "requested"),
                                ("state", "confirmed"),
                                ("state", "done"),
                                ("state", "no-show"),
                                _connector="OR",
                            ),
                            models.Q(("client", None), _negated=True),
                        ),
                        fields=("entry", "client"),
                        name="appointment_one_seat_for_each_client",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(("duration__gte", 5), ("duration__lte", 1440)), name="service_duration"
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(("buffer_after__lte", 1440), ("buffer_before__lte", 1440)), name="service_buffers"
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__gte", 1), ("capacity__lte", 500)), name="service_capacity"
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("start_interval", None),
                    models.Q(("start_interval__gte", 5), ("start_interval__lte", 1440)),
                    _connector="OR",
                ),
                name="service_start_interval",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deposit_kind", "percent"), _negated=True), ("deposit_value__lte", 100), _connector="OR"
                ),
                name="service_deposit",
            ),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.CheckConstraint(condition=models.Q(("weekday__lte", 6)), name="opening_hours_weekday"),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_minute__lt", models.F("ends_minute")),
                    ("ends_minute__lte", 2880),
                    ("starts_minute__lt", 1440),
                ),
                name="opening_hours_minutes",
            ),
        ),
        migrations.AddIndex(
            model_name="hoursexception",
            index=models.Index(fields=["ends_on"], name="exception_ends"),
        ),
        migrations.AddConstraint(
            model_name="hoursexception",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts_on__lte", models.F("ends_on"))), name="exception_dates"
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursexception",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends_minute", None), ("is_addition", False), ("starts_minute", None)),
                    models.Q(
                        ("ends_minute__isnull", False),
                        ("starts_minute__isnull", False),
                        ("starts_minute__lt", models.F("ends_minute")),
                        ("ends_minute__lte", 2880),
                        ("starts_minute__lt", 1440),
                    ),
                    _connector="OR",
                ),
                name="exception_minutes",
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursexception",
            constraint=models.UniqueConstraint(
                condition=models.Q(("holiday_country", ""), _negated=True),
                fields=("starts_on", "holiday_country"),
                name="exception_one_holiday",
            ),
        ),
        migrations.AddIndex(
            model_name="calendarentry",
            index=models.Index(
                condition=models.Q(("is_active", True)), fields=["busy_until"], name="calendar_entry_busy"
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarentry",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("is_active", True), ("is_overbooked", False)),
                expressions=[
                    ("calendar", "="),
                    (
                        portal.scheduling.models.calendar_entry.TsTzRange(
                            "busy_from", "busy_until", django.contrib.postgres.fields.ranges.RangeBoundary()
                        ),
                        "&&",
                    ),
                ],
                name="calendar_entry_no_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("busy_from__lte", models.F("starts_at")),
                    ("busy_until__gte", models.F("ends_at")),
                    ("starts_at__lt", models.F("ends_at")),
                ),
                name="calendar_entry_times",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("seats_taken__lte", models.F("capacity"))), name="calendar_entry_seats"
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_active", False), ("service", None), ("seats_taken__gte", 1), _connector="OR"),
                name="calendar_entry_is_used",
            ),
        ),
    ]
