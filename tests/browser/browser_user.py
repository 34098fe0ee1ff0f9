"""A person with a browser of their own, and the errors the browser reports meanwhile."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, expect

from portal.access.cookies import SESSION
from tests.browser.live_portal import LivePortal
from tests.outbox import Outbox

# One animation may begin when another ends. Endless animations are not waited for.
WAIT_FOR_ANIMATIONS = """async () => {
  const moving = () => document.getAnimations().filter((animation) =>
    animation.playState === "running" && animation.effect.getComputedTiming().endTime !== Infinity)
  while (moving().length) await Promise.allSettled(moving().map((animation) => animation.finished))
}"""

DEFAULT_VIEWPORT = {"width": 1280, "height": 900}


class BrowserUser:
    """One person with a browser context of their own, at the portal of one business."""

    def __init__(self, context: BrowserContext, portal: LivePortal, outbox: Outbox) -> None:
        self.context, self.portal, self._outbox = context, portal, outbox
        self.browser_errors: list[str] = []
        self._port = urlsplit(portal.url).port
        context.on("console", self._check_console_message)
        context.on("request", self._check_request)
        context.on("response", self._check_response)
        context.on("weberror", lambda error: self.browser_errors.append(f"script: {error.error}"))
        self.page: Page = context.new_page()

    def open(self, path: str = "/") -> None:
        """Open a page of the portal."""
        self.page.goto(self.portal.url + path)

    def open_platform(self, path: str = "/") -> None:
        """Open a page of the platform."""
        self.page.goto(settings.PUBLIC_URL + path)

    def open_mail(self) -> None:
        """Show the newest mail's HTML, as a mail program would."""
        html = next(message["html"] for message in reversed(self._outbox.sent()) if message["html"])
        self.page.goto("about:blank")
        self.page.set_content(html)

    def request_code(self, identifier: str) -> None:
        """Request a code on the sign-in page."""
        self.open("/sign-in/?again=1")
        self.page.get_by_label("Email address or mobile number").fill(identifier)
        self.click_button("Send me a code")

    def fetch_code(self, to: str) -> str:
        """Deliver what is pending, and return the newest code sent to an address."""
        self._outbox.deliver_due()
        return self._outbox.code(to)

    def fetch_mails(self) -> None:
        """Deliver what is pending."""
        self._outbox.deliver_due()

    def mails(self, to: str) -> list[dict[str, str]]:
        """Return the messages sent to an address so far, the oldest first."""
        return self._outbox.sent(to)

    def enter_code(self, code: str) -> None:
        """Enter a code and submit it."""
        self.code_field.fill(code)
        self.click_button("Sign in")

    def sign_in(self, identifier: str) -> None:
        """Sign in with a code."""
        self.request_code(identifier)
        self.enter_code(self.fetch_code(identifier))
        self.page.get_by_role("button", name="Sign out").wait_for()

    def resume_session(self, name: str = "Ana Pereira") -> None:
        """Set the cookie of an existing session, where signing in isn't what is tested."""
        token = self.portal.create_session_token(name)
        self.context.add_cookies([{"name": SESSION, "value": token, "url": self.portal.url}])

    def reset(self) -> None:
        """Become an unknown person with a clean browser, at the same business."""
        self.context.clear_cookies()
        self.portal.delete_sessions_and_challenges()
        self.page.set_viewport_size(DEFAULT_VIEWPORT)
        self.page.emulate_media(color_scheme="light")

    def click_button(self, button: str) -> None:
        """Click a button by its label, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).click()

    def wait_for_htmx(self) -> None:
        """Wait until htmx has swapped in the part of the page it is loading, and listens to it."""
        expect(self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)

    def click_link(self, link: str) -> None:
        """Click a link by its text, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=link, exact=True).click()

    def advance_time(self, **time: float) -> None:
        """Advance the time in the browser and on the server. The page has to be loaded after `clock.install`."""
        self.portal.backdate(timedelta(**time))
        self.page.clock.fast_forward(int(timedelta(**time).total_seconds() * 1000))

    @property
    def code_field(self):
        """The one field of the code page."""
        return self.page.get_by_role("textbox", name="digit code")

    @property
    def heading(self) -> str:
        """The page's main heading."""
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def path(self) -> str:
        """The path of the current page."""
        return urlsplit(self.page.url).path

    @property
    def session_cookie(self) -> dict | None:
        """The session cookie in the browser, if there is one."""
        return next((cookie for cookie in self.context.cookies() if cookie["name"] == SESSION), None)

    @property
    def text(self) -> str:
        """The text of the page's main part."""
        return self.page.locator("main").inner_text()

    def set_colour_scheme(self, scheme: str) -> None:
        """Switch to the "light" or "dark" colour scheme, and wait until no animation runs."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.evaluate(WAIT_FOR_ANIMATIONS)

    def close(self) -> None:
        """Close the browser."""
        self.context.close()

    def _check_console_message(self, message: ConsoleMessage) -> None:
        # An error status of the page itself is expected: wrong code, unknown page, too many tries.
        is_page = message.text.startswith("Failed to load resource") and message.location["url"] == message.page.url
        if message.type in ("error", "warning") and not is_page:
            self.browser_errors.append(f"{message.type}: {message.text} ({message.location['url']})")

    def _check_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.port != self._port:
            self.browser_errors.append(f"asks another host: {request.url}")

    def _check_response(self, response: Response) -> None:
        if response.status >= 500:
            self.browser_errors.append(f"{response.status}: {response.url}")
