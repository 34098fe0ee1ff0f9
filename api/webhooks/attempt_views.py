"""The operations of the business API on the log of webhooks, and their replays."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.error_codes import ErrorCode
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.problems import ApiProblem, FieldError
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.webhooks.serializers import (
    AttemptListQuery,
    FullWebhookAttemptSerializer,
    ReplayedSerializer,
    ReplaySerializer,
    WebhookAttemptSerializer,
    build_attempt_filter,
)
from api.webhooks.views import PERMISSION, SWITCHED_OFF
from portal.integrations.webhooks import replays
from portal.integrations.webhooks.attempt_queries import NEWEST_FIRST, AttemptFilter, filter_attempts
from portal.integrations.webhooks.descriptions import describe_attempt
from portal.integrations.webhooks.models import WebhookAttempt, WebhookEndpoint

NO_SUCH_EVENT = FieldError("event_id", "not_found", "This webhook has no such event of the last 30 days.")


class AttemptListView(BusinessApiView):
    """The log of a webhook."""

    permissions = {"GET": PERMISSION}

    @extend_schema(
        operation_id="list_webhook_attempts",
        parameters=[AttemptListQuery],
        responses=WebhookAttemptSerializer(many=True),
    )
    def get(self, request: Any, webhook_id: UUID) -> Response:
        """List the attempts of the last 30 days to send something to a webhook, the newest first."""
        query = read_query(AttemptListQuery, request)
        endpoint = get_object_or_404(WebhookEndpoint, pk=webhook_id)
        found = filter_attempts(endpoint.pk, build_attempt_filter(query))
        return Response(build_page_body(get_api_page(found, NEWEST_FIRST, query), _present))


class AttemptView(BusinessApiView):
    """One attempt."""

    permissions = {"GET": PERMISSION}

    @extend_schema(operation_id="get_webhook_attempt", responses=FullWebhookAttemptSerializer)
    def get(self, request: Any, webhook_id: UUID, delivery_attempt_id: UUID) -> Response:
        """Return an attempt with what was sent, and the beginning of what was answered."""
        attempt = get_object_or_404(filter_attempts(webhook_id, AttemptFilter()), pk=delivery_attempt_id)
        bodies = {"request_body": attempt.event.body, "answer_body": attempt.answer}
        return Response(_present(attempt) | {"url": attempt.url} | bodies)


class ReplayListView(BusinessApiView):
    """The replays of a webhook."""

    permissions = {"POST": PERMISSION}

    @extend_schema(operation_id="replay_webhook", request=ReplaySerializer, responses={202: ReplayedSerializer})
    def post(self, request: Any, webhook_id: UUID) -> Response:
        """Send one event again, or all since an instant, also those that happened while the webhook was off."""
        endpoint = get_object_or_404(WebhookEndpoint, pk=webhook_id)
        wanted = validate(ReplaySerializer, request.data)
        try:
            count = self._replay(endpoint, **wanted)
        except replays.EndpointDisabled as error:
            raise ApiProblem(ErrorCode.CONFLICT, detail=SWITCHED_OFF) from error
        except replays.EventNotFound as error:
            raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=[NO_SUCH_EVENT]) from error
        return Response({"event_count": count}, status=202)

    def _replay(self, endpoint: WebhookEndpoint, **wanted: Any) -> int:
        """Send again what is wanted, and return how many events. Raises EndpointDisabled and EventNotFound."""
        if "since" in wanted:
            return replays.replay_since(endpoint=endpoint, now=self.now, **wanted)
        replays.replay_event(endpoint=endpoint, now=self.now, **wanted)
        return 1


def _present(attempt: WebhookAttempt) -> dict[str, Any]:
    columns = ("event_id", "number", "at", "duration_ms", "succeeded", "status", "error", "next_attempt_at")
    return (
        {"id": attempt.pk}
        | {name: getattr(attempt, name) for name in columns}
        | {
            "event_type": attempt.event.event_type,
            "outcome": describe_attempt(attempt),
        }
    )
