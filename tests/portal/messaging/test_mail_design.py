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


def test_styles_are_inlined(light_yellow_mail):
    assert '<p class="code" style="' in light_yellow_mail
    assert "border-top: 6px solid #ffe600" in light_yellow_mail


def test_the_dark_mode_rules_are_kept(light_yellow_mail):
    assert "prefers-color-scheme: dark" in light_yellow_mail


def test_text_in_the_brand_colour_is_darkened_until_readable(light_yellow_mail):
    assert "color: #ffe600" not in light_yellow_mail.split("@media")[0].replace("solid #ffe600", "")


def test_the_mail_declares_its_language(light_yellow_mail):
    assert '<html lang="de">' in light_yellow_mail


def test_the_business_s_name_is_escaped(light_yellow_mail):
    assert "Acme &amp; Sons &lt;b&gt;" in light_yellow_mail
