"""What all page objects share. A page object says where things are on one page, and how a person uses them."""

from tests.browser.browser_user import BrowserUser


class PageObject:
    """One page in the tab that a user has open."""

    def __init__(self, user: BrowserUser) -> None:
        self.user, self.page = user, user.page
