"""The personal data policy of what clients typed, as staff reported it to support."""

from datetime import datetime

from portal.clients import services as clients
from portal.signin_support.models import ReportedIdentifier
from tenants.nouns.personal_data_policies import ClientIds, PersonalDataPolicy


def _erase_reported_identifiers(client_ids: ClientIds, now: datetime) -> None:
    """Delete the reported addresses that no other client has."""
    ReportedIdentifier.objects.filter(value__in=clients.find_exclusive_addresses(client_ids)).delete()


POLICIES = (
    PersonalDataPolicy(
        "reported-identifiers",
        "signin_support.ReportedIdentifier",
        moves_on_merge=False,
        erase=_erase_reported_identifiers,
    ),
)
