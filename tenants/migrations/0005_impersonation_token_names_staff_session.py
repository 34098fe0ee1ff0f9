"""An impersonation token names the staff session that it was issued in, and is worth nothing once that has ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0004_late_provider_events")]

    operations = [
        migrations.AddField(
            model_name="impersonationtoken",
            name="staff_session_key",
            field=models.CharField(db_default="", max_length=40),
        ),
    ]
