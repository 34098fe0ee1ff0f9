"""Record on a staff email when its code was used or replaced, so that it works only once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0010_ticket_answers")]
    operations = [
        migrations.AddField("staffemail", "closed_at", models.DateTimeField(blank=True, null=True)),
    ]
