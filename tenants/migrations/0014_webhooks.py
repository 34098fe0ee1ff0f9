"""Webhooks that are to be sent, and the streams on which they are."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0013_api_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("endpoint_id", models.UUIDField()),
                ("event_id", models.UUIDField()),
                ("object_id", models.UUIDField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["endpoint_id", "due_at"], name="webhook_delivery_due"),
                    models.Index(fields=["endpoint_id", "object_id", "id"], name="webhook_delivery_order"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookStream",
            fields=[
                ("endpoint_id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("paused_until", models.DateTimeField(blank=True, null=True)),
                ("served_at", models.DateTimeField(blank=True, null=True)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("lease_token", models.UUIDField(blank=True, null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.business"
                    ),
                ),
            ],
        ),
    ]
