"""Create clients, contacts, tags, notes, custom fields, saved views, suggestions and uploads."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CustomField",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("number", "Number"),
                            ("date", "Date"),
                            ("choice", "Choice"),
                            ("yes-no", "Yes/No"),
                        ],
                        default="text",
                        max_length=6,
                    ),
                ),
                ("choices", models.JSONField(blank=True, default=list)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", django.db.models.functions.text.Lower("name")],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"), name="custom_field_name_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("person_id", models.UUIDField(blank=True, null=True)),
                ("query", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": [django.db.models.functions.text.Lower("name")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("person_id"),
                        django.db.models.functions.text.Lower("name"),
                        name="saved_view_name_unique",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                (
                    "colour",
                    models.CharField(
                        choices=[
                            ("grey", "Grey"),
                            ("red", "Red"),
                            ("amber", "Amber"),
                            ("green", "Green"),
                            ("teal", "Teal"),
                            ("blue", "Blue"),
                            ("violet", "Violet"),
                            ("pink", "Pink"),
                        ],
                        default="grey",
                        max_length=6,
                    ),
                ),
            ],
            options={
                "ordering": [django.db.models.functions.text.Lower("name")],
                "constraints": [
                    models.UniqueConstraint(django.db.models.functions.text.Lower("name"), name="tag_name_unique")
                ],
            },
        ),
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
                (
                    "source",
                    models.CharField(
                        db_default="staff",
                        default="staff",
                        max_length=16,
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=8)),
                ("time_zone", models.CharField(blank=True, max_length=64)),
                ("search", models.TextField(blank=True, db_default="", default="")),
                ("custom", models.JSONField(blank=True, db_default={}, default=dict)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField(blank=True, null=True)),
                ("signed_in_at", models.DateTimeField(blank=True, null=True)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("blocked_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="clients.client",
                    ),
                ),
                ("tags", models.ManyToManyField(blank=True, related_name="clients", to="clients.tag")),
            ],
        ),
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
                            ("done", "Imported"),
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
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("email", "Email"), ("phone", "Phone")], max_length=5)),
                ("value", models.CharField(max_length=254)),
                ("label", models.CharField(blank=True, db_default="", default="", max_length=40)),
                ("may_sign_in", models.BooleanField(default=True)),
                ("is_main", models.BooleanField(db_default=False, default=False)),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["value"], name="contact_value")],
                "constraints": [
                    models.UniqueConstraint(fields=("client", "kind", "value"), name="contact_unique_per_client"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_main", True)), fields=("client", "kind"), name="contact_one_main"
                    ),
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
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("body", models.TextField()),
                ("author_id", models.UUIDField(blank=True, null=True)),
                ("author_name", models.CharField(blank=True, max_length=160)),
                ("created_at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["client", "-created_at"], name="note_by_client")],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("name", "Different name"),
                            ("email", "Different email address"),
                            ("phone", "Different phone number"),
                            ("ambiguous", "Several clients share this address"),
                        ],
                        max_length=9,
                    ),
                ),
                ("value", models.CharField(blank=True, max_length=254)),
                ("submitted_data", models.JSONField(blank=True, default=dict)),
                ("subject_id", models.UUIDField(blank=True, null=True)),
                (
                    "source",
                    models.CharField(
                        max_length=16,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "resolution",
                    models.CharField(
                        blank=True, choices=[("accepted", "Accepted"), ("dismissed", "Dismissed")], max_length=9
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["client", "-created_at"], name="suggestion_by_client")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resolved_at", None)),
                        fields=("client", "kind", "value"),
                        name="suggestion_open_unique",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="client",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search"], name="client_search", opclasses=["public.gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(
                django.db.models.functions.text.Left("search", 100),
                models.F("id"),
                condition=models.Q(("erased_at", None), ("is_demo", False), ("merged_into", None)),
                name="client_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(
                models.F("created_at"),
                models.F("id"),
                condition=models.Q(("erased_at", None), ("is_demo", False), ("merged_into", None)),
                name="client_by_created_at",
            ),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(
                django.db.models.functions.text.Left("search", 100),
                models.F("id"),
                condition=models.Q(
                    ("erased_at", None),
                    ("is_demo", False),
                    ("merged_into", None),
                    models.Q(
                        models.Q(("search__regex", "(^| )\\+[0-9]{6,15}( |$)"), _negated=True),
                        ("name__contains", "+"),
                        _connector="OR",
                    ),
                ),
                name="client_no_mobile_candidates",
            ),
        ),
    ]
