"""The console's keyboard shortcuts: search, help, and going to a section."""

import pytest
from playwright.sync_api import expect

from tests.browser.console.command_palette_page import CommandPalette, ShortcutsDialog
from tests.browser.staff_user import StaffUser

pytestmark = pytest.mark.browser


@pytest.fixture
def sabine(sabine) -> StaffUser:
    """Sabine's browser. She is signed in."""
    sabine.set_session_cookie()
    return sabine


def test_arrow_keys_move_through_the_search_results_from_either_end(sabine):
    sabine.open_console()
    palette = CommandPalette(sabine)
    palette.open_with_slash()
    expect(palette.search_field).to_be_focused()
    expect(palette.options.first).to_have_attribute("aria-selected", "true")
    sabine.page.keyboard.press("ArrowUp")
    expect(palette.options.last).to_have_attribute("aria-selected", "true")
    palette.close()
    expect(palette.search_field).to_be_hidden()


def test_single_key_shortcuts_can_be_turned_off_for_good(sabine):
    sabine.open_console()
    palette, shortcuts = CommandPalette(sabine), ShortcutsDialog(sabine)
    shortcuts.open()
    expect(shortcuts.dialog).to_be_visible()
    shortcuts.disable_single_keys()
    shortcuts.close()
    shortcuts.open()
    expect(shortcuts.dialog).to_be_hidden()
    sabine.page.reload()
    palette.open_with_slash()
    expect(palette.search_field).to_be_hidden()
    palette.open()
    expect(palette.search_field).to_be_focused()


def test_g_and_a_digit_open_a_section(sabine):
    # The two keys belong together only for a moment: the page's clock stands still between them.
    sabine.page.clock.install(time=0)
    sabine.page.clock.pause_at(1000)
    sabine.open_console("settings/")
    sabine.page.keyboard.press("g")
    sabine.page.clock.fast_forward(1000)
    with sabine.page.expect_navigation():
        sabine.page.keyboard.press("1")

    expect(sabine.main_heading).to_contain_text("Good")
