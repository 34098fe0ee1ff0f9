"""A business puts its text messages into its own words, too."""

from django.db import migrations, models

CHANNELS = [("email", "Email"), ("sms", "Sms")]


class Migration(migrations.Migration):
    dependencies = [("messaging", "0004_staff_hear_of_outages_and_tickets")]
    operations = [
        migrations.RemoveConstraint("ownwording", "own_wording_once"),
        migrations.AddField(
            "ownwording",
            "channel",
            models.CharField(choices=CHANNELS, db_default="email", default="email", max_length=8),
        ),
        migrations.AlterField("ownwording", "subject", models.CharField(blank=True, max_length=120)),
        migrations.AddConstraint(
            "ownwording",
            models.UniqueConstraint(fields=("kind", "language", "channel"), name="own_wording_once_per_channel"),
        ),
    ]
