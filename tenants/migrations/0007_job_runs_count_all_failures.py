"""A job run counts its failures for any reason beside those for the same one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0006_job_runs")]

    operations = [
        migrations.AddField(
            model_name="jobrun",
            name="failures_in_all",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
