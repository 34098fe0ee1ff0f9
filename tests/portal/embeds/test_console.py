"""Tests of the console's page of websites: which may use the portal, and what to paste into them."""

import html

import pytest

from portal.activity.models import Entry
from portal.embeds.models import AllowedWebsites
from portal.intake.models import ContactFormSettings
from tenants.context import use_business
from tenants.hostnames import build_portal_url
from tests.factories import create_member
from tests.portal.embeds.conftest import SITE

PAGE = "/console/acme/settings/embeds/"


def list_websites(business) -> tuple[list[str], list[str]]:
    """Return the websites that a business lists, for forms and for the API."""
    with use_business(business):
        stored = AllowedWebsites.objects.filter(pk=1).first() or AllowedWebsites()
        return stored.embedding_origins, stored.api_origins


def test_the_listed_websites_are_saved_and_recorded(staff_client, acme):
    browser = staff_client("owner")

    answer = browser.post(PAGE, {"embedding_origins": f"{SITE}/\n{SITE}", "api_origins": "app.acme.example"})

    assert answer.status_code == 302
    assert list_websites(acme) == ([SITE], ["https://app.acme.example"])
    with use_business(acme):
        assert Entry.objects.get(event_type="websites.changed").data["after"]["embedding_origins"] == [SITE]
    assert SITE in browser.get(PAGE).content.decode()


def test_all_websites_can_be_taken_off_the_list(staff_client, acme, allow_websites):
    allow_websites(embedding_origins=[SITE], api_origins=[SITE])

    staff_client("owner").post(PAGE, {"embedding_origins": "", "api_origins": ""})

    assert list_websites(acme) == ([], [])


@pytest.mark.parametrize("wrong", ["*", "https://*.example.com", f"{SITE}/path", "https://a.example\nb c*"])
def test_what_is_no_website_is_named_and_nothing_saved(staff_client, acme, wrong):
    answer = staff_client("owner").post(PAGE, {"embedding_origins": wrong, "api_origins": ""})

    assert answer.status_code == 422
    assert "is not the address of a website" in answer.content.decode()
    assert list_websites(acme) == ([], [])


def test_the_page_shows_code_for_the_portals_own_address(staff_client, acme):
    page = staff_client("owner").get(PAGE)

    shown = html.unescape(page.content.decode())
    assert f'<iframe\n  src="{build_portal_url(acme, "/embed/contact-form/")}"' in shown
    assert f'data-portal-form="{build_portal_url(acme, "/embed/contact-form/")}"' in shown
    assert f'<script src="{build_portal_url(acme, "/embed/v1.js")}"' in shown
    assert build_portal_url(acme, "") in page.headers["Content-Security-Policy"].partition("frame-src ")[2]


def test_a_form_that_is_switched_off_is_not_offered(staff_client, acme):
    with use_business(acme):
        ContactFormSettings.objects.update_or_create(id=1, defaults={"is_on": False})

    assert "/embed/contact-form/" not in staff_client("owner").get(PAGE).content.decode()


def test_the_websites_of_another_business_stay_its_own(staff_client, globex, platform_client, allow_websites):
    allow_websites(embedding_origins=[SITE])
    stranger = platform_client(create_member(globex, "owner").person)

    assert SITE not in stranger.get("/console/globex/settings/embeds/").content.decode()
    assert list_websites(globex) == ([], [])
