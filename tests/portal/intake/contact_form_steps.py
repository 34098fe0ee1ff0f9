"""Helpers that fill in the contact form and match what was sent."""

import re

from django.test import Client as Browser
from django.utils import timezone

from portal.intake import services
from portal.intake.models import Enquiry
from tenants.context import use_business
from tenants.models import Business

NEW = {
    "name": "Nora Neu",
    "email": " Nora@Example.com ",
    "mobile": "0151 12345678",
    "message": "My knee hurts when I climb stairs.",
}
FORM_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


def open_contact_form(browser: Browser) -> str:
    """Open the page and return the token that its form carries."""
    return FORM_TOKEN.search(browser.get("/contact/").content.decode())[1]


def send_contact_form(browser: Browser, advance_clock, seconds: float = 10, **typed: str):
    """Open the page, take some seconds to fill it in, and send it."""
    form_token = open_contact_form(browser)
    advance_clock(seconds)
    return browser.post("/contact/", {"form_token": form_token} | typed)


def match_enquiries(business: Business) -> None:
    """Match every pending enquiry of a business, as a worker does."""
    with use_business(business):
        for pk in Enquiry.objects.awaiting_match().order_by("received_at").values_list("pk", flat=True):
            services.match_enquiry(enquiry_id=pk, now=timezone.now())
