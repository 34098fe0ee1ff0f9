"""Stores staff sessions as Django does, except that the database's clock says when they expire."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db

from tenants import database_clock


class SessionStore(db.SessionStore):
    """One staff session."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; nothing, and no key, once it has expired."""
        rows = self.model.objects.filter(session_key=self.session_key, expire_date__gt=database_clock.now())
        if session := rows.first():
            return self.decode(session.session_data)
        self._session_key = None
        return {}

    def get_expiry_date(self, **options: Any) -> datetime:
        """Return when the session expires if it is saved now."""
        return super().get_expiry_date(**({"modification": database_clock.now()} | options))
