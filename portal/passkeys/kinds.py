"""The kinds of timeline events and of messages about passkeys."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PasskeyEvent(TextChoices):
    """What happened to a passkey; signing in with one is an event of signing in."""

    ADDED = "passkeys.added", _("Added a passkey")
    REMOVED = "passkeys.removed", _("Removed a passkey")
    REFUSED = "passkeys.refused", _("Passkey refused")


class PasskeyMessageKind(TextChoices):
    """A mail or text to a client about a passkey; each is a folder in templates/messages/."""

    ADDED = "passkey-added"
    REMOVED = "passkey-removed"


class RemovalReason(TextChoices):
    """Why a passkey was removed that nobody chose."""

    ADDRESS_REMOVED = "address-removed", _("since an address was replaced, removed or no longer allowed")


class RefusalReason(TextChoices):
    """Why a passkey with a right signature signs nobody in."""

    NO_ACCESS = "no-access", _("the client can’t sign in at the moment")
    OLD_COUNTER = "old-counter", _("it may have been copied, since its counter went back")
