"""Insert the one row of settings every business has, so that no page has to create it."""

from django.db import migrations


def add_settings(apps, schema_editor):
    """Add the row unless it exists."""
    apps.get_model("branding", "PortalSettings").objects.get_or_create(id=1)


class Migration(migrations.Migration):
    dependencies = [("branding", "0001_initial")]
    operations = [migrations.RunPython(add_settings, migrations.RunPython.noop)]
