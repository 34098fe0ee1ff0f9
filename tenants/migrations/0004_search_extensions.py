"""Words may be compared by their sound and without their accents: two extensions, in public, for every business."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tenants", "0003_invitations")]
    # Left in place when undone: dropping one would take every business's index along.
    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public", migrations.RunSQL.noop),
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public", migrations.RunSQL.noop),
    ]
