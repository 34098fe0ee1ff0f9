"""Test data and functions for signing in: addresses, code requests, codes and browsers."""

from datetime import datetime

from portal.access import sign_in_codes
from portal.access.models import Challenge
from portal.access.services import BrowserTokens, CodeRequest, request_code
from portal.clients.identifiers import parse_identifier
from portal.messaging.models import Message
from tenants import tokens
from tenants.context import use_business
from tenants.models import Business
from tenants.visitor_networks import build_visitor_network

ANA = "ana@example.com"
MOBILE = "+447700900101"
STRANGER = "nobody@example.org"


def request_code_for(
    business: Business,
    typed: str,
    *,
    now: datetime,
    browser: str = "",
    network: str = "192.0.2.7",
    wait_token: str = "",
    under_attack: bool = False,
) -> tuple[Challenge, str]:
    """Request a code as a browser would, inside the business's schema."""
    code_request = CodeRequest(
        identifier=parse_identifier(typed, country=business.country),
        browser_digest=tokens.digest_token(browser),
        network=build_visitor_network(network, network),
        language="en",
        wait_token=wait_token,
    )
    return request_code(business=business, code_request=code_request, under_attack=under_attack, now=now)


def count_codes_to(business: Business, address: str) -> int:
    """Count the messages with a code that a business has addressed to somebody."""
    with use_business(business):
        return Message.objects.filter(to=address, kind="sign-in-code").count()


def current_code(challenge: Challenge, generation: int | None = None) -> str:
    """Return a challenge's newest code, or the code of a generation."""
    challenge.refresh_from_db()
    return sign_in_codes.derive_code(challenge, len(challenge.sent_at) - 1 if generation is None else generation)


def make_wrong_code(code: str) -> str:
    """Return a different code of the same length."""
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"


def build_browser_tokens(token: str = "browser-of-ana") -> BrowserTokens:
    """Return a browser with a token of its own."""
    return BrowserTokens(token=token, device="Firefox on Linux")
