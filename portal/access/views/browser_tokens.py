"""The browser that sent a request and the network it came from, as the services need them."""

from django.http import HttpRequest

from portal.access import token_cookies
from portal.access.services import BrowserTokens
from tenants.user_agents import get_user_agent_label


def get_browser_tokens(request: HttpRequest) -> BrowserTokens:
    """Return the browser that sent a request; its token is empty if it never signed in."""
    return BrowserTokens(
        token=token_cookies.get_token_cookie(request, token_cookies.BROWSER),
        device=get_user_agent_label(request.headers.get("User-Agent", "")),
        session_token=token_cookies.get_token_cookie(request, token_cookies.SESSION),
    )
