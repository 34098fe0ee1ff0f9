"""Clients from public forms are confirmed where staff or a list have confirmed one of their addresses, or added one.

Safe on line: one statement that writes only cards which public forms made. Servers of the release before confirm
addresses without their client: see the command `confirm_clients`.
"""

from django.db import migrations

from portal.clients.services.confirmation_history import confirm_clients_by_history


def confirm_known_clients(apps, schema_editor):
    """Confirm the clients for whom staff or a list have vouched."""
    confirm_clients_by_history(
        apps.get_model("clients", "Client").objects.all(),
        contacts=apps.get_model("clients", "Contact").objects.all(),
        entries=apps.get_model("activity", "Entry").objects.all(),
    )


class Migration(migrations.Migration):
    dependencies = [("clients", "0007_file_versions_counted"), ("activity", "0001_initial")]

    operations = [migrations.RunPython(confirm_known_clients, migrations.RunPython.noop)]
