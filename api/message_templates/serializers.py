"""What the API takes and answers about message templates."""

from rest_framework import serializers

from api.protocol.fields import InstantField, MultiLineField, SingleLineField
from api.protocol.serializers import StrictSerializer
from portal.messaging.models import MessageTemplate
from tenants.models import Channel

MAX_SUBJECT_LENGTH = MessageTemplate._meta.get_field("subject").max_length
MAX_BODY_LENGTH = MessageTemplate._meta.get_field("body").max_length


class MessageTemplateSummarySerializer(StrictSerializer):
    """A mail or text that clients get, in one language."""

    channel = serializers.ChoiceField(choices=Channel.choices, read_only=True)
    kind = serializers.CharField(read_only=True, help_text="Such as `sign-in-code` or `new-message`.")
    language = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True, help_text="The kind in words.")
    is_own = serializers.BooleanField(
        read_only=True, help_text="Whether the business wrote it; else it is the default."
    )
    changed_at = InstantField(read_only=True, allow_null=True)


class PlaceholderSerializer(StrictSerializer):
    """A name that, in braces, is replaced by a value when the message is sent."""

    name = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)


class MessageTemplateSerializer(MessageTemplateSummarySerializer):
    """The wording of a mail or text in one language, with its placeholders such as `{business}`."""

    subject = serializers.CharField(read_only=True, help_text="Empty for a text.")
    body = serializers.CharField(read_only=True)
    placeholders = PlaceholderSerializer(many=True, read_only=True)


class WordingSerializer(StrictSerializer):
    """The wording of a mail or text. A text has no subject and at most 450 characters."""

    subject = SingleLineField(max_length=MAX_SUBJECT_LENGTH, required=False, allow_blank=True)
    body = MultiLineField(max_length=MAX_BODY_LENGTH)


class PreviewRequestSerializer(WordingSerializer):
    """The wording to try. What is left out is as it is sent now."""

    body = MultiLineField(max_length=MAX_BODY_LENGTH, required=False)


class PreviewSerializer(StrictSerializer):
    """A message as it would arrive, with sample values."""

    subject = serializers.CharField(read_only=True, help_text="Empty for a text.")
    text = serializers.CharField(read_only=True)
    html = serializers.CharField(read_only=True, help_text="Empty for a text.")
    segments = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Of a text: networks charge for each."
    )
    non_gsm_characters = serializers.CharField(
        read_only=True, help_text="Characters of a text outside the GSM alphabet, with which a segment holds less."
    )
