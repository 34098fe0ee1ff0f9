"""Install the extension for exclusion constraints over a key and a period in the public schema, for every business."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tenants", "0014_webhooks")]
    # Kept when the migration is reversed: dropping the extension would drop every business's constraint.
    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public", migrations.RunSQL.noop),
    ]
