"""What the templates of emails to staff are given."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from tenants.hostnames import build_absolute_url
from tenants.models import StaffEmail
from tenants.staff import email_secrets, invitations


def build_code_context(email: StaffEmail, now: datetime) -> dict[str, Any] | None:
    """Return the context of an email with a sign-in code, or None when the person may not sign in."""
    if email.person is None or not email.person.is_active:
        return None
    minutes = settings.STAFF_CODE_LIFETIME // timedelta(minutes=1)
    return {"to": email.person.email, "code": email_secrets.derive_code(email), "minutes": minutes}


def build_invitation_context(email: StaffEmail, now: datetime) -> dict[str, Any] | None:
    """Return the context of an invitation, or None when it is no longer open or its business is suspended."""
    token = email_secrets.derive_token(email)
    invitation = invitations.find_invitation_by_token(token, now=now)
    if invitation is None or not invitation.business.is_open:
        return None
    return {
        "to": invitation.email,
        "business": invitation.business,
        "inviter": invitation.invited_by,
        "invitation": invitation,
        "until": invitation.expires_at.astimezone(ZoneInfo(invitation.business.time_zone)),
        "url": build_absolute_url(settings.PLATFORM_HOST, reverse("team:invitation", args=[token])),
    }


def build_account_context(email: StaffEmail, now: datetime) -> dict[str, Any] | None:
    """Return the context of an email about a change to an account, or None when the person is gone."""
    if email.person is None:
        return None
    url = build_absolute_url(settings.PLATFORM_HOST, reverse("usersessions_list"))
    return {"to": email.person.email, "sent_at": email.created_at, "url": url, **email.data}
