"""A code for staff is used once: that it was is written on its letter, not told by a clock."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0010_ticket_answers")]
    operations = [
        migrations.AddField("staffemail", "closed_at", models.DateTimeField(blank=True, null=True)),
    ]
