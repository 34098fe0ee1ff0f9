"""The portal's pages of passkeys in each of their states, with a function that navigates there."""

from collections.abc import Callable

from django.utils import timezone

from portal.clients.models import Client
from portal.passkeys.models import Passkey
from portal.passkeys.services import MAX_PASSKEYS
from tenants import hostnames
from tenants.context import use_business
from tests.browser.portal.passkey_pages import NewPasskeyPage, PasskeyOffer
from tests.browser.portal_visitor import PortalVisitor
from tests.browser.virtual_authenticator import add_virtual_authenticator

ANA = "ana@example.com"


def _create_passkey(user: PortalVisitor, number: int, *, host: str, address: str = ANA) -> None:
    with use_business(user.portal.business):
        client = Client.objects.get(name="Ana Pereira")
        Passkey.objects.create(
            client=client,
            credential_id=bytes([number]),
            public_key=b"",
            user_handle=client.pk.bytes,
            host=host,
            address=address,
            device="Firefox on Windows",
            sign_count=0,
            is_backup_eligible=True,
            is_backed_up=number == 1,
            created_at=timezone.now(),
            used_at=timezone.now() if number == 1 else None,
        )


def _open_devices_with_passkeys(user: PortalVisitor) -> None:
    """Open the devices with a passkey that works, one of a former portal address and one of a former mailbox."""
    host = hostnames.get_portal_host(user.portal.business)
    _create_passkey(user, 1, host=host)
    _create_passkey(user, 2, host="portal.former.example")
    _create_passkey(user, 3, host=host, address="ana@former.example")
    user.set_session_cookie()
    user.open("/sessions/")


def _open_home_with_offer(user: PortalVisitor) -> None:
    add_virtual_authenticator(user, agrees=False)
    user.sign_in(ANA)
    PasskeyOffer(user).heading.wait_for()


def _open_new_passkey(user: PortalVisitor) -> None:
    user.set_session_cookie()
    NewPasskeyPage.open(user)
    user.page.get_by_role("button", name="Create the passkey").wait_for()


def _fail_to_create_passkey(user: PortalVisitor) -> None:
    _open_new_passkey(user)
    # As when the device refuses to make one.
    user.page.evaluate("() => { PublicKeyCredential.parseCreationOptionsFromJSON = () => { throw new Error(); } }")
    user.page.get_by_role("button", name="Create the passkey").click()
    user.locate_text("No passkey was added.").wait_for()


def _reach_limit_of_passkeys(user: PortalVisitor) -> None:
    """Try to create a passkey on a page that was opened before as many as possible were added elsewhere."""
    _open_new_passkey(user)
    for number in range(MAX_PASSKEYS):
        _create_passkey(user, number, host="portal.former.example")
    user.refused_url = f"{user.portal.url}/passkeys/new/options/"
    user.page.get_by_role("button", name="Create the passkey").click()
    user.locate_text("You have 10 passkeys, which is the most.").wait_for()


def _send_rejected_passkey(user: PortalVisitor) -> None:
    with user.page.expect_response("**/passkeys/sign-in/options/"):
        user.open("/sign-in/")
    with user.page.expect_navigation():
        user.page.locator("form[data-passkey]").evaluate(
            "form => { for (const name of ['challenge_state', 'passkey_response']) form.elements[name].value = 'x';"
            " form.submit(); }"
        )
    user.locate_text("That passkey doesn’t work here.").wait_for()


# Some of these add an authenticator to the browser, so each one needs one of its own.
PASSKEY_PAGES: dict[str, Callable[[PortalVisitor], object]] = {
    "devices, passkeys": _open_devices_with_passkeys,
    "home, passkey offered": _open_home_with_offer,
    "new passkey": _open_new_passkey,
    "new passkey, failed": _fail_to_create_passkey,
    "new passkey, limit reached meanwhile": _reach_limit_of_passkeys,
    "sign-in, passkey rejected": _send_rejected_passkey,
}
