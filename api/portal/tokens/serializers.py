"""What the client API takes about tokens."""

from api.protocol.fields import SingleLineField
from api.protocol.serializers import StrictSerializer


class RefreshSerializer(StrictSerializer):
    """A refresh token, to be exchanged."""

    refresh_token = SingleLineField(max_length=100)
