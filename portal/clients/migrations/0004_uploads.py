"""Uploads of client lists: the upload, its file chunks and its rows."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0003_backfill_search_text"),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(choices=[("csv", "Csv"), ("xlsx", "Xlsx")], max_length=4)),
                ("size", models.PositiveIntegerField()),
                ("encoding", models.CharField(blank=True, max_length=12)),
                ("separator", models.CharField(blank=True, max_length=1)),
                ("has_headings", models.BooleanField(default=True)),
                ("columns", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Waiting for column selection"),
                            ("checking", "Checking"),
                            ("checked", "Ready to import"),
                            ("running", "Importing"),
                            ("done", "Accepted"),
                            ("undoing", "Undoing"),
                            ("undone", "Undone"),
                            ("failed", "Not readable"),
                        ],
                        default="received",
                        max_length=8,
                    ),
                ),
                ("failure", models.CharField(blank=True, max_length=40)),
                (
                    "on_match",
                    models.CharField(
                        choices=[
                            ("skip", "Keep them unchanged"),
                            ("fill", "Fill in missing details only"),
                            ("overwrite", "Overwrite with the list"),
                        ],
                        default="skip",
                        max_length=9,
                    ),
                ),
                ("rows_total", models.PositiveIntegerField(default=0)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("cursor", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("person_id", models.UUIDField(blank=True, null=True)),
                ("person_name", models.CharField(blank=True, max_length=160)),
                ("ip", models.GenericIPAddressField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("heartbeat_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["-created_at"], name="upload_by_created_at")],
            },
        ),
        migrations.CreateModel(
            name="FileChunk",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "upload_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                (
                    "upload",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="file_chunks",
                        to="clients.upload",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UploadRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "upload_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("name", models.TextField(blank=True)),
                (
                    "emails",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                (
                    "phones",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("language", models.CharField(blank=True, max_length=8)),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("note", models.TextField(blank=True)),
                ("custom", models.JSONField(default=dict)),
                ("search", models.TextField(blank=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("known", "Existing clients"),
                            ("duplicate", "Duplicates"),
                            ("conflict", "Conflict"),
                            ("error", "Error"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("reason_detail", models.TextField(blank=True)),
                ("client_id", models.UUIDField(null=True)),
                ("would_fill", models.BooleanField(default=False)),
                ("would_overwrite", models.BooleanField(default=False)),
                ("undo_data", models.JSONField(blank=True, null=True)),
                (
                    "upload",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="clients.upload",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
    ]
