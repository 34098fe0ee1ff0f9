"""Tests of a mail's HTML: inline styles, dark mode and readable brand colours."""

import pytest

from portal.access.kinds import AccessMessageKind
from portal.branding.models import PortalSettings
from portal.messaging import rendering
from portal.messaging.models import Message
from tenants.models import Business


@pytest.fixture
def light_yellow_mail():
    """The HTML of a code mail of a business in light yellow, the hardest colour to read."""
    context = {
        "business": Business(name="Acme & Sons <b>"),
        "portal_settings": PortalSettings(colour="#ffe600"),
        "host": "acme.localhost",
        "portal_url": "http://acme.localhost/",
        "code": "482913",
        "minutes": 10,
    }
    message = Message(kind=AccessMessageKind.SIGN_IN_CODE, channel="email", language="de")
    return rendering.render_message(message, context, language="en").html


def test_styles_stand_on_the_elements(light_yellow_mail):
    assert '<p class="code" style="' in light_yellow_mail
    assert "border-top: 6px solid #ffe600" in light_yellow_mail


def test_the_rules_for_the_night_are_kept(light_yellow_mail):
    assert "prefers-color-scheme: dark" in light_yellow_mail


def test_words_in_the_brand_colour_are_darkened_until_they_can_be_read(light_yellow_mail):
    assert "color: #ffe600" not in light_yellow_mail.split("@media")[0].replace("solid #ffe600", "")


def test_the_mail_says_which_language_it_is_in(light_yellow_mail):
    assert '<html lang="de">' in light_yellow_mail


def test_a_businesss_name_stays_text(light_yellow_mail):
    assert "Acme &amp; Sons &lt;b&gt;" in light_yellow_mail
