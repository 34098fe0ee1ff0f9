"""What the log of webhooks says of each attempt."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.integrations.webhooks.models import WebhookAttempt

ERROR_TEXTS: dict[str, str | Promise] = {
    "timeout": gettext_lazy("No answer within 5 seconds."),
    "tls": gettext_lazy("The certificate of the address is not valid."),
    "unreachable": gettext_lazy("The address could not be reached."),
    "no-http": gettext_lazy("What answered is no web server."),
    "unresolvable": gettext_lazy("The name of the address is not known."),
    "unreadable-secret": gettext_lazy("The secret can’t be read any more, so nothing was sent. Replace it."),
    "private-address": gettext_lazy("The address is not on the public internet, so nothing was sent."),
}


def describe_attempt(attempt: WebhookAttempt) -> str:
    """Return what came of an attempt, in a sentence."""
    if attempt.succeeded:
        return _("Received (%(status)s).") % {"status": attempt.status}
    if attempt.status is None:
        return str(ERROR_TEXTS.get(attempt.error, gettext_lazy("Nothing could be sent to this address.")))
    if 300 <= attempt.status < 400:
        return _("The address redirects (%(status)s). Redirects are not followed.") % {"status": attempt.status}
    return _("Refused by the receiver (%(status)s).") % {"status": attempt.status}
