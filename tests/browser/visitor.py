"""What does a person do with a browser, and what does the browser complain about meanwhile?"""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, expect

from portal.access.cookies import SESSION
from tests.browser.place import Place
from tests.outbox import Outbox

# One animation may begin when another ends. One that is repeated for ever is never over, and isn't waited for.
STILL = """async () => {
  const moving = () => document.getAnimations().filter((animation) =>
    animation.playState === "running" && animation.effect.getComputedTiming().endTime !== Infinity)
  while (moving().length) await Promise.allSettled(moving().map((animation) => animation.finished))
}"""

SIZE = {"width": 1280, "height": 900}


class Visitor:
    """Somebody at a browser of their own, at the door of one business."""

    def __init__(self, context: BrowserContext, place: Place, outbox: Outbox) -> None:
        self.context, self.place, self._outbox = context, place, outbox
        self.complaints: list[str] = []
        self._port = urlsplit(place.url).port
        context.on("console", self._hear)
        context.on("request", self._watch)
        context.on("response", self._judge)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        self.page: Page = context.new_page()

    def open(self, path: str = "/") -> None:
        """Go to a page of the portal."""
        self.page.goto(self.place.url + path)

    def open_platform(self, path: str = "/") -> None:
        """Go to a page of the platform."""
        self.page.goto(settings.PUBLIC_URL + path)

    def open_mail(self) -> None:
        """Read the newest mail as a mail program shows it."""
        html = next(message["html"] for message in reversed(self._outbox.sent()) if message["html"])
        self.page.goto("about:blank")
        self.page.set_content(html)

    def ask(self, identifier: str) -> None:
        """Ask for a code at the front door."""
        self.open("/sign-in/?again=1")
        self.page.get_by_label("Email address or mobile number").fill(identifier)
        self.press("Send me a code")

    def fetch_code(self, to: str) -> str:
        """Have what is owed delivered, and return the newest code that went to an address."""
        self._outbox.deliver_due()
        return self._outbox.code(to)

    def fetch_mails(self) -> None:
        """Have what is owed delivered."""
        self._outbox.deliver_due()

    def mails(self, to: str) -> list[dict[str, str]]:
        """Return what has come to an address so far, the oldest first."""
        return self._outbox.sent(to)

    def answer(self, code: str) -> None:
        """Type a code and send it."""
        self.code_field.fill(code)
        self.press("Sign in")

    def sign_in(self, identifier: str) -> None:
        """Walk in."""
        self.ask(identifier)
        self.answer(self.fetch_code(identifier))
        self.page.get_by_role("button", name="Sign out").wait_for()

    def resume_session(self, name: str = "Ana Pereira") -> None:
        """Be signed in from before, where signing in isn't what is tested."""
        token = self.place.session_of(name)
        self.context.add_cookies([{"name": SESSION, "value": token, "url": self.place.url}])

    def reset(self) -> None:
        """Be somebody whom nobody has met, at the same business and with the same browser."""
        self.context.clear_cookies()
        self.place.delete_sessions_and_challenges()
        self.page.set_viewport_size(SIZE)
        self.page.emulate_media(color_scheme="light")

    def press(self, button: str) -> None:
        """Press a button by its words, and wait for the page it leads to: what comes next happens there."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).click()

    def wait_for_part(self) -> None:
        """Wait until the part of the page that was asked for just now stands in its place and can be used."""
        expect(self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)

    def follow(self, link: str) -> None:
        """Follow a link by its words, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=link, exact=True).click()

    def let_pass(self, **time: float) -> None:
        """Let time pass, in the browser as at the server. The page has to be loaded after `clock.install`."""
        self.place.age(timedelta(**time))
        self.page.clock.fast_forward(int(timedelta(**time).total_seconds() * 1000))

    @property
    def code_field(self):
        """The one field of the code page."""
        return self.page.get_by_role("textbox", name="digit code")

    @property
    def heading(self) -> str:
        """The page's own heading."""
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def path(self) -> str:
        """Which page this is."""
        return urlsplit(self.page.url).path

    @property
    def session_cookie(self) -> dict | None:
        """The cookie that keeps the person signed in, as the browser holds it."""
        return next((cookie for cookie in self.context.cookies() if cookie["name"] == SESSION), None)

    @property
    def text(self) -> str:
        """Everything there is to read in the main part of the page."""
        return self.page.locator("main").inner_text()

    def look_by(self, scheme: str) -> None:
        """Look at the page by day ("light") or by night ("dark"), once nothing moves any more."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.evaluate(STILL)

    def leave(self) -> None:
        """Close the browser."""
        self.context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        # A refusal that is a page of its own is no fault: wrong code, unknown page, too many tries.
        is_page = message.text.startswith("Failed to load resource") and message.location["url"] == message.page.url
        if message.type in ("error", "warning") and not is_page:
            self.complaints.append(f"{message.type}: {message.text} ({message.location['url']})")

    def _watch(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.port != self._port:
            self.complaints.append(f"asks another host: {request.url}")

    def _judge(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status}: {response.url}")
