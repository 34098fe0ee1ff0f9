"""Clients wait for a time of a service to become free, and are offered it for as long as the business says."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0010_bulk_upserts_import_at_once"),
        ("scheduling", "0006_busy_times_of_outside_calendars_are_known"),
    ]

    operations = [
        migrations.CreateModel(
            name="WaitingListEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField()),
                (
                    "part_of_day",
                    models.CharField(
                        choices=[
                            ("any", "Any time of day"),
                            ("morning", "In the morning, before 12:00"),
                            ("afternoon", "In the afternoon, from 12:00 to 17:00"),
                            ("evening", "In the evening, from 17:00"),
                        ],
                        default="any",
                        max_length=9,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("offered", "Has an offer"),
                            ("booked", "Booked"),
                            ("withdrawn", "Left the list"),
                            ("ended", "Ended without a time"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="WaitingListOffer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for an answer"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("expired", "Not answered in time"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("expires_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="schedulingsettings",
            name="has_waiting_list",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="schedulingsettings",
            name="offer_lifetime",
            field=models.PositiveIntegerField(default=240),
        ),
        migrations.AddConstraint(
            model_name="schedulingsettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("offer_lifetime__gte", 30), ("offer_lifetime__lte", 4320)),
                name="scheduling_offer_lifetime",
            ),
        ),
        migrations.AddField(
            model_name="waitinglistentry",
            name="calendar",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="waiting_list_entries",
                to="scheduling.staffcalendar",
            ),
        ),
        migrations.AddField(
            model_name="waitinglistentry",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="waiting_list_entries", to="clients.client"
            ),
        ),
        migrations.AddField(
            model_name="waitinglistentry",
            name="service",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="waiting_list_entries",
                to="scheduling.service",
            ),
        ),
        migrations.AddField(
            model_name="waitinglistoffer",
            name="appointment",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="waiting_list_offer",
                to="scheduling.appointment",
            ),
        ),
        migrations.AddField(
            model_name="waitinglistoffer",
            name="calendar",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="waiting_list_offers",
                to="scheduling.staffcalendar",
            ),
        ),
        migrations.AddField(
            model_name="waitinglistoffer",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="scheduling.waitinglistentry"
            ),
        ),
        migrations.AddIndex(
            model_name="waitinglistentry",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["created_at", "id"], name="waiting_list_order"
            ),
        ),
        migrations.AddIndex(
            model_name="waitinglistentry",
            index=models.Index(fields=["updated_at"], name="waiting_list_updated"),
        ),
        migrations.AddConstraint(
            model_name="waitinglistentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_on__lte", models.F("until_on"))), name="waiting_list_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitinglistentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting"), ("state", "offered"), _connector="OR"),
                fields=("client", "service"),
                name="waiting_list_once_for_each_service",
            ),
        ),
        migrations.AddIndex(
            model_name="waitinglistoffer",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["expires_at"], name="waiting_list_offer_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitinglistoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__lte", models.F("starts_at")), ("starts_at__lt", models.F("ends_at"))),
                name="waiting_list_offer_times",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitinglistoffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("entry",), name="waiting_list_one_open_offer"
            ),
        ),
    ]
