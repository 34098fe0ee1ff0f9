"""The operations of the business API on custom fields."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.taken_names import translate_name_taken
from api.custom_fields.serializers import (
    CustomFieldOrderSerializer,
    CustomFieldSerializer,
    NewCustomFieldSerializer,
    check_choices,
)
from api.protocol.entity_tags import check_if_match
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem
from api.protocol.serializers import validate
from portal.clients import services
from portal.clients.models import CustomField

NAME_TAKEN = "A field with this name already exists."


class CustomFieldListView(BusinessApiView):
    """All custom fields."""

    permissions = {"GET": "clients.view", "POST": "custom_fields.edit"}

    @extend_schema(operation_id="list_custom_fields", responses=CustomFieldSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List all custom fields in their order on the card."""
        return Response(_present_all())

    @extend_schema(
        operation_id="create_custom_field", request=NewCustomFieldSerializer, responses={201: CustomFieldSerializer}
    )
    def post(self, request: Any) -> Response:
        """Add a custom field, below the others. It is on every card at once."""
        values = {"choices": []} | validate(NewCustomFieldSerializer, request.data)
        with translate_name_taken(NAME_TAKEN):
            field = services.add_custom_field(staff=self.staff, now=self.now, **values)
        headers = {"Location": f"{request.path}{field.pk}/"}
        return Response(CustomFieldSerializer(field).data, status=201, headers=headers)


class CustomFieldView(BusinessApiView):
    """One custom field."""

    permissions = {"GET": "clients.view", "PATCH": "custom_fields.edit", "DELETE": "custom_fields.edit"}

    @extend_schema(operation_id="get_custom_field", responses=CustomFieldSerializer)
    def get(self, request: Any, field_id: UUID) -> Response:
        """Return a custom field."""
        return Response(CustomFieldSerializer(get_object_or_404(CustomField, pk=field_id)).data)

    @transaction.atomic
    @extend_schema(
        operation_id="update_custom_field",
        request=CustomFieldSerializer(partial=True),
        responses=CustomFieldSerializer,
    )
    def patch(self, request: Any, field_id: UUID) -> Response:
        """Change a custom field’s name or options."""
        field = get_object_or_404(CustomField.objects.select_for_update(no_key=True), pk=field_id)
        check_if_match(request, lambda: CustomFieldSerializer(field).data)
        present = {"name": field.name, "choices": field.choices}
        values = present | validate(CustomFieldSerializer, request.data, partial=True)
        check_choices(field.kind, values)
        with translate_name_taken(NAME_TAKEN):
            services.change_custom_field(field=field, staff=self.staff, now=self.now, **values)
        return Response(CustomFieldSerializer(field).data)

    @extend_schema(operation_id="delete_custom_field", responses={204: None})
    def delete(self, request: Any, field_id: UUID) -> Response:
        """Remove a custom field, with its values on all cards."""
        field = get_object_or_404(CustomField, pk=field_id)
        services.remove_custom_field(field=field, staff=self.staff, now=self.now)
        return Response(status=204)


class CustomFieldOrderView(BusinessApiView):
    """The order of the custom fields."""

    permissions = {"PUT": "custom_fields.edit"}

    @transaction.atomic
    @extend_schema(
        operation_id="order_custom_fields",
        request=CustomFieldOrderSerializer,
        responses=CustomFieldSerializer(many=True),
    )
    def put(self, request: Any) -> Response:
        """Put the custom fields into an order. Name each field once."""
        locked = services.lock_custom_fields()
        check_if_match(request, lambda: _present(locked))
        values = validate(CustomFieldOrderSerializer, request.data)
        try:
            services.order_custom_fields(field_ids=values["ids"], locked_fields=locked, staff=self.staff, now=self.now)
        except services.StaleOrder as error:
            text = "Name each custom field once. Read the list again, then send its order."
            raise ApiProblem(ErrorCode.CONFLICT, detail=text) from error
        return Response(_present_all())


def _present_all() -> dict[str, Any]:
    return _present(CustomField.objects.all())


def _present(fields: Iterable[CustomField]) -> dict[str, Any]:
    return {"items": CustomFieldSerializer(fields, many=True).data}
