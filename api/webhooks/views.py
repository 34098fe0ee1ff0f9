"""The operations of the business API on webhooks, their secrets and tests."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.empty_bodies import takes_no_body
from api.protocol.entity_tags import check_if_match
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, build_field_problem
from api.protocol.serializers import validate
from api.webhooks.serializers import (
    CreatedWebhookSerializer,
    ReplacedSecretSerializer,
    TestEventSerializer,
    WebhookChangeSerializer,
    WebhookSerializer,
)
from portal.integrations.webhooks import endpoints, replays
from portal.integrations.webhooks.descriptions import explain_invalid_url
from portal.integrations.webhooks.models import WebhookEndpoint
from tenants.webhooks.destinations import InvalidDestination

PERMISSION = "webhooks.manage"
TOO_MANY = f"A business has {endpoints.MAX_ENDPOINTS} webhooks at most. Delete one first."
SWITCHED_OFF = "This webhook is switched off. Set is_enabled to true first."
CHANGEABLE = ("url", "description", "event_types", "is_enabled")


class WebhookListView(BusinessApiView):
    """The webhooks of the business."""

    permissions = {"GET": PERMISSION, "POST": PERMISSION}

    @extend_schema(operation_id="list_webhooks", responses=WebhookSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List all webhooks, the oldest first."""
        found = endpoints.list_endpoints()
        return Response({"items": [_present(endpoint) for endpoint in found]})

    @extend_schema(operation_id="create_webhook", request=WebhookSerializer, responses={201: CreatedWebhookSerializer})
    def post(self, request: Any) -> Response:
        """Create a webhook. The answer has its secret, which is not shown again."""
        values = validate(WebhookSerializer, request.data)
        try:
            new = endpoints.add_endpoint(business=self.business, staff=self.staff, now=self.now, **values)
        except InvalidDestination as error:
            raise _build_url_problem(error) from error
        except endpoints.TooManyEndpoints as error:
            raise ApiProblem(ErrorCode.CONFLICT, detail=TOO_MANY) from error
        [secret] = endpoints.list_signing_secrets(new, now=self.now)
        location = f"{request.path}{new.pk}/"
        return Response(_present(new) | {"secret": secret}, status=201, headers={"Location": location})


class WebhookView(BusinessApiView):
    """One webhook."""

    permissions = {"GET": PERMISSION, "PATCH": PERMISSION, "DELETE": PERMISSION}

    @extend_schema(operation_id="get_webhook", responses=WebhookSerializer)
    def get(self, request: Any, webhook_id: UUID) -> Response:
        """Return a webhook."""
        return Response(_present(get_object_or_404(WebhookEndpoint, pk=webhook_id)))

    @transaction.atomic
    @extend_schema(
        operation_id="update_webhook", request=WebhookChangeSerializer(partial=True), responses=WebhookSerializer
    )
    def patch(self, request: Any, webhook_id: UUID) -> Response:
        """Change a webhook, or switch it on or off."""
        endpoint = _lock_endpoint(webhook_id)
        check_if_match(request, lambda: _present(endpoint))
        values = {name: getattr(endpoint, name) for name in CHANGEABLE}
        values |= validate(WebhookChangeSerializer, request.data, partial=True)
        try:
            endpoints.change_endpoint(
                endpoint=endpoint, business=self.business, staff=self.staff, now=self.now, **values
            )
        except InvalidDestination as error:
            raise _build_url_problem(error) from error
        return Response(_present(endpoint))

    @extend_schema(operation_id="delete_webhook", responses={204: None})
    def delete(self, request: Any, webhook_id: UUID) -> Response:
        """Delete a webhook with its log; nothing more is sent to it."""
        endpoint = get_object_or_404(WebhookEndpoint, pk=webhook_id)
        endpoints.remove_endpoint(endpoint=endpoint, staff=self.staff, now=self.now)
        return Response(status=204)


class WebhookSecretView(BusinessApiView):
    """The secret of a webhook."""

    permissions = {"POST": PERMISSION}

    @transaction.atomic
    @extend_schema(operation_id="replace_webhook_secret", request=None, responses=ReplacedSecretSerializer)
    @takes_no_body
    def post(self, request: Any, webhook_id: UUID) -> Response:
        """Replace the secret, and return the new one, which is not shown again; both sign for 24 hours."""
        endpoint = _lock_endpoint(webhook_id)
        secret = endpoints.replace_secret(endpoint=endpoint, staff=self.staff, now=self.now)
        shown = {"secret": secret, "previous_secret_expires_at": endpoint.previous_secret_expires_at}
        return Response(shown)


class WebhookTestView(BusinessApiView):
    """The tests of a webhook."""

    permissions = {"POST": PERMISSION}

    @extend_schema(operation_id="test_webhook", request=None, responses={202: TestEventSerializer})
    @takes_no_body
    def post(self, request: Any, webhook_id: UUID) -> Response:
        """Send a test: an event of the type `webhook.test` that is about nothing."""
        try:
            event = replays.send_test_event(endpoint=get_object_or_404(WebhookEndpoint, pk=webhook_id), now=self.now)
        except replays.EndpointDisabled as error:
            raise ApiProblem(ErrorCode.CONFLICT, detail=SWITCHED_OFF) from error
        return Response({"event_id": event.pk}, status=202)


def _lock_endpoint(webhook_id: UUID) -> WebhookEndpoint:
    try:
        return endpoints.lock_endpoint(webhook_id)
    except WebhookEndpoint.DoesNotExist as error:
        raise Http404 from error


def _build_url_problem(error: InvalidDestination) -> ApiProblem:
    code = str(error).replace("-", "_")
    return build_field_problem("url", code, explain_invalid_url(error))


def _present(endpoint: WebhookEndpoint) -> dict[str, Any]:
    columns = ("url", "description", "event_types", "is_enabled", "disabled_reason", "failing_since", "created_at")
    return {"id": endpoint.pk} | {name: getattr(endpoint, name) for name in columns}
