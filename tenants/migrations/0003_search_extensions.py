"""Install the extensions for fuzzy search in the public schema, for every business."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tenants", "0002_platform_row")]
    # Kept when the migration is reversed: dropping an extension would drop every business's index.
    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public", migrations.RunSQL.noop),
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public", migrations.RunSQL.noop),
    ]
