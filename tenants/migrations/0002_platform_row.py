"""Insert the platform's only row, so that attack mode is a plain UPDATE."""

from django.db import migrations


def add_platform(apps, schema_editor):
    """Insert the row if it is missing."""
    apps.get_model("tenants", "Platform").objects.get_or_create(id=1)


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial")]
    operations = [migrations.RunPython(add_platform, migrations.RunPython.noop)]
