"""Staff hear of outages, and of what support answers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0003_clients_and_staff_talk"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("new-message", "New message"),
                    ("contact-form", "New contact form"),
                    ("outage", "Codes are delayed"),
                    ("ticket", "Support"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="wish",
            name="kind",
            field=models.CharField(
                choices=[
                    ("new-message", "New message"),
                    ("contact-form", "New contact form"),
                    ("outage", "Codes are delayed"),
                    ("ticket", "Support"),
                ],
                max_length=20,
            ),
        ),
    ]
