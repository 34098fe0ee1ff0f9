"""The models of the clients app, one module each."""

from portal.clients.models.client import Client, ClientQuerySet, ClientStatus
from portal.clients.models.client_contact import Contact, ContactKind, ContactSource
from portal.clients.models.custom_field import CHOICE_KINDS, MAX_CHOICES, CustomField, CustomFieldKind
from portal.clients.models.note import Note
from portal.clients.models.saved_view import MAX_VIEW_NAME_LENGTH, SavedView
from portal.clients.models.suggestion import Suggestion, SuggestionKind, SuggestionResolution
from portal.clients.models.tag import MAX_TAG_LENGTH, Tag, TagColour
from portal.clients.uploads.models import FileChunk, FileKind, ImportChunk, RowOutcome, Upload, UploadRow, UploadState

__all__ = [
    "CHOICE_KINDS",
    "MAX_CHOICES",
    "MAX_TAG_LENGTH",
    "MAX_VIEW_NAME_LENGTH",
    "Client",
    "ClientQuerySet",
    "ClientStatus",
    "Contact",
    "ContactKind",
    "ContactSource",
    "CustomField",
    "CustomFieldKind",
    "FileChunk",
    "FileKind",
    "ImportChunk",
    "Note",
    "RowOutcome",
    "SavedView",
    "Suggestion",
    "SuggestionKind",
    "SuggestionResolution",
    "Tag",
    "TagColour",
    "Upload",
    "UploadRow",
    "UploadState",
]
