"""A business decides whether the subject of a mail shows its sign-in code; it does unless told otherwise."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("branding", "0002_default_settings")]
    operations = [
        migrations.AddField("portalsettings", "code_in_subject", models.BooleanField(db_default=True, default=True)),
    ]
