"""Webhooks, and the trigger that adds those of a timeline entry in the transaction of the entry.

However entries are written, one by one, together with other rows, or thousands in one statement, each of them is sent.
A business without an endpoint that is switched on pays for one look into an empty table.
"""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

FUNCTION = """
CREATE FUNCTION integrations_add_webhooks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM integrations_webhookendpoint WHERE is_enabled) THEN
        INSERT INTO public.tenants_webhookdelivery (endpoint_id, event_id, object_id, attempts, due_at)
        SELECT endpoint.id, added.id, COALESCE(added.client_id, added.subject_id, added.id), 0, added.at
          FROM added
          JOIN integrations_webhookendpoint endpoint
            ON endpoint.is_enabled AND added.event_type = ANY (endpoint.timeline_types)
          LEFT JOIN clients_client client ON client.id = added.client_id
         WHERE client.is_demo IS NOT TRUE
         ORDER BY added.at, added.id;
    END IF;
    RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER integrations_add_webhooks AFTER INSERT ON activity_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION integrations_add_webhooks()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0009_contacts_code_used"),
        ("integrations", "0001_initial"),
        ("activity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("url", models.CharField(max_length=500)),
                ("description", models.CharField(blank=True, max_length=100)),
                (
                    "event_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                (
                    "timeline_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("is_enabled", models.BooleanField(default=True)),
                (
                    "disabled_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("staff", "Switched off by your team"),
                            ("gone", "The receiver answered that it is gone (410)"),
                            ("failing", "It had failed for three days"),
                        ],
                        max_length=8,
                    ),
                ),
                ("secret", models.CharField(max_length=300)),
                ("previous_secret", models.CharField(blank=True, max_length=300)),
                ("previous_secret_expires_at", models.DateTimeField(blank=True, null=True)),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("disabled_reason", ""), ("is_enabled", True)),
                            models.Q(("is_enabled", False), models.Q(("disabled_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="webhook_endpoint_reason_if_disabled",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookEvent",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("event_type", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("body", models.TextField()),
                ("created_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhook_events",
                        to="clients.client",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WebhookAttempt",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("url", models.CharField(max_length=500)),
                ("duration_ms", models.PositiveIntegerField()),
                ("succeeded", models.BooleanField()),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("error", models.CharField(blank=True, max_length=20)),
                ("answer", models.TextField(blank=True)),
                ("next_attempt_at", models.DateTimeField(blank=True, null=True)),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="integrations.webhookendpoint",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="integrations.webhookevent",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="webhookevent",
            index=models.Index(fields=["created_at"], name="webhook_event_created"),
        ),
        migrations.AddIndex(
            model_name="webhookattempt",
            index=models.Index(fields=["endpoint", "-at", "-id"], name="webhook_attempt_of_endpoint"),
        ),
        migrations.AddIndex(
            model_name="webhookattempt",
            index=models.Index(fields=["at"], name="webhook_attempt_at"),
        ),
        migrations.RunSQL([FUNCTION], ["DROP FUNCTION integrations_add_webhooks()"]),
        migrations.RunSQL([TRIGGER], ["DROP TRIGGER integrations_add_webhooks ON activity_entry"]),
    ]
