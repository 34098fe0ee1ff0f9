"""Sessions of clients may have tokens, which programs send instead of a cookie."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0003_challenges_outlive_a_digest_key")]

    operations = [
        migrations.CreateModel(
            name="TokenGrant",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("access_digest", models.BinaryField(max_length=32, unique=True)),
                ("access_expires_at", models.DateTimeField()),
                ("refresh_digest", models.BinaryField(max_length=32, unique=True)),
                ("created_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="token_grants",
                        to="access.clientsession",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("used_at__isnull", False)), fields=["used_at"], name="token_grant_used"
                    )
                ],
            },
        ),
    ]
