"""The search and the help with shortcuts that keys open on every page of the console."""

from playwright.sync_api import Locator

from tests.browser.page_object import PageObject


class CommandPalette(PageObject):
    """The dialog that finds clients and pages by name."""

    @property
    def search_field(self) -> Locator:
        """The field for what is searched."""
        return self.page.get_by_role("combobox")

    @property
    def options(self) -> Locator:
        """Everything that was found."""
        return self.page.get_by_role("option")

    def locate_option(self, name: str) -> Locator:
        """Locate one result."""
        return self.page.get_by_role("option", name=name)

    def open(self) -> None:
        """Open the palette by its shortcut."""
        self.page.keyboard.press("Control+k")

    def open_with_slash(self) -> None:
        """Open the palette by its single key."""
        self.page.keyboard.press("/")

    def close(self) -> None:
        """Close the palette."""
        self.page.keyboard.press("Escape")


class ShortcutsDialog(PageObject):
    """The dialog that lists the keyboard shortcuts and can turn off those of a single key."""

    @property
    def dialog(self) -> Locator:
        """The dialog itself."""
        return self.page.get_by_role("dialog", name="Keyboard shortcuts")

    def open(self) -> None:
        """Open the dialog by its key."""
        self.page.keyboard.press("?")

    def close(self) -> None:
        """Close the dialog."""
        self.page.keyboard.press("Escape")

    def disable_single_keys(self) -> None:
        """Turn off the shortcuts of a single key."""
        self.page.get_by_label("Enable single-key shortcuts").uncheck()
