"""Chunks in which several workers import a list; indexes that a constraint makes redundant are dropped."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0006_unique_open_suggestion"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contact",
            name="client",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="contacts",
                to="clients.client",
            ),
        ),
        migrations.AlterField(
            model_name="note",
            name="client",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="clients.client"
            ),
        ),
        migrations.CreateModel(
            name="ImportChunk",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "upload_id", "first", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("first", models.PositiveIntegerField()),
                ("last", models.PositiveIntegerField()),
                ("rows", models.PositiveIntegerField()),
                ("is_written", models.BooleanField(default=False)),
                ("created", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                (
                    "upload",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="import_chunks",
                        to="clients.upload",
                    ),
                ),
            ],
        ),
    ]
