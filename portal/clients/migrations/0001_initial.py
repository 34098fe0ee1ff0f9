"""Clients and their contacts."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Client",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=160)),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("archived", "Archived"), ("blocked", "Blocked")],
                        default="active",
                        max_length=10,
                    ),
                ),
                ("is_demo", models.BooleanField(default=False)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("time_zone", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField()),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("email", "Email"), ("phone", "Phone")], max_length=5)),
                ("value", models.CharField(max_length=254)),
                ("may_sign_in", models.BooleanField(default=True)),
                (
                    "source",
                    models.CharField(
                        choices=[("staff", "Staff"), ("upload", "Upload"), ("form", "Form"), ("client", "Client")],
                        default="staff",
                        max_length=6,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contacts", to="clients.client"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["value"], name="contact_value")],
                "constraints": [
                    models.UniqueConstraint(fields=("client", "kind", "value"), name="contact_unique_per_client"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "phone"), ("value__regex", "^\\+[1-9][0-9]{5,14}$")),
                            models.Q(("kind", "email"), ("value__contains", "@")),
                            _connector="OR",
                        ),
                        name="contact_value_normalised",
                    ),
                ],
            },
        ),
    ]
