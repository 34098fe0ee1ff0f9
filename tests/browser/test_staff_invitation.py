"""An owner invites a colleague, who joins with a code and signs in with a passkey from then on."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.accessibility_checks import RULES, run_axe
from tests.browser.console.team_pages import TeamInvitationPage, TeamPage
from tests.browser.platform.staff_sign_in_pages import StaffPasskeyPage
from tests.browser.staff_user import StaffUser

pytestmark = pytest.mark.browser

INVITATION_PATH = re.compile(r"https?://[^/\s]+(/\S*invitation/\S+)")


def test_an_invited_colleague_joins_with_a_code_and_then_signs_in_with_a_passkey(sabine, open_portal_browser, portal):
    timo, email = open_portal_browser(portal, StaffUser), f"timo@{portal.host}"
    console_url = f"{settings.PUBLIC_URL}/console/{portal.slug}/"
    sabine.set_session_cookie()
    TeamPage.open(sabine).invite(email)
    expect(sabine.main).to_contain_text(email)
    sabine.deliver_pending()
    path = INVITATION_PATH.search(sabine.list_mails(email)[0]["text"])[1]

    # Opening the link, as mail scanners do, does not use it up.
    for _visit in range(2):
        invitation_page = TeamInvitationPage.open(timo, path)
        expect(timo.main_heading).to_contain_text(portal.business.name)
    assert run_axe(timo.page, {"type": "tag", "values": RULES}) == []
    invitation_page.sign_in_to_accept()
    timo.sign_in_with_code(email)
    invitation_page.accept()
    expect(timo.page).to_have_url(console_url)

    timo.add_virtual_authenticator()
    passkey_page = StaffPasskeyPage.open(timo)
    passkey_page.add_passkey()
    expect(passkey_page.recovery_codes_heading).to_be_visible()
    passkey_page.sign_out().sign_in_with_passkey()
    expect(timo.main_heading).to_contain_text("Good")
    expect(timo.page).to_have_url(console_url)
