"""The names of message kinds and placeholders on the console's pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.messaging.models import MessageKind

KIND_LABELS: dict[str, str | Promise] = {
    MessageKind.NEW_MESSAGE: _("You sent a client a message"),
    MessageKind.NEW_BROWSER: _("A client signed in on a new device"),
    MessageKind.CONTACT_CHANGED: _("A client’s contact details were changed"),
    MessageKind.INVITATION: _("A client is invited to the portal"),
    MessageKind.ACCESS_ENDED: _("A client’s access has ended"),
}
# What each placeholder stands for.
PLACEHOLDER_LABELS: dict[str, str | Promise] = {
    "business": _("the name of your business"),
    "portal": _("the address of your portal"),
    "messages": _("the address of the messages in your portal"),
    "device": _("the browser and the device"),
    "time": _("day and time, with the time zone"),
    "count": _("number of unread messages"),
}
