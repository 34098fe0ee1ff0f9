"""The client card: its tabs, its menu of actions, and merging it with a duplicate."""

from typing import Self

from playwright.sync_api import Download, Locator

from portal.clients.models import Client
from tests.browser.console.console_page import ConsolePage
from tests.browser.staff_user import StaffUser


class ClientCardPage(ConsolePage):
    """A client's card, on any of its tabs."""

    @classmethod
    def open_card(cls, user: StaffUser, client: Client, tab: str = "") -> Self:
        """Open a client's card, or the tab of it at a path such as "notes/"."""
        user.open_console(f"clients/{client.pk}/{tab}")
        return cls(user)

    @property
    def actions_button(self) -> Locator:
        """The button "More", which opens the menu of actions."""
        return self.page.get_by_role("button", name="More", exact=True)

    @property
    def erase_link(self) -> Locator:
        """The last link of the menu of actions."""
        return self.page.get_by_role("link", name="Erase")

    @property
    def merge_link(self) -> Locator:
        """The first link of the menu of actions."""
        return self.page.get_by_role("link", name="Merge with another card")

    def locate_contact(self, value: str) -> Locator:
        """Locate the link that a contact is shown as."""
        return self.page.get_by_role("link", name=value)

    def locate_card_tab(self, label: str) -> Locator:
        """Locate a tab by its label."""
        return self.page.get_by_role("navigation", name="On this card").get_by_text(label)

    def open_notes(self, *, count: int) -> None:
        """Open the tab with the notes, whose label counts them."""
        self.page.get_by_role("link", name=f"Notes {count}").click()

    def open_actions(self) -> None:
        """Open the menu of actions."""
        self.actions_button.click()

    def download_personal_data(self) -> Download:
        """Download a copy of the client's personal data, from the open menu of actions."""
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name="Download personal data").click()
        return download.value

    def compare_with(self, name: str) -> "ClientMergePage":
        """Choose a duplicate by the menu of actions, and compare it with this card."""
        self.open_actions()
        self.user.click_link("Merge with another card")
        self.page.get_by_role("link", name=f"Compare {name}").click()
        return ClientMergePage(self.user)


class ClientMergePage(ConsolePage):
    """The page that compares two cards before they are merged."""

    def locate_result(self, field: str) -> Locator:
        """Locate what a field of the merged card will hold."""
        return self.page.get_by_role("row", name=field).get_by_role("cell").last

    def locate_result_text(self, field: str, text: str) -> Locator:
        """Locate one card's value within what a field of the merged card will hold."""
        return self.locate_result(field).get_by_text(text, exact=True)

    def choose_value(self, field: str, value: str) -> None:
        """Choose which card's value a field keeps."""
        self.page.get_by_role("radio", name=f"{field} {value}").check()

    def merge(self) -> ClientCardPage:
        """Merge the two cards, which leads to the survivor's card."""
        self.user.click_button("Merge the two cards")
        return ClientCardPage(self.user)
