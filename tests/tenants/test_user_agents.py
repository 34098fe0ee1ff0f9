"""Tests of the labels of browsers."""

import pytest
from django.utils import translation

from tenants.user_agents import get_user_agent_label, translate_user_agent_label

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/130.0 Safari/537.36", "Chrome on Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        (f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} SamsungBrowser/26.0 Chrome/122.0", "Samsung Internet on Android"),
        ("curl/8.0", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_gets_a_readable_label(user_agent, name):
    assert get_user_agent_label(user_agent) == name


@pytest.mark.parametrize(
    ("name", "in_german"),
    [
        ("Firefox on Linux", "Firefox unter Linux"),
        ("Unknown browser", "Unbekannter Browser"),
        ("Safari", "Safari"),
        ("", ""),
    ],
)
def test_a_label_is_shown_in_the_reader_s_language(name, in_german):
    with translation.override("de"):
        assert get_user_agent_label("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0") == "Firefox on Linux"
        assert translate_user_agent_label(name) == in_german
    with translation.override("en"):
        assert translate_user_agent_label(name) == name
