"""The portal's public contact form."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Locator

from portal.intake.form_tokens import issue_form_token
from tests.browser.portal.portal_page import PortalPage


class ContactFormPage(PortalPage):
    """The contact form, which anybody can send."""

    path = "/contact/"

    @property
    def name_field(self) -> Locator:
        """The field for the sender's name."""
        return self.page.get_by_label("Your name")

    def fill_in(self, *, name: str, email: str = "", message: str = "") -> None:
        """Fill in the form."""
        self.name_field.fill(name)
        self.page.get_by_label("Email address").fill(email)
        self.page.get_by_label("Your message").fill(message)

    def submit(self, *, opened_ago: timedelta = timedelta(minutes=1)) -> None:
        """Send the form as if it had been opened so long ago, however fast this machine is."""
        form_token = issue_form_token(self.user.portal.business, now=timezone.now() - opened_ago)
        self.page.locator("[name=form_token]").evaluate("(field, token) => { field.value = token }", form_token)
        self.user.click_button("Send")
