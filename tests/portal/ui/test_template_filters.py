"""The icons of devices."""

import pytest

from portal.ui.templatetags import ui


@pytest.mark.parametrize(
    ("name", "icon"),
    [("Safari on iPhone", "device-phone-mobile"), ("Firefox on Windows", "computer-desktop"), ("", "computer-desktop")],
)
def test_a_phone_has_another_icon_than_a_computer(name, icon):
    assert ui.device_icon(name) == icon
