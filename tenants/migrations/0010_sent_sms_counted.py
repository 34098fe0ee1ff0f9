"""Texts are counted by business, country and range of numbers, and may be stopped."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

PRIORITIES = [(0, "Refused"), (1, "Chosen"), (2, "Notice"), (3, "Given"), (4, "Established")]
REASONS = [
    ("few-codes-used", "Few Codes Used"),
    ("hour", "Hour"),
    ("day", "Day"),
    ("range", "Range"),
    ("country", "Country"),
    ("budget", "Budget"),
    ("platform-budget", "Platform Budget"),
]


class Migration(migrations.Migration):
    dependencies = [("tenants", "0009_staff_code_requests_count_by_address")]

    operations = [
        migrations.CreateModel(
            name="SentSms",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("challenge_id", models.UUIDField(blank=True, null=True)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("number_range", models.CharField(max_length=12)),
                ("cost", models.PositiveIntegerField()),
                ("priority", models.PositiveSmallIntegerField(choices=PRIORITIES)),
                ("sent_at", models.DateTimeField()),
                ("code_used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.business"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["sent_at"], include=["business", "cost", "priority"], name="sent_sms_at"),
                    models.Index(fields=["business", "-sent_at"], name="sent_sms_of_business"),
                    models.Index(
                        fields=["challenge_id"],
                        condition=models.Q(("challenge_id__isnull", False)),
                        name="sent_sms_challenge",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SmsStop",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reason", models.CharField(choices=REASONS, max_length=16)),
                ("area", models.CharField(blank=True, max_length=12)),
                ("priority", models.PositiveSmallIntegerField(choices=PRIORITIES)),
                ("sampled", models.PositiveSmallIntegerField(default=0)),
                ("used", models.PositiveSmallIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_by", models.CharField(blank=True, max_length=160)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.business"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["business", "ends_at"], name="sms_stop_of_business")]},
        ),
    ]
