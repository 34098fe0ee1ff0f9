"""The operations of the business API on how whoever made the key gets notifications."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.notifications.serializers import PreferencesSerializer
from api.protocol.entity_tags import check_if_match
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, FieldError
from api.protocol.serializers import validate
from portal.messaging.models import NotificationMethod
from portal.messaging.notifications import services
from tenants.models import Membership
from tenants.nouns import registry


class PreferencesView(BusinessApiView):
    """The preferences of whoever made the key."""

    permissions = {"GET": "home.view", "PATCH": "home.view"}

    @extend_schema(operation_id="get_notification_preferences", responses=PreferencesSerializer)
    def get(self, request: Any) -> Response:
        """Return how whoever made the key gets each kind of notification."""
        return Response(_present(self.membership))

    @transaction.atomic
    @extend_schema(
        operation_id="update_notification_preferences",
        request=PreferencesSerializer,
        responses=PreferencesSerializer,
    )
    def patch(self, request: Any) -> Response:
        """Change how whoever made the key gets some kinds of notifications. What isn’t named stays."""
        membership = Membership.objects.select_for_update(no_key=True).get(pk=self.membership.pk)
        check_if_match(request, lambda: _present(membership))
        given = validate(PreferencesSerializer, request.data)["preferences"]
        _check_kinds([preference["kind"] for preference in given], membership)
        methods = {preference["kind"]: NotificationMethod(preference["method"]) for preference in given}
        services.save_preferences(membership=membership, preferences=methods)
        return Response(_present(membership))


def _check_kinds(kinds: Sequence[str], membership: Membership) -> None:
    """Require kinds that the member may get, each once. Raises ApiProblem."""
    known, errors = services.get_preferences(membership), []
    for index, kind in enumerate(kinds):
        if kind not in known:
            errors.append(FieldError(f"preferences[{index}].kind", "invalid_choice", "There is no such kind for you."))
        elif kind in kinds[:index]:
            errors.append(FieldError(f"preferences[{index}].kind", "repeated", "Name each kind once."))
    if errors:
        raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=errors)


def _present(membership: Membership) -> dict[str, Any]:
    kinds = registry.get_notification_kinds()
    shown = services.get_preferences(membership).items()
    return {
        "preferences": [
            {"kind": kind, "label": str(kinds[kind].label), "method": method.value} for kind, method in shown
        ]
    }
