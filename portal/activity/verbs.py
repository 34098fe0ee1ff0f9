"""What can happen, and how is it said to people?"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Verb(TextChoices):
    """Every kind of timeline entry, as `domain.what-happened`."""

    CODE_REQUESTED = "access.code-requested", _("Asked for a code")
    CODE_RESENT = "access.code-resent", _("Asked for another code")
    CODE_SENT = "access.code-sent", _("Code handed to the provider")
    CODE_REJECTED = "access.code-rejected", _("Typed a wrong code")
    CHALLENGE_LOCKED = "access.challenge-locked", _("Too many wrong codes")
    SIGNED_IN = "access.signed-in", _("Signed in")
    SIGNED_OUT = "access.signed-out", _("Signed out")
    SESSION_ENDED = "access.session-ended", _("Signed out elsewhere")
    CONFIRMED = "access.confirmed", _("Confirmed with a code")
    CONTACT_CHANGED = "clients.contact-changed", _("Changed contact data")
    CLIENT_ARCHIVED = "clients.archived", _("Archived")
    CLIENT_BLOCKED = "clients.blocked", _("Blocked")
    CLIENT_RESTORED = "clients.restored", _("Restored")
    CLIENT_ADDED = "clients.added", _("Added to the client list")
    CLIENT_CHANGED = "clients.changed", _("Changed the card")
    CLIENT_TAGGED = "clients.tagged", _("Changed the tags")
    CLIENT_MERGED = "clients.merged", _("Merged another card into this one")
    CLIENT_EXPORTED = "clients.exported", _("Downloaded everything on file")
    CLIENT_ERASED = "clients.erased", _("Erased")
    NOTE_ADDED = "clients.note-added", _("Wrote a note")
    NOTE_CHANGED = "clients.note-changed", _("Changed a note")
    NOTE_DELETED = "clients.note-deleted", _("Deleted a note")
    SUGGESTION_TAKEN = "clients.suggestion-taken", _("Took over what was typed in a form")
    SUGGESTION_DISMISSED = "clients.suggestion-dismissed", _("Dismissed what was typed in a form")
    MESSAGE_ACCEPTED = "messaging.accepted", _("Accepted by the provider")
    MESSAGE_DEFERRED = "messaging.deferred", _("Delayed by the receiving server")
    MESSAGE_DELIVERED = "messaging.delivered", _("Delivered to the receiving server")
    MESSAGE_BOUNCED = "messaging.bounced", _("Not delivered")
    MESSAGE_FAILED = "messaging.failed", _("Could not be sent")
    MESSAGE_EXPIRED = "messaging.expired", _("Not sent in time")
    MESSAGE_POSTPONED = "messaging.postponed", _("Waiting for the provider")
    MESSAGE_UNCLEAR = "messaging.unclear", _("The provider gave no answer")
    TEAM_INVITED = "team.invited", _("Invited a colleague")
    TEAM_INVITED_AGAIN = "team.invited-again", _("Sent an invitation again")
    TEAM_INVITATION_WITHDRAWN = "team.invitation-withdrawn", _("Withdrew an invitation")
    TEAM_JOINED = "team.joined", _("Joined the team")
    TEAM_CHANGED = "team.changed", _("Changed what a colleague may do")
    TEAM_REMOVED = "team.removed", _("Removed a colleague")
