"""What the API takes and answers about list uploads."""

from rest_framework import serializers

from api.bulk_upserts.serializers import BulkResultSerializer
from api.protocol.fields import InstantField, SingleLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from portal.clients.uploads.encodings import ENCODINGS, SEPARATORS
from portal.clients.uploads.models import FileKind, RowDecision, RowOutcome, Upload, UploadState
from portal.clients.uploads.row_results import CONDITIONS

COUNTS = (
    *RowOutcome.values,
    *("would_fill", "would_overwrite", "created", "changed", "removed", "reverted", "retained"),
)
MAX_COLUMN_COUNT = 100
MAX_ROW_NUMBER = 2**31 - 1


class UploadFileSerializer(StrictSerializer):
    """A list as CSV or as an Excel workbook (.xlsx)."""

    file = serializers.FileField(allow_empty_file=True, max_length=None)


class UploadSerializer(serializers.Serializer):
    """An uploaded list and how far it is.

    `received`: set the columns. `checked`: see the rows, answer questions, start the import. `done`: it can be undone.
    """

    id = serializers.UUIDField()
    name = serializers.CharField(read_only=True)
    kind = serializers.ChoiceField(choices=FileKind.choices)
    size = serializers.IntegerField(help_text="Bytes.")
    state = serializers.ChoiceField(choices=UploadState.choices)
    failure = serializers.CharField(read_only=True, help_text="Why the file can’t be read, or a step was stopped.")
    on_match = serializers.ChoiceField(choices=Upload.OnMatch.choices)
    is_bulk_upsert = serializers.BooleanField(source="imports_at_once")
    rows_total = serializers.IntegerField(help_text="Of the present step.")
    rows_done = serializers.IntegerField(help_text="Of the present step.")
    counts = serializers.SerializerMethodField(help_text="How many rows have each outcome, and what the import did.")
    can_be_undone = serializers.SerializerMethodField()
    uploaded_by = serializers.CharField(read_only=True, source="person_name")
    created_at = InstantField()
    finished_at = InstantField(allow_null=True)
    undone_at = InstantField(allow_null=True)

    def get_counts(self, upload: Upload) -> dict[str, int]:
        """Return the counts by name."""
        return {name: upload.counts.get(name, 0) for name in COUNTS}

    def get_can_be_undone(self, upload: Upload) -> bool:
        """Return whether there is an import that changed anything and was not undone."""
        return upload.state == UploadState.DONE and upload.can_be_undone


class FileFormatSerializer(StrictSerializer):
    """How the file is read. A workbook has neither encoding nor separator."""

    encoding = serializers.ChoiceField(choices=list(ENCODINGS), required=False)
    separator = serializers.ChoiceField(choices=list(SEPARATORS), required=False)
    has_headings = serializers.BooleanField(required=False)


class ColumnSerializer(serializers.Serializer):
    """One column: its heading, some values, and the field that it is guessed or set to be, empty if it is skipped."""

    heading = serializers.CharField(read_only=True)
    samples = serializers.ListField(child=serializers.CharField(read_only=True))
    target = serializers.CharField(read_only=True)
    names_somebody_else = serializers.BooleanField(
        help_text="Whether the heading is about somebody else, whose addresses would let them sign in as the client."
    )
    has_unknown_heading = serializers.BooleanField()


class UploadColumnsSerializer(serializers.Serializer):
    """How the file is read, its columns, and every target that a column can have."""

    encoding = serializers.CharField(read_only=True)
    separator = serializers.CharField(read_only=True)
    has_headings = serializers.BooleanField()
    columns = ColumnSerializer(many=True)
    targets = serializers.ListField(child=serializers.CharField(read_only=True))


class ColumnTargetsSerializer(StrictSerializer):
    """The target of each column, in their order; an empty text skips a column."""

    targets = serializers.ListField(
        child=SingleLineField(max_length=60, allow_blank=True), max_length=MAX_COLUMN_COUNT, allow_empty=False
    )


class ImportSerializer(StrictSerializer):
    """What an import does with clients who are on the list already."""

    on_match = serializers.ChoiceField(choices=Upload.OnMatch.choices)


class UploadRowQuery(StrictSerializer, PageQuery):
    """The page of rows that is wanted, and of which rows."""

    status = serializers.ChoiceField(choices=[status.value for status in CONDITIONS], required=False, default="")
    outcome = serializers.ChoiceField(choices=RowOutcome.choices, required=False, default="")


class CardSerializer(serializers.Serializer):
    """The card that would get an address of an earlier row."""

    client_id = serializers.UUIDField()
    name = serializers.CharField(read_only=True)


class UploadRowSerializer(BulkResultSerializer):
    """One row; `row` is its number in the file. `outcome` is what the check found, `status` what became of it."""

    outcome = serializers.ChoiceField(choices=RowOutcome.choices)
    decision = serializers.ChoiceField(choices=RowDecision.choices, allow_blank=True)
    name = serializers.CharField(read_only=True)
    emails = serializers.ListField(child=serializers.CharField(read_only=True))
    phones = serializers.ListField(child=serializers.CharField(read_only=True))
    would_fill = serializers.BooleanField()
    would_overwrite = serializers.BooleanField()
    card = CardSerializer(allow_null=True)


class RowAnswerSerializer(StrictSerializer):
    """An answer to the question of one row, or of all if `row` is missing.

    `same`: one person. `separate`: another one who shares the address, for which the row needs a name. Empty, for one
    row: the answer is taken back.
    """

    decision = serializers.ChoiceField(choices=RowDecision.choices, allow_blank=True)
    row = serializers.IntegerField(min_value=0, max_value=MAX_ROW_NUMBER, required=False, allow_null=True)
    client_id = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="Of the clients in question, who the row is; needed if there are several.",
    )
