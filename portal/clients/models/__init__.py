"""The models of the clients app, one module each."""

from portal.clients.models.client import Client, ClientQuerySet
from portal.clients.models.contact import Contact
from portal.clients.models.custom_field import CustomField
from portal.clients.models.note import Note
from portal.clients.models.saved_view import SavedView
from portal.clients.models.suggestion import Suggestion
from portal.clients.models.tag import Tag
from portal.clients.uploads.models import FileChunk, ImportChunk, Upload, UploadRow

__all__ = [
    "Client",
    "ClientQuerySet",
    "Contact",
    "CustomField",
    "FileChunk",
    "ImportChunk",
    "Note",
    "SavedView",
    "Suggestion",
    "Tag",
    "Upload",
    "UploadRow",
]
