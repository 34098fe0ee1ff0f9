"""Fill the search text of existing clients as `services.search_text` builds it."""

from django.db import migrations

WRITE = """
    UPDATE clients_client SET search = lower(public.unaccent(concat_ws(' ', name, (
        SELECT string_agg(value, ' ' ORDER BY kind, value) FROM clients_contact WHERE client_id = clients_client.id
    )))), updated_at = created_at WHERE search = ''
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0002_search_tags_notes_fields")]
    operations = [migrations.RunSQL(WRITE, migrations.RunSQL.noop)]
