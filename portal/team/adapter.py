"""allauth's account adapter for staff: no sign-up, the client IP behind our proxies, and mail through our outbox."""

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from portal.team import staff_emails
from portal.team.kinds import TeamEmail
from tenants import database_clock
from tenants.client_ip import get_client_ip
from tenants.models import Person
from tenants.staff import known_browsers, login_attempts, wait_tokens
from tenants.staff.code_request_limits import CodeRequest
from tenants.user_agents import get_user_agent_label
from tenants.visitor_networks import get_visitor_network

CODE_TEMPLATE = "account/email/login_code"
UNKNOWN_ACCOUNT_TEMPLATE = "account/email/unknown_account"
# Where the session holds the id of its newest staff email with a code.
STAFF_EMAIL_ID_KEY = "staff-email-id"
# allauth's mail templates about second factors, and the event that our own mail names instead.
SECOND_FACTOR_EVENTS = {
    "mfa/email/totp_activated": "app-added",
    "mfa/email/totp_deactivated": "app-removed",
    "mfa/email/webauthn_added": "passkey-added",
    "mfa/email/webauthn_removed": "passkey-removed",
    "mfa/email/recovery_codes_generated": "recovery-codes-made",
}


class StaffSignInRequest(HttpRequest):
    """A request with which a person signs in."""

    is_first_sign_in: bool


class StaffAdapter(DefaultAccountAdapter):
    """Close sign-up, trust our proxies' client IP, and queue allauth's mails as staff emails."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: staff join by invitation only."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the client IP; requests without a known one share a single placeholder and its limits."""
        return str(get_client_ip(request) or "0.0.0.0")  # noqa: S104  (a placeholder, nothing listens there)

    def generate_login_code(self) -> str:
        """Return the id of the staff email that will hold the code; allauth stores it in place of the code."""
        return uuid4().hex

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a sign-in code. For an unknown address the same work is done and nothing is sent.

        Raises CodeRequestRefused; then the code that was sent before still works.
        """
        if template_prefix not in (CODE_TEMPLATE, UNKNOWN_ACCOUNT_TEMPLATE):
            return
        now, session = database_clock.now(), self.request.session
        network = get_visitor_network(self.request)
        wait_id = wait_tokens.redeem_wait_token(self.request.POST.get("wait_token", ""), email, network, now=now)
        staff_email_id, earlier = UUID(context.get("code") or uuid4().hex), session.get(STAFF_EMAIL_ID_KEY)
        staff_emails.enqueue_code(
            CodeRequest(email, network, wait_id),
            staff_email_id=staff_email_id,
            replaces=UUID(earlier) if earlier else None,
            is_known_browser=partial(known_browsers.is_known_browser, self.request, now=now),
            now=now,
        )
        session[STAFF_EMAIL_ID_KEY] = staff_email_id.hex

    def send_notification_mail(
        self, template_prefix: str, user: Person, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Notify a person that one of their second factors was added or removed."""
        staff_emails.notify_person(
            user, TeamEmail.FACTOR, what=SECOND_FACTOR_EVENTS[template_prefix], now=database_clock.now()
        )

    def login(self, request: StaffSignInRequest, user: Person) -> None:
        """Sign a person in, and record whether it is their first time."""
        request.is_first_sign_in = user.last_login is None
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Close the code, remember the browser, and notify the person if the browser was unknown."""
        now = database_clock.now()
        if STAFF_EMAIL_ID_KEY in request.session:
            login_attempts.close_code(UUID(request.session.pop(STAFF_EMAIL_ID_KEY)), now=now)
        response = super().post_login(request, user, **kwargs)
        if not known_browsers.is_known_browser(request, user, now=now) and not getattr(
            request, "is_first_sign_in", False
        ):
            device = get_user_agent_label(request.headers.get("User-Agent", ""))
            staff_emails.notify_person(user, TeamEmail.NEW_BROWSER, device=device, now=now)
        known_browsers.remember_browser(request, response, user, now=now)
        return response
