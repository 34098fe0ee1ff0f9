"""What people are told about webhooks: what came of an attempt, and what is wrong with a URL."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.integrations.webhooks.models import WebhookAttempt
from tenants.webhooks.destinations import InvalidDestination

ERROR_TEXTS: dict[str, str | Promise] = {
    "timeout": gettext_lazy("No answer within 5 seconds."),
    "tls": gettext_lazy("The certificate of the address is not valid."),
    "unreachable": gettext_lazy("The address could not be reached."),
    "no-http": gettext_lazy("What answered is no web server."),
    "unresolvable": gettext_lazy("The name of the address is not known."),
    "unreadable-secret": gettext_lazy("The secret can’t be read any more, so nothing was sent. Replace it."),
    "private-address": gettext_lazy("The address is not on the public internet, so nothing was sent."),
}
URL_ERROR_TEXTS: dict[str, str | Promise] = {
    "scheme": gettext_lazy("Enter an address that begins with https://."),
    "port": gettext_lazy("Use port 443, or one from 1024 up."),
    "private-address": gettext_lazy(
        "This address is not on the public internet. We send webhooks to public addresses only."
    ),
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


def explain_invalid_url(error: InvalidDestination) -> str:
    """Return why webhooks can't be sent to a URL, in a sentence."""
    return str(URL_ERROR_TEXTS.get(str(error), _("This is no valid address. Copy it from your other program.")))
