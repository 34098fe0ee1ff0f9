"""What the API takes and answers about webhooks."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from api.protocol.fields import InstantField, SingleLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from portal.integrations.webhooks.attempt_queries import AttemptFilter
from portal.integrations.webhooks.models import MAX_URL_LENGTH, DisabledReason, WebhookEndpoint
from tenants.nouns import registry


class EventTypesField(serializers.ListField):
    """Types of events, each once; none stands for all, also those of later versions."""

    child = SingleLineField(max_length=60)

    def to_internal_value(self, data: Any) -> Any:
        """Return the types in order. Raises ValidationError for one that doesn't exist."""
        names = sorted(set(super().to_internal_value(data)))
        if unknown := [name for name in names if name not in registry.get_webhook_event_types()]:
            raise serializers.ValidationError(f"There is no event {unknown[0]!r}.", code="invalid_choice")
        return names


class WebhookSerializer(StrictSerializer):
    """A webhook: an address that events are sent to. Its secret is shown when it is created or replaced, never later.

    `failing_since` is since when nothing was received. After three days of that, or when the receiver answers that it
    is gone (410), the webhook is switched off; `disabled_reason` then says why.
    """

    id = serializers.UUIDField(read_only=True)
    url = SingleLineField(max_length=MAX_URL_LENGTH)
    description = SingleLineField(
        max_length=WebhookEndpoint._meta.get_field("description").max_length,
        required=False,
        allow_blank=True,
        default="",
    )
    event_types = EventTypesField(max_length=100, required=False, default=list, help_text="Empty for all.")
    is_enabled = serializers.BooleanField(read_only=True)
    disabled_reason = serializers.ChoiceField(
        choices=["", *DisabledReason.values], read_only=True, help_text="Empty while it is switched on."
    )
    failing_since = InstantField(read_only=True, allow_null=True)
    created_at = InstantField(read_only=True)


class WebhookChangeSerializer(WebhookSerializer):
    """What can be changed of a webhook. What waits for one that is switched off is not sent later: replay it."""

    is_enabled = serializers.BooleanField(required=False)


@extend_schema_serializer(component_name="NewWebhook")  # As in 1.0.0.
class CreatedWebhookSerializer(WebhookSerializer):
    """A webhook that was just created, with its secret."""

    secret = serializers.CharField(read_only=True, help_text="Verify webhooks with it, and keep it secret.")


@extend_schema_serializer(component_name="NewSecret")  # As in 1.0.0.
class ReplacedSecretSerializer(StrictSerializer):
    """A new secret. Until `previous_secret_expires_at` webhooks are signed by the one before as well."""

    secret = serializers.CharField(read_only=True)
    previous_secret_expires_at = InstantField(read_only=True)


class TestEventSerializer(StrictSerializer):
    """A test that is on its way."""

    event_id = serializers.UUIDField(read_only=True)


class WebhookAttemptSerializer(StrictSerializer):
    """One attempt to send an event. Without a `next_attempt_at` it was the last one."""

    id = serializers.UUIDField(read_only=True)
    event_id = serializers.UUIDField(read_only=True)
    event_type = serializers.CharField(read_only=True)
    number = serializers.IntegerField(read_only=True, help_text="1 for the first attempt, also of a replay.")
    at = InstantField(read_only=True)
    duration_ms = serializers.IntegerField(read_only=True)
    succeeded = serializers.BooleanField(read_only=True)
    status = serializers.IntegerField(read_only=True, allow_null=True, help_text="Null if nothing was answered.")
    error = serializers.CharField(read_only=True, help_text="Why nothing was answered, such as `timeout`, or empty.")
    outcome = serializers.CharField(read_only=True, help_text="What came of it, in words.")
    next_attempt_at = InstantField(read_only=True, allow_null=True)


class FullWebhookAttemptSerializer(WebhookAttemptSerializer):
    """One attempt with what was sent, and the beginning of what was answered."""

    url = serializers.CharField(read_only=True)
    request_body = serializers.CharField(read_only=True, help_text="What was sent: the same in each attempt.")
    answer_body = serializers.CharField(read_only=True)


class AttemptListQuery(StrictSerializer, PageQuery):
    """The filters of the attempts."""

    succeeded = serializers.BooleanField(required=False, allow_null=True, default=None)
    event_id = serializers.UUIDField(required=False, default=None)
    event_type = SingleLineField(max_length=60, required=False, default="")


class ReplaySerializer(StrictSerializer):
    """Which events to send again: one, or all since an instant of the last 30 days."""

    event_id = serializers.UUIDField(required=False)
    since = InstantField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require one of the two. Raises ValidationError."""
        if len(attrs) != 1:
            raise serializers.ValidationError("Give event_id or since.", code="one_required")
        return attrs


class ReplayedSerializer(StrictSerializer):
    """How many events are on their way again. What still waits to be sent is not added a second time."""

    event_count = serializers.IntegerField(read_only=True)


def build_attempt_filter(query: dict[str, Any]) -> AttemptFilter:
    """Return the filter that a validated query asks for."""
    return AttemptFilter(succeeded=query["succeeded"], event_id=query["event_id"], event_type=query["event_type"])
