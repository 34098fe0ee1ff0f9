"""What the API takes and answers about the settings of the portal."""

from typing import Any

from django.conf import settings
from phonenumbers import SUPPORTED_REGIONS
from rest_framework import serializers

from api.protocol.fields import MultiLineField, SingleLineField
from api.protocol.serializers import StrictSerializer
from portal.branding.home_sections import list_hideable_sections
from tenants.models import Channel


class SectionListField(serializers.ListField):
    """Sections of the portal's home page, each once."""

    child = SingleLineField(max_length=20)

    def to_internal_value(self, data: Any) -> Any:
        """Return the keys. Raises ValidationError for one that no noun declares."""
        keys = set(super().to_internal_value(data))
        known = [key for key, _label in list_hideable_sections()]
        if unknown := keys - set(known):
            raise serializers.ValidationError(f"There is no section {min(unknown)!r}.", code="invalid_choice")
        return [key for key in known if key in keys]


class PortalSettingsSerializer(StrictSerializer):
    """How the portal looks, what it says, and how clients sign in. An empty text shows nothing."""

    name = SingleLineField(max_length=120, help_text="The business’s name.")
    colour = SingleLineField(max_length=7, help_text="Such as #0f766e.")
    welcome = MultiLineField(max_length=400, allow_blank=True)
    contact_email = SingleLineField(max_length=254, allow_blank=True)
    contact_phone = SingleLineField(max_length=40, allow_blank=True, help_text="It is stored as E.164.")
    website = SingleLineField(max_length=200, allow_blank=True)
    postal_address = SingleLineField(max_length=200, allow_blank=True)
    languages = serializers.ListField(
        child=serializers.ChoiceField(choices=settings.LANGUAGES), min_length=1, max_length=len(settings.LANGUAGES)
    )
    hidden_sections = SectionListField(max_length=100, help_text="Sections that the home page leaves out.")
    logo_url = serializers.CharField(read_only=True, help_text="The picture, or empty without one.")
    resend_wait_minutes = serializers.IntegerField(
        min_value=1, max_value=5, help_text="After how many minutes clients can request another code."
    )
    default_channel = serializers.ChoiceField(choices=Channel.choices, help_text="How codes are sent.")
    sms_countries = serializers.ListField(
        child=serializers.ChoiceField(choices=sorted(SUPPORTED_REGIONS)),
        min_length=1,
        max_length=len(SUPPORTED_REGIONS),
        help_text="Countries whose numbers codes may be texted to.",
    )
    code_in_subject = serializers.BooleanField(help_text="Whether the subject of the email shows the code.")
