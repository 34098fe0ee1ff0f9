"""Add invitations, and the billing and documents options of a membership."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Lower

ROLE = models.CharField(
    choices=[("owner", "Owner"), ("manager", "Manager"), ("staff", "Staff"), ("read-only", "Read only")], max_length=12
)


class Migration(migrations.Migration):
    dependencies = [("tenants", "0002_platform_row")]

    operations = [
        migrations.AlterField("membership", "role", ROLE),
        migrations.AddField("membership", "billing", models.BooleanField(default=False)),
        migrations.AddField("membership", "documents", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254)),
                ("role", ROLE.clone()),
                ("billing", models.BooleanField(default=False)),
                ("documents", models.BooleanField(default=False)),
                ("token_digest", models.BinaryField(max_length=32, unique=True)),
                ("sends", models.PositiveSmallIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "business",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="tenants.business",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("business"),
                        Lower("email"),
                        condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                        name="invitation_one_open",
                    )
                ]
            },
        ),
    ]
