"""The models of an uploaded list: the upload, its file chunks, its rows and the chunks of its import."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    """The kinds of files that can be uploaded."""

    CSV = "csv"
    XLSX = "xlsx"


class UploadState(models.TextChoices):
    """How far an upload has been processed."""

    RECEIVED = "received", _("Waiting for column selection")
    CHECKING = "checking", _("Checking")
    CHECKED = "checked", _("Ready to import")
    RUNNING = "running", _("Importing")
    DONE = "done", _("Imported")
    UNDOING = "undoing", _("Undoing")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Not readable")


class Upload(models.Model):
    """One uploaded client list and the state of its processing. Staff create it; a worker advances it.

    `columns` has the target of each column, a value of column_mapping.TARGETS or empty.
    The current step has processed `rows_done` rows, up to row number `cursor` of the file. An import
    has no cursor: its progress is in ImportChunk. Up to row `notice_cursor`, clients have been told of the
    addresses added to their cards; it is empty when all have. A worker updates `heartbeat_at` with each chunk.
    `file_version` counts how often an erasure has rewritten the file. `imports_at_once` is true for a bulk upsert.
    The uploader is stored as plain values: persons are in another schema.
    """

    class OnMatch(models.TextChoices):
        SKIP = "skip", _("Keep them unchanged")
        FILL = "fill", _("Fill in missing details only")
        OVERWRITE = "overwrite", _("Overwrite with the list")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4, choices=FileKind)
    size = models.PositiveIntegerField()
    encoding = models.CharField(max_length=12, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    has_headings = models.BooleanField(default=True)
    columns = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=UploadState, default=UploadState.RECEIVED)
    failure = models.CharField(max_length=40, blank=True)
    on_match = models.CharField(max_length=9, choices=OnMatch, default=OnMatch.SKIP)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    cursor = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    person_id = models.UUIDField(null=True, blank=True)
    person_name = models.CharField(max_length=160, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    created_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    notice_cursor = models.PositiveIntegerField(null=True, blank=True)
    file_version = models.PositiveIntegerField(default=0, db_default=0)
    imports_at_once = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="upload_by_created_at")]

    def __str__(self):
        return self.name

    @property
    def is_in_progress(self) -> bool:
        """Return whether a worker is, or should be, processing this upload."""
        return self.state in (UploadState.CHECKING, UploadState.RUNNING, UploadState.UNDOING)

    @property
    def step_number(self) -> int:
        """Return the number of the current step, as the pages show it."""
        return 4 if self.state in (UploadState.CHECKING, UploadState.CHECKED) else 5

    @property
    def has_importable_rows(self) -> bool:
        """Return whether an import could change anything."""
        return bool(self.counts.get("new") or self.counts.get("known"))

    @property
    def has_failed_rows(self) -> bool:
        """Return whether there are rows that failed."""
        return any(self.counts.get(outcome) for outcome in ("error", "conflict", "review"))

    @property
    def can_be_undone(self) -> bool:
        """Return whether the import changed anything."""
        return bool(self.counts.get("created") or self.counts.get("changed"))

    @property
    def percent(self) -> int:
        """Return the progress of the current step in percent, 99 at most."""
        return min(99, self.rows_done * 100 // self.rows_total) if self.rows_total else 0


class FileChunk(models.Model):
    """A part of the uploaded file, written on upload.

    In the database every worker can read it and no web server serves it.
    """

    pk = models.CompositePrimaryKey("upload_id", "number")
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="file_chunks", db_index=False)
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    def __str__(self):
        return f"chunk {self.number}"


class RowOutcome(models.TextChoices):
    """What an import does with a row."""

    NEW = "new", _("New")
    KNOWN = "known", _("Existing clients")
    DUPLICATE = "duplicate", _("Duplicates")
    REVIEW = "review", _("To review")
    CONFLICT = "conflict", _("Conflict")
    ERROR = "error", _("Error")


# Those of rows of which staff have to say who they are. CONFLICT rows are answered one by one: several clients may be
# meant.
QUESTION_OUTCOMES = (RowOutcome.REVIEW, RowOutcome.CONFLICT)


class RowDecision(models.TextChoices):
    """What staff decided about a row in question: it is somebody on the list or of an earlier row, or somebody else."""

    SAME = "same"
    SEPARATE = "separate"


class UploadRow(models.Model):
    """One parsed row of a list, written by a worker. `number` is its number in the file.

    `outcome` says what the import will do with it. `client_id` is its client, the future key while the row is NEW, and
    the client in question while it is to REVIEW, if there is only one; while it is a CONFLICT there are several, and
    none is stored. `decision` is what staff answered, or SEPARATE where it is certain. `adds_address` is the mildest
    choice with which it adds an address to a card. `undo_data` is what an undo needs, written with the change itself.
    `own_values` is what the row said before its duplicates were joined with it.
    """

    pk = models.CompositePrimaryKey("upload_id", "number")
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    name = models.TextField(blank=True)
    emails = ArrayField(models.TextField(), default=list)
    phones = ArrayField(models.TextField(), default=list)
    language = models.CharField(max_length=8, blank=True)
    tags = ArrayField(models.TextField(), default=list)
    note = models.TextField(blank=True)
    custom = models.JSONField(default=dict)
    search = models.TextField(blank=True)
    outcome = models.CharField(max_length=9, choices=RowOutcome)
    decision = models.CharField(max_length=8, choices=RowDecision, default="", db_default="", blank=True)
    reason = models.CharField(max_length=20, blank=True)
    reason_detail = models.TextField(blank=True)
    client_id = models.UUIDField(null=True)
    would_fill = models.BooleanField(default=False)
    would_overwrite = models.BooleanField(default=False)
    adds_address = models.CharField(max_length=9, choices=Upload.OnMatch, default="", db_default="", blank=True)
    undo_data = models.JSONField(null=True, blank=True)
    own_values = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self):
        return f"row {self.number}"


class ImportChunk(models.Model):
    """A range of rows that is imported in one transaction, and its results. `first` and `last` are row numbers."""

    pk = models.CompositePrimaryKey("upload_id", "first")
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="import_chunks", db_index=False)
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    is_written = models.BooleanField(default=False)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"rows {self.first} to {self.last}"
