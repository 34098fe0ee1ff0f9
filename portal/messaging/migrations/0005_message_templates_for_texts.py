"""Allow message templates for text messages, too."""

from django.db import migrations, models

CHANNELS = [("email", "Email"), ("sms", "Sms")]


class Migration(migrations.Migration):
    dependencies = [("messaging", "0004_notifications_of_outages_and_tickets")]
    operations = [
        migrations.RemoveConstraint("messagetemplate", "message_template_unique"),
        migrations.AddField(
            "messagetemplate",
            "channel",
            models.CharField(choices=CHANNELS, db_default="email", default="email", max_length=8),
        ),
        migrations.AlterField("messagetemplate", "subject", models.CharField(blank=True, max_length=120)),
        migrations.AddConstraint(
            "messagetemplate",
            models.UniqueConstraint(fields=("kind", "language", "channel"), name="message_template_unique_per_channel"),
        ),
    ]
