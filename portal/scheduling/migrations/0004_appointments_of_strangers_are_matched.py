"""Appointments know what came of matching them with the client list, and from which network a time is held."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0003_appointments_can_be_read_as_private_feeds"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="match_result",
            field=models.CharField(
                blank=True,
                choices=[
                    ("pending", "Matching in progress"),
                    ("new", "New client"),
                    ("known", "Existing client"),
                    ("ambiguous", "Matches several clients"),
                    ("seated", "The client has a seat already"),
                    ("failed", "Could not be matched"),
                ],
                default="",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="network_digest",
            field=models.BinaryField(default=bytes, max_length=32),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                condition=models.Q(("match_result", "pending")), fields=["updated_at"], name="appointment_pending"
            ),
        ),
    ]
