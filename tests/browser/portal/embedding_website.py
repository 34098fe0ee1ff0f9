"""A website of a business's own, on a host that has nothing to do with the portal's, which shows its form."""

from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page

from portal.embeds.models import AllowedWebsites
from portal.intake.form_tokens import issue_form_token
from tenants.context import use_business
from tests.browser.live_portal import LivePortal


class EmbeddingWebsiteServer(ThreadingHTTPServer):
    """Serves one page, whatever is asked for. To browsers 127.0.0.1 is another site than the portal's host."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _PageHandler)
        self.page = ""
        Thread(target=self.serve_forever, daemon=True).start()


class _PageHandler(BaseHTTPRequestHandler):
    server: EmbeddingWebsiteServer

    def do_GET(self) -> None:
        """Send the page."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.server.page.encode())

    def log_message(self, *_arguments: object) -> None:
        """Print nothing."""


class EmbeddingWebsite:
    """One page of the website with a snippet of the portal's, in a browser that has never seen the portal."""

    def __init__(self, browser: Browser, portal: LivePortal, **context: bool):
        self.portal = portal
        self.server = EmbeddingWebsiteServer()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        self.context: BrowserContext = browser.new_context(locale="en-GB", **context)
        self.page: Page = self.context.new_page()

    def list_at_business(self) -> None:
        """Put the website on the business's list."""
        with use_business(self.portal.business):
            AllowedWebsites.objects.update_or_create(id=1, defaults={"embedding_origins": [self.url.rstrip("/")]})

    def open(self, snippet: str) -> None:
        """Open the page with a snippet; the script and the form come from the portal itself."""
        script = f'<script src="{self.portal.url}/embed/v1.js" async></script>'
        self.server.page = f'<!doctype html><html lang="en"><title>Acme</title><h1>Acme</h1>{snippet}{script}</html>'
        self.page.goto(self.url)

    def close(self) -> None:
        """Close the browser and the website."""
        self.context.close()
        self.server.shutdown()
        self.server.server_close()

    @property
    def form_url(self) -> str:
        """The form's address."""
        return f"{self.portal.url}/embed/contact-form/"

    @property
    def inline_snippet(self) -> str:
        """The snippet that shows the form in the page."""
        return f'<iframe src="{self.form_url}" title="Contact form" width="100%" height="300"></iframe>'

    @property
    def dialog_snippet(self) -> str:
        """The snippet that shows the form in a dialog."""
        return f'<a href="{self.portal.url}/contact/" data-portal-form="{self.form_url}">Write to us</a>'

    @property
    def form(self) -> FrameLocator:
        """What the frame shows."""
        return self.page.frame_locator("iframe")

    def send_form(self) -> None:
        """Fill in the form in the frame and send it, as if it had been opened a minute ago."""
        self.form.get_by_label("Your name").fill("Nora")
        self.form.get_by_label("Email address").fill("nora@example.org")
        self.form.get_by_label("Your message").fill("My knee hurts.")
        token = issue_form_token(self.portal.business, now=timezone.now() - timedelta(minutes=1))
        self.form.locator("[name=form_token]").evaluate("(field, token) => { field.value = token }", token)
        self.form.get_by_role("button", name="Send").click()
