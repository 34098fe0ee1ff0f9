"""What does a request tell the services, and how is a wrong code answered?"""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.access import cookies
from portal.access.services import Browser
from tenants.user_agents import user_agent_label


def browser_of(request: HttpRequest) -> Browser:
    """Return the browser at the other end; one we have not met has no token."""
    return Browser(
        token=cookies.read(request, cookies.BROWSER),
        device=user_agent_label(request.headers.get("User-Agent", "")),
        session_token=cookies.read(request, cookies.SESSION),
    )


def wrong_code(left: int) -> str:
    """Return the sentence for a wrong code, with the number of tries left."""
    sentence = _("That code isn't right. Check the latest message from us and try again.")
    if not left:
        return sentence
    return f"{sentence} " + ngettext("You have %(left)d try left.", "You have %(left)d tries left.", left) % {
        "left": left
    }
