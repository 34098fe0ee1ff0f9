"""A list that a program sends to be imported as soon as it was checked is marked as such."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0009_contacts_code_used"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="imports_at_once",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
