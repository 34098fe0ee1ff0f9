"""Create the settings of the portal and the logo."""

import datetime

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Logo",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("image", models.BinaryField()),
                ("media_type", models.CharField(default="image/png", max_length=20)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="logo_one_row")],
            },
        ),
        migrations.CreateModel(
            name="PortalSettings",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("welcome", models.TextField(blank=True)),
                ("colour", models.CharField(default="#2f5d50", max_length=7)),
                ("logo_digest", models.CharField(blank=True, max_length=16)),
                ("contact_email", models.EmailField(blank=True, max_length=254)),
                ("contact_phone", models.CharField(blank=True, max_length=20)),
                ("website", models.URLField(blank=True)),
                ("postal_address", models.CharField(blank=True, max_length=200)),
                (
                    "hidden_sections",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=8), default=list, size=None
                    ),
                ),
                ("resend_wait", models.DurationField(blank=True, null=True)),
                (
                    "default_channel",
                    models.CharField(choices=[("email", "Email"), ("sms", "Sms")], default="email", max_length=8),
                ),
                (
                    "sms_countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), default=list, size=None
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="portal_settings_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("colour__regex", "^#[0-9a-f]{6}$")), name="portal_settings_colour_hex"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("resend_wait__gte", datetime.timedelta(seconds=60)),
                            ("resend_wait__lte", datetime.timedelta(seconds=300)),
                        ),
                        name="portal_settings_resend_wait_range",
                    ),
                ],
            },
        ),
    ]
