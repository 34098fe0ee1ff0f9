"""Every page of Portico in each of its states, with a function that navigates there.

Each function starts as an unknown person at a business with a few of the demo's clients.
"""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Route

from tenants.hostnames import change_slug
from tenants.provisioning import suspend_business
from tests.browser.browser_user import BrowserUser

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

Navigation = Callable[[BrowserUser], object]


def _open_unconfigured_sign_in(user: BrowserUser) -> None:
    user.portal.update_settings(**EMPTY_SETTINGS, languages=["en"])
    user.open("/sign-in/")


def _submit_empty_address(user: BrowserUser) -> None:
    user.open("/sign-in/")
    user.click_button("Send me a code")


def _exceed_code_limit(user: BrowserUser) -> None:
    for _ask in range(settings.LOGIN_SENDS_PER_HOUR + 1):
        user.request_code(ANA)


def _enter_wrong_code(user: BrowserUser) -> None:
    user.request_code(ANA)
    user.enter_code(WRONG_CODE)


def _lock_challenge(user: BrowserUser) -> None:
    user.request_code(ANA)
    for _guess in range(settings.LOGIN_MAX_GUESSES):
        user.enter_code(WRONG_CODE)


def _wait_for_resend(user: BrowserUser) -> None:
    user.request_code(ANA)
    user.portal.backdate(timedelta(minutes=3))
    user.open("/sign-in/code/")


def _use_up_resends(user: BrowserUser) -> None:
    user.request_code(ANA)
    for _send in range(settings.LOGIN_MAX_SENDS - 1):
        user.portal.backdate(timedelta(minutes=3))
        user.open("/sign-in/code/")
        user.click_button("Resend code")


def _open_account_chooser(user: BrowserUser) -> None:
    user.request_code(FAMILY)
    user.enter_code(user.fetch_code(FAMILY))


def _choose_unknown_account(user: BrowserUser) -> None:
    _open_account_chooser(user)
    user.page.locator("button[name=client]").first.evaluate("button => { button.value = 'nobody' }")
    user.click_button("Jonas Brandt")


def _choose_invalid_channel(user: BrowserUser) -> None:
    user.request_code(ANA)
    user.page.locator("button[name=channel]").evaluate("button => { button.value = 'fax' }")
    user.click_button("Text me the code instead")


def _request_code_in_attack_mode(user: BrowserUser) -> None:
    user.portal.start_attack_mode(until=timezone.now() + timedelta(hours=1))
    # The page goes on by itself after a few seconds, which may be in the middle of a look at it: it stays.
    user.page.route("**/sign-in/", _block_next_step)
    user.request_code(ANA)


def _block_next_step(route: Route) -> None:
    is_next_step = "wait_token=" in (route.request.post_data or "")
    route.fulfill(status=204) if is_next_step else route.continue_()


def _open_unconfigured_home(user: BrowserUser) -> None:
    user.portal.update_settings(**EMPTY_SETTINGS, languages=["en"])
    user.sign_in(BO)


def _signed_in_at(path: str) -> Navigation:
    def navigate(user: BrowserUser) -> None:
        user.resume_session()
        user.open(path)

    return navigate


def _open_sessions_of_two_devices(user: BrowserUser) -> None:
    user.resume_session()
    user.portal.create_session("Ana Pereira", "Safari on iPhone")
    user.open("/sessions/")


def _request_contact_change(user: BrowserUser, *, to: str = "ana.pereira@example.org") -> None:
    user.resume_session()
    user.open("/account/")
    user.click_link("Change ana@example.com")
    user.page.get_by_label("Email address").fill(to)
    user.click_button("Send me a code")


def _enter_wrong_contact_code(user: BrowserUser) -> None:
    _request_contact_change(user)
    user.code_field.fill(WRONG_CODE)
    user.click_button("Confirm")


def _open_contact_form_after_an_hour(user: BrowserUser) -> None:
    user.resume_session()
    user.portal.backdate(timedelta(hours=1))
    user.open("/account/contact/")


def _submit_form_without_cookies(user: BrowserUser) -> None:
    user.open("/sign-in/")
    user.context.clear_cookies()
    user.page.get_by_label("Email address or mobile number").fill(ANA)
    user.click_button("Send me a code")


def _fill_honeypot(user: BrowserUser) -> None:
    user.open("/contact/")
    user.page.locator("[name=homepage]").evaluate("field => { field.value = 'x' }")
    user.click_button("Send")


def _open_suspended_portal(user: BrowserUser) -> None:
    suspend_business(business=user.portal.business)
    user.open("/")


def _submit_to_former_address(user: BrowserUser) -> None:
    user.open("/sign-in/")
    slug = f"{user.portal.business.hostnames.get().slug}-moved"
    change_slug(business=user.portal.business, slug=slug, now=timezone.now())
    user.page.get_by_label("Email address or mobile number").fill(ANA)
    user.click_button("Send me a code")


def _open_mail(user: BrowserUser) -> None:
    user.request_code(ANA)
    user.fetch_code(ANA)
    user.open_mail()


def _open_outbox(user: BrowserUser) -> None:
    for identifier in (ANA, MOBILE):
        user.request_code(identifier)
        user.fetch_code(identifier)
    user.open_platform("/dev/outbox/")


# Pages for people who are not signed in.
SIGNED_OUT_PAGES: dict[str, Navigation] = {
    "sign-in": lambda user: user.open("/sign-in/"),
    "sign-in, no address": _submit_empty_address,
    "contact form": lambda user: user.open("/contact/"),
    "contact form, trapped": _fill_honeypot,
    "contact form, thanks": lambda user: user.open("/contact/thanks/"),
    "code": lambda user: user.request_code(ANA),
    "code, wrong": _enter_wrong_code,
    "code, may resend": _wait_for_resend,
    "code, all sent": _use_up_resends,
    "code, never asked": lambda user: user.open("/sign-in/code/"),
    "who": _open_account_chooser,
    "who, nobody": _choose_unknown_account,
    "help": lambda user: user.open("/sign-in/help/"),
    "allow-list": lambda user: user.open("/sign-in/allow-list/"),
    "not found": lambda user: user.open("/nothing/"),
    "wrong method": lambda user: user.open("/sign-out/"),
    "bad request": _choose_invalid_channel,
    "stale form": _submit_form_without_cookies,
}
SIGNED_IN_PAGES: dict[str, Navigation] = {
    "home": lambda user: user.sign_in(ANA),
    "details": _signed_in_at("/account/"),
    "messages": _signed_in_at("/messages/"),
    "devices": _open_sessions_of_two_devices,
    "devices, this one": _signed_in_at("/sessions/"),
    "contact": _signed_in_at("/account/contact/"),
    "contact, code": _request_contact_change,
    "contact, wrong code": _enter_wrong_contact_code,
    "contact, never asked": _signed_in_at("/account/contact/code/"),
    "confirm": _open_contact_form_after_an_hour,
}
# The platform's own pages, before the first mail and after it.
PLATFORM_PAGES: dict[str, Navigation] = {
    "outbox, nothing sent": lambda user: user.open_platform("/dev/outbox/"),
    "platform": lambda user: user.open_platform("/"),
    "platform, not found": lambda user: user.open_platform("/nothing/"),
    "outbox": _open_outbox,
    "mail": _open_mail,
}
# These change the business or use up its limits, so each one needs a business of its own.
ONE_TIME_PAGES: dict[str, Navigation] = {
    "sign-in, nothing decided": _open_unconfigured_sign_in,
    "sign-in, too many": _exceed_code_limit,
    "code, locked": _lock_challenge,
    "wait": _request_code_in_attack_mode,
    "home, nothing decided": _open_unconfigured_home,
    "suspended": _open_suspended_portal,
    "moved": _submit_to_former_address,
}
