"""Which lists were uploaded, and what is to become of each row?"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Upload(models.Model):
    """One list, from the file to what became of it.

    `columns` says for each column of the file what it holds: a word from uploads.columns, or nothing.
    The step at hand has `rows_done` rows behind it, the last of them number `cursor` of the file. Taking over
    alone goes by spans instead of the cursor.
    Who uploaded it is kept as plain values: people live in another schema.
    """

    class Kind(models.TextChoices):
        CSV = "csv"
        XLSX = "xlsx"

    class State(models.TextChoices):
        RECEIVED = "received", _("Waiting for its columns")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Waiting for your yes")
        RUNNING = "running", _("Being taken over")
        DONE = "done", _("Taken over")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Not readable")

    class OnMatch(models.TextChoices):
        SKIP = "skip", _("Leave them as they are")
        FILL = "fill", _("Fill in what is empty")
        OVERWRITE = "overwrite", _("Overwrite with the list")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4, choices=Kind)
    size = models.PositiveIntegerField()
    encoding = models.CharField(max_length=12, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    has_headings = models.BooleanField(default=True)
    columns = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
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

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="upload_by_created_at")]

    def __str__(self):
        return self.name

    @property
    def is_in_progress(self) -> bool:
        """Tell whether a worker has, or should have, this list in its hands."""
        return self.state in (self.State.CHECKING, self.State.RUNNING, self.State.UNDOING)

    @property
    def step(self) -> int:
        """Return at which step of the way the list is, as its pages number them."""
        return 4 if self.state in (self.State.CHECKING, self.State.CHECKED) else 5

    @property
    def has_importable_rows(self) -> bool:
        """Tell whether taking the list over could change anything."""
        return bool(self.counts.get("new") or self.counts.get("known"))

    @property
    def has_failures(self) -> bool:
        """Tell whether there are rows that somebody could mend."""
        return bool(self.counts.get("error") or self.counts.get("conflict"))

    @property
    def can_be_undone(self) -> bool:
        """Tell whether the list did anything."""
        return bool(self.counts.get("created") or self.counts.get("changed"))

    @property
    def percent(self) -> int:
        """Return how far the step at hand has come; never quite done before it is."""
        return min(99, self.rows_done * 100 // self.rows_total) if self.rows_total else 0


class FileChunk(models.Model):
    """A piece of the file, as it came. In the database it is out of every web server's reach, and in every worker's."""

    pk = models.CompositePrimaryKey("upload_id", "number")
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="file_chunks", db_index=False)
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    def __str__(self):
        return f"part {self.number}"


class UploadRow(models.Model):
    """One row of a list in normal form: what it says and what is to become of it. `number` counts from the file's top.

    `client_id` is the card the row belongs to, its future key while the row is NEW. `before` is
    what undoing needs, written with the change itself.
    """

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        KNOWN = "known", _("Already on your list")
        DUPLICATE = "duplicate", _("Twice in the file")
        CONFLICT = "conflict", _("Conflict")
        ERROR = "error", _("Error")

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
    outcome = models.CharField(max_length=9, choices=Outcome)
    reason = models.CharField(max_length=20, blank=True)
    reason_detail = models.TextField(blank=True)
    client_id = models.UUIDField(null=True)
    would_fill = models.BooleanField(default=False)
    would_overwrite = models.BooleanField(default=False)
    undo_data = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self):
        return f"row {self.number}"


class ImportChunk(models.Model):
    """So many rows of a list as are taken over in one transaction, and what came of them. `first` and `last` are numbers of rows."""

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
