"""A program that sends the requests of `EXAMPLES` to the business API, about one object of each kind."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tenants.api_keys import create_api_key
from tenants.context import use_business
from tenants.models import Business, Role
from tenants.nouns import registry
from tests.api.request_examples import EXAMPLES, Ids
from tests.attacks.api_objects import create_objects
from tests.attacks.api_operations import OPERATIONS
from tests.factories import create_member


class ObjectProgram:
    """A program with an owner's key that may do everything, and the ids of what it does it to."""

    def __init__(self, key: str, ids: Ids):
        self.browser = Client(headers={"host": settings.PLATFORM_HOST, "authorization": f"Bearer {key}"})
        self.ids = ids

    def send(self, name: str, body: Any = None, **headers: str) -> HttpResponse:
        """Send a request to an operation."""
        operation = OPERATIONS[name]
        sender, path = getattr(self.browser, operation.method.lower()), operation.path.format(**self.ids)
        if operation.method == "GET":
            return sender(path, headers=headers)
        return sender(path, body, content_type=EXAMPLES[name].content_type, headers=headers)


def start_object_program(business: Business) -> ObjectProgram:
    """Create an object of each kind at a business, and return a program of a new owner's."""
    owner, now = create_member(business, Role.OWNER), timezone.now()
    new = create_api_key(membership=owner, name="Sync", scopes=[*registry.get_api_scopes()], now=now)
    with use_business(business):
        return ObjectProgram(new.text, create_objects(now) | {"owner_id": str(owner.person_id)})
