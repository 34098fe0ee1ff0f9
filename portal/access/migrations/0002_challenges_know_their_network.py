"""Challenges say which network opened them, whether staff did, and how often an old code was entered.

The columns may stay empty or have a default in the database, so that servers of the version before still insert rows.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [
        migrations.AddField("challenge", "network_digest", models.BinaryField(blank=True, max_length=16, null=True)),
        migrations.AddField("challenge", "block_digest", models.BinaryField(blank=True, max_length=16, null=True)),
        migrations.AddField("challenge", "is_opened_by_staff", models.BooleanField(db_default=False, default=False)),
        migrations.AddField(
            "challenge", "old_codes_entered", models.PositiveSmallIntegerField(db_default=0, default=0)
        ),
    ]
