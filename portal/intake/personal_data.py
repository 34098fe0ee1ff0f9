"""The personal data policy of enquiries."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.clients import services as clients
from portal.clients.models import Client
from portal.intake.models import Enquiry
from portal.messaging.notifications import services as notifications
from tenants.nouns.personal_data_policies import ClientIds, PersonalDataPolicy


def _erase_enquiries(client_ids: ClientIds, now: datetime) -> None:
    """Delete these clients' enquiries, and unassigned ones with their name or an address that only they have."""
    values = clients.find_exclusive_addresses(client_ids)
    names = list(Client.objects.filter(pk__in=client_ids).values_list("name", flat=True))
    is_theirs = Q(email__in=values) | Q(mobile__in=values) | Q(name__in=names)
    enquiries = Enquiry.objects.filter(Q(client__in=client_ids) | Q(is_theirs, client=None))
    notifications.delete_notifications(subject_ids=list(enquiries.values_list("pk", flat=True)))
    enquiries.delete()


POLICIES = (
    PersonalDataPolicy(
        "enquiries",
        "intake.Enquiry",
        _("Enquiries"),
        ordering="received_at",
        excluded_columns=("idempotency_key", "reader_name"),
        erase=_erase_enquiries,
    ),
)
