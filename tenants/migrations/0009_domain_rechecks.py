"""Domains that were proven are looked at again, and broken ones are told of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0008_staff_emails")]

    operations = [
        migrations.AddField(
            model_name="domainclaim", name="asked_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="domainclaim", name="broken_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="domainclaim",
            name="failures",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
