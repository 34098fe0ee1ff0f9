"""Index the entries of staff, for the activity page."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("activity", "0002_actor_fields_and_append_only_trigger")]

    operations = [
        migrations.AddIndex(
            "entry", models.Index(fields=["-at", "-id"], condition=Q(actor="staff"), name="entry_of_staff")
        ),
    ]
