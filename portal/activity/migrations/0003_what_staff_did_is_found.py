"""What staff did is found among all that clients and providers did."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("activity", "0002_a_line_names_its_actor_and_stays")]

    operations = [
        migrations.AddIndex(
            "entry", models.Index(fields=["-at", "-id"], condition=Q(actor="staff"), name="entry_of_staff")
        ),
    ]
