"""A contact says when its client last signed in with a code that was sent there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0008_known_form_clients_confirmed"),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="code_used_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
