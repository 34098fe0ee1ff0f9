"""Add notifications of outages and of support's answers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0003_chat_messages_notifications_message_templates"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notification",
            name="kind",
            field=models.CharField(
                choices=[
                    ("new-message", "New message"),
                    ("contact-form", "New enquiry"),
                    ("outage", "Codes are delayed"),
                    ("ticket", "Support"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="notificationpreference",
            name="kind",
            field=models.CharField(
                choices=[
                    ("new-message", "New message"),
                    ("contact-form", "New enquiry"),
                    ("outage", "Codes are delayed"),
                    ("ticket", "Support"),
                ],
                max_length=20,
            ),
        ),
    ]
