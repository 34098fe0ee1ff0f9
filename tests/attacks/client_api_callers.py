"""Clients who are signed in at a portal, with a program or in a browser, to try the client API as each of them."""

import json
from dataclasses import dataclass, field

from django.test import Client as Browser
from django.utils import timezone

from api.protocol.problems import MEDIA_TYPE
from portal.clients.models import Contact
from portal.intake.models import ContactFormSettings
from tenants import hostnames
from tenants.context import use_business
from tenants.models import Business
from tests.api.portal.portal_programs import PortalProgram, start_portal_program
from tests.api.scheduling.objects import create_appointment
from tests.api.scheduling.waiting_list_objects import create_offer
from tests.api.schema.operations import Operation
from tests.attacks.api_objects import create_passkey
from tests.attacks.api_requests import build_body
from tests.attacks.client_api_operations import CLIENT_OPERATIONS, FITTING_BODIES
from tests.attacks.conftest import Visitor
from tests.database_setup import rollback_afterwards
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA


@dataclass(frozen=True)
class Caller:
    """Somebody who sends requests to a portal, and the headers by which it knows them."""

    host: str
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, operation: Operation, ids: dict[str, str], body: bytes | None = None) -> tuple[int, str]:
        """Send a request, undo what it did, and return its status and the code of its problem."""
        browser = Browser(headers={"host": self.host}, enforce_csrf_checks=True)
        plain, content_type = build_body(operation)
        path, sent = operation.path.format(**ids), plain if body is None else body
        with rollback_afterwards():
            answer = browser.generic(operation.method, path, sent, content_type=content_type, headers=self.headers)
            is_problem = answer.headers.get("Content-Type") == MEDIA_TYPE
            return answer.status_code, json.loads(answer.content)["code"] if is_problem else ""


def build_caller(business: Business, token: str = "", headers: dict[str, str] | None = None) -> Caller:
    """Return somebody who calls a business's portal with an access token, or with other headers."""
    return Caller(hostnames.get_portal_host(business), headers or {"Authorization": f"Bearer {token}"})


def sign_in_with_program(business: Business, identifier: str = ANA) -> PortalProgram:
    """Create a client whose business has its contact form on, and sign them in with a program."""
    with use_business(business):
        ContactFormSettings.objects.update_or_create(defaults={"is_on": True})
        if not Contact.objects.filter(value=identifier).exists():
            ClientFactory(name="Ana Pereira", email=identifier)
    return start_portal_program(business).sign_in(identifier)


def sign_in_with_browser(business: Business, identifier: str = ANA) -> dict[str, str]:
    """Sign a client in on the portal's pages, and return what its scripts send: the cookies and the CSRF token."""
    browser = Browser(headers={"host": hostnames.get_portal_host(business)})
    visitor = Visitor(business, browser)
    visitor.request_code(identifier)
    assert visitor.submit_code(visitor.code()).status_code == 302
    csrf_token = str(browser.get("/account/").context["csrf_token"])
    return {"Cookie": format_cookies(browser), "X-CSRFToken": csrf_token}


def format_cookies(browser: Browser) -> str:
    """Return what a browser sends as `Cookie`."""
    return "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())


def create_client_objects(program: PortalProgram) -> dict[str, dict[str, str]]:
    """Create what the paths of the client API name, and return the ids by operation and parameter."""
    with use_business(program.business):
        contact = Contact.objects.get(value=ANA)
        passkey = create_passkey(contact.client, contact.created_at)
        appointment = create_appointment(contact.client, timezone.now())
        entry, offer = create_offer(contact.client, timezone.now())
    ids = {"session_id": program.tokens["session_id"], "contact_id": str(contact.pk), "passkey_id": str(passkey.pk)}
    ids |= {"appointment_id": str(appointment.pk), "waiting_list_entry_id": str(entry.pk), "offer_id": str(offer.pk)}
    challenges = {
        operation.path: _open_challenge(program, operation, ids)
        for operation in CLIENT_OPERATIONS.values()
        if any(f"{operation.path}{{challenge_id}}" in other.path for other in CLIENT_OPERATIONS.values())
    }
    return {
        name: ids | {"challenge_id": challenges.get(operation.path.partition("{challenge_id}")[0], "")}
        for name, operation in CLIENT_OPERATIONS.items()
    }


def _open_challenge(program: PortalProgram, operation: Operation, ids: dict[str, str]) -> str:
    path = operation.path.format(**ids).removeprefix("/api/v1/")
    answer = program.post(path, FITTING_BODIES[operation.id])
    assert answer.status_code == 201, answer.content
    return answer.json()["id"]
