"""A programmer reads about the API in a browser, under the content policy of these pages."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility_checks import HORIZONTAL_OVERFLOW

LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg"

pytestmark = pytest.mark.browser


def test_swagger_ui_lists_the_operations_of_the_business_api(ana):
    ana.open_platform("/api/v1/docs/")
    page = ana.page
    page.locator("#operations-tag-tags").click()
    expect(page.locator(".opblock-summary-path", has_text="/api/v1/business/tags/").first).to_be_visible()
    page.locator("#operations-tags-list_tags").click()
    expect(page.get_by_role("button", name="Execute")).to_be_visible()


def test_an_operation_in_swagger_ui_is_no_wider_than_a_phone(ana):
    ana.page.set_viewport_size({"width": 360, "height": 740})
    ana.open_platform("/api/v1/docs/")
    ana.page.locator("#operations-tag-tags").click()
    for operation in ("tags-list_tags", "tags-create_tag"):
        ana.page.locator(f"#operations-{operation}").click()
        expect(ana.page.locator(f"#operations-{operation}").get_by_role("button", name="Execute")).to_be_visible()

    assert ana.page.evaluate(HORIZONTAL_OVERFLOW) == 0


def test_redoc_lists_the_operations_of_the_business_api(ana):
    # Redoc asks for its makers' logo, which the content policy blocks.
    ana.blocked_url = LOGO
    ana.open_platform("/api/v1/docs/redoc/")
    expect(ana.page.get_by_role("heading", name=re.compile("List all tags by name"))).to_be_visible()


def test_the_type_of_a_problem_leads_to_its_row(ana):
    ana.open_platform("/api/v1/docs/errors/#rate_limited")
    expect(ana.page.locator("tr:target")).to_contain_text("Too many requests")
