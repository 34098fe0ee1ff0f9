"""The sessions of signed-in staff: list them, record their use, end them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db.models import QuerySet

from tenants.staff import mfa
from tenants.user_agents import get_user_agent_label

# How often the use of a session is recorded.
RECORD_INTERVAL = timedelta(minutes=10)


def list_sessions(person_id: UUID, *, now: datetime) -> list[tuple[UserSession, str]]:
    """Return a person's live sessions, the last used first, each with the name of its device."""
    live = Session.objects.filter(expire_date__gt=now).values("session_key")
    found = UserSession.objects.filter(user=person_id, session_key__in=live).order_by("-last_seen_at")
    return [(session, get_user_agent_label(session.user_agent)) for session in found]


def is_session_live(*, session_key: str, person_id: UUID, now: datetime) -> bool:
    """Return whether a person is signed in by this session now, with a second factor that is still theirs if required.

    For hosts that don't see the session's cookie.
    """
    session = Session.objects.filter(session_key=session_key, expire_date__gt=now).first()
    data = session.get_decoded() if session else {}
    if data.get(SESSION_KEY) != str(person_id):
        return False
    records = data.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    return not settings.STAFF_MFA_REQUIRED or mfa.has_passed_mfa(person_id, records)


def record_session_use(session_key: str | None, *, now: datetime) -> None:
    """Record that a session was used, at most once every RECORD_INTERVAL."""
    if session_key and cache.add(f"staff-session-{session_key}", True, RECORD_INTERVAL.total_seconds()):
        UserSession.objects.filter(session_key=session_key).update(last_seen_at=now)


def end_staff_session(*, person_id: UUID, pk: int) -> bool:
    """End one of a person's sessions; False if it is not theirs."""
    return _delete_sessions(UserSession.objects.filter(user=person_id, pk=pk))


def end_staff_sessions(*, person_id: UUID, except_key: str | None = None) -> bool:
    """End a person's sessions, except the one with `except_key`; False if there was none to end."""
    return _delete_sessions(UserSession.objects.filter(user=person_id).exclude(session_key=except_key or ""))


def _delete_sessions(rows: QuerySet[UserSession]) -> bool:
    keys: Iterable[str] = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return bool(rows.delete()[0])
