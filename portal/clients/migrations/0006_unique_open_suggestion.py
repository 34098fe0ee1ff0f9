"""At most one open suggestion of a kind and value for a client."""

from django.db import migrations, models

# Of equal open suggestions the oldest is kept.
DELETE_DUPLICATES = """
DELETE FROM clients_suggestion later USING clients_suggestion first
 WHERE later.resolved_at IS NULL AND first.resolved_at IS NULL
   AND later.client_id = first.client_id AND later.kind = first.kind AND later.value = first.value
   AND (later.created_at, later.id) > (first.created_at, first.id)
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0005_main_contact")]
    operations = [
        migrations.RunSQL(DELETE_DUPLICATES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("resolved_at", None)),
                fields=("client", "kind", "value"),
                name="suggestion_open_unique",
            ),
        ),
    ]
