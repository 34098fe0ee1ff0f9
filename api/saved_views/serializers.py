"""What the API takes and answers about saved views of the client list."""

from rest_framework import serializers

from api.clients.serializers import SORTS, ClientFilterQuery
from api.protocol.fields import InstantField, SingleLineField
from api.protocol.serializers import StrictSerializer
from portal.clients.models import MAX_VIEW_NAME_LENGTH


class SavedViewSerializer(StrictSerializer):
    """A search of the client list that is kept under a name. Its filters are those of `list_clients`."""

    id = serializers.UUIDField(read_only=True)
    name = SingleLineField(max_length=MAX_VIEW_NAME_LENGTH)
    is_shared = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Whether everybody has it, or only who made the key. Sharing it needs the scope `clients:write`.",
    )
    filters = ClientFilterQuery(help_text="Those that are set.")
    sort = serializers.ChoiceField(choices=SORTS, required=False, default="name")
    created_at = InstantField(read_only=True)
