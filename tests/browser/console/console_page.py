"""What the page objects of the console share."""

from typing import Self

from playwright.sync_api import Locator

from tests.browser.page_object import PageObject
from tests.browser.staff_user import StaffUser


class ConsolePage(PageObject):
    """One page of a business's console; those that tests open by their URL have a `path`."""

    path: str

    @classmethod
    def open(cls, user: StaffUser) -> Self:
        """Open the page in the console of the user's business."""
        user.open_console(cls.path)
        return cls(user)

    @property
    def flash_messages(self) -> Locator:
        """What the page says about the change that was just made."""
        return self.page.locator("#messages")
