"""What the API takes and answers about a business's own websites."""

from typing import Any

from rest_framework import serializers

from api.protocol.fields import SingleLineField
from api.protocol.serializers import StrictSerializer
from portal.embeds.origins import MAX_WEBSITES, InvalidOrigin, parse_origin


class OriginField(SingleLineField):
    """The address of a website, which becomes its origin."""

    def to_internal_value(self, data: Any) -> str:
        """Return the origin. Raises ValidationError."""
        try:
            return parse_origin(super().to_internal_value(data))
        except InvalidOrigin as error:
            text = "This is not the address of a website. Write it as https://www.example.com."
            raise serializers.ValidationError(text, code="invalid_origin") from error


class EmbeddedFormSerializer(StrictSerializer):
    """A form for other websites, and the HTML that shows it there."""

    key = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)
    url = serializers.CharField(read_only=True, help_text="The form alone, for a frame.")
    page_url = serializers.CharField(read_only=True, help_text="The page of the portal with the form.")
    script_url = serializers.CharField(read_only=True)
    inline_html = serializers.CharField(read_only=True, help_text="Shows the form in a page.")
    button_html = serializers.CharField(read_only=True, help_text="A button that opens the form on top of a page.")


class AllowedWebsitesSerializer(StrictSerializer):
    """Which websites may show the portal’s forms, and which may call its API."""

    embedding_origins = serializers.ListField(
        child=OriginField(),
        max_length=MAX_WEBSITES,
        help_text="Websites that may show the forms in a frame.",
    )
    api_origins = serializers.ListField(
        child=OriginField(),
        max_length=MAX_WEBSITES,
        help_text="Websites whose scripts may call the client API.",
    )
    forms = EmbeddedFormSerializer(many=True, read_only=True)
