"""What the page objects of the portal share."""

from typing import Self

from tests.browser.browser_user import BrowserUser
from tests.browser.page_object import PageObject


class PortalPage(PageObject):
    """One page of a business's portal; those that tests open by their URL have a `path`."""

    path: str

    @classmethod
    def open(cls, user: BrowserUser) -> Self:
        """Open the page at the portal of the user's business."""
        user.page.goto(user.portal.url + cls.path)
        return cls(user)
