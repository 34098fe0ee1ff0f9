"""Deliveries can be found by the provider's message id and by a digest of the address, for events that come late.

Safe on line: the columns are added without rewriting a table, and the indexes leave out every row that exists.
"""

from django.db import migrations, models

MATCHES = [("delivery-id", "Delivery Id"), ("message-id", "Message Id"), ("address", "Address")]
REASONS = [
    ("not-json", "the call is no JSON"),
    ("not-an-object", "the element is no JSON object"),
    ("too-deep", "the element is nested too deeply"),
    ("unknown-event", "the event is unknown"),
    ("no-delivery", "it names no delivery, and nothing was sent to its address"),
]


class Migration(migrations.Migration):
    dependencies = [("tenants", "0003_search_extensions")]

    operations = [
        migrations.CreateModel(
            name="UnreadableEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=16)),
                ("reason", models.CharField(choices=REASONS, max_length=16)),
                ("event", models.CharField(blank=True, max_length=40)),
                ("fields", models.CharField(blank=True, max_length=300)),
                ("count", models.PositiveIntegerField(default=0)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "reason", "event", "fields"), name="unreadable_event_once"
                    )
                ],
            },
        ),
        migrations.AddField("delivery", "provider_message_id", models.CharField(blank=True, max_length=100, null=True)),
        migrations.AddField("delivery", "recipient_digest", models.BinaryField(blank=True, null=True)),
        migrations.AddField(
            "providerevent",
            "matched_by",
            models.CharField(choices=MATCHES, db_default="delivery-id", default="delivery-id", max_length=12),
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(
                condition=models.Q(("provider_message_id__isnull", False)),
                fields=["provider_message_id"],
                name="delivery_provider_message",
            ),
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(
                condition=models.Q(("recipient_digest__isnull", False)),
                fields=["recipient_digest", "created_at"],
                name="delivery_recipient",
            ),
        ),
    ]
