"""The kinds of timeline events and of messages about signing in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AccessEvent(TextChoices):
    """An event on the way from a code to a session and its end."""

    CODE_REQUESTED = "access.code-requested", _("Requested a code")
    CODE_RESENT = "access.code-resent", _("Requested another code")
    CODE_SENT = "access.code-sent", _("Code passed to the provider")
    CODE_RESENT_BY_STAFF = "access.code-resent-by-staff", _("Sent the client another code")
    CODE_ISSUED = "access.code-issued", _("Issued a code in person")
    ATTEMPT_LINK_CREATED = "access.attempt-link-created", _("Created a link to start signing in")
    CODE_REJECTED = "access.code-rejected", _("Entered a wrong code")
    OLD_CODE_ENTERED = "access.old-code-entered", _("Entered an old code")
    CHALLENGE_LOCKED = "access.challenge-locked", _("Too many wrong codes")
    SIGNED_IN = "access.signed-in", _("Signed in")
    SIGNED_OUT = "access.signed-out", _("Signed out")
    SESSION_ENDED = "access.session-ended", _("Session ended")
    CODE_CONFIRMED = "access.code-confirmed", _("Confirmed with a code")


class AccessMessageKind(TextChoices):
    """A mail or text to a client about their access; each is a folder in templates/messages/."""

    SIGN_IN_CODE = "sign-in-code"
    CONFIRM_CODE = "confirm-code"
    NEW_BROWSER = "new-browser"
    CONTACT_CHANGED = "contact-changed"
    ACCESS_ENDED = "access-ended"
    CODE_ISSUED = "code-issued"
    INVITATION = "invitation"
