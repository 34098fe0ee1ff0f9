"""Add custom domains and the tokens with which staff sign in to portals as a client."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tenants.models.custom_domain


class Migration(migrations.Migration):
    dependencies = [("tenants", "0005_tickets")]

    operations = [
        migrations.CreateModel(
            name="ImpersonationToken",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("token_digest", models.BinaryField(max_length=32, unique=True)),
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
                ("client_id", models.UUIDField()),
                ("mode", models.CharField(max_length=9)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CustomDomain",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="custom_domains",
                        to="tenants.business",
                    ),
                ),
                ("domain", models.CharField(max_length=253)),
                ("txt_token", models.CharField(default=tenants.models.custom_domain.new_txt_token, max_length=32)),
                ("check_result", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("dns_ready_at", models.DateTimeField(blank=True, null=True)),
                ("live_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("business", "domain"), name="custom_domain_once")]
            },
        ),
    ]
