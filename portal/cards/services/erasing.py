"""How is a person forgotten, so that the accounts still add up?

An anonymous shell of the card stays, since invoices refer to it. What each noun keeps of the
person is forgotten as its Holding says. The line that tells of it names only the colleague.
"""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal.access import services as access
from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.cards.holdings import Keys, family_of, holdings
from portal.clients import services as clients
from portal.clients.models import Client
from tenants.models import Business
from tenants.staff.actor import Staff


@transaction.atomic
def erase_client(*, client: Client, business: Business, staff: Staff, now: datetime) -> None:
    """Erase a client and every card that was merged into theirs. Once erased, nothing more happens."""
    client = Client.objects.select_for_update().get(pk=client.pk)
    if client.erased_at:
        return
    keys = family_of(client)
    access.revoke_access(client, None, staff=staff, now=now)
    for holding in holdings():
        holding.erased(keys, now=now)
    _leave_shells(keys, business, now=now)
    activity.record(EventType.CLIENT_ERASED, at=now, client=client, **activity.actor_fields(staff))


def _leave_shells(keys: Keys, business: Business, *, now: datetime) -> None:
    with translation.override(business.language):
        name = _("Erased client")
    Client.tags.through.objects.filter(client__in=keys).delete()
    shells = Client.objects.filter(pk__in=keys)
    shells.update(
        name=name,
        status=Client.Status.ARCHIVED,
        language="",
        time_zone="",
        custom={},
        signed_in_at=None,
        archived_at=now,
        blocked_at=None,
        erased_at=now,
        updated_at=now,
    )
    clients.update_search_text(keys)
