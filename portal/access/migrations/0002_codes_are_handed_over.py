"""An owner may hand a code over: a challenge says when, and who alone can sign in with it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [
        migrations.AddField("challenge", "handed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "challenge",
            "handed_to",
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
