"""Tests that the addresses, people and cases in the README are those of the demo."""

import io
import re

import pytest
from django.core.management import call_command
from django.test import Client as Browser
from django.utils import timezone

from config.local import demo_run
from config.local.state_dir import StateDir
from portal.clients.models import Client, ClientStatus
from portal.demo.services import BUSINESSES, remove_business, seed_business
from tenants.context import use_business
from tenants.hostnames import build_portal_url
from tenants.models import Business, Membership, Person
from tests.docs.markdown_documents import ROOT, find_documented_commands, find_links

TEXT = (ROOT / "README.md").read_text()
PEOPLE = set(re.findall(r"`([^`\s]+@[^`\s]+|\+\d+)`", TEXT))
STAFF = {address for address in PEOPLE if address.endswith(".test")}
# "`bo@example.com` and … (no mobile on file)": an address, and what its card is good for.
WORTH_TRYING = dict(
    re.findall(r"`([^`\s]+)`[^`()]*\(([^()]+)\)", TEXT[TEXT.index("Worth trying") :].partition("\n\n")[0])
)


def list_cards_with_address(address: str) -> list[Client]:
    """Return the cards that an address is on."""
    return list(Client.objects.filter(contacts__value=address))


def list_contact_kinds_with_address(address: str) -> set[str]:
    """Return what kinds of address there are on the cards that an address is on."""
    return {contact.kind for card in list_cards_with_address(address) for contact in card.contacts.all()}


CASES = {
    "two clients share it": lambda address: len(list_cards_with_address(address)) == 2,
    "no email on file": lambda address: list_contact_kinds_with_address(address) == {"phone"},
    "no mobile on file": lambda address: list_contact_kinds_with_address(address) == {"email"},
    "archived": lambda address: [card.status for card in list_cards_with_address(address)] == [ClientStatus.ARCHIVED],
}


def test_the_demo_ends_by_printing_the_addresses_that_the_readme_lists():
    printed = set(re.findall(r"http://\S+", demo_run._build_demo_welcome(8000, StateDir(ROOT / ".portico"))))
    listed = {link for link in find_links("README.md") if "localhost" in link and "my-studio" not in link}

    assert len(listed) == 4
    assert listed <= printed
    assert (
        set(re.findall(r"[\w.]+@[\w.]+\w", demo_run._build_demo_welcome(8000, StateDir(ROOT / ".portico")))) <= PEOPLE
    )


def test_people_and_cases_are_as_the_readme_says(acme, globex, sign_in_client, platform_client):
    """At Acme, made anew as the demo makes it; the demo's own tests say that Globex has the same cases."""
    remove_business("acme")
    business = seed_business("acme", now=timezone.now())

    assert set(WORTH_TRYING) | STAFF | {"ana@example.com"} == PEOPLE
    with use_business(business):
        assert [address for address, case in WORTH_TRYING.items() if not CASES[case](address)] == []
    assert sign_in_client(business, "ana@example.com").get("/").status_code == 200
    assert set(Membership.objects.values_list("person__email", flat=True)) == STAFF
    for person in Person.objects.filter(email__in=STAFF):
        assert platform_client(person).get("/console/", follow=True).status_code == 200
    [owner] = re.findall(r"`(\S+)`, who owns both", TEXT)
    assert Membership.objects.filter(person__email=owner, role="owner").count() == len(BUSINESSES)


def test_a_business_created_as_documented_opens_at_the_documented_address(db, sign_in_client):
    for command in find_documented_commands(".venv/bin/python"):
        call_command(*command.arguments[2:], stdout=io.StringIO())

    studio = Business.objects.get(hostnames__slug="my-studio")
    assert build_portal_url(studio) in find_links("README.md")
    assert sign_in_client(studio, "ana@example.com").get("/").status_code == 200


@pytest.mark.parametrize(
    "link", [link for link in find_links("README.md") if "localhost" in link and "my-studio" not in link]
)
def test_every_link_of_the_readme_opens(acme, globex, link):
    _scheme, _, host, *path = link.split("/", 3)
    answer = Browser(headers={"host": host}).get("/" + "".join(path), follow=True)

    assert answer.status_code == 200
