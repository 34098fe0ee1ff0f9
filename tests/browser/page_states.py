"""Every page of Portico in each of its states, with a function that navigates there.

Each function starts as a stranger at a business with a few of the demo's clients.
"""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone
from limits import parse
from playwright.sync_api import Route

from portal.intake.form_limits import FormSender, check_form_limit
from tenants.context import use_business
from tenants.hostnames import change_slug
from tenants.provisioning import suspend_business
from tests.browser.platform.demo_outbox_page import DemoOutboxPage
from tests.browser.portal.allow_list_page import AllowListPage
from tests.browser.portal.client_account_pages import (
    AddressChangeCodePage,
    AddressChangePage,
    ClientAccountPage,
    ClientSessionsPage,
)
from tests.browser.portal.client_sign_in_pages import AccountChooserPage, ClientSignInPage, SignInCodePage
from tests.browser.portal.contact_form_page import ContactFormPage
from tests.browser.portal_visitor import PortalVisitor
from tests.portal.access.sign_in_steps import request_code_for

ANA, BO, FAMILY = "ana@example.com", "bo@example.com", "family@example.com"
MOBILE = "+447700900101"
UNKNOWN_EMAIL = "stranger@example.org"
WRONG_CODE = "000000"
# Settings of a new business that has not configured anything.
EMPTY_SETTINGS = {
    "welcome": "",
    "logo_digest": "",
    "contact_email": "",
    "contact_phone": "",
    "website": "",
    "postal_address": "",
}

Navigation = Callable[[PortalVisitor], object]


def _open_unconfigured_sign_in(user: PortalVisitor) -> None:
    user.portal.update_settings(**EMPTY_SETTINGS, languages=["en"])
    user.open("/sign-in/")


def _submit_empty_address(user: PortalVisitor) -> None:
    ClientSignInPage.open(user).request_code("")


def _exceed_code_limit(user: PortalVisitor) -> None:
    for _ask in range(settings.LOGIN_SENDS_PER_HOUR + 1):
        user.request_code(ANA)


def _enter_wrong_code(user: PortalVisitor) -> None:
    user.request_code(ANA)
    user.enter_code(WRONG_CODE)


def _exhaust_guesses(user: PortalVisitor) -> None:
    user.request_code(ANA)
    for _guess in range(settings.LOGIN_MAX_GUESSES):
        user.enter_code(WRONG_CODE)


def _wait_for_resend(user: PortalVisitor) -> None:
    user.request_code(ANA)
    user.portal.backdate(timedelta(minutes=3))
    SignInCodePage.open(user)


def _use_up_resends(user: PortalVisitor) -> None:
    user.request_code(ANA)
    for _send in range(settings.LOGIN_MAX_SENDS - 1):
        user.portal.backdate(timedelta(minutes=3))
        SignInCodePage.open(user).resend_code()


def _open_account_chooser(user: PortalVisitor) -> None:
    user.request_code(FAMILY)
    user.enter_code(user.fetch_code(FAMILY))


def _choose_unknown_account(user: PortalVisitor) -> None:
    _open_account_chooser(user)
    user.page.locator("button[name=client]").first.evaluate("button => { button.value = 'nobody' }")
    AccountChooserPage(user).choose_account("Jonas Brandt")


def _choose_invalid_channel(user: PortalVisitor) -> None:
    code_page = user.request_code(ANA)
    user.page.locator("button[name=channel]").evaluate("button => { button.value = 'fax' }")
    code_page.request_text_message()


def _request_code_in_attack_mode(user: PortalVisitor) -> None:
    user.portal.start_attack_mode(until=timezone.now() + timedelta(hours=1))
    # The page submits itself after a few seconds, which may be in the middle of a check: it stays.
    user.page.route("**/sign-in/", _block_automatic_submit)
    user.request_code(ANA)


def _request_code_after_many_requests(user: PortalVisitor) -> None:
    with use_business(user.portal.business):
        for network in range(4):
            request_code_for(user.portal.business, ANA, network=f"10.1.{network}.1", now=timezone.now())
    user.page.route("**/sign-in/", _block_automatic_submit)
    user.request_code(ANA)


def _open_attempt_link(user: PortalVisitor) -> None:
    user.open(f"/sign-in/start/?{urlencode({'link': user.portal.create_attempt_link('Ana Pereira')})}")


def _enter_old_code(user: PortalVisitor) -> None:
    user.request_code(ANA)
    code = user.fetch_code(ANA)
    user.portal.backdate(timedelta(minutes=11))
    SignInCodePage.open(user).enter_code(code)


def _block_automatic_submit(route: Route) -> None:
    is_automatic = "wait_token=" in (route.request.post_data or "")
    route.fulfill(status=204) if is_automatic else route.continue_()


def _open_unconfigured_home(user: PortalVisitor) -> None:
    user.portal.update_settings(**EMPTY_SETTINGS, languages=["en"])
    user.sign_in(BO)


def _build_signed_in_navigation(path: str) -> Navigation:
    def navigate(user: PortalVisitor) -> None:
        user.set_session_cookie()
        user.open(path)

    return navigate


def _open_sessions_of_two_devices(user: PortalVisitor) -> None:
    user.set_session_cookie()
    user.portal.create_session("Ana Pereira", "Safari on iPhone")
    ClientSessionsPage.open(user)


def _request_contact_change(user: PortalVisitor) -> AddressChangeCodePage:
    user.set_session_cookie()
    return ClientAccountPage.open(user).change_contact(ANA).request_code("ana.pereira@example.org")


def _enter_wrong_contact_code(user: PortalVisitor) -> None:
    _request_contact_change(user).confirm(WRONG_CODE)


def _open_contact_change_after_an_hour(user: PortalVisitor) -> None:
    user.set_session_cookie()
    user.portal.backdate(timedelta(hours=1))
    AddressChangePage.open(user)


def _open_sign_in_with_passkey_challenge(user: PortalVisitor) -> ClientSignInPage:
    """Open the page and wait until its script has what a passkey needs: later it would be refused."""
    with user.page.expect_response("**/passkeys/sign-in/options/"):
        return ClientSignInPage.open(user)


def _submit_form_without_cookies(user: PortalVisitor) -> None:
    sign_in_page = _open_sign_in_with_passkey_challenge(user)
    user.context.clear_cookies()
    sign_in_page.request_code(ANA)


def _fill_honeypot(user: PortalVisitor) -> None:
    ContactFormPage.open(user)
    user.page.locator("[name=leave_empty]").evaluate("field => { field.value = 'x' }")
    user.click_button("Send")


def _send_contact_form_in_flood(user: PortalVisitor) -> None:
    """Send a form when strangers have sent all that are for whoever comes, after one that is kept for the network."""
    for number in range(parse(settings.CONTACT_FORMS_PER_BUSINESS).amount * 3 // 4):
        stranger = FormSender(f"10.{number}.0.0/24", has_waited=False, is_client=False, identify=str)
        check_form_limit(user.portal.business, stranger, now=timezone.now())
    for name in ("Nora", "Otto"):
        contact_form = ContactFormPage.open(user)
        contact_form.fill_in(name=name, email=f"{name}@example.org", message="My knee hurts.")
        contact_form.submit()


def _open_suspended_portal(user: PortalVisitor) -> None:
    suspend_business(business=user.portal.business)
    user.open("/")


def _submit_to_former_address(user: PortalVisitor) -> None:
    sign_in_page = _open_sign_in_with_passkey_challenge(user)
    slug = f"{user.portal.business.hostnames.get().slug}-moved"
    change_slug(business=user.portal.business, slug=slug, now=timezone.now())
    sign_in_page.request_code(ANA)


def _open_newest_mail(user: PortalVisitor) -> None:
    user.request_code(ANA)
    user.fetch_code(ANA)
    user.show_newest_mail()


def _open_filled_outbox(user: PortalVisitor) -> None:
    for identifier in (ANA, MOBILE):
        user.request_code(identifier)
        user.fetch_code(identifier)
    DemoOutboxPage.open(user)


# Pages for people who are not signed in.
SIGNED_OUT_PAGES: dict[str, Navigation] = {
    "sign-in": ClientSignInPage.open,
    "sign-in, no address": _submit_empty_address,
    "contact form": ContactFormPage.open,
    "contact form, honeypot filled": _fill_honeypot,
    "contact form, thanks": lambda user: user.open("/contact/thanks/"),
    "code": lambda user: user.request_code(ANA),
    "code, wrong": _enter_wrong_code,
    "code, resend enabled": _wait_for_resend,
    "code, no resends left": _use_up_resends,
    "code, none requested": SignInCodePage.open,
    "account chooser": _open_account_chooser,
    "account chooser, unknown account": _choose_unknown_account,
    "attempt link": _open_attempt_link,
    "attempt link, invalid": lambda user: user.open("/sign-in/start/?link=x"),
    "help": lambda user: user.open("/sign-in/help/"),
    "allow-list": AllowListPage.open,
    "not found": lambda user: user.open("/nothing/"),
    "wrong method": lambda user: user.open("/sign-out/"),
    "bad request": _choose_invalid_channel,
    "stale form": _submit_form_without_cookies,
}
SIGNED_IN_PAGES: dict[str, Navigation] = {
    "home": lambda user: user.sign_in(ANA),
    "details": _build_signed_in_navigation("/account/"),
    "messages": _build_signed_in_navigation("/messages/"),
    "devices": _open_sessions_of_two_devices,
    "devices, only one": _build_signed_in_navigation("/sessions/"),
    "contact": _build_signed_in_navigation("/account/contact/"),
    "contact, code": _request_contact_change,
    "contact, wrong code": _enter_wrong_contact_code,
    "contact, no code requested": _build_signed_in_navigation("/account/contact/code/"),
    "contact, reauthentication": _open_contact_change_after_an_hour,
}
# The platform's own pages, before the first mail and after it.
PLATFORM_PAGES: dict[str, Navigation] = {
    "outbox, nothing sent": DemoOutboxPage.open,
    "platform": lambda user: user.open_platform("/"),
    "platform, not found": lambda user: user.open_platform("/nothing/"),
    "outbox": _open_filled_outbox,
    "mail": _open_newest_mail,
}
# These change the business or use up its limits, so each one needs a business of its own.
ONE_TIME_PAGES: dict[str, Navigation] = {
    "sign-in, unconfigured": _open_unconfigured_sign_in,
    "sign-in, too many": _exceed_code_limit,
    "code, locked": _exhaust_guesses,
    "wait": _request_code_in_attack_mode,
    "wait, many codes requested": _request_code_after_many_requests,
    "code, old": _enter_old_code,
    "contact form, wait": _send_contact_form_in_flood,
    "home, unconfigured": _open_unconfigured_home,
    "suspended": _open_suspended_portal,
    "moved": _submit_to_former_address,
}
