"""A person in a browser at a business's portal, signed in or not."""

from datetime import timedelta

from playwright.sync_api import Locator

from portal.access.token_cookies import SESSION
from tests.browser.browser_user import DEFAULT_VIEWPORT, BrowserUser
from tests.browser.portal.client_sign_in_pages import ClientSignInPage, SignInCodePage


class PortalVisitor(BrowserUser):
    """Somebody with a browser at the portal of one business: a client or a stranger."""

    def open(self, path: str = "/") -> None:
        """Open a page of the portal."""
        self.page.goto(self.portal.url + path)

    def request_code(self, identifier: str) -> SignInCodePage:
        """Request a code on the sign-in page."""
        self.open("/sign-in/?again=1")
        return ClientSignInPage(self).request_code(identifier)

    def enter_code(self, code: str) -> None:
        """Enter a code on the code page and submit it."""
        SignInCodePage(self).enter_code(code)

    def sign_in(self, identifier: str) -> None:
        """Sign in with a code."""
        self.request_code(identifier).enter_code(self.fetch_code(identifier))
        self.sign_out_button.wait_for()

    def wait_for_home_page(self) -> None:
        """Wait until the portal's home page is open, which needs a session."""
        self.page.wait_for_url(self.portal.url + "/")

    def set_session_cookie(self, name: str = "Ana Pereira") -> None:
        """Create a client's session and set its cookie, where signing in isn't what is tested."""
        token = self.portal.create_session_token(name)
        self.context.add_cookies([{"name": SESSION, "value": token, "url": self.portal.url}])

    def reset_browser(self) -> None:
        """Become a stranger with a clean browser, at the same business."""
        # The page that is left asks for nothing more, without its cookies.
        self.page.goto("about:blank")
        self.context.clear_cookies()
        self.portal.delete_sessions_and_challenges()
        self.page.set_viewport_size(DEFAULT_VIEWPORT)
        self.page.emulate_media(color_scheme="light")

    def advance_time(self, **time: float) -> None:
        """Advance the time in the browser and on the server. The page has to be loaded after `clock.install`."""
        self.portal.backdate(timedelta(**time))
        self.page.clock.fast_forward(int(timedelta(**time).total_seconds() * 1000))

    @property
    def sign_out_button(self) -> Locator:
        """The button that every page shows to a signed-in client."""
        return self.page.get_by_role("button", name="Sign out")

    @property
    def session_cookie(self) -> dict | None:
        """The session cookie in the browser, if there is one."""
        return next((cookie for cookie in self.context.cookies() if cookie["name"] == SESSION), None)
