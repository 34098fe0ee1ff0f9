"""Add when and to whom staff issued a code of a challenge."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [
        migrations.AddField("challenge", "code_issued_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "challenge",
            "code_issued_to",
            models.ForeignKey(
                blank=True,
                null=True,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="clients.client",
            ),
        ),
    ]
