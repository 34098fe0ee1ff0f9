"""What staff are asked before an action on many clients."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class BulkConfirmation:
    """The words of a confirmation page, its button, and the name of the URL that the button posts to."""

    title: str
    text: str
    url_name: str
    button_label: str
    button_look: str = "primary"


BuildConfirmation = Callable[[int], BulkConfirmation]


def build_archival_confirmation(number: int) -> BulkConfirmation:
    """Return the question whether to archive so many clients."""
    return BulkConfirmation(
        title=ngettext("Archive %(number)s client?", "Archive %(number)s clients?", number) % {"number": number},
        text=_(
            "They are signed out immediately, can no longer sign in, and are notified that their access has ended. "
            "Nothing is deleted. You can restore each client on their card."
        ),
        url_name="console:clients-archival",
        button_label=_("Archive"),
        button_look="danger",
    )


def build_invitation_confirmation(number: int) -> BulkConfirmation:
    """Return the question whether to invite so many clients."""
    return BulkConfirmation(
        title=ngettext("Invite %(number)s client?", "Invite %(number)s clients?", number) % {"number": number},
        text=_(
            "Each client gets one email with the address of your portal. "
            "Clients without an email address for signing in, or invited today, are skipped."
        ),
        url_name="console:clients-invitation",
        button_label=_("Send invitations"),
    )
