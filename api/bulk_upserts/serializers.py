"""What the API takes and answers about bulk upserts."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.protocol.fields import InstantField, MultiLineField, SingleLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from portal.clients.models import MAX_TAG_LENGTH
from portal.clients.uploads.bulk_answers import MAX_ANSWERS
from portal.clients.uploads.bulk_upserts import MAX_ROWS
from portal.clients.uploads.models import RowDecision, Upload, UploadState
from portal.clients.uploads.row_candidates import MAX_CANDIDATES
from portal.clients.uploads.row_results import CONDITIONS, RowStatus

# A longer page than of other lists: 10,000 results are ten of them.
MAX_RESULTS_PAGE_SIZE = 1000
MAX_ADDRESSES = 10
MAX_TAGS = 20
MAX_CUSTOM_VALUES = 30
MAX_VALUE_LENGTH = 254
FILTERS = [status.value for status in CONDITIONS]


@extend_schema_field({"type": ["string", "number", "boolean", "null"]})
class CustomValueField(serializers.Field):
    """A value of a custom field: a text, a number, true or false; null says nothing."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the value. Raises ValidationError."""
        if data is None or isinstance(data, bool | int | float):
            return data
        return SingleLineField(max_length=1000, allow_blank=True).run_validation(data)

    def to_representation(self, value: Any) -> Any:
        """Return the value as it is."""
        return value


class BulkRowSerializer(StrictSerializer):
    """One client of a bulk upsert. What is empty or missing changes nothing."""

    name = SingleLineField(max_length=1000, required=False, allow_blank=True)
    emails = serializers.ListField(
        child=SingleLineField(max_length=MAX_VALUE_LENGTH, allow_blank=True), max_length=MAX_ADDRESSES, required=False
    )
    phones = serializers.ListField(
        child=SingleLineField(max_length=MAX_VALUE_LENGTH, allow_blank=True),
        max_length=MAX_ADDRESSES,
        required=False,
        help_text="As E.164, or as dialled in the country of the business.",
    )
    language = SingleLineField(max_length=40, required=False, allow_blank=True)
    tags = serializers.ListField(
        child=SingleLineField(max_length=MAX_TAG_LENGTH, allow_blank=True), max_length=MAX_TAGS, required=False
    )
    note = MultiLineField(max_length=5000, required=False, allow_blank=True)
    custom = serializers.DictField(
        child=CustomValueField(allow_null=True), required=False, help_text="Values of custom fields, by the field’s id."
    )


class BulkUpsertSerializer(StrictSerializer):
    """The rows of a bulk upsert, and what it does with clients who are on the list already."""

    on_match = serializers.ChoiceField(choices=Upload.OnMatch.choices, required=False, default=Upload.OnMatch.OVERWRITE)
    rows = BulkRowSerializer(many=True, allow_empty=False, max_length=MAX_ROWS)


class BulkAnswerSerializer(StrictSerializer):
    """The answer to the question of one row of a bulk upsert.

    `same`: the row is the client in question, or the one of the earlier row. `separate`: it is somebody else, who
    shares the address. A row of a client on the list keeps its card either way if an earlier row is in question.
    """

    row = serializers.IntegerField(min_value=0, max_value=MAX_ROWS - 1)
    decision = serializers.ChoiceField(choices=RowDecision.choices)
    client_id = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="Of the clients in question, who the row is; needed if there are several.",
    )


class BulkAnswersSerializer(StrictSerializer):
    """Answers to questions of a bulk upsert."""

    answers = BulkAnswerSerializer(many=True, allow_empty=False, max_length=MAX_ANSWERS)


class BulkCountsSerializer(serializers.Serializer):
    """How many rows have become what."""

    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    duplicate = serializers.IntegerField()
    question = serializers.IntegerField()
    error = serializers.IntegerField()


class BulkUpsertStatusSerializer(serializers.Serializer):
    """How far a bulk upsert is. The counts are there once it is done."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=UploadState.choices)
    is_finished = serializers.BooleanField(help_text="Whether every row has its result.")
    rows_total = serializers.IntegerField()
    rows_done = serializers.IntegerField(help_text="Of the present step: checking, then running.")
    counts = BulkCountsSerializer(allow_null=True)
    created_at = InstantField()
    finished_at = InstantField(allow_null=True)


class BulkResultQuery(StrictSerializer, PageQuery):
    """The page of results that is wanted, and of which rows."""

    limit = serializers.IntegerField(min_value=1, max_value=MAX_RESULTS_PAGE_SIZE, required=False, default=100)
    status = serializers.ChoiceField(choices=FILTERS, required=False, default="")


class RowErrorSerializer(serializers.Serializer):
    """What is wrong with a field of a row, or what is unclear about it."""

    field = serializers.CharField(read_only=True)
    code = serializers.CharField(read_only=True)
    message = serializers.CharField(read_only=True)


class RowCandidateSerializer(serializers.Serializer):
    """A client who may be meant; `address` is the one they have in common with the row, masked."""

    client_id = serializers.UUIDField()
    name = serializers.CharField(read_only=True)
    address = serializers.CharField(read_only=True)
    created_at = InstantField(help_text="Since when they are a client: several may have the same name and address.")


class BulkResultSerializer(serializers.Serializer):
    """What became of one row; `row` is its place in the call, from 0."""

    row = serializers.IntegerField()
    status = serializers.ChoiceField(choices=RowStatus.choices)
    client_id = serializers.UUIDField(allow_null=True)
    other_row = serializers.IntegerField(
        allow_null=True, help_text="The row that this one repeats, or with which it is compared."
    )
    errors = RowErrorSerializer(many=True)
    candidates = RowCandidateSerializer(
        many=True, help_text=f"The first {MAX_CANDIDATES} clients who may be meant; an answer may name any of them all."
    )
    candidate_count = serializers.IntegerField(help_text="How many clients may be meant.")
