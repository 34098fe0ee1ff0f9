"""Every business has its one row of choices from the start, so no page has to make it."""

from django.db import migrations


def add_profile(apps, schema_editor):
    """Add the row unless it is there."""
    apps.get_model("profile", "Profile").objects.get_or_create(id=1)


class Migration(migrations.Migration):
    dependencies = [("profile", "0001_initial")]
    operations = [migrations.RunPython(add_profile, migrations.RunPython.noop)]
