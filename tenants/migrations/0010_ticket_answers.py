"""Add the answer and the resolution of a ticket."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0009_domain_rechecks")]
    operations = [
        migrations.AddField("ticket", "answer", models.TextField(blank=True, db_default="", default="")),
        migrations.AddField("ticket", "answered_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "ticket",
            "resolution",
            models.CharField(
                blank=True,
                choices=[
                    ("signed-in", "The client could sign in"),
                    ("resolved", "We found the cause ourselves"),
                    ("opened-in-error", "Opened by mistake"),
                    ("by-support", "Closed by support"),
                ],
                db_default="",
                default="",
                max_length=16,
            ),
        ),
    ]
