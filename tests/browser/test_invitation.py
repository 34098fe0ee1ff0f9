"""An owner invites a colleague, who joins with a code and signs in with a passkey from then on."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.accessibility import RULES, run_axe
from tests.browser.staff import add_virtual_authenticator, resume_session, sign_in_with_code

pytestmark = pytest.mark.browser

LINK = re.compile(r"https?://[^/\s]+(/\S*invitation/\S+)")


def test_a_colleague_is_invited_joins_by_code_and_comes_back_by_passkey(sabine, open_browser, portal):
    slug, timo, mailbox = portal.host.partition(".")[0], open_browser(portal), f"timo@{portal.host}"
    resume_session(sabine)
    sabine.open_platform(f"/console/{slug}/settings/team/")
    sabine.page.get_by_label("Email address").fill(mailbox)
    sabine.click_button("Send the invitation")
    expect(sabine.page.get_by_role("main")).to_contain_text(mailbox)
    sabine.fetch_mails()
    link = LINK.search(sabine.mails(mailbox)[0]["text"])[1]

    # Looking at the link, as mail scanners do, uses nothing up.
    for _look in range(2):
        timo.open_platform(link)
        expect(timo.page.get_by_role("heading", level=1)).to_contain_text(portal.business.name)
    assert run_axe(timo.page, {"type": "tag", "values": RULES}) == []
    timo.click_link("Sign in to accept")
    sign_in_with_code(timo, mailbox)
    timo.click_button("Accept")
    expect(timo.page).to_have_url(f"{settings.PUBLIC_URL}/console/{slug}/")

    add_virtual_authenticator(timo)
    timo.open_platform("/staff/security/passkeys/new/")
    timo.click_button("Add a passkey")
    expect(timo.page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    timo.click_button("Sign out")
    timo.click_button("Sign in with a passkey")
    expect(timo.page.get_by_role("heading", level=1)).to_contain_text("Good")
    expect(timo.page).to_have_url(f"{settings.PUBLIC_URL}/console/{slug}/")
