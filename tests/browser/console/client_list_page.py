"""The client list: searching, filtering, and selecting clients for bulk actions."""

from playwright.sync_api import Locator

from tests.browser.console.client_card_pages import ClientCardPage
from tests.browser.console.console_page import ConsolePage
from tests.browser.console.upload_pages import FileUploadPage


class ClientListPage(ConsolePage):
    """The page "Clients"."""

    path = "clients/"

    @property
    def search_field(self) -> Locator:
        """The field that filters the list while somebody types."""
        return self.page.get_by_role("searchbox", name="Search clients")

    @property
    def similar_results_notice(self) -> Locator:
        """The sentence that nothing matches exactly, but something similar does."""
        return self.page.get_by_text("Similar results")

    @property
    def tag_field(self) -> Locator:
        """The bulk actions' field for a tag's name."""
        return self.page.get_by_role("combobox", name="Tag")

    @property
    def next_page_link(self) -> Locator:
        """The link to the next page of the list."""
        return self.page.locator("#pager-after")

    @property
    def focused_element(self) -> Locator:
        """The list, or what has the keyboard's focus within it."""
        return self.page.locator("#list:focus, #list :focus")

    def locate_client(self, name: str) -> Locator:
        """Locate a client's row."""
        return self.page.get_by_role("row", name=name)

    def locate_selection_count(self, number: int) -> Locator:
        """Locate the sentence that so many clients are selected."""
        return self.page.get_by_text(f"{number} selected")

    def search(self, text: str) -> None:
        """Type into the search field."""
        self.search_field.fill(text)

    def filter_by_status(self, status: str) -> None:
        """Open the filters and choose a status by its value."""
        self.page.get_by_text("Filters").click()
        self.page.get_by_label("Status").select_option(status)

    def open_client(self, name: str) -> ClientCardPage:
        """Follow the link to a client's card."""
        self.page.get_by_role("link", name=name).click()
        return ClientCardPage(self.user)

    def open_upload(self) -> FileUploadPage:
        """Go to the page on which a list is uploaded."""
        self.page.get_by_role("link", name="Upload a list").click()
        return FileUploadPage(self.user)

    def select_by_keyboard(self, name: str) -> None:
        """Select a client with the space bar."""
        self.page.get_by_role("checkbox", name=f"Select {name}").focus()
        self.page.keyboard.press("Space")

    def select_all_on_page(self) -> None:
        """Select every client on this page of the list."""
        self.page.get_by_role("checkbox", name="Select all on this page").check()

    def tag_selected_by_keyboard(self, tag: str) -> None:
        """Type a tag's name and submit it with Enter."""
        self.tag_field.fill(tag)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def turn_page_by_keyboard(self) -> None:
        """Go to the next page with Enter, and wait until it is shown."""
        self.next_page_link.focus()
        self.page.keyboard.press("Enter")
        self.user.wait_for_htmx()
