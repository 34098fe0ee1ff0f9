"""Add what is needed to check custom domains again and to say that one is broken."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0008_staff_emails")]

    operations = [
        migrations.AddField(
            model_name="customdomain", name="check_requested_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="customdomain", name="broken_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="customdomain",
            name="failed_checks",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
