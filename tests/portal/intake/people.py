"""How does a person fill in the contact form, and how does a worker look them up?"""

import re

from django.test import Client as Browser
from django.utils import timezone

from portal.intake import services
from portal.intake.models import Submission
from tenants.context import use_business
from tenants.models import Business

NEW = {
    "name": "Nora Neu",
    "email": " Nora@Example.com ",
    "mobile": "0151 12345678",
    "message": "My knee hurts when I climb stairs.",
}
STAMP = re.compile(r'name="stamp" value="([^"]+)"')


def open_form(browser: Browser) -> str:
    """Open the page and return the stamp that its form carries."""
    return STAMP.search(browser.get("/contact/").content.decode())[1]


def send(browser: Browser, later, seconds: float = 10, **typed: str):
    """Open the page, take some seconds to fill it in, and send it."""
    stamp = open_form(browser)
    later(seconds)
    return browser.post("/contact/", {"stamp": stamp} | typed)


def settle(business: Business) -> None:
    """Do what a worker does with what waits at a business."""
    with use_business(business):
        for pk in Submission.objects.waiting().order_by("received_at").values_list("pk", flat=True):
            services.settle(submission_id=pk, now=timezone.now())
