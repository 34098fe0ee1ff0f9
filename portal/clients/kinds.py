"""The kinds of timeline events and jobs about the client list, and the ways onto it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClientSource(TextChoices):
    """How a client came onto the list; other nouns declare theirs."""

    STAFF = "staff", _("Added by staff")
    UPLOAD = "upload", _("Imported list")


class ClientEvent(TextChoices):
    """A change to the client list or to a client’s card, or a copy of it."""

    CONTACT_CHANGED = "clients.contact-changed", _("Contact details changed")
    ARCHIVED = "clients.archived", _("Archived")
    BLOCKED = "clients.blocked", _("Blocked")
    RESTORED = "clients.restored", _("Restored")
    ADDED = "clients.added", _("Added to the client list")
    CHANGED = "clients.changed", _("Card changed")
    IMPORT_COMPLETED = "clients.import-completed", _("List imported")
    IMPORT_UNDONE = "clients.import-undone", _("Import undone")
    TAGS_CHANGED = "clients.tagged", _("Tags changed")
    CONFIRMED = "clients.confirmed", _("Client confirmed")
    INVITED = "clients.invited", _("Portal invitation sent")
    LIST_EXPORTED = "clients.list-exported", _("Client list exported")
    TAG_CHANGED = "clients.tag-changed", _("Tag changed")
    TAG_REMOVED = "clients.tag-removed", _("Tag removed")
    CUSTOM_FIELDS_CHANGED = "clients.fields-changed", _("Custom fields changed")
    SAVED_VIEW_CHANGED = "clients.saved-view-changed", _("Shared views changed")
    MERGED = "clients.merged", _("Merged with another card")
    EXPORTED = "clients.exported", _("Personal data downloaded")
    ERASED = "clients.erased", _("Erased")
    NOTE_ADDED = "clients.note-added", _("Note added")
    NOTE_CHANGED = "clients.note-changed", _("Note changed")
    NOTE_DELETED = "clients.note-deleted", _("Note deleted")
    SUGGESTION_ACCEPTED = "clients.suggestion-accepted", _("Suggestion accepted")
    SUGGESTION_DISMISSED = "clients.suggestion-dismissed", _("Suggestion dismissed")


class ClientJob(TextChoices):
    """A job about one row of the client list, or of what is imported into it."""

    PROCESS_UPLOAD = "process-upload"
