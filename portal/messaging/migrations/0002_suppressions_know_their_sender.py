"""Suppressions know the sender to which somebody replied STOP, so that a STOP to notices blocks no code.

The database fills the column in, so that servers of the version before still insert rows.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]

    operations = [
        migrations.AddField(
            "suppression", "sender", models.CharField(blank=True, db_default="", default="", max_length=40)
        ),
        migrations.AddConstraint(
            "suppression",
            models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("value", "channel", "sender"),
                name="suppressed_once_per_sender",
            ),
        ),
        migrations.RemoveConstraint("suppression", "suppressed_once"),
    ]
