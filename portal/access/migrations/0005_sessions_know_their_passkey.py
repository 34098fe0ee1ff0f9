"""A session knows the passkey that opened it, which stays when its client replaces their address."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_sessions_have_tokens"),
    ]

    operations = [
        migrations.AddField(
            model_name="clientsession",
            name="passkey_id",
            field=models.UUIDField(blank=True, null=True),
        ),
    ]
