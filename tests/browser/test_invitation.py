"""Can an owner bring a colleague in, and does a passkey let the colleague in from then on?"""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.accessibility import RULES, run_axe
from tests.browser.staff import ask_for_code, give_authenticator, resume_session

pytestmark = pytest.mark.browser

LINK = re.compile(r"https?://[^/\s]+(/\S*invitation/\S+)")


def test_a_colleague_is_invited_joins_by_code_and_comes_back_by_passkey(sabine, visit, place):
    slug, timo, mailbox = place.host.partition(".")[0], visit(place), f"timo@{place.host}"
    resume_session(sabine)
    sabine.open_platform(f"/console/{slug}/settings/team/")
    sabine.page.get_by_label("Email address").fill(mailbox)
    sabine.press("Send the invitation")
    expect(sabine.page.get_by_role("main")).to_contain_text(mailbox)
    sabine.fetch_mails()
    link = LINK.search(sabine.mails(mailbox)[0]["text"])[1]

    # Looking at the link, as mail scanners do, uses nothing up.
    for _look in range(2):
        timo.open_platform(link)
        expect(timo.page.get_by_role("heading", level=1)).to_contain_text(place.business.name)
    assert run_axe(timo.page, {"type": "tag", "values": RULES}) == []
    timo.follow("Sign in to accept")
    ask_for_code(timo, mailbox)
    timo.press("Accept")
    expect(timo.page).to_have_url(f"{settings.PUBLIC_URL}/console/{slug}/")

    give_authenticator(timo)
    timo.open_platform("/staff/security/passkeys/new/")
    timo.press("Add a passkey")
    expect(timo.page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    timo.press("Sign out")
    timo.press("Sign in with a passkey")
    expect(timo.page.get_by_role("heading", level=1)).to_contain_text("Good")
    expect(timo.page).to_have_url(f"{settings.PUBLIC_URL}/console/{slug}/")
