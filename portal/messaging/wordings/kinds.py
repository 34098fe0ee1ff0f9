"""How are the kinds of mail called where a business reads of them?"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.messaging.models import Kind

NAMES: dict[str, str | Promise] = {
    Kind.NEW_MESSAGE: _("You have written to a client"),
    Kind.NEW_BROWSER: _("A client signed in on a new device"),
    Kind.CONTACT_CHANGED: _("A client’s contact data was changed"),
    Kind.INVITATION: _("A client is shown the way to the portal"),
    Kind.ACCESS_ENDED: _("A client’s access has ended"),
}
# What each name in braces stands for.
MEANINGS: dict[str, str | Promise] = {
    "business": _("the name of your business"),
    "portal": _("the address of your portal"),
    "messages": _("the address of the messages in your portal"),
    "device": _("the browser and the device"),
    "time": _("day and time, with the time zone"),
    "count": _("how many messages wait"),
}
