"""An enquiry can be one that could not be matched with the client list."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="enquiry",
            name="match_result",
            field=models.CharField(
                choices=[
                    ("pending", "Matching in progress"),
                    ("new", "New client"),
                    ("known", "Existing client"),
                    ("ambiguous", "Matches several clients"),
                    ("failed", "Could not be matched"),
                ],
                default="pending",
                max_length=9,
            ),
        ),
    ]
