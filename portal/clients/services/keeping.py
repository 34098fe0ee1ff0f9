"""Which questions about the list does somebody keep?"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from portal.clients.models import SavedView
from portal.clients.services.tagging import NameTaken


def views_of(person_id: UUID) -> QuerySet[SavedView]:
    """Return what a person kept for themselves, and what is kept for everybody, by name."""
    return SavedView.objects.filter(Q(person_id=person_id) | Q(person_id=None))


def keep_view(*, name: str, query: str, person_id: UUID | None, now: datetime) -> SavedView:
    """Keep a question under a name, for one person or, without one, for everybody. Raises NameTaken."""
    try:
        with transaction.atomic():
            return SavedView.objects.create(
                name=" ".join(name.split()), query=query, person_id=person_id, created_at=now
            )
    except IntegrityError as error:
        raise NameTaken(name) from error
