"""A main contact of each kind, chosen in a merge; without one the oldest is used."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0004_uploads")]
    operations = [
        migrations.AddField("contact", "is_main", models.BooleanField(db_default=False, default=False)),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_main", True)), fields=("client", "kind"), name="contact_one_main"
            ),
        ),
    ]
