"""Support answers tickets, and they are closed with a reason."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0009_domains_are_looked_at_again")]
    operations = [
        migrations.AddField("ticket", "answer", models.TextField(blank=True, db_default="", default="")),
        migrations.AddField("ticket", "answered_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "ticket",
            "ending",
            models.CharField(
                blank=True,
                choices=[
                    ("in", "The client is in"),
                    ("found", "We found the cause ourselves"),
                    ("mistake", "Asked by mistake"),
                    ("support", "Closed by support"),
                ],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
    ]
