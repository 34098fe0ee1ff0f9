"""A client's lines are found by `entry_of_client`; an index on the client alone was only written."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activity", "0003_what_staff_did_is_found"),
        ("clients", "0007_lists_are_written_in_spans"),
    ]

    operations = [
        migrations.AlterField(
            model_name="entry",
            name="client",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="entries",
                to="clients.client",
            ),
        ),
    ]
