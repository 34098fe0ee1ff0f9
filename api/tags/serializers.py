"""What the API takes and answers about tags."""

from typing import Any

from rest_framework import serializers

from api.protocol.fields import SingleLineField
from api.protocol.serializers import StrictSerializer
from api.protocol.sparse_fields import SparseFieldsField
from portal.clients.models import Tag, TagColour


class TagSerializer(StrictSerializer):
    """A tag: a coloured label on any number of clients."""

    id = serializers.UUIDField(read_only=True)
    name = SingleLineField(max_length=Tag._meta.get_field("name").max_length)
    colour = serializers.ChoiceField(choices=TagColour.choices, required=False, default=TagColour.GREY)
    client_count = serializers.IntegerField(read_only=True, help_text="How many listed clients have it.")


class TagListQuery(StrictSerializer):
    """Which fields of the tags are sent."""

    fields: Any = SparseFieldsField(TagSerializer)
