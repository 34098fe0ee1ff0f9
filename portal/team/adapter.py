"""How does allauth behave here: whose address counts, what is mailed, who may sign up?"""

from typing import Any
from uuid import UUID, uuid4

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.team import letters
from tenants.client_ip import client_address
from tenants.models import Person, StaffEmailKind
from tenants.staff import known_browsers, login_attempts
from tenants.user_agents import device_name

CODE = "account/email/login_code"
STRANGER = "account/email/unknown_account"
# The session's newest letter with a code.
LETTER = "staff-letter"
# What allauth would mail about a second factor, and what we say happened.
FACTORS = {
    "mfa/email/totp_activated": "app-added",
    "mfa/email/totp_deactivated": "app-removed",
    "mfa/email/webauthn_added": "passkey-added",
    "mfa/email/webauthn_removed": "passkey-removed",
    "mfa/email/recovery_codes_generated": "recovery-codes-made",
}


class StaffAdapter(DefaultAccountAdapter):
    """Nobody signs up, addresses are those our proxies vouch for, and mails go the way of our own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: people come by an invitation."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address a request comes from; a machine that can't be told from others counts as one."""
        return str(client_address(request) or "0.0.0.0")  # noqa: S104  (a stand-in, nothing listens there)

    def generate_login_code(self) -> str:
        """Return the id of the letter that will hold the code: allauth keeps it where it would keep the code."""
        return uuid4().hex

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Owe a code. A stranger's costs the same and is never sent."""
        if template_prefix not in (CODE, STRANGER):
            return
        now, session = timezone.now(), self.request.session
        if LETTER in session:
            login_attempts.close_code(UUID(session[LETTER]), now=now)
        session[LETTER] = context.get("code") or uuid4().hex
        letters.owe_code(letter_id=UUID(session[LETTER]), email=email, is_known_browser=self._is_known_browser, now=now)

    def _is_known_browser(self, person: Person) -> bool:
        return known_browsers.is_known(self.request, person)

    def send_notification_mail(
        self, template_prefix: str, user: Person, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell somebody that a second factor of theirs came or went."""
        letters.tell(user, StaffEmailKind.FACTOR, what=FACTORS[template_prefix], now=timezone.now())

    def login(self, request: HttpRequest, user: Person) -> None:
        """Sign somebody in, remembering whether they ever were before."""
        request.is_first_sign_in = user.last_login is None  # type: ignore[attr-defined]
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: Person, **facts: Any) -> HttpResponse:
        """Close the code, and tell somebody of a browser they have never signed in with."""
        now = timezone.now()
        if LETTER in request.session:
            login_attempts.close_code(UUID(request.session.pop(LETTER)), now=now)
        response = super().post_login(request, user, **facts)
        if not known_browsers.is_known(request, user) and not getattr(request, "is_first_sign_in", False):
            device = device_name(request.headers.get("User-Agent", ""))
            letters.tell(user, StaffEmailKind.NEW_BROWSER, device=device, now=now)
        known_browsers.remember(request, response, user)
        return response
