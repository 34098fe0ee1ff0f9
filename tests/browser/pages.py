"""Which pages does Portico have, in which states, and how does a person get to each?

Every entry starts at the door of a business with the demo's people on file, in a browser
nobody has met.
"""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Route

from tenants.hostnames import change_slug
from tenants.provisioning import suspend_business
from tests.browser.visitor import Visitor

ANA, BO, FAMILY = "ana@example.com", "bo@example.com", "family@example.com"
MOBILE = "+447700900101"
STRANGER = "stranger@example.org"
NO_CODE = "000000"
# Choices of a business that has just begun and told us nothing about itself.
BLANK = {
    "welcome": "",
    "logo_digest": "",
    "contact_email": "",
    "contact_phone": "",
    "website": "",
    "postal_address": "",
}

Way = Callable[[Visitor], object]


def _nothing_decided(visitor: Visitor) -> None:
    visitor.place.decide(**BLANK, languages=["en"])
    visitor.open("/sign-in/")


def _no_address(visitor: Visitor) -> None:
    visitor.open("/sign-in/")
    visitor.press("Send me a code")


def _too_many_codes(visitor: Visitor) -> None:
    for _ask in range(settings.LOGIN_SENDS_PER_HOUR + 1):
        visitor.ask(ANA)


def _wrong_code(visitor: Visitor) -> None:
    visitor.ask(ANA)
    visitor.answer(NO_CODE)


def _locked(visitor: Visitor) -> None:
    visitor.ask(ANA)
    for _guess in range(settings.LOGIN_MAX_GUESSES):
        visitor.answer(NO_CODE)


def _may_resend(visitor: Visitor) -> None:
    visitor.ask(ANA)
    visitor.place.age(timedelta(minutes=3))
    visitor.open("/sign-in/code/")


def _all_sent(visitor: Visitor) -> None:
    visitor.ask(ANA)
    for _send in range(settings.LOGIN_MAX_SENDS - 1):
        visitor.place.age(timedelta(minutes=3))
        visitor.open("/sign-in/code/")
        visitor.press("Resend code")


def _chooser(visitor: Visitor) -> None:
    visitor.ask(FAMILY)
    visitor.answer(visitor.fetch_code(FAMILY))


def _nobody_on_the_list(visitor: Visitor) -> None:
    _chooser(visitor)
    visitor.page.locator("button[name=client]").first.evaluate("button => { button.value = 'nobody' }")
    visitor.press("Jonas Brandt")


def _by_fax(visitor: Visitor) -> None:
    visitor.ask(ANA)
    visitor.page.locator("button[name=channel]").evaluate("button => { button.value = 'fax' }")
    visitor.press("Text it to me instead")


def _under_attack(visitor: Visitor) -> None:
    visitor.place.notice_attack(until=timezone.now() + timedelta(hours=1))
    # The page goes on by itself after a few seconds, which may be in the middle of a look at it: it stays.
    visitor.page.route("**/sign-in/", _stay)
    visitor.ask(ANA)


def _stay(route: Route) -> None:
    goes_on = "wait_token=" in (route.request.post_data or "")
    route.fulfill(status=204) if goes_on else route.continue_()


def _home_of_nobody(visitor: Visitor) -> None:
    visitor.place.decide(**BLANK, languages=["en"])
    visitor.sign_in(BO)


def _inside(path: str) -> Way:
    def go(visitor: Visitor) -> None:
        visitor.resume_session()
        visitor.open(path)

    return go


def _two_devices(visitor: Visitor) -> None:
    visitor.resume_session()
    visitor.place.add_device("Ana Pereira", "Safari on iPhone")
    visitor.open("/sessions/")


def _changing(visitor: Visitor, *, to: str = "ana.pereira@example.org") -> None:
    visitor.resume_session()
    visitor.open("/profile/")
    visitor.follow("Change ana@example.com")
    visitor.page.get_by_label("Email address").fill(to)
    visitor.press("Send me a code")


def _changing_wrongly(visitor: Visitor) -> None:
    _changing(visitor)
    visitor.code_field.fill(NO_CODE)
    visitor.press("Confirm")


def _signed_in_long_ago(visitor: Visitor) -> None:
    visitor.resume_session()
    visitor.place.age(timedelta(hours=1))
    visitor.open("/profile/contact/")


def _stale_form(visitor: Visitor) -> None:
    visitor.open("/sign-in/")
    visitor.context.clear_cookies()
    visitor.page.get_by_label("Email address or mobile number").fill(ANA)
    visitor.press("Send me a code")


def _trapped(visitor: Visitor) -> None:
    visitor.open("/contact/")
    visitor.page.locator("[name=homepage]").evaluate("field => { field.value = 'x' }")
    visitor.press("Send")


def _suspended(visitor: Visitor) -> None:
    suspend_business(business=visitor.place.business)
    visitor.open("/")


def _moved(visitor: Visitor) -> None:
    visitor.open("/sign-in/")
    slug = f"{visitor.place.business.hostnames.get().slug}-moved"
    change_slug(business=visitor.place.business, slug=slug, now=timezone.now())
    visitor.page.get_by_label("Email address or mobile number").fill(ANA)
    visitor.press("Send me a code")


def _mail(visitor: Visitor) -> None:
    visitor.ask(ANA)
    visitor.fetch_code(ANA)
    visitor.open_mail()


def _outbox(visitor: Visitor) -> None:
    for identifier in (ANA, MOBILE):
        visitor.ask(identifier)
        visitor.fetch_code(identifier)
    visitor.open_platform("/dev/outbox/")


# What a stranger sees of a portal, or somebody on their way in.
DOOR: dict[str, Way] = {
    "sign-in": lambda visitor: visitor.open("/sign-in/"),
    "sign-in, no address": _no_address,
    "contact form": lambda visitor: visitor.open("/contact/"),
    "contact form, trapped": _trapped,
    "contact form, thanks": lambda visitor: visitor.open("/contact/thanks/"),
    "code": lambda visitor: visitor.ask(ANA),
    "code, wrong": _wrong_code,
    "code, may resend": _may_resend,
    "code, all sent": _all_sent,
    "code, never asked": lambda visitor: visitor.open("/sign-in/code/"),
    "who": _chooser,
    "who, nobody": _nobody_on_the_list,
    "help": lambda visitor: visitor.open("/sign-in/help/"),
    "allow-list": lambda visitor: visitor.open("/sign-in/allow-list/"),
    "not found": lambda visitor: visitor.open("/nothing/"),
    "wrong method": lambda visitor: visitor.open("/sign-out/"),
    "bad request": _by_fax,
    "stale form": _stale_form,
}
INSIDE: dict[str, Way] = {
    "home": lambda visitor: visitor.sign_in(ANA),
    "details": _inside("/profile/"),
    "messages": _inside("/messages/"),
    "devices": _two_devices,
    "devices, this one": _inside("/sessions/"),
    "contact": _inside("/profile/contact/"),
    "contact, code": _changing,
    "contact, wrong code": _changing_wrongly,
    "contact, never asked": _inside("/profile/contact/code/"),
    "confirm": _signed_in_long_ago,
}
# The platform's own; before the first mail, and after it.
PLATFORM: dict[str, Way] = {
    "outbox, nothing sent": lambda visitor: visitor.open_platform("/dev/outbox/"),
    "platform": lambda visitor: visitor.open_platform("/"),
    "platform, not found": lambda visitor: visitor.open_platform("/nothing/"),
    "outbox": _outbox,
    "mail": _mail,
}
# These change the business, or use up what it allows: nobody can begin there again.
ONCE: dict[str, Way] = {
    "sign-in, nothing decided": _nothing_decided,
    "sign-in, too many": _too_many_codes,
    "code, locked": _locked,
    "wait": _under_attack,
    "home, nothing decided": _home_of_nobody,
    "suspended": _suspended,
    "moved": _moved,
}
