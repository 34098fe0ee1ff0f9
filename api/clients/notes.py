"""The operations of the business API on what staff write about a client."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_queries import get_client
from api.protocol.entity_tags import check_if_match
from api.protocol.error_codes import ErrorCode
from api.protocol.fields import InstantField, MultiLineField
from api.protocol.pagination import PageQuery, build_page_body, get_api_page
from api.protocol.problems import ApiProblem
from api.protocol.query_params import read_query
from api.protocol.serializers import StrictSerializer, validate
from api.protocol.sparse_fields import SparseFieldsField, make_sparse
from portal.cards import services
from portal.clients.models import Client, Note
from portal.ui.keyset_pagination import Keyset, parse_cursor_instant, parse_cursor_key

NEWEST_FIRST = Keyset({"created_at": parse_cursor_instant, "pk": parse_cursor_key})


class NoteSerializer(StrictSerializer):
    """A note on a client’s card. The client never sees it."""

    id = serializers.UUIDField(read_only=True)
    body = MultiLineField(max_length=10_000)
    author_name = serializers.CharField(read_only=True)
    created_at = InstantField(read_only=True)
    edited_at = InstantField(read_only=True, allow_null=True)


class NoteListQuery(StrictSerializer, PageQuery):
    """A page of notes."""

    fields: Any = SparseFieldsField(NoteSerializer)


class NoteListView(BusinessApiView):
    """The notes on a client’s card."""

    permissions = {"GET": "clients.view", "POST": "clients.edit"}

    @extend_schema(
        operation_id="list_notes", parameters=[NoteListQuery], responses=make_sparse(NoteSerializer)(many=True)
    )
    def get(self, request: Any, client_id: UUID) -> Response:
        """List a client’s notes, the newest first."""
        query = read_query(NoteListQuery, request)
        page = get_api_page(get_client(client_id).notes.all(), NEWEST_FIRST, query)
        return Response(build_page_body(page, _present_note, fields=query["fields"]))

    @extend_schema(operation_id="create_note", request=NoteSerializer, responses={201: NoteSerializer})
    def post(self, request: Any, client_id: UUID) -> Response:
        """Add a note. Its author is whoever made the key."""
        client, values = get_client(client_id), validate(NoteSerializer, request.data)
        try:
            note = services.add_note(client=client, body=values["body"], staff=self.staff, now=self.now)
        except Client.DoesNotExist as error:
            raise Http404 from error
        return Response(_present_note(note), status=201, headers={"Location": f"{request.path}{note.pk}/"})


class NoteView(BusinessApiView):
    """One note. Only its author, who made the key, may change or delete it."""

    permissions = {"GET": "clients.view", "PATCH": "clients.edit", "DELETE": "clients.edit"}

    @extend_schema(operation_id="get_note", responses=NoteSerializer)
    def get(self, request: Any, client_id: UUID, note_id: UUID) -> Response:
        """Return a note."""
        return Response(_present_note(get_object_or_404(get_client(client_id).notes, pk=note_id)))

    @transaction.atomic
    @extend_schema(operation_id="update_note", request=NoteSerializer(partial=True), responses=NoteSerializer)
    def patch(self, request: Any, client_id: UUID, note_id: UUID) -> Response:
        """Change a note of one’s own."""
        note = _lock_note(client_id, note_id)
        with _refuse_others():
            services.check_author(note, self.staff)
            check_if_match(request, lambda: _present_note(note))
            values = validate(NoteSerializer, request.data, partial=True)
            services.change_note(note=note, body=values.get("body", note.body), staff=self.staff, now=self.now)
        return Response(_present_note(note))

    @transaction.atomic
    @extend_schema(operation_id="delete_note", responses={204: None})
    def delete(self, request: Any, client_id: UUID, note_id: UUID) -> Response:
        """Delete a note of one’s own."""
        with _refuse_others():
            services.delete_note(note=_lock_note(client_id, note_id), staff=self.staff, now=self.now)
        return Response(status=204)


def _lock_note(client_id: UUID, note_id: UUID) -> Note:
    notes = Note.objects.select_for_update(no_key=True).filter(client=get_client(client_id))
    return get_object_or_404(notes, pk=note_id)


@contextmanager
def _refuse_others() -> Iterator[None]:
    """Refuse keys of people who did not write the note. Raises ApiProblem."""
    try:
        yield
    except services.NotAuthor as error:
        raise ApiProblem(ErrorCode.NOT_AUTHOR) from error


def _present_note(note: Note) -> dict[str, Any]:
    return dict(NoteSerializer(note).data)
