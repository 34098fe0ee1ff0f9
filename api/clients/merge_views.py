"""The operations of the business API that join two clients who are one person."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_queries import get_client, show_client
from api.clients.serializers import ClientSerializer, ContactSerializer
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem
from api.protocol.serializers import StrictSerializer, validate
from portal.cards import services
from portal.cards.services.merge_preview import DUPLICATE, SURVIVOR
from portal.clients.models import Client
from portal.clients.services.contacts import query_form_addresses


class MergedFieldSerializer(StrictSerializer):
    """A field of both clients, and its value after the merge."""

    field = serializers.CharField(read_only=True, help_text="Its name, or the id of a custom field.")
    survivor = serializers.JSONField(read_only=True)
    duplicate = serializers.JSONField(read_only=True)
    result = serializers.JSONField(read_only=True)
    is_open = serializers.BooleanField(read_only=True, help_text="Whether a choice is possible.")


class MergePreviewSerializer(StrictSerializer):
    """What a merge would do."""

    merged_fields = MergedFieldSerializer(many=True, read_only=True)
    form_addresses = ContactSerializer(
        many=True,
        read_only=True,
        help_text="Addresses from forms: check them before they let anybody in.",
    )


class MergeSerializer(StrictSerializer):
    """How two clients are merged."""

    choices = serializers.DictField(
        child=serializers.ChoiceField(choices=[SURVIVOR, DUPLICATE]),
        required=False,
        default=dict,
        help_text="For open fields of the preview: whose value stays. Without a choice the survivor’s does.",
    )
    form_addresses_checked = serializers.BooleanField(
        required=False, default=False, help_text="Whether the addresses from forms may be used to sign in."
    )


class ClientMergeView(BusinessApiView):
    """The merge of a client with a duplicate."""

    permissions = {"GET": "clients.merge", "POST": "clients.merge"}

    @extend_schema(operation_id="preview_merge", responses=MergePreviewSerializer)
    def get(self, request: Any, client_id: UUID, duplicate_id: UUID) -> Response:
        """Preview a merge: the value of each field afterwards, and which of them can be chosen."""
        survivor, duplicate = get_client(client_id), get_client(duplicate_id)
        rows = services.compute_merged_fields(survivor=survivor, duplicate=duplicate)
        preview = {"merged_fields": rows, "form_addresses": query_form_addresses(survivor, duplicate)}
        return Response(MergePreviewSerializer(preview).data)

    @extend_schema(operation_id="merge_clients", request=MergeSerializer, responses=ClientSerializer)
    def post(self, request: Any, client_id: UUID, duplicate_id: UUID) -> Response:
        """Merge the duplicate into the client, who stays. To merge them again changes nothing.

        Both are signed out, and the addresses of both are notified.
        """
        values, survivor = validate(MergeSerializer, request.data), get_client(client_id)
        duplicate = get_object_or_404(Client.objects.exclude_demo().filter(erased_at=None), pk=duplicate_id)
        try:
            services.merge_clients(survivor=survivor, duplicate=duplicate, staff=self.staff, now=self.now, **values)
        except services.StaleMergeChoices as error:
            raise ApiProblem(ErrorCode.STALE_MERGE_CHOICES, detail=str(error)) from error
        except services.MergeRefused as error:
            raise ApiProblem(ErrorCode.MERGE_REFUSED, detail=str(error)) from error
        return Response(show_client(survivor.pk))
