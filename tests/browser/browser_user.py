"""A person with a browser of their own, and the errors the browser reports meanwhile."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response, expect

from tests.browser.live_portal import LivePortal
from tests.sent_messages import SentMessages

# One animation may begin when another ends. Endless animations are not waited for, nor those in closed <details>,
# where Chromium lets no animation go on.
WAIT_FOR_ANIMATIONS = """async () => {
  const moving = () => document.getAnimations().filter((animation) =>
    animation.playState === "running" && animation.effect.target?.checkVisibility()
      && animation.effect.getComputedTiming().endTime !== Infinity)
  while (moving().length) await Promise.allSettled(moving().map((animation) => animation.finished))
}"""

DEFAULT_VIEWPORT = {"width": 1280, "height": 900}


class BrowserUser:
    """One person with a browser context of their own, who has to do with one business."""

    def __init__(self, context: BrowserContext, portal: LivePortal, outbox: SentMessages) -> None:
        self.context, self.portal, self._outbox = context, portal, outbox
        self.browser_errors: list[str] = []
        # An address that a page asks for and is not to get: that it was blocked is no error.
        self.blocked_url = ""
        # An address that a script asks for and that is to answer with an error, of which the page makes something.
        self.refused_url = ""
        self._port = urlsplit(portal.url).port
        context.on("console", self._record_console_error)
        context.on("request", self._record_foreign_request)
        context.on("response", self._record_server_error)
        context.on("weberror", lambda error: self.browser_errors.append(f"script: {error.error}"))
        self.page: Page = context.new_page()

    def open_platform(self, path: str = "/") -> None:
        """Open a page of the platform."""
        self.page.goto(settings.PUBLIC_URL + path)

    def show_newest_mail(self) -> None:
        """Show the newest mail's HTML, as a mail program would."""
        html = next(message["html"] for message in reversed(self._outbox.sent()) if message["html"])
        self.page.goto("about:blank")
        self.page.set_content(html)

    def fetch_code(self, to: str) -> str:
        """Deliver what is pending, and return the newest code sent to an address."""
        self._outbox.deliver_due()
        return self._outbox.code(to)

    def deliver_pending(self) -> None:
        """Deliver what is pending."""
        self._outbox.deliver_due()

    def list_mails(self, to: str) -> list[dict[str, str]]:
        """Return the messages sent to an address so far, the oldest first."""
        return self._outbox.sent(to)

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

    def open_new_tab(self, button: str) -> None:
        """Click a button that opens a new tab, and go on with that tab."""
        with self.context.expect_page() as opened:
            self.page.get_by_role("button", name=button).click()
        self.page = opened.value

    def locate_text(self, text: str | re.Pattern[str], *, exact: bool = False) -> Locator:
        """Locate a text on the current page."""
        return self.page.get_by_text(text, exact=exact)

    def locate_button(self, label: str) -> Locator:
        """Locate a button on the current page by its label."""
        return self.page.get_by_role("button", name=label)

    def locate_status(self, text: str) -> Locator:
        """Locate a live status on the current page by its text."""
        return self.page.get_by_role("status").filter(has_text=text)

    @property
    def alert(self) -> Locator:
        """The error that the current page announces."""
        return self.page.get_by_role("alert")

    @property
    def html_element(self) -> Locator:
        """The current page's root element, which states its language."""
        return self.page.locator("html")

    @property
    def main_heading(self) -> Locator:
        """The current page's heading of the first level."""
        return self.page.get_by_role("heading", level=1)

    @property
    def main(self) -> Locator:
        """The current page's main part."""
        return self.page.get_by_role("main")

    @property
    def main_text(self) -> str:
        """The text of the current page's main part."""
        return self.main.inner_text()

    @property
    def text_field(self) -> Locator:
        """The current page's only text field, in any language."""
        return self.page.get_by_role("textbox")

    @property
    def url_path(self) -> str:
        """The path of the current page."""
        return urlsplit(self.page.url).path

    def emulate_colour_scheme(self, scheme: str) -> None:
        """Switch to the "light" or "dark" colour scheme, and wait until no animation runs."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.evaluate(WAIT_FOR_ANIMATIONS)

    def close(self) -> None:
        """Close the browser."""
        self.context.close()

    def _record_console_error(self, message: ConsoleMessage) -> None:
        # An error status of the page itself is expected: wrong code, unknown page, too many tries.
        urls = (message.page.url, self.refused_url)
        is_expected = message.text.startswith("Failed to load resource") and message.location["url"] in urls
        is_blocked = self.blocked_url and self.blocked_url in message.text
        if message.type in ("error", "warning") and not is_expected and not is_blocked:
            self.browser_errors.append(f"{message.type}: {message.text} ({message.location['url']})")

    def _record_foreign_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        is_foreign = address.scheme in ("http", "https", "ws", "wss") and address.port != self._port
        if is_foreign and request.url != self.blocked_url:
            self.browser_errors.append(f"asks another host: {request.url}")

    def _record_server_error(self, response: Response) -> None:
        if response.status >= 500:
            self.browser_errors.append(f"{response.status}: {response.url}")
