"""Challenges know the digest of their address under the key before, so that limits outlive a rotation of the keys.

The column may stay empty, so that servers of the version before still insert rows.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0002_challenges_know_their_network")]

    operations = [
        migrations.AddField("challenge", "previous_digest", models.BinaryField(blank=True, max_length=32, null=True)),
    ]
