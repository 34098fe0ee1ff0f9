"""Tests that the settings are one short page for each subject, and that Django gets all of them."""

import re
from collections import Counter
from importlib import import_module

import pytest
from django.conf import settings

import config.settings

PAGES = sorted((settings.BASE_DIR / "config/settings").glob("[!_]*.py"))
LONGEST_LINE = 140
LINES_PER_PAGE = 120


def list_setting_names(page) -> list[str]:
    """Return the settings that a page assigns."""
    assignments = re.findall(r"^([A-Z][A-Z0-9_ =]*) = ", page.read_text(), re.MULTILINE)
    return [name for assigned in assignments for name in assigned.split(" = ")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_settings_modules_are_short(page):
    lines = page.read_text().splitlines()

    assert [line for line in lines if len(line) > LONGEST_LINE] == []
    assert len(lines) <= LINES_PER_PAGE


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_setting_of_a_module_reaches_django(page):
    module = import_module(f"config.settings.{page.stem}")

    assert list_setting_names(page)
    for name in list_setting_names(page):
        assert getattr(config.settings, name) is getattr(module, name), name


def test_every_setting_is_in_one_module_only():
    counts = Counter(name for page in PAGES for name in list_setting_names(page))

    assert [name for name, count in counts.items() if count > 1] == []
