"""Drop the index on the client alone: `entry_of_client` covers its queries."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activity", "0003_staff_entry_index"),
        ("clients", "0007_import_chunks"),
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
