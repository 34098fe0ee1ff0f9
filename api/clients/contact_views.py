"""The operations of the business API on the addresses of a client."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_queries import get_client
from api.clients.contact_values import parse_contact_value
from api.clients.serializers import ContactSerializer, NewContactSerializer
from api.protocol.empty_bodies import takes_no_body
from api.protocol.entity_tags import check_if_match
from api.protocol.serializers import validate
from portal.access import services as access
from portal.cards import services
from portal.clients.models import Client, Contact, ContactSource


class ContactListView(BusinessApiView):
    """All addresses of a client."""

    permissions = {"GET": "clients.view", "POST": "clients.edit"}

    @extend_schema(operation_id="list_contacts", responses=ContactSerializer(many=True))
    def get(self, request: Any, client_id: UUID) -> Response:
        """List a client’s addresses."""
        contacts = get_client(client_id).contacts.order_by("kind", "created_at", "pk")
        return Response({"items": ContactSerializer(contacts, many=True).data})

    @transaction.atomic
    @extend_schema(operation_id="create_contact", request=NewContactSerializer, responses={201: ContactSerializer})
    def post(self, request: Any, client_id: UUID) -> Response:
        """Add an address. The client is signed out, and all their addresses are notified."""
        client = get_client(client_id, lock=True)
        values = validate(NewContactSerializer, request.data)
        contact = replace_contact(self, client, None, values["value"], label=values["label"])
        headers = {"Location": f"{request.path}{contact.pk}/"}
        return Response(ContactSerializer(contact).data, status=201, headers=headers)


class ContactView(BusinessApiView):
    """One address of a client."""

    permissions = {"GET": "clients.view", "PATCH": "clients.edit", "DELETE": "clients.edit"}

    @extend_schema(operation_id="get_contact", responses=ContactSerializer)
    def get(self, request: Any, client_id: UUID, contact_id: UUID) -> Response:
        """Return an address."""
        return Response(ContactSerializer(_get_contact(get_client(client_id), contact_id)).data)

    @transaction.atomic
    @extend_schema(operation_id="update_contact", request=ContactSerializer(partial=True), responses=ContactSerializer)
    def patch(self, request: Any, client_id: UUID, contact_id: UUID) -> Response:
        """Change an address, its label, whether it is the main one, or whether it may be used to sign in.

        Another value is another address, with an id of its own: the answer has it. The client is signed out when a
        value or `may_sign_in` changes, and their addresses are notified.
        """
        client = get_client(client_id, lock=True)
        contact = _get_contact(client, contact_id)
        check_if_match(request, lambda: ContactSerializer(contact).data)
        changed = self._change(client, contact, validate(ContactSerializer, request.data, partial=True))
        return Response(ContactSerializer(changed).data)

    @transaction.atomic
    @extend_schema(operation_id="delete_contact", responses={204: None})
    def delete(self, request: Any, client_id: UUID, contact_id: UUID) -> Response:
        """Remove an address. The client is signed out, and the address is notified."""
        client = get_client(client_id, lock=True)
        contact = _get_contact(client, contact_id)
        access.remove_contact(client=client, contact=contact, staff=self.staff, client_is_locked=True, now=self.now)
        return Response(status=204)

    def _change(self, client: Client, contact: Contact, values: Mapping[str, Any]) -> Contact:
        actor: dict[str, Any] = {"staff": self.staff, "now": self.now}
        label = values.get("label", contact.label)
        if values.get("value", contact.value) != contact.value:
            contact = replace_contact(self, client, contact, values["value"], label=label)
        services.change_contact_label(client=client, contact=contact, label=label, **actor)
        if "may_sign_in" in values:
            allowed = values["may_sign_in"]
            access.set_sign_in_allowed(client=client, contact=contact, allowed=allowed, client_is_locked=True, **actor)
        try:
            is_main = values.get("is_main", contact.is_main)
            services.set_main_contact(client=client, contact=contact, is_main=is_main, **actor)
        except services.ContactRefused as error:
            raise _name_field("is_main", error) from error
        return contact


class ContactConfirmationView(BusinessApiView):
    """The confirmation of an address that a public form brought."""

    permissions = {"POST": "clients.edit"}

    @transaction.atomic
    @extend_schema(operation_id="confirm_contact", request=None, responses=ContactSerializer)
    @takes_no_body
    def post(self, request: Any, client_id: UUID, contact_id: UUID) -> Response:
        """Confirm that an address is the client’s. A number can receive codes then."""
        client = get_client(client_id, lock=True)
        contact = _get_contact(client, contact_id)
        access.confirm_contact(client=client, contact=contact, staff=self.staff, client_is_locked=True, now=self.now)
        return Response(ContactSerializer(contact).data)


def replace_contact(view: BusinessApiView, client: Client, old: Contact | None, text: str, *, label: str) -> Contact:
    """Put an address on the card of a client who is locked, instead of an old one if given. Raises ValidationError."""
    new = parse_contact_value(text, country=view.business.country)
    if old and old.value == new.value:
        return old
    try:
        services.check_new_identifier(client, new, replaced=old)
    except services.ContactRefused as error:
        raise _name_field("value", error) from error
    return access.change_contact(
        client=client,
        old=old,
        new=new,
        label=label,
        source=ContactSource.STAFF,
        staff=view.staff,
        client_is_locked=True,
        now=view.now,
    )


def _get_contact(client: Client, contact_id: UUID) -> Contact:
    return get_object_or_404(client.contacts, pk=contact_id)


def _name_field(field: str, error: services.ContactRefused) -> ValidationError:
    return ValidationError({field: [ErrorDetail(str(error), code=error.code)]})
