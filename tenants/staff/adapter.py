"""How does allauth behave here: whose address counts, what is mailed, who may sign up?"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template import Context
from django.template.loader import get_template
from django.utils.crypto import get_random_string

from tenants.origin import client_address

LOOK = {"business": {"name": "Portico"}, "profile": {"colour": "#2f5d50"}}
CODE = "account/email/login_code"
STRANGER = "account/email/unknown_account"


class StaffAdapter(DefaultAccountAdapter):
    """Nobody signs up, addresses are those our proxies vouch for, and mails are our own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: people come by an invitation."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address a request comes from; a machine that can't be told from others counts as one."""
        return str(client_address(request) or "0.0.0.0")  # noqa: S104  (a stand-in, nothing listens there)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a code. For a stranger the mail is put into words just the same, and goes nowhere."""
        if template_prefix not in (CODE, STRANGER):
            return
        mail = _mail(email, context.get("code") or get_random_string(8, "0123456789"))
        if template_prefix == CODE:
            mail.send()


def _mail(to: str, code: str) -> EmailMultiAlternatives:
    values = LOOK | {
        "code": code,
        "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
        "host": settings.PLATFORM_HOST,
    }
    mail = EmailMultiAlternatives(_fill("subject.txt", values), _fill("body.txt", values), to=[to])
    mail.attach_alternative(_fill("body.html", values), "text/html")
    return mail


def _fill(part: str, values: dict[str, Any]) -> str:
    """Fill one part; no context processor runs, and only HTML is escaped."""
    template = get_template(f"messages/staff-code/{part}").template
    return template.render(Context(values, autoescape=part.endswith(".html"))).strip()
