"""The icons of devices."""

import pytest

from portal.ui.templatetags import ui


@pytest.mark.parametrize(
    ("name", "icon"),
    [("Safari on iPhone", "device-phone-mobile"), ("Firefox on Windows", "computer-desktop"), ("", "computer-desktop")],
)
def test_phones_and_computers_have_different_icons(name, icon):
    assert ui.device_icon(name) == icon
