"""Clients whose card a public form made can be confirmed by staff or a list; before that no text is sent to them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0004_added_addresses_noticed")]

    operations = [
        migrations.AddField(
            model_name="client",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
